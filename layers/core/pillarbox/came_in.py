"""What came in: the fields that a form without any could declare, read off its newest submission."""

import re
from decimal import Decimal
from typing import Any

from pillarbox import controls, display, rules, submissions
from pillarbox.fields import MAX_FIELDS, MAX_LABEL, MAX_NAME, Field
from pillarbox.forms import Form

# What a name tells of its type, without case and punctuation.
TOLD = {"email": "email", "phone": "phone", "telephone": "phone", "mobile": "phone", "website": "url"}
READERS = rules.READERS


def fields(form: Form) -> list[Field]:
    """Return a field for each plain value of the newest submission in the inbox; nothing when none is there."""
    newest = submissions.newest(form.id, shards=form.shards, retention_days=form.retention_days, limit=1)
    sent = newest[0].fields if newest else {}
    return [_field(name, value) for name, value in sent.items() if _fits(name, value)][:MAX_FIELDS]


def _fits(name: str, value: Any) -> bool:
    plain = isinstance(value, (str, bool, int, Decimal)) or value is None or bool(_options(value))
    return plain and bool(name.strip()) and name.isprintable() and len(name) <= MAX_NAME and not _is_control(name)


def _is_control(name: str) -> bool:
    return controls.is_never_data(name) or controls.is_hidden(name) or name.startswith("_")


def _field(name: str, value: Any) -> Field:
    options = [{"value": one} for one in _options(value)]
    return Field.model_validate({"name": name, "type": _kind(name, value), "options": options or None})


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


def _options(value: Any) -> list[str]:
    """Return the texts of a list as options, when all are fit to be some."""
    texts = [one.strip() if isinstance(one, str) else "" for one in value] if isinstance(value, list) else []
    fits = all(text and text.isprintable() and len(text) <= MAX_LABEL for text in texts)
    return list(dict.fromkeys(texts)) if fits else []
