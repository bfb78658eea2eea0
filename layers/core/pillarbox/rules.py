"""Rules: what was sent, held against a form's fields: typed values out, or every error at once.

On the submit path: stdlib only, and nothing is imported until a value needs it. The rules are the plain data that
`fields.compile_rules` makes of a form; docs/fields.md tells people what each type takes.
"""

from pillarbox import values

TYPE_CHECKING = False  # as type checkers know it from typing, whose import would cost every cold start
if TYPE_CHECKING:
    from typing import Any

    type Rule = dict[str, Any]  # one compiled field
    type Error = dict[str, str]  # code, field, message

UNFIT = object()  # stands for what isn't of the field's type
TEXTS = frozenset({"text", "long_text", "hidden", "email", "url", "phone"})
NUMBERS = frozenset({"number", "integer"})
NO_NUMBERS = (str, bool, list, dict, type(None))
TICKED = frozenset({"checkbox", "consent"})
TICKS = dict.fromkeys(("1", "true", "yes", "on"), True) | dict.fromkeys(("", "0", "false", "no", "off"), False)
READERS = {
    "email": values.email,
    "url": values.url,
    "phone": values.phone,
    "number": values.number,
    "integer": values.integer,
    "date": values.date,
    "time": values.time,
}
WRONG = {
    "text": ("TYPE_TEXT", "must be text."),
    "long_text": ("TYPE_TEXT", "must be text."),
    "hidden": ("TYPE_TEXT", "must be text."),
    "email": ("TYPE_EMAIL", "must be an e-mail address, like ada@example.com."),
    "url": ("TYPE_URL", "must be a web address, like https://example.com."),
    "phone": ("TYPE_PHONE", "must be a phone number of 5 to 15 digits."),
    "number": ("TYPE_NUMERIC", "must be a number."),
    "integer": ("TYPE_NUMERIC", "must be a whole number."),
    "date": ("TYPE_DATE", "must be a date, like 2026-11-21."),
    "time": ("TYPE_TIME", "must be a time, like 09:30."),
    "choice": ("NOT_AN_OPTION", "must be one of its options."),
    "choices": ("NOT_AN_OPTION", "must be some of its options."),
    "checkbox": ("TYPE_TEXT", "must be ticked or not."),
    "consent": ("TYPE_TEXT", "must be ticked or not."),
}


def check(rules: "dict[str, Any]", sent: "dict[str, Any]") -> "tuple[dict[str, Any], list[Error]]":
    """Return the typed values in the order sent, then those of fields that weren't sent; and all errors.

    An error is `{"code", "field", "message"}`. The values are of use only when there is none.
    """
    declared = {rule["name"]: rule for rule in rules.get("fields", ())}
    typed: dict[str, Any] = {}
    errors: list[Error] = []
    for rule in declared.values():
        if _is_asked(rule, typed):
            _check(rule, sent, typed, errors)
    undeclared = [name for name in sent if name not in declared]
    if rules.get("strict"):
        errors += [_error("UNKNOWN_FIELD", name, f"{name} is not a field of this form.") for name in undeclared]
    in_order = {name: typed.get(name, sent[name]) for name in sent if name in typed or name not in declared}
    return in_order | typed, errors


def _is_asked(rule: "Rule", typed: "dict[str, Any]") -> bool:
    """Whether a field is shown: never when the one it hangs on isn't, or is wrong."""
    if "show_if" not in rule:
        return True
    name, wanted = rule["show_if"]
    value = typed.get(name)
    return wanted in value if isinstance(value, list) else bool(value == _exact(wanted))


def _check(rule: "Rule", sent: "dict[str, Any]", typed: "dict[str, Any]", errors: "list[Error]") -> None:
    name, kind, label = rule["name"], rule["type"], rule["label"]
    boxes = kind in TICKED or kind == "choices"  # browsers send nothing for a box that isn't ticked
    raw = sent.get(name) if boxes or name in sent else rule.get("default")
    value = _read(rule, raw)
    if value is UNFIT:
        code, words = WRONG[kind]
        errors.append(_error(code, name, f"{label} {words}"))
    elif value is None or value is False or value in ("", []):
        if rule.get("required"):
            code = "REQUIRED_FIELD_EMPTY" if name in sent else "REQUIRED_FIELD_MISSING"
            errors.append(_error(code, name, f"{label} must be ticked." if kind in TICKED else f"{label} is required."))
        elif boxes or name in sent:
            typed[name] = value
    elif wrong := [*_lengths(rule, raw), *_bounds(rule, value)]:
        errors += [_error(code, name, f"{label} {words}") for code, words in wrong]
    else:
        typed[name] = value


def _read(rule: "Rule", raw: "Any") -> "Any":
    """Return the typed value, UNFIT, or what the type has for nothing: "", None, [] or False."""
    kind = rule["type"]
    if kind in TICKED:
        return raw if isinstance(raw, bool) else TICKS.get(_clean(raw).lower(), UNFIT)
    if kind == "choices":
        texts = [_clean(one) for one in (raw if isinstance(raw, list) else [raw])]
        chosen = list(dict.fromkeys(text for text in texts if text))
        return chosen if all(text in rule["options"] for text in chosen) else UNFIT
    if kind in NUMBERS and not isinstance(raw, NO_NUMBERS):
        value = READERS[kind](raw)
        return UNFIT if value is None else value
    text = _clean(raw)
    if not text:
        return "" if kind in TEXTS or kind == "choice" else None
    if "\0" in text or (kind == "choice" and text not in rule["options"]):
        return UNFIT
    value = READERS[kind](text) if kind in READERS else text
    return UNFIT if value is None else value


def _clean(raw: "Any") -> str:
    """Return text with its line breaks alike and its ends bare, or a NUL for what is no text: nothing takes that."""
    if raw is None:
        return ""
    return raw.replace("\r\n", "\n").replace("\r", "\n").strip() if isinstance(raw, str) else "\0"


def _lengths(rule: "Rule", raw: "Any") -> "list[tuple[str, str]]":
    """Judge what was typed, as a browser does, and not its normal form."""
    if rule["type"] not in TEXTS:
        return []
    text, wrong = _clean(raw), []
    least, most, pattern = rule.get("min_length", 0), rule.get("max_length"), rule.get("pattern")
    if most is not None and len(text) > most:
        return [("TOO_LONG", f"must have at most {_characters(most)}.")]  # and no pattern reads a text without end
    if len(text) < least:
        wrong.append(("TOO_SHORT", f"must have at least {_characters(least)}."))
    if pattern is not None:
        from pillarbox.patterns import automaton  # noqa: PLC0415  few forms have a pattern

        if not automaton(pattern).matches(text):
            wrong.append(("PATTERN_MISMATCH", f"doesn't have the form asked for. {rule.get('help', '')}".rstrip()))
    return wrong


def _bounds(rule: "Rule", value: "Any") -> "list[tuple[str, str]]":
    number, least, most = rule["type"] in NUMBERS, rule.get("min"), rule.get("max")
    if least is not None and _rank(value) < _rank(least):
        return [("TOO_SMALL", f"must be at least {least}." if number else f"must be {least} or later.")]
    if most is not None and _rank(value) > _rank(most):
        return [("TOO_LARGE", f"must be at most {most}." if number else f"must be {most} or earlier.")]
    return []


def _rank(value: "Any") -> "Any":
    """Return what compares as the value does: 09:30 is 09:30:00, and ISO dates sort as text."""
    if isinstance(value, str):
        return f"{value}:00" if len(value) == len("09:30") else value
    return _exact(value)


def _exact(value: "Any") -> "Any":
    return values.number(value) if isinstance(value, float) else value


def _characters(count: int) -> str:
    return f"{count:,} character{'s' * (count != 1)}"


def _error(code: str, field: str, message: str) -> "Error":
    return {"code": code, "field": field, "message": message}
