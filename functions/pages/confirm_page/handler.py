"""GET /confirm and POST /confirm: somebody who is signed in shows again that it is them, before something sensitive."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pillarbox import entrance, factors, pages, sessions, sign_in
from pillarbox.errors import NotSignedIn, PillarboxError, TooOften

PAGE = pages.Pages(__file__)


async def ask(request: Request) -> Response:
    sessions.signed_in(request.cookies, without_factor=True)
    return _page(request, request.query_params.get("next", ""))


async def confirm(request: Request) -> Response:
    session, account = sessions.current(request.cookies, without_factor=True)
    sent = await pages.sent(request)
    try:
        sign_in.again(account, sent.get("password", ""), pages.client(request))
        if account.second_factor:
            factors.check_code(account, sent.get("code", ""), pages.client(request), request.cookies)
    except (NotSignedIn, TooOften) as error:
        return _page(request, sent.get("next", ""), error)
    to = pages.local_path(sent.get("next"), "/account")
    return entrance.admit(request, account, to, strong=session.strong, event="confirmed")


def _page(request: Request, to: str, error: PillarboxError | None = None) -> Response:
    account = sessions.signed_in(request.cookies, without_factor=True)
    shown = {"account": account, "to": to, "error": error}
    page = PAGE.render(request, "page.html", status=error.status if error else 200, **shown)
    return pages.refused(page, error)


handler = PAGE.serve(Route("/confirm", ask, methods=["GET"]), Route("/confirm", confirm, methods=["POST"]))
