"""GET /forms/{form_id}/submissions/{submission_id}, and POST of the same: one submission, beside its folder's list."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pillarbox import forms, inboxes, pages, sessions, submissions, whereabouts
from pillarbox.roles import reaches

PAGE = pages.Pages(__file__)
PATH = "/forms/{form_id}/submissions/{submission_id}"


async def show(request: Request) -> Response:
    account = sessions.signed_in(request.cookies)
    form = forms.get(account, request.path_params["form_id"])
    submission = submissions.shown(form.id, request.path_params["submission_id"])
    # Opening is what makes it read, and a GET may write that: twice is as once, and the owner can undo it.
    # What a browser fetches ahead of a click wasn't opened.
    opened = "sec-purpose" not in request.headers and reaches(form.role, "editor")
    if not submission.read and opened:
        submission = submissions.update(form.id, submission.id, read=True)
    shown = inboxes.beside(account, form, submission.folder, request.query_params.get("cursor"))
    shown |= inboxes.opened(form, submission)
    return PAGE.render(request, "page.html", **shown)


async def act(request: Request) -> Response:
    account = sessions.signed_in(request.cookies)
    sent = await pages.sent(request)
    form = forms.get(account, request.path_params["form_id"], "editor")
    old = submissions.shown(form.id, request.path_params["submission_id"])
    if delivery_id := sent.get("again"):
        whereabouts.send_again(form, delivery_id, of=old.id, origin=pages.origin(request))
        return pages.redirect(f"{pages.here(request)}#went")
    inboxes.change(form, old.id, sent.get("do", ""))
    return pages.redirect(inboxes.path(form.id, old.folder, request.query_params.get("cursor")))


handler = PAGE.serve(Route(PATH, show, methods=["GET"]), Route(PATH, act, methods=["POST"]))
