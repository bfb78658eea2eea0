"""The JSON edge: one Powertools app per function, with our sign-in before it and our problems after it (RFC 9457)."""

import json
from base64 import b64decode
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any, cast

from aws_lambda_powertools import Logger
from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response
from aws_lambda_powertools.event_handler.exceptions import NotFoundError
from aws_lambda_powertools.event_handler.openapi.exceptions import RequestValidationError
from aws_lambda_powertools.logging.correlation_paths import API_GATEWAY_HTTP
from aws_lambda_powertools.utilities.typing import LambdaContext
from pydantic import BaseModel

from pillarbox import clients, csrf, exact, headers, sessions, settings, tokens, validation
from pillarbox.accounts import Account
from pillarbox.errors import Broken, CodeWrong, Invalid, Malformed, NotAllowed, NotFound, PillarboxError, Taken
from pillarbox.tokens import Scope

type Handler = Callable[[dict[str, Any], LambdaContext], dict[str, Any]]

JSON = "application/json"
PROBLEM = "application/problem+json"
SAFE = {"GET", "HEAD"}

logger = Logger()


class Api(APIGatewayHttpResolver):
    """A resolver of one route, for whoever holds `scope`; None is for anybody.

    Who asks is settled before the body is looked at, so that nobody learns from a 422 what a 401 would hide.
    """

    account: Account

    def __init__(self, scope: Scope | None) -> None:
        super().__init__(enable_validation=True)
        self._scope = scope
        self.exception_handler(PillarboxError)(_answer)
        self.exception_handler(RequestValidationError)(_invalid)
        self.not_found(_no_route)

    @property
    def origin(self) -> str:
        """Scheme and host that the request came to, for links."""
        sent = self.current_event.headers
        return f"{sent.get('x-forwarded-proto', 'https')}://{sent['host']}"

    @property
    def if_match(self) -> str | None:
        """The header by which a change is held to what was seen; see preconditions.py."""
        return self.current_event.headers.get("if-match")

    @property
    def client(self) -> clients.Client:
        """Where the request came from."""
        return clients.of(self.current_event.raw_event)

    @property
    def handler(self) -> Handler:
        """The entry point that template.yaml names."""

        def handle(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
            answer = respond(event, context)
            answer["headers"] = {**headers.GUARDS, "cache-control": "no-store", **answer["headers"]}
            return answer

        def respond(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
            try:
                if self._scope:
                    self.account = _account(event, self._scope)
                _readable(event)
                return self.resolve(event, context)
            except PillarboxError as error:
                return _packed(_answer(error))
            except Exception:
                logger.exception("broken")
                return _packed(_answer(Broken()))

        return cast("Handler", logger.inject_lambda_context(handle, correlation_id_path=API_GATEWAY_HTTP))


def answer(model: BaseModel, status: HTTPStatus = HTTPStatus.OK, *, etag: str | None = None) -> Response[str]:
    """Return the model as JSON with its numbers exact, which Powertools' own serialiser would round."""
    return Response(status, JSON, exact.dumps(model.model_dump()), headers={"etag": etag} if etag else {})


def _readable(event: Mapping[str, Any]) -> None:
    """Raise Malformed for a body that isn't JSON, of which Powertools' parser lets some kinds end in a 500."""
    sent = event.get("body")
    if not sent:
        return
    try:
        exact.loads((b64decode(sent) if event.get("isBase64Encoded") else sent.encode()).decode())
    except ValueError as error:
        raise Malformed(f"The body isn't JSON that we take. {error}") from error


def _account(event: Mapping[str, Any], scope: Scope) -> Account:
    """Return who asks: by token with the scope, or by our own pages' session with its CSRF token."""
    sent = event["headers"]
    kind, _, token = sent.get("authorization", "").partition(" ")
    if kind.lower() == "bearer":
        account, scopes = tokens.holder(token.strip())
        if scope not in scopes:
            raise NotAllowed(f"This token may not do that: it needs the scope {scope}.")
        return account
    cookies = dict(cookie.split("=", 1) for cookie in event.get("cookies", []) if "=" in cookie)
    account = sessions.signed_in(cookies)
    if event["requestContext"]["http"]["method"] not in SAFE:
        csrf.check(sent, cookies[settings.session_cookie()], sent.get(csrf.HEADER))
    return account


def _answer(error: PillarboxError) -> Response[str]:
    logger.info("refused", error=type(error).__name__)
    problem: dict[str, Any] = {
        "type": f"/docs/problems#{error.code}",
        "title": HTTPStatus(error.status).phrase,
        "status": error.status,
        "detail": str(error),
    }
    if isinstance(error, Invalid):
        problem["errors"] = error.errors
    if isinstance(error, CodeWrong):
        problem["errors"] = [{"field": "code", "code": "second-factor", "message": str(error)}]
    if isinstance(error, Taken):
        problem["errors"] = [{"field": error.field, "code": error.code, "message": str(error)}]
    extra = {}
    if error.retry_after is not None:
        extra["retry-after"] = str(error.retry_after)
    if error.status == HTTPStatus.UNAUTHORIZED:
        extra["www-authenticate"] = "Bearer"
    return Response(error.status, PROBLEM, json.dumps(problem, ensure_ascii=False), headers=extra)


def _packed(response: Response[str]) -> dict[str, Any]:
    """Return what Lambda answers where the resolver, which would write it out, wasn't asked or failed."""
    return {"statusCode": response.status_code, "headers": response.headers, "body": response.body}


def _invalid(error: RequestValidationError) -> Response[str]:
    found = error.errors()
    if any(one["type"] == "json_invalid" for one in found):
        return _answer(Malformed("The body isn't JSON."))
    return _answer(Invalid(validation.errors(found)))


def _no_route(_error: NotFoundError) -> Response[str]:
    return _answer(NotFound("There is nothing here."))
