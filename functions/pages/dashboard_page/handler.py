"""GET /dashboard and POST /dashboard: an owner's forms with what is new in them, and making another form."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pillarbox import definitions, forms, inboxes, pages, sessions, validation
from pillarbox.accounts import Account
from pillarbox.errors import Invalid

PAGE = pages.Pages(__file__)


async def show(request: Request) -> Response:
    return _page(request, sessions.signed_in(request.cookies))


async def make(request: Request) -> Response:
    account = sessions.signed_in(request.cookies)
    name = (await pages.sent(request)).get("name", "")
    try:
        form = forms.create(account, validation.parse(definitions.Definition, {"name": name}))
    except Invalid as error:
        return _page(request, account, error.status, name=name, errors=pages.by_field(error))
    return pages.redirect(inboxes.path(form.id, "inbox"))


def _page(
    request: Request, account: Account, status: int = 200, *, name: str = "", errors: dict[str, str] | None = None
) -> Response:
    cards = inboxes.cards(forms.every(account))
    shown = {"cards": cards, "latest": inboxes.latest(cards), "origin": pages.origin(request)}
    shown["troubles"] = inboxes.troubles(account, cards)
    return PAGE.render(request, "page.html", status=status, account=account, name=name, errors=errors or {}, **shown)


handler = PAGE.serve(
    Route("/dashboard", show, methods=["GET"]),
    Route("/dashboard", make, methods=["POST"]),
)
