"""GET /forms/{form_id}/settings and POST of the same: who is mailed, what visitors are answered, and other settings."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pillarbox import form_settings, forms, pages, sessions
from pillarbox.errors import Invalid

PAGE = pages.Pages(__file__)
PATH = "/forms/{form_id}/settings"


async def show(request: Request) -> Response:
    return _page(request)


async def act(request: Request) -> Response:
    account, sent = sessions.signed_in(request.cookies), await pages.sent(request)
    form = forms.get(account, request.path_params["form_id"], "manager")
    try:
        done = form_settings.act(form_settings.Asked(account, form, sent, pages.origin(request)))
    except Invalid as error:
        return _page(request, error.status, typed=sent, errors=pages.by_field(error))
    return pages.redirect(f"{request.url.path}?done={done}")


type Typed = dict[str, str]


def _page(request: Request, status: int = 200, *, typed: Typed | None = None, errors: Typed | None = None) -> Response:
    account = sessions.signed_in(request.cookies)
    form = forms.get(account, request.path_params["form_id"], "manager")
    done = form_settings.DONE.get(request.query_params.get("done", ""), "")
    shown = form_settings.page(form, typed or {}, errors or {}) | {"account": account, "form": form, "done": done}
    return PAGE.render(request, "page.html", status=status, **shown)


handler = PAGE.serve(Route(PATH, show, methods=["GET"]), Route(PATH, act, methods=["POST"]))
