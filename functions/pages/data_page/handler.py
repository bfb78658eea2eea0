"""GET /account/data and POST /account/data: a copy of everything that an account owns, and deleting the account."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pillarbox import departures, entrance, exports, pages, sessions
from pillarbox.errors import Invalid, UnknownButton

PAGE, PATH = pages.Pages(__file__), "/account/data"


async def show(request: Request) -> Response:
    if "fetch" in request.query_params:  # a link and no form: browsers let no form of ours lead to another host
        return pages.redirect(exports.address(sessions.fresh(request.cookies)))
    return _page(request)


async def act(request: Request) -> Response:
    account, sent, client = sessions.fresh(request.cookies), await pages.sent(request), pages.client(request)
    if (what := sent.get("do")) == "copy":
        exports.ask(account, client)
        return pages.redirect(PATH)
    if what != "delete":
        raise UnknownButton
    try:
        departures.delete(account, sent.get("confirm", ""), client, origin=pages.origin(request))
    except Invalid as error:
        return _page(request, error)
    return entrance.farewell(request)


def _page(request: Request, error: Invalid | None = None) -> Response:
    session, account = sessions.current(request.cookies)
    shown = {"account": account, "fresh": session.fresh, "copy": exports.state(account)}
    errors = pages.by_field(error) if error else {}
    return pages.answered(PAGE.render(request, "page.html", status=200, errors=errors, **shown), error)


handler = PAGE.serve(Route(PATH, show, methods=["GET"]), Route(PATH, act, methods=["POST"]))
