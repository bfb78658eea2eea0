"""GET /account/data and POST /account/data: a copy of everything, erasing an address, and deleting the account."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pillarbox import departures, entrance, erasures, exports, pages, sessions
from pillarbox.errors import Invalid

PAGE, PATH = pages.Pages(__file__), "/account/data"


async def show(request: Request) -> Response:
    if "fetch" in request.query_params:  # a link and no form: browsers let no form of ours lead to another host
        return pages.redirect(exports.address(sessions.fresh(request.cookies)))
    return _page(request)


async def act(request: Request) -> Response:
    account, sent, client = sessions.fresh(request.cookies), await pages.sent(request), pages.client(request)
    try:
        if sent.get("do") == "delete":
            departures.delete(account, sent.get("confirm", ""), client, origin=pages.origin(request))
            return entrance.farewell(request)
        erasures.act(account, sent, client)
    except Invalid as error:
        return _page(request, error, sent)
    return pages.redirect(PATH)


def _page(request: Request, error: Invalid | None = None, typed: dict[str, str] | None = None) -> Response:
    session, account = sessions.current(request.cookies)
    shown = {"account": account, "fresh": session.fresh, "copy": exports.state(account), **erasures.shown(account)}
    told = {"errors": pages.by_field(error) if error else {}, "typed": typed or {}}
    return pages.answered(PAGE.render(request, "page.html", status=200, **told, **shown), error)


handler = PAGE.serve(Route(PATH, show, methods=["GET"]), Route(PATH, act, methods=["POST"]))
