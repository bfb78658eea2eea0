"""GET /unsubscribe and POST /unsubscribe: somebody who gets mails of a form ends them, by a link that is in each.

The signed link is all that is asked for, no cookie and no token of a page: mail programs send the POST themselves
(RFC 8058), with a body that says nothing more.
"""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pillarbox import forms, languages, pages, recipients, unsubscribing

PAGE = pages.Pages(__file__)


async def show(request: Request) -> Response:
    return _page(request, done=False)


async def end(request: Request) -> Response:
    form_id, email = unsubscribing.read(request.query_params.get("token", ""))
    recipients.unsubscribe(form_id, email)
    return _page(request, done=True)


def _page(request: Request, *, done: bool) -> Response:
    form_id, email = unsubscribing.read(request.query_params.get("token", ""))
    form = forms.found(form_id)
    language = languages.of(request.scope["aws.event"])
    done, here = done or not form, pages.here(request)
    return PAGE.render(request, "page.html", form=form, email=email, here=here, done=done, language=language)


handler = PAGE.serve(Route(unsubscribing.PATH, show, methods=["GET"]), Route(unsubscribing.PATH, end, methods=["POST"]))
