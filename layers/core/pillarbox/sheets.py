"""Sheets: a field while it is edited, as the text in its inputs, which may not fit yet. `judged` says what doesn't."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from pydantic import ValidationError

from pillarbox import controls, exact, field_kinds, ids, rules, validation, values
from pillarbox.field_kinds import CHECKED
from pillarbox.fields import MAX_FIELDS, MAX_NAME, Field, consistent, hold_condition

# What an input holds, by its name; `key` finds the field again whatever it is called, and `auto` says that its name
# follows its label. What is empty isn't there.
type Sheet = dict[str, str]

SEPARATOR = re.compile(r"(?<!\\)(?:\\\\)*\|")
SPECIAL = re.compile(r"\\(?=[\\|]|$)|\|")  # in a value or a label of an option, what would be read as something else
PLAIN = {"default", "help", "min_length", "max_length", "pattern", "starts_page"}  # as they stand, where they are
UNTICKED = ("default", "false")  # what a box begins with that says nothing about it


class Judged(NamedTuple):
    fields: list[Field | None]  # None in the place of one that doesn't fit
    errors: dict[str, dict[str, str]]  # by the field's key, then the input's name
    whole: list[str]  # what is wrong with all of them together

    @property
    def fit(self) -> bool:
        return not self.errors and not self.whole


def of(fields: Iterable[Field], keys: Iterable[str] | None = None) -> list[Sheet]:
    """Return the sheets of fields; without keys these are their numbers, the same each time."""
    numbers = (str(n) for n in range(1, MAX_FIELDS + 1))
    return [_sheet(field, key) for field, key in zip(fields, keys or numbers, strict=False)]


def judged(sheets: Sequence[Sheet]) -> Judged:
    fields: list[Field | None] = []
    errors: dict[str, dict[str, str]] = {}
    earlier: dict[str, Field | None] = {}
    for sheet in sheets:
        field, wrong = _judged(sheet, earlier)
        fields.append(field)
        if wrong:
            errors[sheet["key"]] = wrong
        earlier.setdefault(field.name if field else sheet.get("name", "").strip(), field)
    return Judged(fields, errors, [] if errors else _together([field for field in fields if field]))


def definition(sheet: Mapping[str, str]) -> dict[str, Any]:
    """Return the field as `/v1` takes it; numbers that are none stay text, for the field to say so."""
    kind = sheet.get("type", "")
    said: dict[str, Any] = {name: sheet.get(name, "") for name in ("name", "label", "type")}
    said |= {name: sheet[name] for name in PLAIN & sheet.keys()} | {"required": "required" in sheet}
    for name in ("min", "max"):
        if name in sheet:
            number = values.number(sheet[name].strip()) if kind in rules.NUMBERS else None
            said[name] = sheet[name] if number is None else number
    if kind == "choices" and "default" in sheet:
        said["default"] = [line.strip() for line in sheet["default"].splitlines() if line.strip()]
    if "options" in sheet:
        said["options"] = options(sheet["options"])
    if "show_field" in sheet:
        said["show_if"] = {"field": sheet["show_field"], "equals": sheet.get("show_value", "")}
    return said


def options(text: str) -> list[dict[str, str]]:
    r"""Read a line for each option, `value | label` or one that is both; a bar within either is written `\|`."""
    read = []
    for line in filter(str.strip, text.splitlines()):
        found = SEPARATOR.search(line)
        value, label = (line[: found.end() - 1], line[found.end() :]) if found else (line, "")
        read.append({"value": _unescaped(value.strip()), "label": _unescaped(label.strip())})
    return read


def name_for(label: str, taken: Collection[str]) -> str:
    """Return a name that follows from a label, and that no other field has."""
    words = re.sub(r"\be-mail\b", "email", label.lower())
    name = re.sub(r"[\W_]+", "_", words).strip("_")[: MAX_NAME - 10].strip("_") or "field"
    name = f"{name}_field" if controls.is_never_data(name) else name
    return name if name not in taken else next(n for i in range(2, 9999) if (n := f"{name}_{i}") not in taken)


def fingerprint(sheet: Sheet) -> str:
    """Return what tells whether the inputs of a sheet hold the same."""
    inputs = field_kinds.inputs(sheet["type"])
    shown = [f"{name}={sheet[name]}" for name in inputs if sheet.get(name) and (name, sheet[name]) != UNTICKED]
    return ids.digest("\n".join(shown))[:16]


def new_key(_: object = None) -> str:
    return ids.short()


def _sheet(field: Field, key: str) -> Sheet:
    said = field.model_dump(mode="python", include=PLAIN | {"name", "label", "type", "min", "max"}, exclude_none=True)
    sheet = {"key": key} | {name: _typed(value) for name, value in said.items()}
    sheet |= {"required": "on"} if field.required else {}
    if field.options:
        sheet["options"] = "\n".join(_line(option.value, option.label) for option in field.options)
    if field.show_if:
        sheet |= {"show_field": field.show_if.field, "show_value": _typed(field.show_if.equals)}
    return sheet


def _typed(value: Any) -> str:
    """Return what somebody would type to mean this value."""
    if isinstance(value, bool):
        return CHECKED if value else "false"
    if isinstance(value, list):
        return "\n".join(map(_typed, value))
    return value if isinstance(value, str) else exact.dumps(value)


def _line(value: str, label: str) -> str:
    return _escaped(value) if label == value else f"{_escaped(value)} | {_escaped(label)}"


def _escaped(text: str) -> str:
    return SPECIAL.sub(r"\\\g<0>", text)


def _unescaped(text: str) -> str:
    return re.sub(r"\\([\\|])", r"\1", text)


def _judged(sheet: Sheet, earlier: Mapping[str, Field | None]) -> tuple[Field | None, dict[str, str]]:
    try:
        field = Field.model_validate(definition(sheet))
    except ValidationError as error:
        return None, _by_input(validation.errors(error.errors()))
    wrong: dict[str, str] = {}
    if field.name in earlier:
        wrong["name"] = f"Another field is named {field.name} already."
    waits = field.show_if
    if waits and (waits.field not in earlier or earlier[waits.field] is not None):
        try:
            hold_condition(waits, field.name, {name: one for name, one in earlier.items() if one})
        except ValueError as error:
            wrong["show_value" if waits.field in earlier else "show_field"] = str(error)
    return (None if wrong else field), wrong


def _by_input(errors: Iterable[Mapping[str, str]]) -> dict[str, str]:
    """Return the first sentence for each input. What is said of the field as a whole is about what it begins with."""
    found: dict[str, str] = {}
    for error in errors:
        head, _, rest = error["field"].partition(".")
        message = error["message"].replace("min_length", "the shortest")
        if message.startswith(f"{head} "):  # `/v1` calls it so; here it stands beside its input
            message = f"This{message.removeprefix(head)}"
        if head == "options" and rest:
            message = f"Option {int(rest.partition('.')[0]) + 1}: {message}"
        found.setdefault({"": "default", "show_if": "show_value"}.get(head, head), message)
    return found


def _together(fields: list[Field]) -> list[str]:
    if len(fields) > MAX_FIELDS:
        return [f"A form has at most {MAX_FIELDS} fields."]
    try:
        consistent(fields)
    except ValueError as error:
        return [str(error)]
    return []
