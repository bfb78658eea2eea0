"""GET /sign-out and POST /sign-out: asks, then ends the session on the server and in the browser."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pillarbox import entrance, pages

PAGE = pages.Pages(__file__)


async def ask(request: Request) -> Response:
    return PAGE.render(request, "page.html")


async def sign_out(request: Request) -> Response:
    await pages.sent(request)
    return entrance.farewell(request)


handler = PAGE.serve(
    Route("/sign-out", ask, methods=["GET"]),
    Route("/sign-out", sign_out, methods=["POST"]),
)
