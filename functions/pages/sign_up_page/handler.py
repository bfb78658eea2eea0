"""GET /sign-up and POST /sign-up: somebody makes an account, and is signed in at once."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pillarbox import accounts, entrance, pages, sign_up, validation
from pillarbox.errors import Invalid, Taken

PAGE = pages.Pages(__file__)
INPUTS = ("username", "email", "password")


async def show(request: Request) -> Response:
    return PAGE.render(request, "page.html", knows_you=False, typed={}, errors={})


async def enter(request: Request) -> Response:
    sent = await pages.sent(request)
    try:
        new = validation.parse(accounts.NewAccount, {name: sent.get(name, "") for name in INPUTS})
        account = sign_up.account(new, pages.client(request), origin=pages.origin(request))
    except (Invalid, Taken) as error:
        shown = {"typed": sent, "errors": pages.by_field(error)}
        return PAGE.render(request, "page.html", status=error.status, knows_you=False, **shown)
    return entrance.admit(request, account, "/dashboard")


handler = PAGE.serve(
    Route("/sign-up", show, methods=["GET"]),
    Route("/sign-up", enter, methods=["POST"]),
)
