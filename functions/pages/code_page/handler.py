"""GET /sign-in/code and POST /sign-in/code: the second step of a sign-in, a code of the app or a recovery code."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pillarbox import entrance, factors, pages, pending
from pillarbox.errors import NotSignedIn, PillarboxError, TooOften

PAGE = pages.Pages(__file__)
PATH = "/sign-in/code"


async def show(request: Request) -> Response:
    return _page(request)


async def enter(request: Request) -> Response:
    sent = await pages.sent(request)
    waiting = pending.read(request.cookies)
    try:
        factors.check_code(waiting.account, sent.get("code", ""), pages.client(request))
    except (NotSignedIn, TooOften) as error:
        return _page(request, error)
    return entrance.admit_pending(request, waiting)


def _page(request: Request, error: PillarboxError | None = None) -> Response:
    waiting = pending.read(request.cookies)
    there = factors.of(waiting.account)
    keys = any(name.startswith(factors.PASSKEY) for name in there)
    shown = {"knows_you": False, "error": error, "app": factors.APP in there, "keys": keys, "waiting": waiting}
    page = PAGE.render(request, "page.html", status=error.status if error else 200, **shown)
    return pages.refused(page, error) if error else page


handler = PAGE.serve(Route(PATH, show, methods=["GET"]), Route(PATH, enter, methods=["POST"]))
