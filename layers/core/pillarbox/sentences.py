"""Sentences: what is wrong with what was sent, told on a page in the visitor's language.

`rules` and the refusals make the same sentences in English, which programs read as they are; here each is made anew out
of its code and the field's rules. `_` marks a sentence for the catalogues.
"""

from collections.abc import Mapping
from typing import Any

from pillarbox.languages import Language
from pillarbox.refusals import RateLimited, Refusal

type Field = Mapping[str, Any]  # as `/v1` shows it
type Error = Mapping[str, str]  # {"code", "message"} and, where one field is at fault, "field"


def _(sentence: str) -> str:
    return sentence


NUMERIC = frozenset({"number", "integer"})
TICKED = frozenset({"checkbox", "consent"})
# By the field's type: what a value must be, whatever the code of the error calls it.
WRONG = {
    "text": _("%(label)s must be text."),
    "long_text": _("%(label)s must be text."),
    "hidden": _("%(label)s must be text."),
    "email": _("%(label)s must be an e-mail address, like ada@example.com."),
    "url": _("%(label)s must be a web address, like https://example.com."),
    "phone": _("%(label)s must be a phone number of 5 to 15 digits."),
    "number": _("%(label)s must be a number."),
    "integer": _("%(label)s must be a whole number."),
    "date": _("%(label)s must be a date, like 2026-11-21."),
    "time": _("%(label)s must be a time, like 09:30."),
    "choice": _("%(label)s must be one of its options."),
    "choices": _("%(label)s must be some of its options."),
    "checkbox": _("%(label)s must be ticked or not."),
    "consent": _("%(label)s must be ticked or not."),
}
TYPE_CODES = frozenset(
    {"TYPE_TEXT", "TYPE_EMAIL", "TYPE_URL", "TYPE_PHONE", "TYPE_NUMERIC", "TYPE_DATE", "TYPE_TIME", "NOT_AN_OPTION"}
)
MISSING = frozenset({"REQUIRED_FIELD_EMPTY", "REQUIRED_FIELD_MISSING"})
# (a number's, a date's or a time's)
BOUNDS = {
    "TOO_SMALL": ("min", _("%(label)s must be at least %(bound)s."), _("%(label)s must be %(bound)s or later.")),
    "TOO_LARGE": ("max", _("%(label)s must be at most %(bound)s."), _("%(label)s must be %(bound)s or earlier.")),
}


def of_error(language: Language, error: Error, fields: Mapping[str, Field]) -> str:
    """Return what an error says of a field, or of the whole form; in English it says so itself."""
    if language.code == "en":
        return error["message"]
    name, code = error.get("field", ""), error["code"]
    if (field := fields.get(name)) is None:
        return _of_no_field(language, error)
    label = language.inset(field.get("label") or name)
    if code in TYPE_CODES:
        return language.say(WRONG[field["type"]], label=label)
    if code in MISSING:
        sentence = _("%(label)s must be ticked.") if field["type"] in TICKED else _("%(label)s is required.")
        return language.say(sentence, label=label)
    if code in BOUNDS and (bound := field.get(BOUNDS[code][0])) is not None:
        _rule, of_numbers, of_days = BOUNDS[code]
        return language.say(of_numbers if field["type"] in NUMERIC else of_days, label=label, bound=bound)
    return _of_length(language, error, field, label)


def _of_length(language: Language, error: Error, field: Field, label: str) -> str:
    match error["code"]:
        case "TOO_LONG" if (most := field.get("max_length")) is not None:
            return language.count(
                "%(label)s must have at most %(num)s character.",
                "%(label)s must have at most %(num)s characters.",
                most,
                label=label,
            )
        case "TOO_SHORT" if (least := field.get("min_length")) is not None:
            return language.count(
                "%(label)s must have at least %(num)s character.",
                "%(label)s must have at least %(num)s characters.",
                least,
                label=label,
            )
        case "PATTERN_MISMATCH":
            said = language.say(_("%(label)s doesn't have the form asked for."), label=label)
            return f"{said} {field.get('help') or ''}".rstrip()
    return error["message"]


def _of_no_field(language: Language, error: Error) -> str:
    """Return what is wrong with what the form doesn't declare, or with nothing of it in particular."""
    name = error.get("field")
    if name and error["code"] == "UNKNOWN_FIELD":
        return language.say(_("%(name)s is not a field of this form."), name=language.inset(name))
    if name and error["code"] == "TYPE_TEXT":  # the one error of control fields
        return language.say(_("%(name)s goes into the head of a mail: it must be one line."), name=language.inset(name))
    return error["message"] if name else language.say(error["message"])


def of_refusal(language: Language, refusal: Refusal) -> tuple[str, str]:
    """Return the heading and the sentence of a page that says no.

    What only a program can have done wrong is told in English: whoever wrote it reads that.
    """
    heading = language.say(refusal.heading)
    if language.code == "en":
        return heading, str(refusal)
    if not isinstance(refusal, RateLimited):
        return heading, language.say(refusal.sentence, **refusal.values)
    if refusal.in_minutes:
        return heading, language.count(
            "Too much was sent to this form in a short time. Please wait %(num)s minute and send it again.",
            "Too much was sent to this form in a short time. Please wait %(num)s minutes and send it again.",
            refusal.count,
        )
    return heading, language.count(
        "Too much was sent to this form in a short time. Please wait %(num)s second and send it again.",
        "Too much was sent to this form in a short time. Please wait %(num)s seconds and send it again.",
        refusal.count,
    )
