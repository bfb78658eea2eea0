"""Devices: a browser that signed in once is known again, so that whoever guesses elsewhere doesn't slow its owner down.

The cookie holds an id and a tag for each account that signed in here: no item, no read, and no way to make one's own.
"""

import hmac
from collections.abc import Mapping

from pillarbox import ids, settings

LASTS_SECONDS = 400 * 24 * 60 * 60  # the longest that browsers keep a cookie
MOST = 8  # accounts that one browser is known to
TAG_CHARACTERS = 32  # 128 bits
NOBODY = "nobody"


def known(cookies: Mapping[str, str], account_id: str | None) -> str | None:
    """Return the browser's id when it is known to the account; it takes the same time when there is no account."""
    device, *tags = _parts(cookies)
    tag = _tag(device, account_id or NOBODY)
    found = [hmac.compare_digest(one.encode(), tag.encode()) for one in tags]
    return device if any(found) and account_id else None


def remembering(cookies: Mapping[str, str], account_id: str) -> str:
    """Return the cookie's value with which the browser is known to this account from now on."""
    device, *tags = _parts(cookies)
    device = device or ids.secret()
    tag = _tag(device, account_id)
    return ".".join([device, tag, *[one for one in tags if one != tag][: MOST - 1]])


def _parts(cookies: Mapping[str, str]) -> list[str]:
    return cookies.get(settings.device_cookie(), "").split(".")[: MOST + 1]


def _tag(device: str, account_id: str) -> str:
    said = f"device\n{device}\n{account_id}".encode()
    return hmac.digest(settings.secret_key(), said, "sha256").hex()[:TAG_CHARACTERS]
