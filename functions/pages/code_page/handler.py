"""GET /sign-in/code and POST /sign-in/code: the second step of a sign-in, a code of the app or a recovery code."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pillarbox import entrance, factors, pages, pending
from pillarbox.errors import NotSignedIn, PillarboxError, TooOften
from pillarbox.pending import Pending

PAGE = pages.Pages(__file__)
PATH = "/sign-in/code"
FIRST = "/sign-in?next=/dashboard"  # where somebody begins anew whose password was too long ago


async def show(request: Request) -> Response:
    waiting = pending.found(request.cookies)
    return _page(request, waiting) if waiting else pages.redirect(FIRST)


async def enter(request: Request) -> Response:
    sent = await pages.sent(request)
    if (waiting := pending.found(request.cookies)) is None:
        return pages.redirect(FIRST)
    try:
        factors.check_code(waiting.account, sent.get("code", ""), pages.client(request), request.cookies)
    except (NotSignedIn, TooOften) as error:
        return _page(request, waiting, error)
    return entrance.admit_pending(request, waiting)


def _page(request: Request, waiting: Pending, error: PillarboxError | None = None) -> Response:
    there = factors.of(waiting.account)
    keys = any(name.startswith(factors.PASSKEY) for name in there)
    shown = {"knows_you": False, "error": error, "app": factors.APP in there, "keys": keys, "waiting": waiting}
    page = PAGE.render(request, "page.html", status=error.status if error else 200, **shown)
    return pages.refused(page, error)


handler = PAGE.serve(Route(PATH, show, methods=["GET"]), Route(PATH, enter, methods=["POST"]))
