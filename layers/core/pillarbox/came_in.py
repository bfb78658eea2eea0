"""What came in: the fields that a form without any could declare, read off its newest submission."""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from pydantic import ValidationError

from pillarbox import controls, display, rules, submissions
from pillarbox.fields import MAX_FIELDS, Field
from pillarbox.forms import Form

# What a name tells of its type, without case and punctuation.
TOLD = {"email": "email", "phone": "phone", "telephone": "phone", "mobile": "phone", "website": "url"}
READERS = rules.READERS


def fields(form: Form) -> list[Field]:
    """Return a field for each plain value of the newest submission in the inbox; nothing when none is there."""
    newest = submissions.newest(form.id, shards=form.shards, retention_days=form.retention_days, limit=1)
    return read(newest[0].fields) if newest else []


def read(sent: Mapping[str, Any]) -> list[Field]:
    """Return the fields; anybody may have sent this, and what no field can be gives none."""
    found: dict[str, Field] = {}
    for name, value in sent.items():
        if field := _field(name.strip(), value):
            found.setdefault(field.name, field)
    return list(found.values())[:MAX_FIELDS]


def _field(name: str, value: Any) -> Field | None:
    if isinstance(value, dict) or controls.is_hidden(name) or name.startswith("_"):
        return None
    try:
        return Field.model_validate({"name": name, "type": _kind(name, value), "options": _options(value)})
    except ValidationError:
        return None


def _kind(name: str, value: Any) -> str:
    if isinstance(value, list):
        return "choices"
    for kind, type_ in (("checkbox", bool), ("integer", int), ("number", Decimal)):
        if isinstance(value, type_):
            return kind
    return _kind_of_text(re.sub(r"[\W_]+", "", name).lower(), value or "")


def _kind_of_text(name: str, text: str) -> str:
    told = TOLD.get(name)
    if told and (not text or READERS[told](text)):
        return told
    for kind in ("email", "date", "url"):
        if READERS[kind](text) and (kind != "url" or text.startswith(("http://", "https://"))):
            return kind
    return "long_text" if display.is_long(text) or name in display.MESSAGES else "text"


def _options(value: Any) -> list[dict[str, str]] | None:
    if not isinstance(value, list):
        return None
    texts = (one.strip() if isinstance(one, str) else "" for one in value)
    return [{"value": text} for text in dict.fromkeys(texts)]
