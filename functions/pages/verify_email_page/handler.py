"""GET /verify-email and POST /verify-email: somebody followed the link that was mailed to an address of theirs."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pillarbox import links, pages, verification

PAGE = pages.Pages(__file__)
PURPOSES: tuple[links.Purpose, ...] = ("verify-email", "change-email")


async def show(request: Request) -> Response:
    secret = request.query_params.get("token")
    link = verification.read(secret, *PURPOSES) if secret is not None else None
    return PAGE.render(request, "page.html", link=link, verified=None)


async def verify(request: Request) -> Response:
    sent = await pages.sent(request)
    link = verification.read(sent.get("token", ""), *PURPOSES)
    account = verification.verify(link, pages.client(request), origin=pages.origin(request))
    return PAGE.render(request, "page.html", link=link, verified=account)


handler = PAGE.serve(
    Route("/verify-email", show, methods=["GET"]),
    Route("/verify-email", verify, methods=["POST"]),
)
