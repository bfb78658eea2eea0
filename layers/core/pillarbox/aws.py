"""One call to a JSON service of AWS, for the submit path: boto3 would cost more than all the rest of a cold start.

Signature version 4 over a connection that is kept open for each thread and service. What can't be done right now is
tried three times at most, with growing random pauses, and never past the caller's deadline. Stdlib only.
"""

import hashlib
import hmac
import json
import os
import socket
import threading
import time
import zlib
from contextlib import suppress
from http import HTTPStatus

from pillarbox import errors, exact

TYPE_CHECKING = False  # to mypy it is true; importing `typing` would take as long as the rest of this module
if TYPE_CHECKING:
    from ssl import SSLContext
    from typing import Any

TARGETS = {"dynamodb": "DynamoDB_20120810", "sqs": "AmazonSQS"}
THROTTLES = {
    "ProvisionedThroughputExceededException", "RequestLimitExceeded", "RequestThrottled", "ThrottlingException",
}  # fmt: skip
PASSING = {"None", "ProvisionedThroughputExceeded", "ThrottlingError", "TransactionConflict"}  # why one was cancelled
ATTEMPTS, CONNECT_SECONDS, READ_SECONDS = 3, 1.0, 3.0
PAUSE_SECONDS = 0.05  # at most, before the second attempt; twice as long before the third
LONGEST_HEAD = AT_ONCE = 65536  # bytes

connections = threading.local()  # the local gateway calls handlers in threads
tls: "list[SSLContext]" = []  # one, once it was needed


class ConditionFailed(Exception):
    """The condition of a write did not hold; nothing was written. `failed` tells which, in a transaction's order."""

    def __init__(self, failed: "list[bool]") -> None:
        self.failed = failed


class Rejected(Exception):
    """The service understood and said no: a bug of ours or a wrong policy. No later attempt helps."""


class Throttled(errors.Unavailable):
    """The service asked for fewer requests, each time."""


class OutOfReach(errors.Unavailable):
    """No answer, or none that can be believed. What was asked for may have happened all the same."""


class Dead(ConnectionError):
    """The connection ended before a byte of the answer came."""


def call(service: str, operation: str, body: "dict[str, Any]", *, until: float) -> "dict[str, Any]":
    """Return what the operation answers; nothing is waited for past `until` (of time.monotonic())."""
    target, payload = f"{TARGETS[service]}.{operation}", exact.plain(body).encode()
    for attempt in range(1, ATTEMPTS + 1):
        try:
            return _attempt(service, target, payload, until)
        except errors.Unavailable:
            pause = PAUSE_SECONDS * 2 ** (attempt - 1) * int.from_bytes(os.urandom(2)) / 65536
            if attempt == ATTEMPTS or time.monotonic() + pause >= until:
                raise
            time.sleep(pause)
    raise AssertionError  # the last attempt has returned or raised


def _attempt(service: str, target: str, payload: bytes, until: float) -> "dict[str, Any]":
    scheme, host = endpoint(service)
    headers = sign(service, host, target, payload, time.gmtime()) | {"content-length": str(len(payload))}
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    try:
        status, said, answer = _exchange(scheme, host, f"POST / HTTP/1.1\r\n{lines}\r\n".encode() + payload, until)
        if int(said.get("x-amz-crc32", crc := zlib.crc32(answer))) != crc:
            raise OutOfReach(f"An answer of {service} was damaged on the way.")
        result: dict[str, Any] = json.loads(answer or b"{}")
    except (OSError, ValueError) as error:
        raise OutOfReach(f"{service} can't be reached or understood: {type(error).__name__}.") from error
    if status == HTTPStatus.OK:
        return result
    kind = str(result.get("__type")).rpartition("#")[2]
    reasons = [reason.get("Code", "None") for reason in result.get("CancellationReasons") or ()]
    failed = [reason == "ConditionalCheckFailed" for reason in reasons] or [kind == "ConditionalCheckFailedException"]
    if any(failed):
        raise ConditionFailed(failed)
    if kind in THROTTLES or (reasons and set(reasons) <= PASSING):
        raise Throttled(f"{service} is too busy: {kind}.")
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        raise OutOfReach(f"{service} answered {status}: {kind}.")
    raise Rejected(f"{service} answered {status}: {kind}: {result.get('message') or result.get('Message')}")


def prepare(service: str) -> None:
    """Connect while Lambda starts the instance, with more CPU than a request gets: TLS alone takes 30 ms of it."""
    if "AWS_LAMBDA_RUNTIME_API" in os.environ:
        scheme, host = endpoint(service)
        with suppress(OSError):  # the first call will try again
            connections.__dict__[host] = Connection(scheme, host, time.monotonic() + CONNECT_SECONDS)


def endpoint(service: str) -> tuple[str, str]:
    """Return scheme and host, the latter with its port where that isn't the scheme's own."""
    url = os.environ.get("AWS_ENDPOINT_URL") or f"https://{service}.{_region()}.amazonaws.com"
    scheme, _, rest = url.partition("://")
    return scheme, rest.partition("/")[0]


def sign(service: str, host: str, target: str, payload: bytes, now: time.struct_time) -> dict[str, str]:
    """Return the headers of a POST to /, the last of them their signature."""
    moment = time.strftime("%Y%m%dT%H%M%SZ", now)
    headers = {"content-type": "application/x-amz-json-1.0", "host": host, "x-amz-date": moment}
    if token := os.environ.get("AWS_SESSION_TOKEN"):
        headers["x-amz-security-token"] = token
    headers["x-amz-target"] = target
    names = ";".join(headers)  # they were added in the order of their names, as the signature wants them
    lines = "".join(f"{name}:{value}\n" for name, value in headers.items())
    canonical = f"POST\n/\n\n{lines}\n{names}\n{hashlib.sha256(payload).hexdigest()}"
    scope = f"{moment[:8]}/{_region()}/{service}/aws4_request"
    to_sign = f"AWS4-HMAC-SHA256\n{moment}\n{scope}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
    key = b"AWS4" + os.environ["AWS_SECRET_ACCESS_KEY"].encode()
    for part in (*scope.split("/"), to_sign):
        key = hmac.digest(key, part.encode(), "sha256")
    credential = f"Credential={os.environ['AWS_ACCESS_KEY_ID']}/{scope}"
    headers["authorization"] = f"AWS4-HMAC-SHA256 {credential}, SignedHeaders={names}, Signature={key.hex()}"
    return headers


def _region() -> str:
    return os.environ.get("AWS_REGION") or os.environ["AWS_DEFAULT_REGION"]


def _exchange(scheme: str, host: str, request: bytes, until: float) -> tuple[int, dict[str, str], bytes]:
    kept: dict[str, Connection] = connections.__dict__
    if connection := kept.pop(host, None):
        try:
            return connection.ask(request, until, kept)
        except Dead:
            pass  # while it lay idle: that is no failed attempt
    return Connection(scheme, host, until).ask(request, until, kept)


class Connection:
    def __init__(self, scheme: str, host: str, until: float) -> None:
        name, _, port = host.partition(":")
        self.host = host
        address = name, int(port or {"http": 80, "https": 443}[scheme])
        self.socket = socket.create_connection(address, _at_most(CONNECT_SECONDS, until))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if scheme == "https":
            if not tls:
                import ssl  # noqa: PLC0415  only where the endpoint asks for it

                tls.append(ssl.create_default_context())
            self.socket = tls[0].wrap_socket(self.socket, server_hostname=name)

    def __del__(self) -> None:
        if hasattr(self, "socket"):
            self.socket.close()

    def ask(self, request: bytes, until: float, kept: "dict[str, Connection]") -> tuple[int, dict[str, str], bytes]:
        """Return status, headers and body of the answer, and keep the connection if it may be used again."""
        self.socket.settimeout(_at_most(READ_SECONDS, until))
        try:
            self.socket.sendall(request)
            received = self.socket.recv(AT_ONCE)
        except TimeoutError:
            raise
        except OSError as error:
            raise Dead from error
        if not received:
            raise Dead
        # Answers come in one piece or two; to read them line by line would take as long as all else that is done here.
        while (end := received.find(b"\r\n\r\n")) < 0:
            received += self._more(len(received))
        first, *lines = received[:end].decode("latin-1").split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        length = int(headers.get("content-length", ""))  # AWS gives it always; without it the end can't be told
        body = received[end + 4 :]
        while len(body) < length:
            body += self._more(0)
        if headers.get("connection", "").lower() != "close":
            kept[self.host] = self
        return int(first[9:12]), headers, body[:length]

    def _more(self, head: int) -> bytes:
        if head < LONGEST_HEAD and (more := self.socket.recv(AT_ONCE)):
            return more
        raise ConnectionError("The connection ended within the answer, or its head never does.")


def _at_most(seconds: float, until: float) -> float:
    """Return how long to wait; never zero, which would mean not to wait at all."""
    return max(0.001, min(seconds, until - time.monotonic()))
