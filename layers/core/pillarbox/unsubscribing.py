"""Unsubscribing: a link in each mail that ends the mails of one form, signed, so that nothing is stored of it.

It works for as long as the key does: whoever finds a mail of last year may still end it.
"""

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64

from pillarbox import settings
from pillarbox.errors import LinkDead

SIGNATURE = 16  # bytes
MOST_CHARACTERS = 600  # of a token: an address has 254
PATH = "/unsubscribe"


def token(form_id: str, email: str) -> str:
    said = f"{form_id} {email}".encode()
    return urlsafe_b64encode(_signature(said) + said).decode().rstrip("=")


def read(token: str) -> tuple[str, str]:
    """Return the form's id and the address, or raise LinkDead for what `token` didn't make."""
    try:
        raw = urlsafe_b64decode(token[:MOST_CHARACTERS] + "=" * (-len(token) % 4))
    except (NotBase64, ValueError) as error:
        raise LinkDead from error
    signature, said = raw[:SIGNATURE], raw[SIGNATURE:]
    if not hmac.compare_digest(signature, _signature(said)):
        raise LinkDead
    form_id, _, email = said.decode().partition(" ")
    return form_id, email


def link(form_id: str, email: str) -> str:
    return f"{settings.public_url()}{PATH}?token={token(form_id, email)}"


def _signature(said: bytes) -> bytes:
    return hmac.digest(settings.secret_key(), b"unsubscribe\n" + said, "sha256")[:SIGNATURE]
