"""What visitors see: the hosted form, the page that keeps what they typed when something is wrong, and short messages.

Jinja2 and the standard library only: the submit path imports this when it has such a page to show, and not before.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from pillarbox import assets, components, controls, exact, widgets

type Item = Mapping[str, Any]  # a form as it lies in the table
type Error = Mapping[str, str]  # {"code", "message"} and, where one field is at fault, "field"

TEMPLATES = Path(__file__).parent / "templates"
RADIOS = 6  # options up to which a choice shows them all
LONG = 80  # characters from which a typed value gets a text area
UNDECLARED = (
    {"name": "name", "label": "Name", "type": "text", "required": False},
    {"name": "email", "label": "E-mail", "type": "email", "required": False},
    {"name": "message", "label": "Message", "type": "long_text", "required": True},
)
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
BOUNDED = {"date", "time"}  # whose inputs know min and max
LENGTHS = {"min_length": "minlength", "max_length": "maxlength", "pattern": "pattern"}
DEFAULT_HONEYPOT = "_gotcha"
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
    attributes: Mapping[str, Any] = {}
    options: Sequence[Option] = ()


def form_page(
    form: Item, *, typed: Mapping[str, Any], errors: Sequence[Error], action: str, preview: bool = False
) -> str:
    """Return the hosted form, with what was typed and an error beside each field that doesn't fit.

    A preview is for its owner: nothing can be sent from it.
    """
    spam = _spam(form)
    typed = {name: value for name, value in typed.items() if name not in controls.CAPTCHAS}  # they count once
    trap = spam.get("honeypot") or DEFAULT_HONEYPOT
    wrong = {error["field"]: error["message"] for error in reversed(errors) if "field" in error}
    declared = json.loads(form["document"])["fields"] or UNDECLARED
    if errors:  # a box that was left empty isn't sent: its default must not tick it again
        declared = [{**field, "default": None} for field in declared]
    shown = inputs(declared, typed, wrong)
    others = {name: value for name, value in typed.items() if name not in {trap, *(control.name for control in shown)}}
    shown += _retyped(others, start=len(shown))
    told = {"heading": form["name"], "message": "", "summary": _summary(errors, shown)}
    checks = {
        "trap": trap,
        "trapped": _text(typed.get(trap)),
        "altcha": spam.get("captcha") == "altcha",
        "widget": widgets.WIDGETS.get(spam.get("captcha") or ""),
        "site_key": spam.get("captcha_site_key"),
    }
    return _render("visitor_form.html", controls=shown, action=action, send="Send", preview=preview, **told, **checks)


def retry_page(*, heading: str, message: str, action: str, typed: Mapping[str, Any], form: Item | None = None) -> str:
    """Return a page that holds what was typed, so that it can be sent again: nothing of it is lost."""
    shown = _retyped(typed, start=0, trap=_spam(form or {}).get("honeypot"))
    told = {"heading": heading, "message": message, "summary": [], "trap": "", "altcha": False, "widget": None}
    return _render("visitor_form.html", controls=shown, action=action, send="Send again", preview=False, **told)


def message_page(*, heading: str, message: str) -> str:
    return _render("visitor_message.html", heading=heading, message=message)


def thanks_page(form: Item) -> str:
    thanks = json.loads(form["document"])["thanks"]
    return message_page(heading=thanks["title"], message=thanks["text"])


def inputs(
    fields: Iterable[Mapping[str, Any]], typed: Mapping[str, Any] | None = None, wrong: Mapping[str, str] | None = None
) -> list[Control]:
    """Return the inputs of these fields (as `/v1` shows them), with what was typed and what is wrong with it."""
    return [_control(n, field, typed or {}, (wrong or {}).get(field["name"], "")) for n, field in enumerate(fields)]


def _summary(errors: Iterable[Error], shown: Sequence[Control]) -> list[dict[str, str]]:
    """Return the errors with the id of the input that each is about."""
    ids = {control.name: control.id for control in shown if control.kind != "hidden"}
    return [{"id": ids.get(error.get("field", ""), ""), "message": error["message"]} for error in errors]


def _control(n: int, field: Mapping[str, Any], typed: Mapping[str, Any], error: str) -> Control:
    value = typed.get(field["name"], field.get("default"))
    chosen = set(map(str, value)) if isinstance(value, list) else {_text(value)}
    options = [Option(one["value"], one["label"], one["value"] in chosen) for one in field.get("options") or ()]
    kind = KINDS.get(field["type"], "input")
    if field["type"] == "choice":
        kind = "radios" if len(options) <= RADIOS else "select"
    ticked = _text(value).lower() in {"on", "true", "1", "yes"}
    return Control(
        id=f"field-{n}",
        name=field["name"],
        label=field.get("label") or field["name"],
        kind=kind,
        value=ticked if kind == "checkbox" else _text(value),
        help=field.get("help") or "",
        error=error,
        required=bool(field.get("required")),
        attributes=_attributes(field, kind),
        options=options,
    )


def _attributes(field: Mapping[str, Any], kind: str) -> dict[str, Any]:
    """Return the HTML attributes that let a browser hold the field's rules before anything is sent."""
    said: dict[str, Any] = dict(INPUTS[field["type"]]) if kind == "input" else {}
    if field.get("required") and kind != "checkboxes":  # of which each would be required
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


def _retyped(typed: Mapping[str, Any], *, start: int, trap: str | None = None) -> list[Control]:
    """Return a plain input for each value that was typed; a repeated name keeps all of its values.

    What tells Pillarbox what to do goes along unseen: nobody typed it.
    """
    pairs = [(name, one) for name, value in typed.items() for one in (value if isinstance(value, list) else [value])]
    return [
        Control(
            id=f"field-{start + n}",
            name=name,
            label=name,
            kind="hidden" if hidden else "textarea" if len(text) > LONG or "\n" in text else "input",
            value=text,
            declared=False,
            attributes={} if len(text) > LONG or "\n" in text else {"type": "text"},
        )
        for n, (name, value) in enumerate(pairs)
        for text, hidden in [(_text(value), name == trap or controls.is_hidden(name))]
    ]


def _spam(form: Item) -> Mapping[str, Any]:
    policy: dict[str, Any] = json.loads(form.get("policy", "{}"))
    return policy.get("spam") or {}


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    return "" if value is None else exact.dumps(value) if not isinstance(value, float) else str(value)


def _render(name: str, **shown: Any) -> str:
    return _templates.get_template(name).render(**shown)


_templates = Environment(
    loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
)
_templates.globals["static"] = assets.url
components.into(_templates)
