"""A browser signs in: a session with an id that nobody had before, and no cookie left of who it was until then."""

from starlette.requests import Request
from starlette.responses import Response

from pillarbox import pages, sessions, settings
from pillarbox.accounts import Account


def admit(request: Request, account: Account, to: str) -> Response:
    """Answer a sign-up or sign-in that went well; `to` is a path of this site."""
    sessions.end(request.cookies)
    response = pages.redirect(to)
    session_id, lasts = sessions.start(account), settings.session_absolute_seconds()
    pages.set_cookie(response, settings.session_cookie(), session_id, max_age=lasts)
    pages.drop_cookie(response, settings.csrf_cookie())
    return response
