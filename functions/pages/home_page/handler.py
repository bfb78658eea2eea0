"""GET /: what Pillarbox is, and the way in."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pillarbox import pages, snippets

PAGE = pages.Pages(__file__)


async def show(request: Request) -> Response:
    return PAGE.render(request, "page.html", snippet=snippets.html(f"{pages.origin(request)}/f/YOUR-FORM"))


handler = PAGE.serve(Route("/", show, methods=["GET"]))
