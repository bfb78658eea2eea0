"""What passes between an HTTP API and a Lambda function: payload format 2.0, both ways."""

import base64
import itertools
import json
import time
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl, unquote

from infra.local.cloudformation import ACCOUNT
from infra.local.routes import Match

API_ID = "local"
# Everything else is handed over as base64, forms too.
TEXT_TYPES = ("text/", "application/json", "application/javascript", "application/xml")

Headers = list[tuple[str, str]]


@dataclass(frozen=True)
class Request:
    method: str
    target: str  # path and query as sent, percent-encoded
    headers: Headers = field(default_factory=list)
    body: bytes = b""
    source_ip: str = "127.0.0.1"
    protocol: str = "HTTP/1.1"

    @property
    def raw_path(self) -> str:
        return self.target.partition("?")[0]

    @property
    def raw_query(self) -> str:
        return self.target.partition("?")[2]

    def header(self, name: str) -> str:
        """Return a header's values, joined as API Gateway joins them, or an empty string."""
        return ",".join(value for key, value in self.headers if key.lower() == name)


@dataclass(frozen=True)
class Response:
    status: int
    headers: Headers
    body: bytes
    function: str = ""  # whose answer it is; empty for API Gateway's own


class BadResult(Exception):
    """A handler returned what API Gateway can't read."""


def event(request: Request, match: Match, *, now: float | None = None) -> dict[str, Any]:
    now = time.time() if now is None else now
    path = unquote(request.raw_path)  # an HTTP API decodes rawPath; REST APIs and function URLs don't
    domain = request.header("host").partition(":")[0]
    cookies = [value for name, value in request.headers if name.lower() == "cookie"]
    query = parse_qsl(request.raw_query, keep_blank_values=True)
    optional = {
        "cookies": [cookie for line in cookies for cookie in line.replace("; ", ";").split(";")],
        "queryStringParameters": _joined(query),
        "pathParameters": match.path_parameters,
    }
    return {
        "version": "2.0",
        "routeKey": match.route.key,
        "rawPath": path,
        "rawQueryString": request.raw_query,
        "headers": _joined((name.lower(), value) for name, value in request.headers if name.lower() != "cookie"),
        **{name: value for name, value in optional.items() if value},
        "requestContext": {
            "accountId": ACCOUNT,
            "apiId": API_ID,
            "domainName": domain,
            "domainPrefix": domain.partition(".")[0],
            "http": {
                "method": request.method,
                "path": path,
                "protocol": request.protocol,
                "sourceIp": request.source_ip,
                "userAgent": request.header("user-agent"),
            },
            "requestId": str(uuid.uuid4()),
            "routeKey": match.route.key,
            "stage": "$default",
            "time": datetime.fromtimestamp(now, UTC).strftime("%d/%b/%Y:%H:%M:%S +0000"),
            "timeEpoch": int(now * 1000),
        },
        **_body(request),
    }


def response(result: Any) -> Response:
    """Read what a handler returned; raise BadResult where API Gateway would answer 500."""
    if not isinstance(result, dict) or "statusCode" not in result:
        # Format 2.0 infers a 200 with JSON from anything without a status.
        body = result if isinstance(result, str) else json.dumps(result)
        return Response(200, [("content-type", "application/json")], body.encode())
    try:
        status = int(result["statusCode"])
        headers = [(str(name).lower(), _text(value)) for name, value in (result.get("headers") or {}).items()]
        headers += [("set-cookie", str(cookie)) for cookie in result.get("cookies") or []]
        body = result.get("body") or ""
        content = base64.b64decode(body, validate=True) if result.get("isBase64Encoded") else body.encode()
    except (AttributeError, TypeError, ValueError) as error:
        raise BadResult(str(error)) from error
    if not 200 <= status <= 599:  # noqa: PLR2004 - what HTTP knows as answers
        raise BadResult(f"statusCode {status}")
    if not any(name == "content-type" for name, _ in headers):
        headers.append(("content-type", "text/plain;charset=utf-8"))
    return Response(status, headers, content)


def _body(request: Request) -> dict[str, Any]:
    if not request.body:
        return {"isBase64Encoded": False}
    if request.header("content-type").strip().lower().startswith(TEXT_TYPES):
        try:
            return {"body": request.body.decode(), "isBase64Encoded": False}
        except UnicodeDecodeError:
            pass  # what AWS hands over then is not documented; base64 loses nothing
    return {"body": base64.b64encode(request.body).decode(), "isBase64Encoded": True}


def _joined(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    ordered = sorted(pairs, key=lambda pair: pair[0])
    grouped = itertools.groupby(ordered, key=lambda pair: pair[0])
    return {name: ",".join(value for _, value in group) for name, group in grouped}


def _text(value: Any) -> str:
    if isinstance(value, dict | list):
        raise TypeError(f"A header can't be {value}.")
    return str(value) if isinstance(value, str) else json.dumps(value)
