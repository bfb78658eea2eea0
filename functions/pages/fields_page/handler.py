"""GET /forms/{form_id}/fields and POST of the same: what a form asks, as a draft until published; its versions."""

from collections.abc import Mapping
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pillarbox import field_pages, field_views, forms, pages, sessions
from pillarbox.errors import Changed, Invalid, PillarboxError

PAGE, PATH = pages.Pages(__file__), "/forms/{form_id}/fields"


async def show(request: Request) -> Response:
    return _page(request, {}, None)


async def act(request: Request) -> Response:
    account, sent = sessions.signed_in(request.cookies), await pages.sent(request)
    form = forms.get(account, request.path_params["form_id"], "manager")
    try:
        query, refusal = field_pages.act(account, form, sent)
    except (Invalid, Changed) as error:
        return _page(request, sent, error)
    if refusal:
        return _page(request, {"key": sent.get("key", "")}, refusal)
    return pages.redirect(f"{request.url.path}?{urlencode(query)}".rstrip("?"))


def _page(request: Request, typed: Mapping[str, str], error: PillarboxError | None) -> Response:
    account, asked = sessions.signed_in(request.cookies), {} if error else request.query_params
    form = forms.get(account, request.path_params["form_id"], "manager")
    template, shown = field_views.page(account, form, asked, typed=typed, error=error)
    page = PAGE.render(request, template, account=account, form=form, **shown)
    return pages.framing(pages.answered(page, error))


handler = PAGE.serve(Route(PATH, show, methods=["GET"]), Route(PATH, act, methods=["POST"]))
