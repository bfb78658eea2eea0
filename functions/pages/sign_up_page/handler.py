"""GET /sign-up and POST /sign-up: somebody makes an account, and is signed in at once."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pillarbox import entrance, pages, registration, sign_up, validation
from pillarbox.errors import Invalid, Taken

PAGE = pages.Pages(__file__)
INPUTS = ("username", "email", "password")


async def show(request: Request) -> Response:
    invited = sign_up.invited(request.query_params.get("invitation", ""))
    return _page(request, {"email": invited.email} if invited else {}, invited)


async def enter(request: Request) -> Response:
    sent = await pages.sent(request)
    invited = sign_up.invited(sent.get("invitation", ""))
    try:
        new = validation.parse(registration.NewAccount, {name: sent.get(name, "") for name in INPUTS})
        account = sign_up.account(new, pages.client(request), origin=pages.origin(request), invited=invited)
    except (Invalid, Taken) as error:
        page = _page(request, sent, invited, pages.by_field(error))
        page.status_code = error.status
        return page
    return entrance.admit(request, account, invited.leads_to if invited else "/dashboard")


def _page(
    request: Request, typed: dict[str, str], invited: sign_up.Invited | None, errors: dict[str, str] | None = None
) -> Response:
    told = {"typed": typed, "errors": errors or {}, "mode": sign_up.mode()}
    return PAGE.render(request, "page.html", status=200, knows_you=False, invited=invited, **told)


handler = PAGE.serve(Route("/sign-up", show, methods=["GET"]), Route("/sign-up", enter, methods=["POST"]))
