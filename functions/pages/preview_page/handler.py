"""GET /forms/{form_id}/preview: a form as visitors would see it, as its draft or a version of it has it."""

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from pillarbox import forms, headers, languages, pages, previews, sessions

PAGE = pages.Pages(__file__)


async def show(request: Request) -> Response:
    account = sessions.signed_in(request.cookies)
    form = forms.get(account, request.path_params["form_id"], "manager")
    language = languages.of(request.scope["aws.event"], form.languages)
    html = previews.page(form, request.query_params.get("version"), language)
    return HTMLResponse(html, headers=headers.html(framed_by="'self'"))


handler = PAGE.serve(Route("/forms/{form_id}/preview", show, methods=["GET"]))
