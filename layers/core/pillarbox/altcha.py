"""ALTCHA: proof of work instead of a puzzle, on our own origin. Version 2 of its protocol; stdlib only.

A challenge is a JSON object that we sign and don't store: `{"parameters": {"algorithm", "cost", "expiresAt",
"keyLength", "keyPrefix", "nonce", "salt"}, "signature"}`. Whoever solves it finds a counter for which PBKDF2 of nonce
and counter begins with the prefix, and sends base64 of `{"challenge", "solution": {"counter", "derivedKey"}}`. A
solution counts once: a marker of it is stored with the submission.
"""

import binascii
import hashlib
import hmac
import json
import os

from pillarbox import settings

TYPE_CHECKING = False  # to mypy it is true; importing `typing` takes longer than this module
if TYPE_CHECKING:
    from typing import Any

ALGORITHM, DIGEST = "PBKDF2/SHA-256", "sha256"
COST = 2000  # rounds; about a millisecond to verify
KEY_PREFIX = "00"  # hexadecimal: 256 tries on average
KEY_LENGTH = 32  # bytes
VALID_SECONDS = 60 * 60  # people take their time over a form
MOST_CHARACTERS = 4000  # of a solution; ours have some 500
MOST_TRIES = 2**32


def challenge(form_id: str, now: float) -> "dict[str, Any]":
    """Return a new challenge for a form; `now` in seconds since 1970."""
    parameters = {
        "algorithm": ALGORITHM,
        "cost": COST,
        "expiresAt": int(now) + VALID_SECONDS,
        "keyLength": KEY_LENGTH,
        "keyPrefix": KEY_PREFIX,
        "nonce": os.urandom(16).hex(),
        "salt": os.urandom(16).hex(),
    }
    return {"parameters": parameters, "signature": _signature(form_id, parameters)}


def verify(form_id: str, sent: str, now: float) -> "dict[str, Any] | None":
    """Return the marker of a right solution, an item of the table that may be put once; None for a wrong one."""
    try:
        if len(sent) > MOST_CHARACTERS:
            return None
        payload = json.loads(binascii.a2b_base64(sent, strict_mode=True))
        parameters, counter = payload["challenge"]["parameters"], payload["solution"]["counter"]
        signature = str(payload["challenge"]["signature"])
        # What bears our signature is as we made it, so none of it has to be looked at before.
        if not hmac.compare_digest(signature.encode(), _signature(form_id, parameters).encode()):
            return None
        if now >= parameters["expiresAt"] or type(counter) is not int or not 0 <= counter < MOST_TRIES:
            return None
        key = derived(parameters, counter).hex()
        right = key.startswith(parameters["keyPrefix"]) and payload["solution"]["derivedKey"] == key
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
    name = f"ALTCHA#{parameters['nonce']}"
    return {"pk": name, "sk": "ALTCHA", "expires_at": parameters["expiresAt"]} if right else None


def derived(parameters: "dict[str, Any]", counter: int) -> bytes:
    password = bytes.fromhex(parameters["nonce"]) + counter.to_bytes(4)
    salt = bytes.fromhex(parameters["salt"])
    return hashlib.pbkdf2_hmac(DIGEST, password, salt, parameters["cost"], parameters["keyLength"])


def key_of(form_id: str) -> bytes:
    """Return the key that signs a form's challenges: what was solved for one form is worth nothing at another."""
    return hmac.digest(settings.secret_key(), f"altcha {form_id}".encode(), "sha256")


def _signature(form_id: str, parameters: "dict[str, Any]") -> str:
    canonical = json.dumps(parameters, sort_keys=True, separators=(",", ":"))
    return hmac.digest(key_of(form_id), canonical.encode(), "sha256").hex()
