"""GET /forms/{form_id}/sharing and POST of the same: who a form is shared with, inviting and taking away."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pillarbox import forms, members, pages, roles, sessions, settings
from pillarbox.errors import Invalid

PAGE = pages.Pages(__file__)
PATH = "/forms/{form_id}/sharing"


async def show(request: Request) -> Response:
    return _page(request)


async def act(request: Request) -> Response:
    account, sent = sessions.signed_in(request.cookies), await pages.sent(request)
    form = forms.get(account, request.path_params["form_id"])
    try:
        done = members.act(account, form, sent, pages.client(request), origin=pages.origin(request))
    except Invalid as error:
        return _page(request, status=error.status, typed=sent, errors=pages.by_field(error))
    return pages.redirect("/dashboard" if done == "left" else f"{request.url.path}?done={done}")


def _page(request: Request, *, status: int = 200, **typed: object) -> Response:
    account = sessions.signed_in(request.cookies)
    form = forms.get(account, request.path_params["form_id"])
    shown = {"typed": {}, "errors": {}, "words": roles.WORDS, "done": request.query_params.get("done")} | typed
    shown |= {"account": account, "form": form, "sharing": members.of(form), "sends_mail": settings.sends_mail()}
    return PAGE.render(request, "page.html", status=status, **shown)


handler = PAGE.serve(Route(PATH, show, methods=["GET"]), Route(PATH, act, methods=["POST"]))
