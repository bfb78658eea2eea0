"""GET /admin/activity: what happened to everybody's security, for the operator."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pillarbox import accounts, audit, operators, pages

PAGE, PATH = pages.Pages(__file__), "/admin/activity"
ROWS = 50


async def show(request: Request) -> Response:
    account, cursor = operators.signed_in(request.cookies), request.query_params.get("cursor")
    page = audit.everybodys(limit=ROWS, cursor=cursor)
    names = accounts.names(event.account for event in page.events)
    return PAGE.render(request, "page.html", account=account, page=page, names=names, cursor=cursor)


handler = PAGE.serve(Route(PATH, show, methods=["GET"]))
