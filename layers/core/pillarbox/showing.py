"""Showing: what was sent, as its reader sees it: by the type that its form declared, and by what the value is."""

import re
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from pillarbox import display, exact
from pillarbox.definitions import Definition
from pillarbox.fields import Field

DEEPEST = 4  # levels that are shown as lists; what is nested deeper is shown as JSON
DAY = r"\d{4}-\d\d-\d\d"
CLOCK = r"\d\d:\d\d(?::\d\d(?:\.\d+)?)?"
PHONES = ("phone", "telephone", "tel", "mobile", "phonenumber", "cell")
PHONE = re.compile(r"\+?[\d\s()./-]{5,30}")


class Shown(NamedTuple):
    """A value and how to show it: the template has a way for each kind."""

    label: str
    kind: str  # nothing, link, phone, day, clock, moment, number, ticked, line, prose, list, group, raw
    value: Any  # text, a truth, or the values of a list or group
    href: str = ""


def fields(definition: Definition, sent: Mapping[str, Any]) -> list[Shown]:
    """Return what was sent in its order, worded as the form does: labels for names and for options chosen."""
    declared = {field.name: field for field in definition.fields}
    return [_field(name, value, declared.get(name)) for name, value in sent.items()]


def _field(name: str, value: Any, field: Field | None) -> Shown:
    label = display.plain((field and field.label) or name)
    labels = {option.value: option.label for option in (field and field.options) or []}
    kind = field.type if field else "phone" if display.plain_name(name) in PHONES else ""
    return _shown(label, value, kind, labels, 0)


def _shown(label: str, value: Any, kind: str, labels: Mapping[str, str], depth: int) -> Shown:
    match value:
        case _ if value is None or value in ("", [], {}):
            shown = Shown(label, "nothing", "")
        case bool():
            shown = Shown(label, "ticked", value)
        case int() | Decimal():
            shown = Shown(label, "number", str(value))
        case str():
            shown = _text(label, labels.get(value, value), kind)
        case _ if depth == DEEPEST:
            shown = Shown(label, "raw", display.plain(exact.dumps(value)))
        case dict():
            inner = [_shown(display.plain(name), one, "", {}, depth + 1) for name, one in value.items()]
            shown = Shown(label, "group", inner)
        case _:
            shown = Shown(label, "list", [_shown("", one, kind, labels, depth + 1) for one in value])
    return shown


def _text(label: str, text: str, kind: str) -> Shown:
    if kind not in {"choice", "choices"}:
        if href := display.link(text):
            return Shown(label, "link", text, href)
        if kind == "phone" and PHONE.fullmatch(text):
            return Shown(label, "phone", text, f"tel:{re.sub(r'[^\d+]', '', text)}")
        if moment := _moment(label, text):
            return moment
    return Shown(label, "prose" if display.is_long(text) else "line", display.plain(text))


def _moment(label: str, text: str) -> Shown | None:
    """Return a day, a time of day or both as browsers send them; a day that there never was stays text."""
    try:
        if re.fullmatch(DAY, text) and (words := display.day(text)) != text:
            return Shown(label, "day", words, text)
        if re.fullmatch(CLOCK, text):
            return Shown(label, "clock", text, text)
        if re.fullmatch(f"{DAY}[T ]{CLOCK}", text):
            moment = datetime.fromisoformat(text)
            return Shown(label, "moment", f"{display.day(text[:10])}, {moment:%H:%M}", text.replace(" ", "T"))
    except ValueError:
        return None
    return None
