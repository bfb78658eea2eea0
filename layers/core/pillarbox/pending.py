"""Pending sign-ins: the password was right, and the second factor is still to come. Short, and worth nothing else."""

import time
from collections.abc import Mapping
from typing import NamedTuple

from pillarbox import accounts, ids, settings, table
from pillarbox.accounts import Account
from pillarbox.errors import NotSignedIn

LASTS_SECONDS = 10 * 60


class Pending(NamedTuple):
    account: Account
    to: str  # the path that the person wanted to go to


def start(account: Account, to: str) -> str:
    """Remember that the account's password was given, and return the secret of the cookie."""
    secret = ids.secret()
    told = {"account": account.id, "epoch": account.epoch, "to": to}
    table.put(_key(secret) | told | {"expires_at": int(time.time()) + LASTS_SECONDS})
    return secret


def read(cookies: Mapping[str, str]) -> Pending:
    """Return whose sign-in waits, or raise NotSignedIn: there is none, or it took too long."""
    secret = cookies.get(settings.pending_cookie(), "")
    item = table.get(_key(secret)) if secret else None
    if item is None or table.expired(item):
        raise NotSignedIn("Please sign in.")
    account = accounts.get(item["account"])
    if account.epoch != item["epoch"]:
        raise NotSignedIn("Please sign in.")
    return Pending(account, item["to"])


def found(cookies: Mapping[str, str]) -> Pending | None:
    """Return whose sign-in waits, if anybody's does."""
    try:
        return read(cookies)
    except NotSignedIn:
        return None


def end(cookies: Mapping[str, str]) -> None:
    if secret := cookies.get(settings.pending_cookie()):
        table.delete(_key(secret))


def _key(secret: str) -> table.Item:
    return table.key(f"PENDING#{ids.digest(secret)}", "PENDING")
