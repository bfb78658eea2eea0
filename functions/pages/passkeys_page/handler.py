"""GET /account/passkeys and POST /account/passkeys: an account's passkeys, adding, naming and removing them."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pillarbox import pages, passkeys, sessions
from pillarbox.errors import Invalid, NotSignedIn, PillarboxError

PAGE = pages.Pages(__file__)
PATH = "/account/passkeys"


async def show(request: Request) -> Response:
    return _page(request)


async def act(request: Request) -> Response:
    account = sessions.fresh(request.cookies, without_factor=True)
    sent, site = await pages.sent(request), passkeys.Site(pages.origin(request))
    try:
        done, codes = passkeys.act(account, sent, site, pages.client(request))
    except (Invalid, NotSignedIn) as error:
        return _page(request, error)
    return pages.redirect(f"{PATH}?done={done}") if codes is None else _page(request, codes=codes)


def _page(request: Request, error: PillarboxError | None = None, *, codes: list[str] | None = None) -> Response:
    session, account = sessions.current(request.cookies, without_factor=True)
    told = passkeys.shown(account, passkeys.Site(pages.origin(request))) | {"account": account, "codes": codes}
    told |= {"error": str(error or ""), "done": request.query_params.get("done"), "fresh": session.fresh}
    return pages.answered(PAGE.render(request, "page.html", **told), error)


handler = PAGE.serve(Route(PATH, show, methods=["GET"]), Route(PATH, act, methods=["POST"]))
