"""Call a handler in this process as Lambda would call it: JSON in, JSON out, a context, and a bound on both sizes."""

import importlib
import json
import time
import uuid
from typing import Any

from infra.local.cloudformation import ACCOUNT, REGION
from infra.local.template import Function

MAX_PAYLOAD = 6 * 1024 * 1024 + 100 * 1024  # bytes, measured on AWS as slightly more than 6 MB


class FunctionFailed(Exception):
    """The handler raised, took too long or answered too much; `__cause__` or the message says which."""


class TooLarge(Exception):
    """The event is larger than Lambda takes."""


class Context:
    """What handlers and Powertools read of Lambda's context object."""

    function_version = "$LATEST"
    client_context = None
    identity = None

    def __init__(self, function: Function) -> None:
        self.function_name = function.name
        self.memory_limit_in_mb = function.memory
        self.invoked_function_arn = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{function.name}"
        self.aws_request_id = str(uuid.uuid4())
        self.log_group_name = f"/aws/lambda/{function.name}"
        self.log_stream_name = "local"
        self._deadline = time.monotonic() + function.timeout

    def get_remaining_time_in_millis(self) -> int:
        return max(0, int((self._deadline - time.monotonic()) * 1000))


def invoke(function: Function, event: dict[str, Any]) -> Any:
    """Return what the handler answers, as read back from JSON."""
    return json.loads(invoke_bytes(function, packed(event)))


def invoke_bytes(function: Function, event: bytes) -> bytes:
    """Return the handler's answer as JSON; the event is JSON too. Raise FunctionFailed for whatever goes wrong."""
    try:
        handler = getattr(importlib.import_module(function.module), function.attribute)
        answer = json.dumps(handler(json.loads(event), Context(function))).encode()
    except (Exception, SystemExit) as error:
        raise FunctionFailed(f"{function.name} failed: {type(error).__name__}: {error}") from error
    if len(answer) > MAX_PAYLOAD:
        raise FunctionFailed(f"{function.name} answered {len(answer)} bytes: Lambda's bound is {MAX_PAYLOAD}.")
    return answer


def packed(event: dict[str, Any]) -> bytes:
    """Return the event as JSON, or raise TooLarge."""
    payload = json.dumps(event).encode()
    if len(payload) > MAX_PAYLOAD:
        raise TooLarge
    return payload
