"""Signing up: who may make an account, and how often one address may ask which names are taken."""

from typing import NamedTuple

from pillarbox import accounts, attempts, audit, links, mails, rates, settings, table, usernames, verification
from pillarbox.accounts import Account
from pillarbox.clients import Client
from pillarbox.errors import LinkDead, NotAllowed
from pillarbox.registration import NewAccount

INVITED_SECONDS = 7 * 24 * 60 * 60
LIST = "INVITATIONS"  # the partition of the operator's invitations that wait


class Invited(NamedTuple):
    """Somebody who was mailed an invitation; `email` is where."""

    secret: str
    purpose: links.Purpose
    email: str

    @property
    def leads_to(self) -> str:
        """Where the new account goes first: a form that is offered is accepted there, by the same link."""
        return f"/invitations?token={self.secret}" if self.purpose == "share" else "/dashboard"


def mode() -> str:
    return settings.sign_up()


def invited(secret: str) -> Invited | None:
    """Return whom a mailed link invites, None without one, or raise LinkDead."""
    if not secret:
        return None
    purpose, told = links.read(secret, "invitation", "share")
    if purpose == "invitation" and table.get(_key(told["email"])) is None:
        raise LinkDead  # the operator withdrew it
    return Invited(secret, purpose, told["email"])


def account(new: NewAccount, client: Client, *, origin: str, invited: Invited | None = None) -> Account:
    """Make the account, or raise NotAllowed, TooOften or Taken.

    Who makes it with the address that the invitation was mailed to has shown that it is theirs. With another one it
    invites as well, and that address is to be verified.
    """
    attempts.take("sign-up-address", rates.network(client.address))
    if mode() == "closed" or (mode() == "invitation" and invited is None):
        _only_for_the_operator(new)
    used: list[table.Write] = []
    if invited and invited.purpose == "invitation":
        used = [links.used(invited.secret), table.Delete(_key(invited.email))]
    made = accounts.create(
        new,
        verified=invited is not None and new.email == invited.email,
        with_it=lambda made: [*audit.writes("account-made", made.id, client), *used],
    )
    if not made.email_verified:
        mails.send("verify-email", origin=origin, account=made.id)
    return made


def invitation(email: str, by: str, expires_at: int) -> table.Put:
    """Return the write of an invitation that waits."""
    return table.Put(_key(email) | {"email": email, "by": by, "expires_at": expires_at})


def withdrawn(email: str) -> table.Delete:
    return table.Delete(_key(email))


def waiting() -> list[table.Item]:
    """Return the invitations that wait, by address."""
    return [item for item in table.query_all(LIST) if not table.expired(item)]


def _only_for_the_operator(new: NewAccount) -> None:
    if not verification.is_operators(new.email):
        raise NotAllowed("Nobody can make an account here by themselves. Ask whoever runs this Pillarbox.")


def _key(email: str) -> table.Item:
    return table.key(LIST, usernames.folded(email))
