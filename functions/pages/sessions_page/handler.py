"""GET /account/sessions and POST /account/sessions: where an account is signed in, and ending it there."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pillarbox import accounts, audit, pages, sessions
from pillarbox.errors import UnknownButton

PAGE = pages.Pages(__file__)
PATH = "/account/sessions"


async def show(request: Request) -> Response:
    session, account = sessions.current(request.cookies)
    done = request.query_params.get("done") == "ended"
    return PAGE.render(request, "page.html", account=account, this=session, sessions=sessions.of(account), done=done)


async def end(request: Request) -> Response:
    session, account = sessions.current(request.cookies)
    sent, client = await pages.sent(request), pages.client(request)
    if sent.get("do") == "others":
        moved = sessions.moved(session, account.epoch + 1)
        noted = audit.writes("sessions-ended", account.id, client)
        sessions.sweep(accounts.change(account, moved, *noted, epoch=account.epoch + 1))
    elif hashed := sent.get("end", ""):
        sessions.end_one(account, hashed)
        audit.note("session-ended", account.id, client)
    else:
        raise UnknownButton
    return pages.redirect(f"{PATH}?done=ended")


handler = PAGE.serve(Route(PATH, show, methods=["GET"]), Route(PATH, end, methods=["POST"]))
