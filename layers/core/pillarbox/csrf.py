"""CSRF: a token bound to the visitor's cookie, masked anew in every page, beside Fetch Metadata and Origin.

The token is an HMAC keyed by the secret in the cookie: the session id or, before sign-in, a random value of its own.
The `__Host-` prefix keeps other hosts from planting that cookie. Masking keeps the token from being guessed by the
size of compressed pages (BREACH).
"""

import hmac
import os
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from collections.abc import Mapping

from pillarbox import settings
from pillarbox.errors import NotAllowed

FIELD = "csrf_token"
HEADER = "x-csrf-token"
SIZE = 32  # bytes of an HMAC-SHA256
TOO_OLD = "This page was open for too long, or cookies are off. Go back, reload the page and send it again."


def token(secret: str) -> str:
    """Return a token for a form; it differs each time."""
    mask = os.urandom(SIZE)
    return urlsafe_b64encode(mask + _xor(mask, _digest(secret))).decode()


def check(headers: Mapping[str, str], secret: str | None, sent: str | None) -> None:
    """Raise NotAllowed unless the request comes from our own page, with the token made for this secret."""
    if headers.get("sec-fetch-site", "same-origin") not in {"same-origin", "none"}:
        raise NotAllowed("This request came from another site.")
    ours = {f"{scheme}://{headers.get('host')}" for scheme in _schemes()}
    if (origin := headers.get("origin")) and origin not in ours:
        raise NotAllowed("This request came from another site.")
    try:
        raw = urlsafe_b64decode(sent or "")
    except (NotBase64, ValueError) as error:
        raise NotAllowed(TOO_OLD) from error
    mask, masked = raw[:SIZE], raw[SIZE:]
    if not secret or len(raw) != 2 * SIZE or not hmac.compare_digest(_xor(mask, masked), _digest(secret)):
        raise NotAllowed(TOO_OLD)


def _schemes() -> tuple[str, ...]:
    return ("https", "http") if settings.plain_http() else ("https",)


def _digest(secret: str) -> bytes:
    return hmac.digest(secret.encode(), b"csrf", "sha256")


def _xor(one: bytes, other: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(one, other, strict=True))
