"""API Gateway on a laptop: an ASGI app that hands requests to the HTTP API, in threads, and logs a line for each."""

import asyncio
import logging
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import uvicorn

from infra.local.events import Request, Response
from infra.local.http_api import MAX_BODY, HttpApi

type Message = dict[str, Any]

INTEGRATION_TIMEOUT = 30  # seconds that an HTTP API waits for a function at most
GRACE = 3  # seconds that requests under way get to finish at the end
THREADS = 64
# What a client says to its next hop only; the forwarded ones are the gateway's to say.
HOP_BY_HOP = {
    "connection",
    "expect",
    "keep-alive",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "x-forwarded-port",
    "x-forwarded-proto",
}

logger = logging.getLogger("pillarbox.local")


class Gateway:
    def __init__(self, api: HttpApi, local: Callable[[Request], Response] | None = None) -> None:
        """`local` answers what exists on this machine only, under /_local/."""
        self.api = api  # may be replaced at any time: a request keeps the one it began with
        self._local = local
        self._threads = ThreadPoolExecutor(THREADS)

    async def __call__(self, scope: Message, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            raise NotImplementedError(scope["type"])  # uvicorn takes this as: no lifespan, no WebSockets
        started = time.perf_counter()
        try:
            answer = await self._answer(scope, receive)
        except ConnectionAbortedError:
            return
        logger.info(
            "%s %s %s %d ms %s",
            scope["method"],
            scope["raw_path"].decode("latin-1"),
            answer.status,
            (time.perf_counter() - started) * 1000,
            answer.function or "-",
        )
        await _send(send, answer, with_body=scope["method"] != "HEAD")

    def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def _answer(self, scope: Message, receive: Any) -> Response:
        api, body = self.api, await _body(receive)
        if body is None:
            return api.refuse(_request(scope, b""), 413, "Request Entity Too Large")
        request = _request(scope, body)
        answer = self._local if self._local and request.raw_path.startswith("/_local/") else api.answer
        work = asyncio.get_running_loop().run_in_executor(self._threads, answer, request)
        try:
            # Past the time the function goes on, as on AWS; only nobody waits for it.
            return await asyncio.wait_for(asyncio.shield(work), INTEGRATION_TIMEOUT)
        except TimeoutError:
            return api.refuse(request, 503, "Service Unavailable")


def server(gateway: Gateway) -> uvicorn.Server:
    """Return a server of this gateway and nothing more: no headers or log lines of its own."""
    return uvicorn.Server(
        uvicorn.Config(
            gateway,
            http="h11",
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            timeout_graceful_shutdown=GRACE,
        )
    )


async def _body(receive: Any) -> bytes | None:
    """Return the body, or None when it is larger than an HTTP API takes."""
    parts, size = [], 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ConnectionAbortedError
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > MAX_BODY:
            return None
        if not message.get("more_body"):
            return b"".join(parts)


def _request(scope: Message, body: bytes) -> Request:
    address = scope["client"][0]
    sent = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"]]
    headers = [(name, value) for name, value in sent if name not in HOP_BY_HOP]
    if body and not any(name == "content-length" for name, _ in headers):
        headers.append(("content-length", str(len(body))))  # it was sent in chunks
    headers += [
        ("x-forwarded-for", address),
        ("x-forwarded-port", str(scope["server"][1])),
        ("x-forwarded-proto", scope["scheme"]),
    ]
    target = scope["raw_path"].decode("latin-1")
    if scope["query_string"]:
        target += "?" + scope["query_string"].decode("latin-1")
    return Request(scope["method"], target, headers, body, address, protocol=f"HTTP/{scope['http_version']}")


async def _send(send: Any, answer: Response, *, with_body: bool) -> None:
    headers = [*answer.headers]
    empty = answer.status in {204, 304}
    if not empty:
        headers.append(("content-length", str(len(answer.body))))
    await send(
        {
            "type": "http.response.start",
            "status": answer.status,
            "headers": [(name.encode("latin-1"), value.encode("latin-1", "replace")) for name, value in headers],
        }
    )
    await send({"type": "http.response.body", "body": answer.body if with_body and not empty else b""})
