"""Signing in by password: who may try how often, and the same words and the same time whether there is an account.

A try from a browser that is new to the account counts for the name and for the address it comes from; one from a
browser that the account knows counts for that browser alone. So whoever guesses slows down themselves, not the owner.
"""

from collections.abc import Mapping

from pillarbox import accounts, attempts, audit, devices, factors, passwords, rates, settings, usernames
from pillarbox.accounts import Account
from pillarbox.clients import Client
from pillarbox.errors import CodeWrong, FactorNeeded, NotSignedIn

WRONG = "This name and password don't go together."


def by_password(name: str, password: str, client: Client, cookies: Mapping[str, str] | None = None) -> Account:
    """Return the account of a username or e-mail address, or raise NotSignedIn or TooOften.

    An unknown name, or an account that was switched off, costs the same reads, writes and one hash as any other.
    """
    account, hashed = accounts.credentials(name)
    device = devices.known(cookies or {}, account.id if account else None)
    own = ("sign-in-device", device, usernames.folded(name)) if device else ("sign-in", usernames.folded(name))
    place = ("sign-in-address", rates.network(client.address))
    if not device:
        attempts.take(*place)
    attempts.take(*own)
    if not passwords.matches(password, hashed) or account is None or not account.active:
        audit.note("sign-in-failed", account.id if account else audit.NOBODY, client)
        raise NotSignedIn(WRONG)
    attempts.forget(*own)
    if not device:
        attempts.give_back(*place)
    if hashed and passwords.is_old(hashed):
        accounts.store_anew(account, password, hashed)
    return account


def by_code(account: Account, code: str | None, client: Client) -> None:
    """Check the second factor of a program that signs in, or raise CodeWrong; nothing where there is none."""
    if settings.second_factor_required() and not account.second_factor:
        raise FactorNeeded
    if not account.second_factor:
        return
    if not code:
        raise CodeWrong("This account has a second factor: send its code too, or a recovery code.")
    try:
        factors.check_code(account, code, client)
    except NotSignedIn as error:
        raise CodeWrong(str(error)) from error


def again(account: Account, password: str, client: Client) -> None:
    """Check the password of somebody who is signed in, or raise NotSignedIn or TooOften."""
    attempts.take("confirm", account.id)
    if not passwords.matches(password, accounts.password_of(account)):
        audit.note("sign-in-failed", account.id, client)
        raise NotSignedIn("This isn't your password.")
    attempts.forget("confirm", account.id)
