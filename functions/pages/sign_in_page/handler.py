"""GET /sign-in and POST /sign-in: somebody who has an account starts a session."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pillarbox import accounts, entrance, pages
from pillarbox.errors import NotSignedIn

PAGE = pages.Pages(__file__)


async def show(request: Request) -> Response:
    return PAGE.render(
        request, "page.html", knows_you=False, name="", error="", to=request.query_params.get("next", "")
    )


async def sign_in(request: Request) -> Response:
    sent = await pages.sent(request)
    name, to = sent.get("username", "").strip(), sent.get("next", "")
    try:
        account = accounts.check_password(name, sent.get("password", ""))
    except NotSignedIn as error:
        shown = {"name": name, "error": str(error), "to": to}
        return PAGE.render(request, "page.html", status=error.status, knows_you=False, **shown)
    return entrance.admit(request, account, pages.local_path(to, "/dashboard"))


handler = PAGE.serve(
    Route("/sign-in", show, methods=["GET"]),
    Route("/sign-in", sign_in, methods=["POST"]),
)
