"""Fields: what a form's owner declares of its inputs, checked when the form is saved.

`rules.check` judges every value: what visitors send, and here a bound, a default and what `show_if` waits for. This
module holds a definition against itself and compiles it to the plain data that `rules` interprets.
"""

import json
import math
import re
from decimal import Decimal
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    StringConstraints,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic import Field as Limits

from pillarbox import controls, patterns, rules

MAX_FIELDS = 200
MAX_NAME = 100  # characters
MAX_LABEL = 200  # also of an option's value
MAX_HELP = 1000
MAX_OPTIONS = 500
MAX_LENGTH = 65536  # characters: a value has at most 64 KB
MAX_BYTES = 100_000  # of all fields as JSON: the form's item, of at most 400 KB, holds them twice
MAX_PATTERN_SIZE = 3000  # of all patterns: steps for one character of each

BOUNDED = rules.NUMBERS | {"date", "time"}
STRICT = ConfigDict(extra="forbid", str_strip_whitespace=True, validate_default=True)
PATTERNED = rules.TEXTS - {"long_text"}  # a textarea has no pattern
CHOOSING = frozenset({"choice", "choices"})

type Kind = Literal[
    "text", "long_text", "hidden", "email", "url", "phone", "number", "integer", "date", "time",
    "choice", "choices", "checkbox", "consent",
]  # fmt: skip


def _line(text: str) -> str:
    if not text.isprintable():
        raise ValueError("This can't have line breaks or control characters.")
    return text


def _text(text: str) -> str:
    if "\0" in text or any("\ud800" <= character <= "\udfff" for character in text):
        raise ValueError("This can't have NUL characters or halves of characters.")
    return text


def _scalar(value: Any) -> Any:
    """Take what JSON has; a definition's numbers need no more digits than a double."""
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, Decimal):
        value = int(rounded) if (rounded := float(value)).is_integer() else rounded
    if not isinstance(value, int | float) or not math.isfinite(value):
        raise ValueError("This must be text, a number, true or false.")
    return value


LINE, TEXT = AfterValidator(_line), AfterValidator(_text)
Label = Annotated[str, StringConstraints(max_length=MAX_LABEL), LINE]
Scalar = Annotated[bool | int | float | str, BeforeValidator(_scalar)]


class Option(BaseModel):
    model_config = STRICT

    value: Annotated[str, StringConstraints(min_length=1, max_length=MAX_LABEL), LINE]
    label: Label = ""

    @field_validator("label")
    @classmethod
    def _labelled(cls, label: str, info: ValidationInfo) -> str:
        return label or info.data.get("value", "")


class ShowIf(BaseModel):
    """A field with this is there only while an earlier field has that value."""

    model_config = STRICT

    field: str
    equals: Scalar


class Field(BaseModel):
    model_config = STRICT

    name: Annotated[str, StringConstraints(min_length=1, max_length=MAX_NAME), LINE]
    label: Label = ""
    type: Kind
    required: bool = False
    help: Annotated[str, StringConstraints(max_length=MAX_HELP), TEXT] | None = None
    default: bool | int | float | str | list[str] | None = None
    min: Scalar | None = None
    max: Scalar | None = None
    min_length: Annotated[int, Limits(ge=0, le=MAX_LENGTH)] | None = None
    max_length: Annotated[int, Limits(ge=1, le=MAX_LENGTH)] | None = None
    pattern: Annotated[str, StringConstraints(min_length=1, strip_whitespace=False)] | None = None
    options: Annotated[list[Option], Limits(max_length=MAX_OPTIONS)] | None = None
    show_if: ShowIf | None = None
    starts_page: Annotated[Label | None, Limits(min_length=1)] = None  # the title of the page that begins with it

    @field_validator("name")
    @classmethod
    def _is_data(cls, name: str) -> str:
        if controls.is_never_data(name):
            raise ValueError(f"{name} tells Pillarbox what to do and is never data. Please choose another name.")
        return name

    @field_validator("label", mode="before")
    @classmethod
    def _labelled(cls, label: Any, info: ValidationInfo) -> Any:
        return readable(info.data.get("name", "")) if label in (None, "") else label

    @field_validator("default", mode="before")
    @classmethod
    def _set(cls, default: Any) -> Any:
        if default in (None, "", []):
            return None
        return [_scalar(one) for one in default] if isinstance(default, list) else _scalar(default)

    @field_validator("min", "max")
    @classmethod
    def _bound(cls, bound: Any, info: ValidationInfo) -> Any:
        kind = info.data.get("type")
        if bound is None or kind is None:
            return bound
        if kind not in BOUNDED:
            raise ValueError("Only number, integer, date and time fields have min and max.")
        if isinstance(bound, str) and kind in rules.NUMBERS:
            raise ValueError(f"{info.field_name} must be a number.")
        rule = {"name": "", "label": info.field_name, "type": kind, "required": True}
        _judged(rule | ({"min": least} if (least := info.data.get("min")) is not None else {}), bound)
        return bound

    @field_validator("min_length", "max_length")
    @classmethod
    def _length(cls, length: int | None, info: ValidationInfo) -> int | None:
        if length is not None and info.data.get("type", "text") not in rules.TEXTS:
            raise ValueError("Only text, long_text, hidden, email, url and phone fields have lengths.")
        if length is not None and length < (info.data.get("min_length") or 0):
            raise ValueError("max_length must be at least min_length.")
        return length

    @field_validator("pattern")
    @classmethod
    def _pattern(cls, pattern: str | None, info: ValidationInfo) -> str | None:
        if pattern is None:
            return None
        if info.data.get("type", "text") not in PATTERNED:
            raise ValueError("Only text, hidden, email, url and phone fields have a pattern.")
        if max(info.data.get("min_length") or 0, info.data.get("max_length") or 0) > patterns.MAX_TEXT:
            raise ValueError(f"A field with a pattern takes at most {patterns.MAX_TEXT:,} characters.")
        patterns.automaton(pattern)
        return pattern

    @field_validator("options")
    @classmethod
    def _options(cls, options: list[Option] | None, info: ValidationInfo) -> list[Option] | None:
        kind = info.data.get("type")
        if kind in CHOOSING and not options:
            raise ValueError("A choice needs options.")
        if kind not in {*CHOOSING, None} and options:
            raise ValueError("Only choice and choices fields have options.")
        if len({option.value for option in options or ()}) < len(options or ()):
            raise ValueError("Two options have the same value.")
        return options or None

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.pattern is not None and self.max_length is None:
            self.max_length = patterns.MAX_TEXT
        if self.default is not None:
            if self.type == "consent":
                raise ValueError("Nobody can consent in advance: a consent has no default.")
            typed = _judged(_compiled(self), self.default)
            self.default = typed if isinstance(typed, list) else _scalar(typed)
        return self


def consistent(fields: list[Field]) -> list[Field]:
    earlier: dict[str, Field] = {}
    for field in fields:
        if field.name in earlier:
            raise ValueError(f"Two fields are named {field.name}.")
        if field.show_if:
            hold_condition(field.show_if, field.name, earlier)
        earlier[field.name] = field
    if sum(patterns.automaton(field.pattern).size for field in fields if field.pattern) > MAX_PATTERN_SIZE:
        raise ValueError("The patterns of these fields are too large together. Please make some of them simpler.")
    if len(json.dumps([field.model_dump(mode="json", exclude_none=True) for field in fields])) > MAX_BYTES:
        raise ValueError(f"These fields are too large together: at most {MAX_BYTES:,} bytes as JSON.")
    return fields


def hold_condition(show_if: ShowIf, name: str, earlier: dict[str, Field]) -> None:
    other = earlier.get(show_if.field)
    if other is None:
        raise ValueError(f"{name} can only wait for a field that stands before it; {show_if.field} doesn't.")
    try:
        typed = _judged(_compiled(other) | {"required": other.type not in rules.TICKED}, show_if.equals)
    except ValueError as error:
        raise ValueError(f"{name} waits for a value that {show_if.field} can't have: {error}") from error
    show_if.equals = typed[0] if isinstance(typed, list) else _scalar(typed)


Fields = Annotated[list[Field], Limits(max_length=MAX_FIELDS), AfterValidator(consistent)]


def compile_rules(fields: list[Field], *, strict: bool) -> dict[str, Any]:
    """Return what `rules.check` interprets, as JSON has it; empty for a form without fields, which takes anything."""
    if not fields:
        return {}
    return {"fields": [_compiled(field) for field in fields]} | ({"strict": True} if strict else {})


def readable(name: str) -> str:
    """Return a label for a name: first_name, firstName and first-name are First name; e-mail is E-mail."""
    spaced = re.sub(r"(?<=[a-z\d])(?=[A-Z])|[_.\[\]\s]+|(?<=\w\w)-", " ", name).strip() or name
    label = " ".join(word if word.isupper() else word.lower() for word in spaced.split())
    return (label[:1].upper() + label[1:])[:MAX_LABEL]


def _compiled(field: Field) -> dict[str, Any]:
    keep = {"name", "label", "type", "default", "min", "max", "min_length", "max_length", "pattern"}
    rule = field.model_dump(mode="json", include=keep | ({"help"} if field.pattern else set()), exclude_none=True)
    rule |= {"required": True} if field.required else {}
    rule |= {"options": [option.value for option in field.options]} if field.options else {}
    rule |= {"show_if": [field.show_if.field, field.show_if.equals]} if field.show_if else {}
    return rule


def _judged(rule: dict[str, Any], value: Any) -> Any:
    """Return the typed value, or raise ValueError with the sentence a visitor would read."""
    rule.pop("show_if", None)
    typed, errors = rules.check({"fields": [rule]}, {rule["name"]: value})
    if errors:
        raise ValueError(errors[0]["message"])
    return typed[rule["name"]]
