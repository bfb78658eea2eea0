"""A browser signs in: a session with an id that nobody had before, and no cookie left of who it was until then."""

from starlette.requests import Request
from starlette.responses import Response

from pillarbox import audit, devices, pages, sessions, settings
from pillarbox.accounts import Account


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
    return response
