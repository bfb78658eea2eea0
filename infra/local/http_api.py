"""An HTTP API as template.yaml describes it: route, bounds, CORS, and its own words where no handler answers."""

import json
import logging
from collections.abc import Callable, Mapping
from typing import Any

from infra.local import events
from infra.local.events import BadResult, Headers, Request, Response
from infra.local.lambdas import FunctionFailed, TooLarge
from infra.local.routes import Match, Routes
from infra.local.template import Function, Template

MAX_BODY = 10 * 1024 * 1024  # bytes
MAX_HEAD = 10_240  # bytes of request line and header values
DROPPED = {"connection", "content-length", "keep-alive", "transfer-encoding"}  # the server's own business

Invoke = Callable[[Function, dict[str, Any]], Any]

logger = logging.getLogger("pillarbox.local")


class HttpApi:
    def __init__(self, template: Template, invoke: Invoke) -> None:
        self._routes = Routes(template.functions)
        self._cors = template.cors
        self._invoke = invoke

    def answer(self, request: Request) -> Response:
        if self._cors is not None and _is_preflight(request):
            return Response(204, _preflight(self._cors, request.header("origin")), b"")
        return self._shared(request, self._from_function(request))

    def refuse(self, request: Request, status: int, message: str) -> Response:
        """Return an answer in API Gateway's own words."""
        return self._shared(request, _own(status, message))

    def _shared(self, request: Request, response: Response) -> Response:
        headers = [(name, value) for name, value in response.headers if name not in DROPPED]
        if self._cors is not None:
            headers = [entry for entry in headers if not entry[0].startswith("access-control-")]
            headers += _origin(self._cors, request.header("origin"))
        return Response(response.status, headers, response.body, response.function)

    def _from_function(self, request: Request) -> Response:
        if _size_of_head(request) > MAX_HEAD:
            return _own(431, "Request Header Fields Too Large")
        if len(request.body) > MAX_BODY:
            return _own(413, "Request Entity Too Large")
        match = self._routes.find(request.method, request.raw_path)
        if match is None:
            return _own(404, "Not Found")
        answer = self._invoked(request, match)
        return Response(answer.status, answer.headers, answer.body, match.function.name)

    def _invoked(self, request: Request, match: Match) -> Response:
        try:
            return events.response(self._invoke(match.function, events.event(request, match)))
        except TooLarge:
            return _own(413, "Request Entity Too Large")
        except FunctionFailed as error:
            logger.error("%s", error, exc_info=error.__cause__)  # noqa: TRY400 - the handler's traceback, not ours
        except BadResult as error:
            logger.error("%s returned what API Gateway can't read: %s", match.function.name, error)  # noqa: TRY400
        return _own(500, "Internal Server Error")


def _own(status: int, message: str) -> Response:
    return Response(status, [("content-type", "application/json")], json.dumps({"message": message}).encode())


def _size_of_head(request: Request) -> int:
    line = len(request.method) + len(request.target) + len(request.protocol)
    return line + sum(len(name) + len(value) for name, value in request.headers)


def _is_preflight(request: Request) -> bool:
    asks = request.header("origin") and request.header("access-control-request-method")
    return request.method == "OPTIONS" and bool(asks)


def _preflight(cors: Mapping[str, Any], origin: str) -> Headers:
    headers = _origin(cors, origin)
    if headers:
        names = {"AllowMethods": "methods", "AllowHeaders": "headers"}
        headers += [(f"access-control-allow-{names[key]}", ",".join(cors[key])) for key in names if key in cors]
        headers += [("access-control-max-age", str(cors["MaxAge"]))] if "MaxAge" in cors else []
    return headers


def _origin(cors: Mapping[str, Any], origin: str) -> Headers:
    """Return what every answer to this origin carries: nothing for none, or for one that isn't allowed."""
    allowed = cors.get("AllowOrigins", [])
    if not origin or not {"*", origin}.intersection(allowed):
        return []
    headers = [("access-control-allow-origin", "*" if "*" in allowed else origin)]
    if cors.get("AllowCredentials"):
        headers.append(("access-control-allow-credentials", "true"))
    if "ExposeHeaders" in cors:
        headers.append(("access-control-expose-headers", ",".join(cors["ExposeHeaders"])))
    return headers
