"""Links that are mailed: a secret that does one thing, once, until it expires. Only its hash is stored.

Whoever mails a link makes it, so that its secret is in the mail and nowhere else. A page behind one shows what it is
about to do and does it on POST: programs that look through mail follow links.
"""

import time
from typing import Any, Literal

from pillarbox import ids, table
from pillarbox.errors import LinkDead

type Purpose = Literal["verify-email", "change-email", "reset-password", "invitation", "share", "recipient", "opt-in"]

MOST_CHARACTERS = 100  # of a secret that is looked up
INVITED_SECONDS = 7 * 24 * 60 * 60  # that an invitation waits


def create(purpose: Purpose, *, seconds: int, **data: Any) -> str:
    """Store a link that lasts so long, with what it is about, and return its secret."""
    secret = ids.secret()
    table.put(_key(secret) | {"purpose": purpose, "data": data, "expires_at": int(time.time()) + seconds})
    return secret


def read(secret: str, *purposes: Purpose) -> tuple[Purpose, dict[str, Any]]:
    """Return what a link is for and about, or raise LinkDead: it never was, has ended, or is for something else."""
    item = table.get(_key(secret)) if secret and len(secret) <= MOST_CHARACTERS else None
    if item is None or table.expired(item) or item["purpose"] not in purposes:
        raise LinkDead
    return item["purpose"], item["data"]


def used(secret: str) -> table.Delete:
    """Return the write that uses a link up, for the transaction that does what it is for: refused when it was used."""
    alive = "attribute_exists(pk) AND expires_at > :now"
    return table.Delete(_key(secret), condition=alive, values={":now": int(time.time())})


def _key(secret: str) -> table.Item:
    return table.key(f"LINK#{ids.digest(secret)}", "LINK")
