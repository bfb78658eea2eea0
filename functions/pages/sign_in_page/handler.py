"""GET /sign-in and POST /sign-in: somebody who has an account starts a session."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pillarbox import entrance, pages, sign_in
from pillarbox.errors import NotSignedIn, TooOften

PAGE = pages.Pages(__file__)


async def show(request: Request) -> Response:
    return PAGE.render(
        request, "page.html", knows_you=False, name="", error="", to=request.query_params.get("next", "")
    )


async def enter(request: Request) -> Response:
    sent = await pages.sent(request)
    name, to = sent.get("username", "").strip(), sent.get("next", "")
    try:
        account = sign_in.by_password(name, sent.get("password", ""), pages.client(request), request.cookies)
    except (NotSignedIn, TooOften) as error:
        shown = {"name": name, "error": error, "to": to}
        return pages.refused(PAGE.render(request, "page.html", status=error.status, knows_you=False, **shown), error)
    return entrance.by_password(request, account, pages.local_path(to, "/dashboard"))


handler = PAGE.serve(
    Route("/sign-in", show, methods=["GET"]),
    Route("/sign-in", enter, methods=["POST"]),
)
