"""Signing up: who may make an account, and how often one address may ask which names are taken."""

from pillarbox import accounts, attempts, audit, links, mails, rates, settings, verification
from pillarbox.accounts import Account, NewAccount
from pillarbox.clients import Client
from pillarbox.errors import NotAllowed


def account(new: NewAccount, client: Client, *, origin: str, invitation: str = "") -> Account:
    """Make the account, or raise NotAllowed, TooOften, LinkDead or Taken.

    `invitation` is the secret of a link that was mailed. Who makes the account with the address that it was mailed to
    has shown that it is theirs; with another one it invites as well, and that address is to be verified.
    """
    attempts.take("sign-up-address", rates.network(client.address))
    mode = settings.sign_up()
    purpose, told = links.read(invitation, "invitation", "share") if invitation else (None, {})
    if mode == "closed" or (mode == "invitation" and not purpose):
        _only_for_the_operator(new)
    # A share is accepted afterwards, by the same link.
    used = [links.used(invitation)] if purpose == "invitation" else []
    made = accounts.create(
        new,
        verified=new.email == told.get("email"),
        with_it=lambda made: [*audit.writes("account-made", made.id, client), *used],
    )
    if not made.email_verified:
        mails.send("verify-email", origin=origin, account=made.id)
    return made


def _only_for_the_operator(new: NewAccount) -> None:
    if not verification.is_operators(new.email):
        raise NotAllowed("Nobody can make an account here by themselves. Ask whoever runs this Pillarbox.")
