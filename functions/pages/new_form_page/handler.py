"""GET /forms/new and POST /forms/new: what a new form can begin as, and making it."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pillarbox import forms, pages, sessions, starters
from pillarbox.accounts import Account
from pillarbox.errors import Invalid

PAGE = pages.Pages(__file__)
PATH = "/forms/new"


async def show(request: Request) -> Response:
    return _page(request, sessions.signed_in(request.cookies))


async def make(request: Request) -> Response:
    account = sessions.signed_in(request.cookies)
    sent = await pages.sent(request)
    name = sent.get("name", "")
    try:
        form = forms.create(account, starters.begun(sent.get("starter", ""), name))
    except Invalid as error:
        return _page(request, account, error.status, name=name, errors=pages.by_field(error))
    return pages.redirect(f"/forms/{form.id}")


def _page(
    request: Request, account: Account, status: int = 200, *, name: str = "", errors: dict[str, str] | None = None
) -> Response:
    shown = {"account": account, "name": name, "errors": errors or {}, "starters": starters.STARTERS.values()}
    return PAGE.render(request, "page.html", status=status, **shown)


handler = PAGE.serve(Route(PATH, show, methods=["GET"]), Route(PATH, make, methods=["POST"]))
