"""The HTML edge: one Starlette app per function, its template beside it, errors answered as pages.

Nothing here reads the table, so that a page for visitors doesn't pay for boto3: who is signed in, `sessions` tells.
"""

from collections.abc import Callable
from http import HTTPStatus
from pathlib import Path
from typing import Any, cast
from urllib.parse import quote

from aws_lambda_powertools import Logger
from aws_lambda_powertools.logging.correlation_paths import API_GATEWAY_HTTP
from aws_lambda_powertools.utilities.typing import LambdaContext
from jinja2 import ChoiceLoader, Environment, FileSystemLoader, StrictUndefined
from mangum import Mangum
from starlette.applications import Starlette
from starlette.datastructures import MutableHeaders, UploadFile
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pillarbox import assets, clients, components, csrf, display, headers, ids, languages, settings
from pillarbox.errors import (
    Broken,
    FactorNeeded,
    Invalid,
    Malformed,
    NotFound,
    NotFresh,
    NotSignedIn,
    PillarboxError,
    Taken,
)

type Handler = Callable[[dict[str, Any], LambdaContext], dict[str, Any]]

SHARED = Path(__file__).parent / "templates"
GZIP_FROM_BYTES = 600
MAX_FIELDS = 200
MAX_FIELD_BYTES = 256 * 1024

# What the pages of visitors are told besides: owners are spoken to in English, and in our own colours.
FOR_VISITORS = {"language": languages.language("en"), "look": None, "frame": None}

# Where somebody is led who has to do something first, and then comes back.
FIRST = {NotSignedIn: "/sign-in", NotFresh: "/confirm", FactorNeeded: "/account/second-factor"}

logger = Logger()


class Pages:
    """The templates in a handler's own folder, then the shared ones."""

    def __init__(self, handler_file: str) -> None:
        loader = ChoiceLoader([FileSystemLoader(Path(handler_file).parent), FileSystemLoader(SHARED)])
        self._templates = Environment(
            loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
        )
        self._templates.globals["static"] = assets.url
        components.into(self._templates)
        self._templates.filters.update(display.FILTERS)
        languages.install(self._templates)

    def render(self, request: Request, name: str, /, *, status: int = 200, **context: Any) -> Response:
        """Return the page. In it, `csrf_token()` makes a token; without a cookie to bind it to, one is set."""
        secret, fresh = _csrf_secret(request), list[str]()

        def csrf_token() -> str:
            if not secret and not fresh:
                fresh.append(ids.secret())
            return csrf.token(secret or fresh[0])

        knows_you = settings.session_cookie() in request.cookies  # whether it still holds is not asked
        shown = {"account": None, "path": request.url.path, "knows_you": knows_you} | FOR_VISITORS | context
        html = self._templates.get_template(name).render(csrf_token=csrf_token, **shown)
        response = HTMLResponse(html, status_code=status, headers=headers.html())
        if fresh:
            set_cookie(response, settings.csrf_cookie(), fresh[0])
        return response

    def serve(self, *routes: Route) -> Handler:
        """Return the Lambda entry point of the page."""
        app = Starlette(
            routes=routes,
            middleware=[Middleware(_Guards), Middleware(GZipMiddleware, minimum_size=GZIP_FROM_BYTES)],
            exception_handlers={PillarboxError: self._problem, HTTPException: self._problem, Exception: self._broken},
        )
        app.router.redirect_slashes = False
        return cast(
            "Handler",
            logger.inject_lambda_context(Mangum(app, lifespan="off"), correlation_id_path=API_GATEWAY_HTTP),
        )

    async def _problem(self, request: Request, error: Exception) -> Response:
        if (first := FIRST.get(type(error))) is not None:
            logger.info("refused", error=type(error).__name__)
            response: Response = redirect(f"{first}?next={quote(here(request))}")
            return response
        problem = error if isinstance(error, PillarboxError) else NotFound("There is no such page.")
        return self._told(request, problem)

    async def _broken(self, request: Request, error: Exception) -> Response:
        logger.error("broken", exc_info=error)
        return self._told(request, Broken())

    def _told(self, request: Request, problem: PillarboxError) -> Response:
        return refused(self.render(request, "error.html", status=problem.status, error=problem), problem)


def refused(response: Response, problem: PillarboxError | None) -> Response:
    """Return the page, with the seconds to wait if the problem that it tells of has any."""
    if problem and problem.retry_after is not None:
        response.headers["retry-after"] = str(problem.retry_after)
    return response


def answered(page: Response, error: PillarboxError | None) -> Response:
    """Return the page as it is, or with the status of what went wrong; nobody who is signed in is told to sign in."""
    if error is None:
        return page
    page.status_code = HTTPStatus.UNPROCESSABLE_ENTITY if isinstance(error, NotSignedIn) else error.status
    return refused(page, error)


def framing(page: Response) -> Response:
    """Return the page, which may now hold other pages of ours in frames."""
    page.headers["content-security-policy"] = headers.html(frames="'self'")["content-security-policy"]
    return page


async def sent(request: Request) -> dict[str, str]:
    """Return the fields of a form of ours that was sent, or raise NotAllowed when it didn't come from our page."""
    fields, _ = await _sent(request)
    return fields


async def sent_with_file(request: Request, name: str, *, most: int) -> tuple[dict[str, str], bytes]:
    """Return the same and the file of this name, of which a byte more than `most` tells that it has more."""
    return await _sent(request, name, most + 1)


async def _sent(request: Request, file: str = "", most: int = 0) -> tuple[dict[str, str], bytes]:
    bounds = {"max_files": 1 if file else 0, "max_fields": MAX_FIELDS, "max_part_size": MAX_FIELD_BYTES}
    try:
        async with request.form(**bounds) as form:
            fields = {name: value for name, value in form.items() if isinstance(value, str)}
            found = form.get(file)
            content = await found.read(most) if isinstance(found, UploadFile) else b""
    except HTTPException as error:
        raise Malformed(f"The form couldn't be read: {error.detail}") from error
    csrf.check(request.headers, _csrf_secret(request), fields.pop(csrf.FIELD, None))
    return fields, content


def by_field(error: Invalid | Taken) -> dict[str, str]:
    """Return the first sentence for each field that doesn't fit."""
    if isinstance(error, Taken):
        return {error.field: str(error)}
    return {one["field"]: one["message"] for one in reversed(error.errors)}


def origin(request: Request) -> str:
    """Return scheme and host that the request came to, for links."""
    return str(request.base_url).rstrip("/")


def client(request: Request) -> clients.Client:
    """Return where the request came from."""
    return clients.of(request.scope["aws.event"])


def here(request: Request) -> str:
    """Return the path and query that the request came to."""
    return request.url.path + (f"?{request.url.query}" if request.url.query else "")


def redirect(path: str) -> RedirectResponse:
    """Answer a form that was sent: the browser asks for the path anew, so that a reload sends nothing twice."""
    return RedirectResponse(path, status_code=303)


def local_path(path: str | None, otherwise: str) -> str:
    """Return the path when it stays on this site: one slash, no backslash or control character."""
    good = path and path.startswith("/") and not path.startswith("//") and "\\" not in path and path.isprintable()
    return path if path and good else otherwise


def set_cookie(response: Response, name: str, value: str, *, max_age: int | None = None) -> None:
    response.set_cookie(
        name,
        value,
        max_age=max_age,
        path="/",
        secure=not settings.plain_http(),
        httponly=True,
        samesite="lax",
    )


def drop_cookie(response: Response, name: str) -> None:
    response.delete_cookie(name, path="/", secure=not settings.plain_http(), httponly=True, samesite="lax")


def _csrf_secret(request: Request) -> str | None:
    return request.cookies.get(settings.session_cookie()) or request.cookies.get(settings.csrf_cookie())


class _Guards:
    """Puts the headers that guard every answer on those that have not set them themselves, and logs each refusal."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                if message["status"] >= HTTPStatus.BAD_REQUEST:
                    logger.info("refused", status=message["status"])
                sent = MutableHeaders(scope=message)
                for name, value in headers.GUARDS.items():
                    sent.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, guarded)
