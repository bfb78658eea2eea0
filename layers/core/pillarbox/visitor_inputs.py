"""Visitors' inputs: what a form's fields are in HTML, with what was typed and what is wrong with it.

The standard library only: the submit path imports this when it has a page to show, and not before.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

from pillarbox import controls, exact

type Field = Mapping[str, Any]  # as `/v1` shows it

RADIOS = 6  # options up to which a choice shows them all
LONG = 80  # characters from which a typed value gets a text area
INPUTS = {
    "text": {"type": "text"},
    "hidden": {"type": "hidden"},
    "email": {"type": "email"},
    "url": {"type": "text", "inputmode": "url"},  # people type example.com, which type=url refuses and we take
    "phone": {"type": "tel"},
    "number": {"type": "text", "inputmode": "decimal"},  # type=number rounds, and scrolls away what was typed
    "integer": {"type": "text", "inputmode": "numeric"},
    "date": {"type": "date"},
    "time": {"type": "time"},
}
KINDS = {
    "long_text": "textarea",
    "hidden": "hidden",
    "choices": "checkboxes",
    "checkbox": "checkbox",
    "consent": "checkbox",
}
ASKS = frozenset({"lang", "embed"})  # of the page itself, and never filled into a field
BOUNDED = {"date", "time"}  # whose inputs know min and max
LENGTHS = {"min_length": "minlength", "max_length": "maxlength", "pattern": "pattern"}
# Names that people give to fields, and what a browser may fill in.
FILLED_IN = {
    "name": "name",
    "fullname": "name",
    "yourname": "name",
    "firstname": "given-name",
    "lastname": "family-name",
    "surname": "family-name",
    "email": "email",
    "emailaddress": "email",
    "phone": "tel",
    "telephone": "tel",
    "mobile": "tel",
    "company": "organization",
    "organisation": "organization",
    "organization": "organization",
    "website": "url",
    "address": "street-address",
    "street": "street-address",
    "city": "address-level2",
    "town": "address-level2",
    "postcode": "postal-code",
    "zip": "postal-code",
    "country": "country-name",
}


class Option(NamedTuple):
    value: str
    label: str
    chosen: bool


class Condition(NamedTuple):
    """What another field must be, so that this one is asked."""

    field: str
    label: str  # of that field
    equals: Any
    words: str  # what it must be, as people read it

    @property
    def json(self) -> str:
        return json.dumps(self.equals)


class Control(NamedTuple):
    """One input as the template draws it."""

    id: str
    name: str
    label: str
    kind: str  # input, textarea, select, radios, checkboxes, checkbox or hidden
    value: Any = ""
    help: str = ""
    error: str = ""
    required: bool = False
    declared: bool = True
    sent: bool = True  # or it is shown only
    attributes: Mapping[str, Any] = {}
    options: Sequence[Option] = ()
    condition: Condition | None = None
    starts_page: str = ""  # the title of the page that begins here
    focused: bool = False  # whether it is where to go on, as the first that doesn't fit


def inputs(
    fields: Iterable[Field], typed: Mapping[str, Any] | None = None, wrong: Mapping[str, str] | None = None
) -> list[Control]:
    """Return the inputs of these fields, with what was typed and what is wrong with it."""
    declared = {field["name"]: field for field in fields}
    typed, wrong = typed or {}, wrong or {}
    return [
        _control(n, field, typed, wrong.get(name, ""))._replace(condition=_condition(field, declared))
        for n, (name, field) in enumerate(declared.items())
    ]


def prefilled(fields: Iterable[Field], query: str) -> dict[str, Any]:
    """Return what the query of an address fills in: what the fields let it, and no consent, which nobody gives so."""
    given: dict[str, list[str]] = {}
    for name, text in parse_qsl(query):
        given.setdefault(name, []).append(text)
    filled: dict[str, Any] = {}
    for field in fields:
        texts = [text for text in given.get(field["name"], ()) if _may_fill(field, text)]
        if texts and field["name"] not in ASKS:
            filled[field["name"]] = texts if field["type"] == "choices" else texts[0]
    return filled


def _may_fill(field: Field, text: str) -> bool:
    if field["type"] == "consent" or len(text) > (field.get("max_length") or len(text)):
        return False
    breaks = "\t\n\r" if field["type"] == "long_text" else ""
    options = field.get("options")
    return all(character >= " " or character in breaks for character in text) and (
        not options or any(one["value"] == text for one in options)
    )


def _condition(field: Field, declared: Mapping[str, Field]) -> Condition | None:
    if not (waits := field.get("show_if")):
        return None
    other = declared[waits["field"]]
    labels = {one["value"]: one["label"] for one in other.get("options") or ()}
    words = labels.get(waits["equals"], text_of(waits["equals"]))
    return Condition(waits["field"], other.get("label") or waits["field"], waits["equals"], words)


def _control(n: int, field: Field, typed: Mapping[str, Any], error: str) -> Control:
    value = typed.get(field["name"], field.get("default"))
    chosen = set(map(str, value)) if isinstance(value, list) else {text_of(value)}
    options = [Option(one["value"], one["label"], one["value"] in chosen) for one in field.get("options") or ()]
    kind = KINDS.get(field["type"], "input")
    if field["type"] == "choice":
        kind = "radios" if len(options) <= RADIOS else "select"
    ticked = text_of(value).lower() in {"on", "true", "1", "yes"}
    return Control(
        id=f"field-{n}",
        name=field["name"],
        label=field.get("label") or field["name"],
        kind=kind,
        value=ticked if kind == "checkbox" else text_of(value),
        help=field.get("help") or "",
        error=error,
        required=bool(field.get("required")),
        attributes=_attributes(field, kind),
        options=options,
        starts_page=field.get("starts_page") or "",
    )


def _attributes(field: Mapping[str, Any], kind: str) -> dict[str, Any]:
    """Return the HTML attributes that let a browser hold the field's rules before anything is sent."""
    said: dict[str, Any] = dict(INPUTS[field["type"]]) if kind == "input" else {}
    # Of several boxes each would be required; and what isn't asked mustn't keep anybody without a script from sending.
    if field.get("required") and kind != "checkboxes" and not field.get("show_if"):
        said["required"] = ""
    if kind in {"input", "textarea"}:
        said |= {html: field[rule] for rule, html in LENGTHS.items() if field.get(rule) is not None}
    if field["type"] in BOUNDED:
        said |= {rule: field[rule] for rule in ("min", "max") if field.get(rule) is not None}
    if field["type"] == "time":
        said["step"] = 1  # second: without it browsers refuse 09:30:15
    if guess := FILLED_IN.get(re.sub(r"[\W_]+", "", field["name"]).lower()):
        said["autocomplete"] = guess
    return said


def retyped(
    typed: Mapping[str, Any], *, start: int, trap: str | None = None, wrong: Mapping[str, str] | None = None
) -> list[Control]:
    """Return a plain input for each value that was typed; a repeated name keeps all of its values.

    What tells Pillarbox what to do goes along unseen: nobody typed it. What is wrong with a name stands at its first.
    """
    wrong = wrong or {}
    values = {name: value if isinstance(value, list) else [value] for name, value in typed.items()}
    said = [(name, text_of(one), n == 0) for name, ones in values.items() for n, one in enumerate(ones)]
    return [
        Control(
            id=f"field-{start + n}",
            name=name,
            label=name,
            kind="hidden" if hidden else "textarea" if len(text) > LONG or "\n" in text else "input",
            value=text,
            error=wrong.get(name, "") if is_first else "",
            declared=False,
            attributes={} if len(text) > LONG or "\n" in text else {"type": "text"},
        )
        for n, (name, text, is_first) in enumerate(said)
        for hidden in [name == trap or controls.is_hidden(name)]
    ]


def text_of(value: Any) -> str:
    if isinstance(value, str):
        return value
    return "" if value is None else exact.dumps(value) if not isinstance(value, float) else str(value)
