"""GET /sign-out and POST /sign-out: asks, then ends the session on the server and in the browser."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pillarbox import audit, pages, sessions, settings

PAGE = pages.Pages(__file__)


async def ask(request: Request) -> Response:
    return PAGE.render(request, "page.html")


async def sign_out(request: Request) -> Response:
    await pages.sent(request)
    if ended := sessions.end(request.cookies):
        audit.note("sign-out", ended.account_id, pages.client(request))
    response = pages.redirect("/")
    pages.drop_cookie(response, settings.session_cookie())
    # So that Back shows nothing of the inbox. Not "cookies", which would clear our neighbours' on this domain too.
    response.headers["clear-site-data"] = '"cache"'
    return response


handler = PAGE.serve(
    Route("/sign-out", ask, methods=["GET"]),
    Route("/sign-out", sign_out, methods=["POST"]),
)
