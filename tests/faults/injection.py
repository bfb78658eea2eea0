"""What goes wrong, chosen by a seed: calls to AWS that are throttled, lost or answered with errors, and crashes."""

import random
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders
from botocore.exceptions import ConnectTimeoutError, ReadTimeoutError
from botocore.httpsession import URLLib3Session

from pillarbox import aws

THROTTLED = {
    "dynamodb": (400, b'{"__type":"com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException"}'),
    "sqs": (400, b'{"__type":"com.amazonaws.sqs#RequestThrottled"}'),
    "sesv2": (429, b'{"__type":"TooManyRequestsException"}'),
}
REFUSED = (400, b'{"__type":"MessageRejected","message":"Email address is not verified."}')
CHANCES = {
    "throttle": 0.012,
    "never": 0.006,
    "lost": 0.006,
    "broken": 0.006,
    "crash before": 0.002,
    "crash after": 0.002,
}
SES_REFUSES = 0.05


class Crash(BaseException):
    """The process is gone at this moment: nothing of ours catches this."""


class Clock:
    """The time that code under test goes by: pauses pass at once, and days when the run says so."""

    def __init__(self) -> None:
        self.ahead = 0.0
        self._real = time.time

    def time(self) -> float:
        return self._real() + self.ahead

    def sleep(self, seconds: float) -> None:
        self.ahead += seconds


class Injection:
    def __init__(self, chance: random.Random, clock: Clock) -> None:
        self.on = False
        self.counts: Counter[str] = Counter()
        self._chance = chance
        self._clock = clock
        self._session = URLLib3Session()

    @contextmanager
    def installed(self, clients: dict[str, Any]) -> Iterator[None]:
        """Stand between the clients, the submit path and the engine while the block runs."""
        for service, client in clients.items():
            client.meta.events.register("before-send", self._hook(service), unique_id="faults")
        with (
            patch.object(time, "time", self._clock.time),
            patch.object(time, "sleep", self._clock.sleep),
            patch.object(aws, "_attempt", self._submits(aws._attempt)),  # noqa: SLF001 - one attempt of several
        ):
            try:
                yield
            finally:
                for client in clients.values():
                    client.meta.events.unregister("before-send", unique_id="faults")

    def _choose(self) -> str:
        """Return what goes wrong with this call, nothing most of the time."""
        if not self.on:
            return ""
        (kind,) = self._chance.choices([*CHANCES, ""], [*CHANCES.values(), 1 - sum(CHANCES.values())])
        if kind:
            self.counts[kind] += 1
        return str(kind)

    def _hook(self, service: str) -> Callable[..., AWSResponse | None]:
        def before_send(request: Any, **_: Any) -> AWSResponse | None:
            kind = self._choose()
            if service == "sesv2" and self.on and self._chance.random() < SES_REFUSES:
                self.counts["SES refuses"] += 1
                return _response(request.url, *REFUSED)
            if kind == "crash before":
                raise Crash
            if kind == "never":
                raise ConnectTimeoutError(endpoint_url=request.url)
            if kind == "throttle":
                return _response(request.url, *THROTTLED.get(service, (503, b"")))
            if not kind:
                return None
            answer = self._session.send(request)
            if kind == "crash after":
                raise Crash
            if kind == "lost":
                raise ReadTimeoutError(endpoint_url=request.url)
            return _response(request.url, 500, b'{"__type":"InternalServerError"}') if kind == "broken" else answer

        return before_send

    def _submits(self, attempt: Callable[..., Any]) -> Callable[..., Any]:
        def attempted(*arguments: Any) -> Any:
            kind = self._choose()
            if kind == "crash before":
                raise Crash
            if kind == "throttle":
                raise aws.Throttled("too busy")
            if kind == "never":
                raise aws.OutOfReach("out of reach")
            answer = attempt(*arguments)
            if kind == "crash after":
                raise Crash
            if kind in {"lost", "broken"}:
                raise aws.OutOfReach("the answer is lost")
            return answer

        return attempted


def _response(url: str, status: int, body: bytes) -> AWSResponse:
    return AWSResponse(url, status, HTTPHeaders.from_dict({"content-type": "application/json"}), _Raw(body))


class _Raw:
    def __init__(self, body: bytes) -> None:
        self._body = body

    def stream(self, **_: Any) -> Iterator[bytes]:
        yield self._body
