"""Identifiers: ULIDs that sort by time, short random ids, secrets.

Importable by the submit path, so chance comes from os.urandom itself: the module `secrets` wraps just that, and
imports `random` and `hmac` to do so.
"""

import hashlib
import os
import time
from base64 import urlsafe_b64encode

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # base32 without I, L, O and U
SHORT_LENGTH = 12  # 60 bits
ULID_LENGTH = 26
MAX_SHARDS = 16


def short() -> str:
    """Return 12 characters of lower-case unambiguous base32, 60 bits of chance."""
    return _encode(_random_bits(60), SHORT_LENGTH).lower()


def is_short(text: str) -> bool:
    return len(text) == SHORT_LENGTH and all(character in CROCKFORD for character in text.upper())


def ulid(*, shard: int = 0, now: float | None = None) -> str:
    """Return a ULID: 48 bits of milliseconds, 76 of chance, and a last character that tells the shard."""
    milliseconds = round((time.time() if now is None else now) * 1000)
    last = shard + MAX_SHARDS * _random_bits(1)
    return _encode((milliseconds << 75) | _random_bits(75), ULID_LENGTH - 1) + CROCKFORD[last]


def first_of(moment: float) -> str:
    """Return the ULID that sorts before all others of a moment (seconds since 1970), always the same."""
    return _encode(round(max(0, moment) * 1000) << 80, ULID_LENGTH)


def shard_of(ulid: str) -> int:
    return CROCKFORD.index(ulid[-1]) % MAX_SHARDS


def time_of(ulid: str) -> float:
    """Return seconds since 1970 (UTC)."""
    milliseconds = 0
    for character in ulid[:10]:
        milliseconds = milliseconds * 32 + CROCKFORD.index(character)
    return milliseconds / 1000


def is_ulid(text: str) -> bool:
    return len(text) == ULID_LENGTH and text[0] <= "7" and all(character in CROCKFORD for character in text)


def secret() -> str:
    """Return 256 bits of chance as 43 URL-safe characters."""
    return urlsafe_b64encode(os.urandom(32)).rstrip(b"=").decode()


def digest(secret: str) -> str:
    """Return what is stored of a secret: its SHA-256 in hexadecimal."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _random_bits(count: int) -> int:
    return int.from_bytes(os.urandom(16)) >> (128 - count)


def _encode(number: int, length: int) -> str:
    characters = []
    for _ in range(length):
        number, index = divmod(number, 32)
        characters.append(CROCKFORD[index])
    return "".join(reversed(characters))
