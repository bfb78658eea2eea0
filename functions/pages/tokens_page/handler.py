"""GET /account/tokens and POST /account/tokens: an account's tokens, making one and revoking them."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pillarbox import pages, sessions, tokens, validation
from pillarbox.errors import Invalid

PAGE, PATH = pages.Pages(__file__), "/account/tokens"


async def show(request: Request) -> Response:
    return _page(request)


async def act(request: Request) -> Response:
    sent, client = await pages.sent(request), pages.client(request)
    if revoked := sent.get("revoke"):
        tokens.revoke(sessions.signed_in(request.cookies), revoked, client)
        return pages.redirect(f"{PATH}?done=revoked")
    account = sessions.fresh(request.cookies)
    scopes = [scope for scope in tokens.SCOPES if f"scope-{scope}" in sent]
    asked = {"name": sent.get("name", ""), "scopes": scopes, "expires_in_days": sent.get("expires") or None}
    try:
        wanted = validation.parse(tokens.Wanted, asked)
        made = tokens.issue(account, wanted, client, origin=pages.origin(request))
    except Invalid as error:
        return _page(request, status=error.status, typed=sent, errors=pages.by_field(error))
    return _page(request, made=made)


def _page(request: Request, *, status: int = 200, **shown: object) -> Response:
    session, account = sessions.current(request.cookies)
    told = {"account": account, "fresh": session.fresh, "tokens": tokens.of(account), "words": tokens.WORDS}
    told |= {"typed": {}, "errors": {}, "made": None, "done": request.query_params.get("done")}
    return PAGE.render(request, "page.html", status=status, **told | shown)


handler = PAGE.serve(Route(PATH, show, methods=["GET"]), Route(PATH, act, methods=["POST"]))
