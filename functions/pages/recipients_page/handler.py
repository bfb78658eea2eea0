"""GET /recipients and POST /recipients: somebody followed a mailed link, and says that a form may mail them."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pillarbox import pages, recipients

PAGE = pages.Pages(__file__)
PATH = "/recipients"


async def show(request: Request) -> Response:
    offered = recipients.offer(request.query_params.get("token", ""))
    return PAGE.render(request, "page.html", offered=offered, confirmed=False)


async def confirm(request: Request) -> Response:
    sent = await pages.sent(request)
    offered = recipients.offer(sent.get("token", ""))
    recipients.confirm(offered)
    return PAGE.render(request, "page.html", offered=offered, confirmed=True)


handler = PAGE.serve(Route(PATH, show, methods=["GET"]), Route(PATH, confirm, methods=["POST"]))
