"""Cursors: where a list reads on, opaque and signed, so that nobody reads on in a list of somebody else's."""

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode

from pillarbox import settings
from pillarbox.errors import Invalid

SIGNATURE_BYTES = 12


def of_folder(form_id: str, folder: str) -> str:
    """Return the name of a folder's list."""
    return f"{folder} of {form_id}"


def seal(of: str, place: str) -> str:
    """Return a cursor for a place in the list that `of` names."""
    return urlsafe_b64encode(_signature(of, place) + place.encode()).decode().rstrip("=")


def read(of: str, cursor: str | None) -> str | None:
    """Return the place in this list, None for its beginning, or raise Invalid for what `seal` didn't make."""
    if cursor is None:
        return None
    try:
        raw = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        place = raw[SIGNATURE_BYTES:].decode()
    except ValueError:
        raw, place = b"", ""
    if not hmac.compare_digest(raw[:SIGNATURE_BYTES], _signature(of, place)):
        message = "Send back next_cursor of the page before, unchanged, with the same folder."
        raise Invalid([{"field": "cursor", "code": "cursor", "message": message}])
    return place


def _signature(of: str, place: str) -> bytes:
    return hmac.digest(settings.secret_key(), f"cursor\n{of}\n{place}".encode(), "sha256")[:SIGNATURE_BYTES]
