"""GET /admin/users/{account_id} and POST of the same: one account for the operator, and what can be done with it."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pillarbox import audit, operators, pages, sessions, settings

PAGE, PATH = pages.Pages(__file__), "/admin/users/{account_id}"
EVENTS = 20


async def show(request: Request) -> Response:
    account = operators.signed_in(request.cookies)
    user = operators.user(request.path_params["account_id"])
    shown = {"account": account, "user": user, "forms": operators.forms_of(user), "sessions": sessions.of(user)}
    shown |= {"events": audit.page(user.id, limit=EVENTS).events, "may_read": settings.operator_reads_forms()}
    return PAGE.render(request, "page.html", status=200, **shown)


async def act(request: Request) -> Response:
    operator, sent, client = operators.fresh(request.cookies), await pages.sent(request), pages.client(request)
    user = operators.user(request.path_params["account_id"])
    if form_id := sent.get("form"):
        operators.look_into(operator, form_id, client)
        return pages.redirect(f"/forms/{form_id}")
    operators.act(operator, user, sent.get("do", ""), client)
    return pages.redirect(request.url.path)


handler = PAGE.serve(Route(PATH, show, methods=["GET"]), Route(PATH, act, methods=["POST"]))
