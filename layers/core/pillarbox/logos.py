"""Logos: the picture at the head of a form's own page. It lies in a row beside the form, which nothing else reads.

The form's item says by `logo` whether there is one, so that a page for visitors knows it without another read. It is no
part of the definition: a new picture makes no new version of the form.
"""

import hashlib
from typing import Any, NamedTuple

from pillarbox import ids, pictures, places, table
from pillarbox.errors import Changed, Invalid, NotFound

MOST_BYTES = 64 * 1024  # a page of visitors loads it
MOST_PIXELS = 2000  # a side: more than any screen shows of it, and what a small file may unfold to
SHA_LENGTH = 12  # characters of a SHA-256: another picture has another address
KINDS = "PNG, JPEG, WebP or GIF"


class Logo(NamedTuple):
    sha: str
    type: str
    content: bytes
    width: int
    height: int


def get(form_id: str) -> Logo | None:
    item = table.get(_key(form_id)) if ids.is_short(form_id) else None
    if item is None:
        return None
    return Logo(item["sha"], item["type"], bytes(item["content"]), item["width"], item["height"])


def checked(content: bytes) -> Logo:
    """Return the picture as it would be kept, or raise Invalid.

    An SVG isn't taken: it is a document that may hold code, and is that code's page when it is opened by itself.
    """
    if not content:
        raise _invalid("empty", "Choose a picture first.")
    if len(content) > MOST_BYTES:
        raise _invalid("too_large", "This file has more than 64 KB, and everybody who opens the form loads it.")
    found = pictures.measured(content)
    if found is None:
        svg = b"<svg" in content[:1024].lower()
        why = "An SVG can hold code, so none is taken as a logo." if svg else "This isn't a picture that we can show."
        raise _invalid("type", f"{why} Please take a {KINDS}.")
    if max(found.width, found.height) > MOST_PIXELS:
        size = f"{found.width:,} by {found.height:,}"
        raise _invalid("too_large", f"This picture is {size} pixels large; a logo has at most {MOST_PIXELS:,} a side.")
    return Logo(hashlib.sha256(content).hexdigest()[:SHA_LENGTH], found.type, content, found.width, found.height)


def put(form_id: str, logo: Logo, *, seen: str | None) -> None:
    """Keep a logo in the place of the one that was `seen`, None for none; Changed when it is another one by now."""
    _change(form_id, table.Put(_key(form_id) | logo._asdict()), logo.sha, seen)


def delete(form_id: str, *, seen: str | None) -> None:
    """Take the logo away that was `seen`; Changed when it is another one by now."""
    _change(form_id, table.Delete(_key(form_id)), None, seen)


def _change(form_id: str, write: table.Write, sha: str | None, seen: str | None) -> None:
    same, values = ("logo = :seen", {":seen": seen}) if seen else ("attribute_not_exists(logo)", {})
    there = f"attribute_exists(pk) AND {same}"
    try:
        table.transact(table.Update(places.form(form_id), {"logo": sha}, condition=there, values=values), write)
    except table.Refused as refused:
        if table.get(places.form(form_id)) is None:
            raise NotFound("There is no such form.") from refused
        raise Changed("Somebody else has changed the logo since you opened this page.") from refused


def _invalid(code: str, message: str) -> Invalid:
    return Invalid([{"field": "logo", "code": code, "message": message}])


def _key(form_id: str) -> dict[str, Any]:
    return table.key(places.form(form_id)["pk"], "LOGO")
