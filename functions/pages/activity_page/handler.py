"""GET /account/activity: what happened to an account's security, the newest first."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pillarbox import audit, pages, sessions

PAGE = pages.Pages(__file__)
ROWS = 50


async def show(request: Request) -> Response:
    account = sessions.signed_in(request.cookies)
    cursor = request.query_params.get("cursor")
    page = audit.page(account.id, limit=ROWS, cursor=cursor)
    return PAGE.render(request, "page.html", account=account, page=page, cursor=cursor)


handler = PAGE.serve(Route("/account/activity", show, methods=["GET"]))
