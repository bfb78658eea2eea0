"""Sessions of a browser: an opaque id in a cookie, only its hash stored, limits enforced whenever it is read."""

import time
from collections.abc import Mapping

from pillarbox import accounts, ids, settings, table
from pillarbox.accounts import Account
from pillarbox.errors import NotSignedIn

TOUCH_SECONDS = 60  # use is noted once a minute at most: a write costs five reads


def start(account: Account) -> str:
    """Begin a session and return its id, which nobody had before: the value of the cookie."""
    session_id, now = ids.secret(), int(time.time())
    table.put(
        _key(session_id)
        | {
            "account": account.id,
            "started_at": now,
            "used_at": now,
            "expires_at": now + settings.session_absolute_seconds(),
        }
    )
    return session_id


def signed_in(cookies: Mapping[str, str]) -> Account:
    """Return whose session the cookies hold, or raise NotSignedIn; tells the session that it was used."""
    if not (session_id := cookies.get(settings.session_cookie())):
        raise NotSignedIn("Please sign in.")
    session = table.get(_key(session_id))
    if session is None or table.expired(session) or _idle(session):
        raise NotSignedIn("Your session has ended. Please sign in again.")
    if time.time() - session["used_at"] > TOUCH_SECONDS:
        _touch(session_id)
    return accounts.get(session["account"])


def end(cookies: Mapping[str, str]) -> None:
    if session_id := cookies.get(settings.session_cookie()):
        table.delete(_key(session_id))


def _idle(session: table.Item) -> bool:
    return bool(time.time() - session["used_at"] > settings.session_idle_seconds())


def _touch(session_id: str) -> None:
    try:
        table.update(_key(session_id), {"used_at": int(time.time())}, condition="attribute_exists(pk)")
    except table.Refused as refused:  # it was ended while this request was under way
        raise NotSignedIn("Your session has ended. Please sign in again.") from refused


def _key(session_id: str) -> table.Item:
    return table.key(f"SESSION#{ids.digest(session_id)}", "SESSION")
