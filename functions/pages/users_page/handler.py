"""GET /admin/users and POST /admin/users: all accounts for the operator, with search; inviting people."""

from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pillarbox import operators, pages, settings, sign_up
from pillarbox.errors import Invalid

PAGE, PATH = pages.Pages(__file__), "/admin/users"


async def show(request: Request) -> Response:
    return _page(request)


async def invite(request: Request) -> Response:
    operator, sent, client = operators.fresh(request.cookies), await pages.sent(request), pages.client(request)
    try:
        done = operators.invite_or_withdraw(operator, sent, client, origin=pages.origin(request))
    except Invalid as error:
        return _page(request, error, email=sent.get("email", ""))
    return pages.redirect(f"{PATH}?done={done}")


def _page(request: Request, error: Invalid | None = None, *, email: str = "") -> Response:
    account, query = operators.signed_in(request.cookies), request.query_params
    wanted = operators.asked(query)
    found = operators.users(wanted, query.get("cursor"))
    older = f"{PATH}?{urlencode(wanted.kept | {'cursor': found.next_cursor})}" if found.next_cursor else ""
    shown = {"account": account, "found": found, "kept": wanted.kept, "older": older, "email": email}
    shown |= {"waiting": sign_up.waiting(), "sends_mail": settings.sends_mail(), "done": query.get("done", "")}
    shown |= {"mode": sign_up.mode(), "errors": pages.by_field(error) if error else {}}
    return pages.answered(PAGE.render(request, "page.html", status=200, **shown), error)


handler = PAGE.serve(Route(PATH, show, methods=["GET"]), Route(PATH, invite, methods=["POST"]))
