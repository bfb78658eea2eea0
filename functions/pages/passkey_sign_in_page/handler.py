"""GET /sign-in/passkey and POST /sign-in/passkey: a passkey as the whole sign-in, or as its second step."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pillarbox import entrance, pages, passkeys, pending
from pillarbox.errors import NotSignedIn

PAGE = pages.Pages(__file__)
PATH = "/sign-in/passkey"


async def show(request: Request) -> Response:
    return _page(request, request.query_params.get("next", ""))


async def enter(request: Request) -> Response:
    sent = await pages.sent(request)
    waiting = pending.found(request.cookies) if "second" in sent else None
    site = passkeys.Site(pages.origin(request))
    try:
        account = passkeys.check(
            sent.get("passkey", ""), site, pages.client(request), waiting.account if waiting else None
        )
    except NotSignedIn as error:
        return _page(request, sent.get("next", ""), error)
    if waiting:
        return entrance.admit_pending(request, waiting)
    return entrance.admit(request, account, pages.local_path(sent.get("next"), "/dashboard"), strong=True)


def _page(request: Request, to: str, error: NotSignedIn | None = None) -> Response:
    waiting = pending.found(request.cookies)
    asked = passkeys.request(passkeys.Site(pages.origin(request)), waiting.account if waiting else None)
    shown = {"knows_you": False, "options": asked, "waiting": waiting, "to": to, "error": error}
    return PAGE.render(request, "page.html", status=error.status if error else 200, **shown)


handler = PAGE.serve(Route(PATH, show, methods=["GET"]), Route(PATH, enter, methods=["POST"]))
