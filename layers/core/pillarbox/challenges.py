"""Challenges for passkeys: made without a write, signed for one purpose and one account, and used once.

The challenge that an authenticator signs is itself the proof: chance, when it was made, and our signature of both.
"""

import hmac
import os
import time

from pillarbox import ids, settings, table
from pillarbox.errors import NotSignedIn

CHANCE, MOMENT, SIGNATURE = 16, 4, 16  # bytes
LASTS_SECONDS = 5 * 60
OVER = "This took too long, or was used already. Please try again."


def create(purpose: str, subject: str = "") -> bytes:
    """Return a challenge for the purpose; `subject` is the account that it is for, if it is for one."""
    said = os.urandom(CHANCE) + int(time.time()).to_bytes(MOMENT)
    return said + _signature(said, purpose, subject)


def use(challenge: bytes, purpose: str, subject: str = "") -> None:
    """Use a challenge of ours up, or raise NotSignedIn: it isn't ours, isn't for this, is over or was used."""
    said, signature = challenge[: CHANCE + MOMENT], challenge[CHANCE + MOMENT :]
    age = abs(time.time() - int.from_bytes(said[CHANCE:]))  # another instance's clock may be ahead
    if not hmac.compare_digest(signature, _signature(said, purpose, subject)) or age > LASTS_SECONDS:
        raise NotSignedIn(OVER)
    marker = table.key(f"USED#{ids.digest(challenge.hex())}", "USED")
    try:
        table.put(marker | {"expires_at": int(time.time()) + 3 * LASTS_SECONDS}, condition="attribute_not_exists(pk)")
    except table.Refused as refused:
        raise NotSignedIn(OVER) from refused


def _signature(said: bytes, purpose: str, subject: str) -> bytes:
    message = said + f"\npasskey\n{purpose}\n{subject}".encode()
    return hmac.digest(settings.secret_key(), message, "sha256")[:SIGNATURE]
