"""A browser signs in: a session with an id that nobody had before, and no cookie left of who it was until then."""

from starlette.requests import Request
from starlette.responses import Response

from pillarbox import audit, devices, pages, pending, sessions, settings
from pillarbox.accounts import Account
from pillarbox.pending import Pending


def admit(
    request: Request, account: Account, to: str, *, strong: bool = False, event: audit.Kind = "sign-in"
) -> Response:
    """Answer a sign-up, a sign-in or a confirmation that went well; `to` is a path of this site."""
    sessions.end(request.cookies)
    client = pages.client(request)
    session_id, lasts = sessions.start(account, client, strong=strong), settings.session_absolute_seconds()
    audit.note(event, account.id, client)
    response = pages.redirect(to)
    pages.set_cookie(response, settings.session_cookie(), session_id, max_age=lasts)
    known = devices.remembering(request.cookies, account.id)
    pages.set_cookie(response, settings.device_cookie(), known, max_age=devices.LASTS_SECONDS)
    pages.drop_cookie(response, settings.csrf_cookie())
    if settings.pending_cookie() in request.cookies:
        pages.drop_cookie(response, settings.pending_cookie())
    return response


def farewell(request: Request) -> Response:
    """Answer a sign-out or a deleted account: the session ends on the server and in the browser."""
    if ended := sessions.end(request.cookies):
        audit.note("sign-out", ended.account_id, pages.client(request))
    response = pages.redirect("/")
    pages.drop_cookie(response, settings.session_cookie())
    # So that Back shows nothing of the inbox. Not "cookies", which would clear our neighbours' on this domain too.
    response.headers["clear-site-data"] = '"cache"'
    return response


def by_password(request: Request, account: Account, to: str) -> Response:
    """Answer a right password: admit, or ask for the second factor first."""
    if not account.second_factor:
        return admit(request, account, to)
    response = pages.redirect("/sign-in/code")
    secret = pending.start(account, to)
    pages.set_cookie(response, settings.pending_cookie(), secret, max_age=pending.LASTS_SECONDS)
    return response


def admit_pending(request: Request, waiting: Pending) -> Response:
    """Answer a sign-in whose second factor was right too."""
    pending.end(request.cookies)
    return admit(request, waiting.account, waiting.to, strong=True)
