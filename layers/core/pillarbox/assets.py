"""The files of static/: their addresses, and what is answered for them. Stdlib only: visitors wait for these.

The stylesheet is one file to browsers, and to people the sheets of static/site/, one a concept.
"""

import hashlib
import zlib
from base64 import b64encode
from functools import cache
from http import HTTPStatus
from pathlib import Path
from typing import Any

from pillarbox import headers

FOLDER = Path(__file__).parent / "static"
TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
}
STYLESHEET = "site.css"
# The same for a form in a frame, whose page is light or dark whatever the visitor's browser prefers.
ALWAYS = {"light.css": ("not all", "light"), "dark.css": ("all", "dark")}
# In this order, in which later rules win: what all pages stand on, pages, and at last what some media change.
SHEETS = (
    *("tokens", "elements", "frame", "buttons", "fields", "parts"),
    *("home", "dashboard", "inbox", "submission", "forms", "editor", "insights", "connect", "account"),
    *("mailbox", "visitor", "media"),
)
VERSION_LENGTH = 12  # characters of a SHA-256
FOR_GOOD = "public, max-age=31536000, immutable"  # a year: another content has another address
FOR_NOW = "public, max-age=300"  # seconds


def url(name: str) -> str:
    """Return the address of a file, which changes with its content; raise KeyError when there is no such file."""
    return f"/static/{name}?v={_version(name)}"


def answer(name: str, *, version: str | None, accept_encoding: str) -> dict[str, Any]:
    """Return what Lambda answers for a file. Names are looked up in a list, so that no path leads out of the folder."""
    if name not in _names():
        return {
            "statusCode": HTTPStatus.NOT_FOUND,
            "headers": {"content-type": "text/plain; charset=utf-8", "cache-control": "no-store", **headers.GUARDS},
            "body": "There is no such file.\n",
        }
    said = {
        "content-type": TYPES[Path(name).suffix],
        "cache-control": FOR_GOOD if version == _version(name) else FOR_NOW,
        "vary": "accept-encoding",
        **headers.GUARDS,
    }
    if "gzip" not in accept_encoding:
        return {"statusCode": HTTPStatus.OK, "headers": said, "body": _content(name).decode()}
    body = b64encode(_packed(name)).decode()
    said["content-encoding"] = "gzip"
    return {"statusCode": HTTPStatus.OK, "headers": said, "body": body, "isBase64Encoded": True}


def in_scheme(sheet: str, name: str) -> str:
    """Return a stylesheet as it is where one scheme of colours holds; `name` is light.css, dark.css or site.css."""
    if name not in ALWAYS:
        return sheet
    media, scheme = ALWAYS[name]
    return sheet.replace("(prefers-color-scheme: dark)", media).replace(
        "color-scheme: light dark", f"color-scheme: {scheme}"
    )


@cache
def _names() -> frozenset[str]:
    return frozenset({STYLESHEET, *ALWAYS, *(file.name for file in FOLDER.iterdir() if file.suffix in TYPES)})


@cache
def _content(name: str) -> bytes:
    if name == STYLESHEET:
        return b"\n".join((FOLDER / "site" / f"{sheet}.css").read_bytes() for sheet in SHEETS)
    if name in ALWAYS:
        return in_scheme(_content(STYLESHEET).decode(), name).encode()
    return (FOLDER / name).read_bytes()


@cache
def _packed(name: str) -> bytes:
    return zlib.compress(_content(name), wbits=31)  # the number of the gzip format


@cache
def _version(name: str) -> str:
    return hashlib.sha256(_content(name)).hexdigest()[:VERSION_LENGTH]
