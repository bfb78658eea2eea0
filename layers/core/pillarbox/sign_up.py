"""Signing up: who may make an account, and how often one address may ask which names are taken."""

import time
from typing import NamedTuple

from pillarbox import (
    accounts,
    attempts,
    audit,
    ids,
    links,
    mails,
    members,
    rates,
    settings,
    table,
    usernames,
    verification,
)
from pillarbox.accounts import Account
from pillarbox.clients import Client
from pillarbox.errors import Invalid, LinkDead, NotAllowed
from pillarbox.registration import NewAccount

CLOSED = (
    "Nobody can make an account here by themselves. Ask whoever runs this Pillarbox. "
    "If that is you, a link is on its way to the operator's address."
)
LIST = "INVITATIONS"  # the partition of the operator's invitations that wait


class Invited(NamedTuple):
    """Somebody who was mailed an invitation; `email` is where."""

    secret: str
    purpose: links.Purpose
    email: str
    number: str

    @property
    def leads_to(self) -> str:
        """Where the new account goes first: a form that is offered is accepted there, by the same link."""
        return f"/invitations?token={self.secret}" if self.purpose == "share" else "/dashboard"


def mode() -> str:
    return settings.sign_up()


def invited(secret: str) -> Invited | None:
    """Return whom a mailed link invites, None without one, or raise LinkDead: also when it was withdrawn or renewed."""
    if not secret:
        return None
    purpose, told = links.read(secret, "invitation", "share")
    if purpose == "share":
        members.offer(secret)
    else:
        row = table.get(_key(told["email"]))
        if row is None or table.expired(row) or row["number"] != told["number"]:
            raise LinkDead
    return Invited(secret, purpose, told["email"], told["number"])


def look_up(client: Client) -> None:
    """Count a question that tells which names are taken, or raise TooOften."""
    attempts.take("sign-up-address", rates.network(client.address))


def account(new: NewAccount, client: Client, *, origin: str, invited: Invited | None = None) -> Account:
    """Make the account, or raise NotAllowed, Invalid, TooOften or Taken.

    Who makes it with the address that the invitation was mailed to has shown that it is theirs. With another one the
    operator's invitation invites as well, and that address is to be verified.
    """
    look_up(client)
    _may(new, invited, origin)
    used: list[table.Write] = []
    if invited and invited.purpose == "invitation":
        same = {":number": invited.number}
        used = [
            links.used(invited.secret),
            table.Delete(_key(invited.email), condition="#number = :number", values=same),
        ]
    made = accounts.create(
        new,
        verified=invited is not None and new.email == invited.email,
        with_it=lambda made: [*audit.writes("account-made", made.id, client), *used],
    )
    if not made.email_verified:
        mails.send("verify-email", origin=origin, account=made.id)
    return made


def invite(email: str, by: str, *noted: table.Write, origin: str) -> None:
    """Mail somebody an invitation to make an account. One that waits already stays good until one of them is used."""
    before = table.get(_key(email))
    number = before["number"] if before and not table.expired(before) else ids.short()
    row = {"email": email, "by": by, "number": number, "expires_at": int(time.time()) + links.INVITED_SECONDS}
    table.transact(table.Put(_key(email) | row), *noted)
    mails.send("invitation", origin=origin, email=email, inviter=by, number=number)


def withdrawn(email: str) -> table.Delete:
    return table.Delete(_key(email))


def waiting() -> list[table.Item]:
    """Return the invitations that wait, by address."""
    return [item for item in table.query_all(LIST) if not table.expired(item)]


def _may(new: NewAccount, invited: Invited | None, origin: str) -> None:
    """Raise NotAllowed or Invalid for who isn't to make an account. The operator is mailed a link that lets them."""
    if mode() == "open" or (invited and verification.is_operators(invited.email)):
        return
    if mode() == "invitation" and invited:
        if invited.purpose == "share" and new.email != invited.email:
            message = f"This invitation is for {invited.email}: make the account with that address."
            raise Invalid([{"field": "email", "code": "invitation", "message": message}])
        return
    if verification.is_operators(new.email) and not accounts.find(new.email):
        invite(new.email, "Pillarbox", origin=origin)
    raise NotAllowed(CLOSED)


def _key(email: str) -> table.Item:
    return table.key(LIST, usernames.folded(email))
