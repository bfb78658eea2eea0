"""Passwords: which are refused, and Argon2id, in numbers so that a library's change of defaults changes nothing here.

Any characters, 8 to 256 of them, and no rules of composition. Refused are the 10,000 commonest and those made of the
account's own names: what is tried first. Of the common ones the file holds those that are long enough to be tried here.
"""

from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from argon2 import PasswordHasher

SHORTEST, LONGEST = 8, 256  # characters
COMMON = Path(__file__).parent / "static" / "common-passwords.txt"  # the page's script reads it too
OUR_NAME = "pillarbox"
SHORTEST_NAME = 3  # characters; of shorter ones other words are made too
OF_ITS_OWN = 6  # characters that a password needs beside names

# Checked against when there is no account, so that this takes the same time. What was hashed is known to nobody.
NOBODYS = "$argon2id$v=19$m=19456,t=2,p=1$v2qFftky24IflTe2ZwN4wA$kTODs+xs2/uO9q8+VbOSAUdpt3e0YO/N2QdCph9lXEo"


@cache
def _hasher() -> "PasswordHasher":
    from argon2 import PasswordHasher  # noqa: PLC0415  only who signs up or in pays for this import

    return PasswordHasher(memory_cost=19456, time_cost=2, parallelism=1)  # KiB, passes, lanes: OWASP's first choice


def check(password: str, names: Iterable[str]) -> None:
    """Raise ValueError with a sentence for a password that would be tried first; `names` are the account's."""
    if password.casefold() in _common():
        raise ValueError("This is one of the commonest passwords, which are tried first. Please choose another.")
    rest = password.casefold()
    for name in sorted(_parts(names), key=len, reverse=True):
        rest = rest.replace(name, "")
    if len(rest) < min(OF_ITS_OWN, len(password)):
        raise ValueError("This is little more than your own name, which is tried first. Please choose another.")


@cache
def _common() -> frozenset[str]:
    return frozenset(COMMON.read_text().casefold().splitlines())


def _parts(names: Iterable[str]) -> set[str]:
    """Return the names, and of an address what stands before and after the @, in lower case."""
    whole = [OUR_NAME, *(name.casefold() for name in names)]
    return {part for name in whole for part in (name, *name.split("@")) if len(part) >= SHORTEST_NAME}


def hashed(password: str) -> str:
    return _hasher().hash(password)


def is_old(stored: str) -> bool:
    """Whether a hash was made with other numbers than today's."""
    return _hasher().check_needs_rehash(stored)


def matches(password: str, stored: str | None) -> bool:
    """Whether this is the password whose hash was stored; None is nobody's, and takes as long."""
    from argon2.exceptions import VerifyMismatchError  # noqa: PLC0415  as above

    try:
        _hasher().verify(stored or NOBODYS, password)
    except VerifyMismatchError:
        return False
    return stored is not None
