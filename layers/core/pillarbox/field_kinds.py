"""Kinds of fields as their editor names them: in plain words, with the settings that each has."""

from collections.abc import Mapping
from typing import NamedTuple

from pillarbox import rules
from pillarbox.fields import BOUNDED, CHOOSING, PATTERNED

COMMON = ("label", "name", "type", "required", "help", "show_field", "show_value", "starts_page")
CHECKED = "true"  # what a box says that is ticked
# What a setting is called in a sentence, for those that a change of the kind may drop.
SETTINGS = {
    "default": "what it begins with",
    "min": "the least",
    "max": "the most",
    "min_length": "the shortest length",
    "max_length": "the longest length",
    "pattern": "the pattern",
    "options": "the options",
}


class FieldKind(NamedTuple):
    words: str
    icon: str
    says: str  # what it is for
    begins: Mapping[str, str]  # of a new one


KINDS = {
    "text": FieldKind("Short text", "type-text", "One line, such as a name", {"label": "Short text"}),
    "long_text": FieldKind("Long text", "type-long", "A message of several lines", {"label": "Message"}),
    "email": FieldKind("E-mail address", "mail", "Checked to be one", {"label": "E-mail"}),
    "phone": FieldKind("Phone number", "type-phone", "Digits, with spaces as people write them", {"label": "Phone"}),
    "url": FieldKind("Web address", "type-url", "A link, such as example.com", {"label": "Website"}),
    "choice": FieldKind("Choose one", "type-choice", "One of some options", {"label": "Choose one"}),
    "choices": FieldKind("Choose several", "type-choices", "Any number of some options", {"label": "Choose several"}),
    "checkbox": FieldKind("Tick box", "type-checkbox", "Yes or no", {"label": "Yes, please"}),
    "consent": FieldKind("Consent", "type-consent", "A tick that is never there in advance", {"label": "I agree"}),
    "number": FieldKind("Number", "type-number", "With or without a point", {"label": "Number"}),
    "integer": FieldKind("Whole number", "type-integer", "How many, how old", {"label": "How many?"}),
    "date": FieldKind("Date", "type-date", "A day of the calendar", {"label": "Date"}),
    "time": FieldKind("Time", "clock", "A time of day", {"label": "Time"}),
    "hidden": FieldKind("Hidden value", "type-hidden", "Sent along, shown to nobody", {"label": "Hidden value"}),
}
NEW_OPTIONS = "First option\nSecond option"


def inputs(kind: str) -> tuple[str, ...]:
    """Return the names of the settings that a field of this kind has."""
    special = {
        "default": kind != "consent",
        "options": kind in CHOOSING,
        "min": kind in BOUNDED,
        "max": kind in BOUNDED,
        "min_length": kind in rules.TEXTS,
        "max_length": kind in rules.TEXTS,
        "pattern": kind in PATTERNED,
    }
    return (*COMMON, *(name for name, has in special.items() if has))


def new(kind: str) -> dict[str, str]:
    """Return what a new field of this kind begins with."""
    options = {"options": NEW_OPTIONS} if kind in CHOOSING else {}
    return {"type": kind, **KINDS[kind].begins, **options} | ({"required": "on"} if kind == "consent" else {})
