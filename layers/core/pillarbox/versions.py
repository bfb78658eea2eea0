"""Versions: every definition that a form had, so that a submission can be read by the fields that it was sent to."""

import json
from datetime import datetime
from typing import Any

from pydantic import BaseModel

from pillarbox import cursors, ids, places, table
from pillarbox.definitions import Definition
from pillarbox.errors import NotFound

PREFIX = "VERSION#"
DIGITS = 8  # of a number in a key, so that keys sort as numbers


class Version(BaseModel):
    version: int
    at: datetime
    by: str  # the id of the account that saved it
    definition: Definition


class Page(BaseModel):
    versions: list[Version]
    next_cursor: str | None


def put(form_id: str, version: int, definition: Definition, *, at: datetime, by: str) -> table.Put:
    """Return the write that keeps a version, for the transaction that makes it. A secret isn't kept a second time."""
    document = definition.model_dump(mode="json", include=set(Definition.model_fields))
    document["spam"] |= {"captcha": None, "captcha_site_key": None, "captcha_secret": None}
    kept = {"version": version, "at": at.isoformat(), "by": by, "definition": json.dumps(document, ensure_ascii=False)}
    return table.Put(_key(form_id, version) | kept)


def get(form_id: str, version: int) -> Version:
    """Return a version; NotFound for one that never was, and for those from before versions were kept."""
    item = table.get(_key(form_id, version)) if ids.is_short(form_id) and 0 < version < 10**DIGITS else None
    if item is None:
        raise NotFound("There is no such version.")
    return _version(item)


def listed(form_id: str, *, limit: int, cursor: str | None = None) -> Page:
    """Return a page of a form's versions, the newest first."""
    of = f"versions of {form_id}"
    pk, after = places.form(form_id)["pk"], cursors.read(of, cursor)
    page = table.query(pk, prefix=PREFIX, after=after, descending=True, limit=limit)
    return Page(
        versions=list(map(_version, page.items)), next_cursor=cursors.seal(of, page.last) if page.last else None
    )


def _version(item: table.Item) -> Version:
    document: dict[str, Any] = json.loads(item["definition"])
    definition = Definition.model_validate(document, extra="ignore")
    return Version(version=item["version"], at=item["at"], by=item["by"], definition=definition)


def _key(form_id: str, version: int) -> table.Item:
    return table.key(places.form(form_id)["pk"], f"{PREFIX}{version:0{DIGITS}}")
