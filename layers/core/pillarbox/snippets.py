"""The HTML that an owner pastes into a page of theirs: the form's fields, or the five lines that make any form work."""

from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import escape

from pillarbox.visitor_inputs import Control, inputs

START = (
    {"name": "email", "label": "E-mail", "type": "email", "required": True},
    {"name": "message", "label": "Message", "type": "long_text", "required": True},
)


def html(url: str, fields: Sequence[Mapping[str, Any]] = ()) -> str:
    """Return the HTML of a form that is sent to this address; fields as `/v1` shows them."""
    lines = [line for control in inputs(fields or START) for line in _lines(control)]
    inside = "".join(f"  {line}\n" for line in [*lines, "<button>Send</button>"])
    return f'<form action="{escape(url)}" method="post">\n{inside}</form>\n'


def _lines(control: Control) -> list[str]:
    name, label = f' name="{escape(control.name)}"', escape(control.label)
    told = {key: value for key, value in control.attributes.items() if key != "autocomplete" and value != "text"}
    rules = "".join(f' {key}="{escape(value)}"' if value != "" else f" {key}" for key, value in told.items())
    if control.kind == "hidden":
        return [f'<input type="hidden"{name} value="{escape(control.value)}">']
    if control.kind == "checkbox":
        return [f'<label><input type="checkbox"{name}{rules}> {label}</label>']
    if control.kind == "textarea":
        return [f"<label>{label} <textarea{name}{rules}></textarea></label>"]
    if control.kind == "select":
        options = [f'  <option value="{escape(one.value)}">{escape(one.label)}</option>' for one in control.options]
        return [f"<label>{label} <select{name}{rules}>", *options, "</select></label>"]
    if control.kind in {"radios", "checkboxes"}:
        kind = "radio" if control.kind == "radios" else "checkbox"
        ticks = [
            f'  <label><input type="{kind}"{name} value="{escape(one.value)}"{rules}> {escape(one.label)}</label>'
            for one in control.options
        ]
        return [f"<fieldset><legend>{label}</legend>", *ticks, "</fieldset>"]
    return [f"<label>{label} <input{name}{rules}></label>"]
