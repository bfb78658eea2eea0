"""Verification: whoever follows the link that was mailed to an address has shown that it is theirs.

For an account's own address, for one that it is to have from now on, and for a forgotten password. Whoever verifies the
operator's address is the operator.
"""

from typing import Any, NamedTuple

from pillarbox import (
    accounts,
    audit,
    factors,
    links,
    mails,
    passwords,
    registration,
    sessions,
    settings,
    table,
    validation,
    values,
)
from pillarbox.accounts import Account
from pillarbox.clients import Client
from pillarbox.errors import LinkDead, NotAllowed


class Link(NamedTuple):
    secret: str
    purpose: links.Purpose
    account: Account
    email: str


def read(secret: str, *purposes: links.Purpose) -> Link:
    """Return what the link is about, or raise LinkDead: also when the account has another address by now."""
    purpose, told = links.read(secret, *purposes)
    account = accounts.of(told["account"])
    if account is None or not account.active:
        raise LinkDead
    wanted = account.pending_email if purpose == "change-email" else account.email
    outlived = purpose == "reset-password" and told["epoch"] != account.epoch  # the password was changed since
    if wanted != told["email"] or outlived:
        raise LinkDead
    return Link(secret, purpose, account, told["email"])


def makes_operator(link: Link) -> bool:
    """Whether the account is the operator's once the link was followed."""
    return is_operators(link.email) and link.account.role != "admin"


def verify(link: Link, client: Client, *, origin: str, by: Account | None) -> Account:
    """Verify the address, and make it the account's if it isn't; Taken when somebody else has it by now.

    `by` is who is signed in. Whom a link makes the operator has to be: anybody can make an account with the operator's
    address, and wait until the operator follows the link.
    """
    account, used = link.account, links.used(link.secret)
    if makes_operator(link) and (by is None or by.id != account.id):
        raise NotAllowed("Sign in as this account first, or set a new password for it if you didn't make it.")
    attributes = _verified(link) | {"pending_email": None}
    noted = _noted(link, client)
    if link.purpose == "verify-email":
        noted += audit.writes("email-verified", account.id, client, email=link.email)
        return accounts.change(account, used, *noted, **attributes)
    noted += audit.writes("email-changed", account.id, client, email=link.email)
    changed = accounts.rename(account, used, *noted, email=link.email, **attributes)
    for to in (account.email if account.email_verified else None, link.email):
        if to:
            mails.notify(changed, "email-changed", client, origin=origin, to=to, email=link.email)
    return changed


def reset(link: Link, password: str, client: Client, *, origin: str) -> Account:
    """Set a new password and end all sessions.

    Who made an account with an address that they couldn't verify may not be its owner. So when the owner comes by a
    mailed link for the first time, whatever else opens the account goes too: tokens and second factors.
    """
    account = link.account
    sent = {"names": (account.username, account.email), "password": password}
    new = validation.parse(registration.NewPassword, sent).password
    attributes = _verified(link) | {
        "password": passwords.hashed(new),
        "epoch": account.epoch + 1,
        "pending_email": None,
    }
    gone: list[table.Write] = []
    if not account.email_verified:
        gone = factors.removed(account)
        attributes |= {"second_factor": False, "token_epoch": account.token_epoch + 1}
    noted = [*_noted(link, client), *audit.writes("password-reset", account.id, client)]
    changed = accounts.change(account, links.used(link.secret), *noted, *gone, **attributes)
    sessions.sweep(changed)
    mails.notify(changed, "password-reset", client, origin=origin)
    return changed


def is_operators(email: str) -> bool:
    return bool(settings.admin_email()) and email == (values.email(settings.admin_email()) or "")


def _verified(link: Link) -> dict[str, Any]:
    return {"email_verified": True} | ({"role": "admin"} if makes_operator(link) else {})


def _noted(link: Link, client: Client) -> list[table.Write]:
    return list(audit.writes("became-operator", link.account.id, client)) if makes_operator(link) else []
