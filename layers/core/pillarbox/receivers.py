"""Receivers: other people's servers, called once with a message, for fifteen seconds at most, and not trusted.

Whatever one does is an outcome. Nothing here touches the table, and redirects lead nowhere.
"""

import http.client
import socket
import ssl
import threading
import time
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from pillarbox import guard, signing

SECONDS = 15  # in all: to look up, to connect, to send, and for the answer's first part
MOST_KEPT = 4096  # bytes of a request's body and of an answer
MOST_ADDRESSES = 3  # of a host, tried one after the other
PASSED_ON = ("delivery_id", "form_id", "submission_id", "webhook_id", "lease")

tls = ssl.create_default_context()


class Pinned(http.client.HTTPConnection):
    """A connection to an address that was checked, under the name that leads there."""

    def __init__(self, target: guard.Target, address: str, *, seconds: float, until: float) -> None:
        """`seconds` are for the connection alone, what is left `until` then for all the rest."""
        super().__init__(target.host, target.port, timeout=seconds)
        self.default_port = 443 if target.secure else 80  # what Host leaves out
        self._target, self._address, self._until = target, address, until

    def connect(self) -> None:
        self.sock = socket.create_connection((self._address, self._target.port), self.timeout)
        self.sock.settimeout(_left(self._until))  # else one who is slow twice takes twice the time
        if self._target.secure:
            self.sock = tls.wrap_socket(self.sock, server_hostname=self._target.host)


def post(message: dict[str, Any]) -> dict[str, Any] | None:
    """Send a message and return what to tell of it; None when it waited so long that somebody else may have it now."""
    if time.time() > message["until"]:
        return None
    body = message["body"].encode()
    headers = signing.headers(message["webhook_id"], message["versions"], message["delivery_id"], body)
    headers |= {"content-type": message["content_type"], "user-agent": "Pillarbox", "connection": "close"}
    at, began = datetime.now(UTC), time.monotonic()
    try:
        status, answer = _call(guard.check(message["url"]), headers, body, began + SECONDS)
        error = None if 200 <= status < 300 else _complaint(status)  # noqa: PLR2004  what HTTP calls a success
    except guard.Refused as refused:
        status, answer, error = None, None, str(refused)
    except TimeoutError:
        status, answer, error = None, None, f"No answer within {SECONDS} seconds."
    except ssl.SSLCertVerificationError as wrong:
        status, answer, error = None, None, f"Its certificate isn't valid: {wrong.verify_message}."
    except (OSError, http.client.HTTPException) as broken:
        status, answer, error = None, None, f"The connection failed: {type(broken).__name__}."
    attempt = {
        "at": at.isoformat(timespec="milliseconds"),
        "ok": error is None,
        "status": status,
        "error": error,
        "milliseconds": round((time.monotonic() - began) * 1000),
        "request": _shown(message["url"], headers, body),
        "answer": answer,
    }
    told = {name: message[name] for name in PASSED_ON}
    return told | {"attempt": attempt, "gone": status == http.HTTPStatus.GONE}


def _call(target: guard.Target, headers: dict[str, str], body: bytes, until: float) -> tuple[int, str]:
    """Return the status and the first 4 KB of the answer; the next address is tried while none took the connection."""
    addresses = target.addresses[:MOST_ADDRESSES]
    for tried, address in enumerate(addresses):
        share = _left(until) / (len(addresses) - tried)  # one that says nothing leaves time for the others
        connection = Pinned(target, address, seconds=share, until=until)
        try:
            connection.connect()
        except OSError:
            connection.close()
            if address == addresses[-1]:
                raise
            continue
        return _exchange(connection, target.path, headers, body, until)
    raise AssertionError  # every host has an address


def _exchange(connection: Pinned, path: str, headers: dict[str, str], body: bytes, until: float) -> tuple[int, str]:
    """Ask and read, and hang up when the time is over: one who answers a byte a second would keep us for ever."""
    late, plug = threading.Event(), connection.sock

    def hang_up() -> None:
        late.set()
        with suppress(OSError):  # it has just hung up itself
            socket.socket.shutdown(plug, socket.SHUT_RDWR)  # of TLS too, without its farewell

    watch = threading.Timer(_left(until), hang_up)
    watch.start()
    try:
        connection.request("POST", path, body, headers)
        response = connection.getresponse()
    except (OSError, http.client.HTTPException) as error:
        if late.is_set():
            raise TimeoutError from error
        raise
    else:
        return response.status, _first_part(response)
    finally:
        watch.cancel()
        connection.close()


def _first_part(response: http.client.HTTPResponse) -> str:
    """Return what comes of the first 4 KB; the status has said all that counts, so nothing here is a failure."""
    answer = b""
    with suppress(OSError, ValueError, http.client.HTTPException):
        while len(answer) < MOST_KEPT and (more := response.read1(MOST_KEPT - len(answer))):
            answer += more
    kept = answer[:MOST_KEPT]  # of chunks with a negative size more comes than was asked for
    return kept.decode("utf-8", "replace").replace("\0", "\ufffd")


def _left(until: float) -> float:
    left = until - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def _complaint(status: int) -> str:
    if 300 <= status < 400:  # noqa: PLR2004  what HTTP calls a redirection
        return f"It answered {status}, and redirects aren't followed."
    return f"It answered {status}."


def _shown(url: str, headers: dict[str, str], body: bytes) -> str:
    """Return the request as its owner is shown it: without the signature, by which others could repeat it."""
    lines = [f"{name}: {'…' if name == 'webhook-signature' else value}" for name, value in headers.items()]
    return "\n".join([f"POST {url}", *lines, "", body[:MOST_KEPT].decode("utf-8", "ignore")])
