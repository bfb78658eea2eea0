"""Signing up: who may make an account, and how often one address may ask which names are taken."""

from pillarbox import accounts, attempts, audit, rates, settings
from pillarbox.accounts import Account, NewAccount
from pillarbox.clients import Client
from pillarbox.errors import NotAllowed


def account(new: NewAccount, client: Client) -> Account:
    """Make the account, or raise NotAllowed, TooOften or Taken."""
    attempts.take("sign-up-address", rates.network(client.address))
    if settings.sign_up() != "open" and new.email != settings.admin_email():
        raise NotAllowed("Nobody can make an account here by themselves. Ask whoever runs this Pillarbox.")
    return accounts.create(new, with_it=lambda made: audit.writes("account-made", made.id, client))
