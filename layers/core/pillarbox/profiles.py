"""Profiles: what an owner changes of their own account. Whatever matters is noted, and told by mail."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from pillarbox import accounts, attempts, audit, mails, passwords, registration, sessions, sign_in, sign_up, validation
from pillarbox.accounts import Account
from pillarbox.clients import Client
from pillarbox.errors import Invalid, NotFresh, NotSignedIn, UnknownButton
from pillarbox.sessions import Session

DONE = {
    "username": "Your username is changed.",
    "email": "A mail is on its way. Your address changes once you follow the link in it.",
    "password": "Your password is changed, and all other sessions have ended.",
    "verify": "A mail is on its way, with a link that confirms your address.",
    "verified": "Your address is confirmed.",
}


class Asked(NamedTuple):
    session: Session
    account: Account
    sent: Mapping[str, str]
    client: Client
    origin: str


def act(asked: Asked) -> str:
    """Do what a button of the profile says, and return the key of what was done; Invalid or Taken name the field."""
    what = asked.sent.get("do", "")
    if what not in ACTIONS:
        raise UnknownButton
    ACTIONS[what](asked)
    return what


def _username(asked: Asked) -> None:
    _fresh(asked)
    new = validation.parse(registration.NewUsername, {"username": asked.sent.get("username", "")}).username
    before = asked.account.username
    if new != before:
        sign_up.look_up(asked.client)
        noted = audit.writes("username-changed", asked.account.id, asked.client, before=before, after=new)
        account = accounts.rename(asked.account, *noted, username=new)
        told = {"before": before, "after": new}
        mails.notify(account, "username-changed", asked.client, origin=asked.origin, **told)


def _email(asked: Asked) -> None:
    """Ask the new address first: nothing changes until the link that is mailed there is followed.

    Whether there is an account with it already is told to whoever reads its mail, and to nobody else.
    """
    _fresh(asked)
    new = validation.parse(registration.NewEmail, {"email": asked.sent.get("email", "")}).email
    if new == asked.account.email:
        raise Invalid([{"field": "email", "code": "same", "message": "This is your address already."}])
    attempts.take("mail-by-account", asked.account.id)
    noted = audit.writes("email-asked", asked.account.id, asked.client, email=new)
    accounts.change(asked.account, *noted, pending_email=new)
    mails.send("change-email", origin=asked.origin, account=asked.account.id, email=new)
    mails.notify(asked.account, "email-asked", asked.client, origin=asked.origin, email=new)


def _password(asked: Asked) -> None:
    """Change the password and end all other sessions, in one transaction."""
    account = asked.account
    try:
        sign_in.again(account, asked.sent.get("old", ""), asked.client)
    except NotSignedIn as error:
        raise Invalid([{"field": "old", "code": "wrong", "message": str(error)}]) from error
    sent = {"names": (account.username, account.email), "password": asked.sent.get("password", "")}
    new = validation.parse(registration.NewPassword, sent).password
    changed = accounts.change(
        account,
        sessions.moved(asked.session, account.epoch + 1),
        *audit.writes("password-changed", account.id, asked.client),
        password=passwords.hashed(new),
        epoch=account.epoch + 1,
        pending_email=None,  # whoever asked for another address may be whom the new password is to keep out
    )
    sessions.sweep(changed)
    mails.notify(changed, "password-changed", asked.client, origin=asked.origin)


def _verify(asked: Asked) -> None:
    mails.send("verify-email", origin=asked.origin, account=asked.account.id)


def _fresh(asked: Asked) -> None:
    if not asked.session.fresh:
        raise NotFresh


ACTIONS: dict[str, Callable[[Asked], None]] = {
    "username": _username,
    "email": _email,
    "password": _password,
    "verify": _verify,
}
