"""GET /account/second-factor and POST of the same: an authenticator app as second factor, and recovery codes."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pillarbox import factors, pages, sessions
from pillarbox.errors import NotSignedIn, PillarboxError, TooOften

PAGE = pages.Pages(__file__)
PATH = "/account/second-factor"


async def show(request: Request) -> Response:
    return _page(request)


async def act(request: Request) -> Response:
    account = sessions.fresh(request.cookies, without_factor=True)
    sent = await pages.sent(request)
    try:
        codes = factors.act(account, sent, pages.client(request), origin=pages.origin(request))
    except (NotSignedIn, TooOften) as error:
        return _page(request, error)
    return pages.redirect(PATH) if codes is None else _page(request, codes=codes)


def _page(request: Request, error: PillarboxError | None = None, *, codes: list[str] | None = None) -> Response:
    session, account = sessions.current(request.cookies, without_factor=True)
    told = factors.shown(account) | {"account": account, "codes": codes, "error": str(error or "")}
    return pages.answered(PAGE.render(request, "page.html", fresh=session.fresh, **told), error)


handler = PAGE.serve(Route(PATH, show, methods=["GET"]), Route(PATH, act, methods=["POST"]))
