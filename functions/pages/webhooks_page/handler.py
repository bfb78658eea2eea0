"""GET /forms/{form_id}/webhooks and POST of the same: whom a form tells of what comes in, and what became of it."""

from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pillarbox import forms, pages, sessions, webhook_pages
from pillarbox.errors import Invalid

PAGE, PATH = pages.Pages(__file__), "/forms/{form_id}/webhooks"


async def show(request: Request) -> Response:
    return _page(request, request.query_params.get("webhook"))


async def act(request: Request) -> Response:
    account, sent = sessions.signed_in(request.cookies), await pages.sent(request)
    form = forms.get(account, request.path_params["form_id"], "manager")
    try:
        done = webhook_pages.act(account, form, sent, pages.client(request), origin=pages.origin(request))
    except Invalid as error:
        told = {"typed": sent, "errors": webhook_pages.complaints(error)}
        return _page(request, sent.get("webhook"), status=error.status, **told)
    if done.made:
        return _page(request, done.webhook_id, made=done.made, done=done.what)
    asked = {"webhook": done.webhook_id, "done": done.what, "count": done.replayed, "more": done.more}
    return pages.redirect(f"{request.url.path}?{urlencode({name: one for name, one in asked.items() if one})}")


def _page(request: Request, webhook_id: str | None, *, status: int = 200, **told: object) -> Response:
    account, asked = sessions.signed_in(request.cookies), request.query_params
    form = forms.get(account, request.path_params["form_id"], "manager")
    shown = webhook_pages.shown(form, webhook_id, asked)
    return PAGE.render(request, "page.html", status=status, account=account, form=form, **shown | told)


handler = PAGE.serve(Route(PATH, show, methods=["GET"]), Route(PATH, act, methods=["POST"]))
