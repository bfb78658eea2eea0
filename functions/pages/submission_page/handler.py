"""GET and POST /forms/{form_id}/submissions/{submission_id}: one submission, beside the list that it was opened in."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pillarbox import forms, pages, reading, sessions, submissions
from pillarbox.errors import Changed, Invalid

PAGE = pages.Pages(__file__)
PATH = "/forms/{form_id}/submissions/{submission_id}"


async def show(request: Request) -> Response:
    account = sessions.signed_in(request.cookies)
    form = forms.get(account, request.path_params["form_id"])
    ahead = "sec-purpose" in request.headers  # what a browser fetches ahead of a click wasn't opened
    submission = reading.opened(form, request.path_params["submission_id"], ahead=ahead)
    return PAGE.render(request, "page.html", **reading.page(account, form, submission, request.query_params))


async def act(request: Request) -> Response:
    account = sessions.signed_in(request.cookies)
    sent = await pages.sent(request)
    form = forms.get(account, request.path_params["form_id"], "editor")
    old = submissions.shown(form.id, request.path_params["submission_id"])
    try:
        leads_to = reading.act(account, form, old, sent, request.query_params, pages.origin(request))
    except (Changed, Invalid) as error:
        if sent.get("do") != "remark":
            raise
        errors = pages.by_field(error) if isinstance(error, Invalid) else {}
        now = submissions.shown(form.id, old.id)
        shown = reading.page(account, form, now, request.query_params, typed=sent, errors=errors)
        return PAGE.render(request, "page.html", status=error.status, **shown)
    return pages.redirect(leads_to)


handler = PAGE.serve(Route(PATH, show, methods=["GET"]), Route(PATH, act, methods=["POST"]))
