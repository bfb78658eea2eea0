"""GET /forms/{form_id} and POST /forms/{form_id}: the inbox of a form, moving what lies in it, the form's settings."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pillarbox import forms, inboxes, pages, sessions, snippets
from pillarbox.accounts import Account
from pillarbox.errors import Invalid

PAGE = pages.Pages(__file__)
PATH = "/forms/{form_id}"


async def show(request: Request) -> Response:
    account = sessions.signed_in(request.cookies)
    return _page(request, account, {}, {}, 200)


async def act(request: Request) -> Response:
    account = sessions.signed_in(request.cookies)
    sent = await pages.sent(request)
    form = forms.get(account, request.path_params["form_id"])
    try:
        inboxes.act(account, form, sent)
    except Invalid as error:
        return _page(request, account, sent, pages.by_field(error), error.status)
    return pages.redirect("/dashboard" if sent.get("do") == "delete" else pages.here(request))


def _page(request: Request, account: Account, typed: dict[str, str], errors: dict[str, str], status: int) -> Response:
    form = forms.get(account, request.path_params["form_id"])
    folder, cursor = inboxes.folder(request.query_params.get("folder")), request.query_params.get("cursor")
    url = f"{pages.origin(request)}/f/{form.id}"
    snippet = snippets.html(url, form.model_dump(mode="json")["fields"])
    shown = inboxes.beside(account, form, folder, cursor) | {"url": url, "snippet": snippet}
    return PAGE.render(request, "page.html", status=status, typed=typed, errors=errors, **shown)


handler = PAGE.serve(Route(PATH, show, methods=["GET"]), Route(PATH, act, methods=["POST"]))
