"""Passwords: Argon2id, set out in numbers so that a library's change of defaults changes nothing here."""

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from argon2 import PasswordHasher


# Checked against when there is no account, so that this takes the same time. What was hashed is known to nobody.
NOBODYS = "$argon2id$v=19$m=19456,t=2,p=1$v2qFftky24IflTe2ZwN4wA$kTODs+xs2/uO9q8+VbOSAUdpt3e0YO/N2QdCph9lXEo"


@cache
def _hasher() -> "PasswordHasher":
    from argon2 import PasswordHasher  # noqa: PLC0415  only who signs up or in pays for this import

    return PasswordHasher(memory_cost=19456, time_cost=2, parallelism=1)  # KiB, passes, lanes: OWASP's first choice


def hashed(password: str) -> str:
    return _hasher().hash(password)


def matches(password: str, stored: str | None) -> bool:
    """Whether this is the password whose hash was stored; None is nobody's, and takes as long."""
    from argon2.exceptions import VerifyMismatchError  # noqa: PLC0415  as above

    try:
        _hasher().verify(stored or NOBODYS, password)
    except VerifyMismatchError:
        return False
    return stored is not None
