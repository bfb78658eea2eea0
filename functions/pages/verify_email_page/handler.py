"""GET /verify-email and POST /verify-email: somebody followed the link that was mailed to an address of theirs."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pillarbox import links, pages, sessions, verification

PAGE = pages.Pages(__file__)
PURPOSES: tuple[links.Purpose, ...] = ("verify-email", "change-email")


async def show(request: Request) -> Response:
    secret = request.query_params.get("token")
    link = verification.read(secret, *PURPOSES) if secret is not None else None
    by = sessions.whoever(request.cookies)
    stranger = link is not None and verification.makes_operator(link) and (by is None or by.id != link.account.id)
    return PAGE.render(request, "page.html", link=link, verified=None, stranger=stranger, here=pages.here(request))


async def verify(request: Request) -> Response:
    sent = await pages.sent(request)
    link = verification.read(sent.get("token", ""), *PURPOSES)
    by = sessions.whoever(request.cookies)
    account = verification.verify(link, pages.client(request), origin=pages.origin(request), by=by)
    return PAGE.render(request, "page.html", link=link, verified=account, stranger=False)


handler = PAGE.serve(
    Route("/verify-email", show, methods=["GET"]),
    Route("/verify-email", verify, methods=["POST"]),
)
