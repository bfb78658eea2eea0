"""GET /invitations and POST /invitations: somebody followed a mailed link to a form that is to be shared with them."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pillarbox import members, pages, roles, sessions

PAGE = pages.Pages(__file__)
PATH = "/invitations"


async def show(request: Request) -> Response:
    offered = members.offer(request.query_params.get("token", ""))
    account = sessions.whoever(request.cookies)
    known, here = account is not None, pages.here(request)
    return PAGE.render(
        request, "page.html", offered=offered, account=account, knows_you=known, here=here, words=roles.OFFERED
    )


async def accept(request: Request) -> Response:
    account = sessions.signed_in(request.cookies)
    sent = await pages.sent(request)
    offered = members.offer(sent.get("token", ""))
    members.accept(account, offered, pages.client(request))
    return pages.redirect(f"/forms/{offered.form.id}")


handler = PAGE.serve(Route(PATH, show, methods=["GET"]), Route(PATH, accept, methods=["POST"]))
