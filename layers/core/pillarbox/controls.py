"""Control fields: inputs that tell Pillarbox, or another form service before it, what to do. Stdlib only.

Only the names listed here are controls; any other, underscore or not, is data, and so is one that the form declares.
docs/connect.md tells owners what each does.
"""

from pillarbox import values

TYPE_CHECKING = False  # to mypy it is true; importing `typing` takes longer than this module
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    type Fields = dict[str, Any]

HONEYPOTS = ("_gotcha", "_honey", "_honeypot", "honeypot", "bot-field", "botcheck")
# What a name means; of several with one meaning the first that says something counts.
NEXT = ("_next", "_redirect", "redirectTo", "redirect", "next")
ERROR = ("_error",)
SUBJECT = ("_subject", "_email.subject", "subject")
REPLY_TO = ("_replyto", "replyto", "replyTo")
EMAIL = ("email", "Email")
EMAILS = frozenset(EMAIL)  # which most forms have, and which by themselves ask for nothing but an address to reply to
CC = ("_cc", "ccemail")
FROM_NAME = ("from_name", "_email.from")
PAGE = ("_url",)
LOADED = "_loaded"  # our own: when a hosted form was shown, signed
FORM_KEYS = ("access_key", "apikey", "accessKey", "apiKey", "form-name")
CAPTCHAS = {
    "g-recaptcha-response": "recaptcha",
    "recaptcha_response": "recaptcha",
    "h-captcha-response": "hcaptcha",
    "cf-turnstile-response": "turnstile",
    "altcha": "altcha",
    "_botpoison": "botpoison",
}
# A webhook of the sender's choosing could reach into the owner's network; a captcha isn't for the sender to switch off;
# an answer of their writing would have us mail anything to anybody.
IGNORED = ("_webhook", "webhook", "_captcha", "_autoresponse", "_host_nonce", "_append", "attachment", "attachments[]")
FAMILIES = ("_feedback", "_email.template")
OTHERS = ("_format", "_template", "_language", "_blacklist")
ALSO_DATA = frozenset({"subject", "next", "redirect", *EMAIL})  # ordinary names too: they stay where a visitor typed
IN_HEADERS = frozenset({*SUBJECT, *REPLY_TO, *CC, *FROM_NAME}) - ALSO_DATA
NAMES = frozenset(
    {*HONEYPOTS, *NEXT, *ERROR, *SUBJECT, *REPLY_TO, *EMAIL, *CC, *FROM_NAME, *PAGE, *FORM_KEYS, *CAPTCHAS, *IGNORED}
    | {*OTHERS, LOADED}
)
NESTED = ("subject", "from", "template")  # of `_email` in JSON
TEMPLATES = ("table", "box", "basic")
UNTICKED = frozenset({"", "false", "off", "no", "0"})
SUBJECT_CHARACTERS, NAME_CHARACTERS, LANGUAGE_CHARACTERS = 200, 100, 35
MOST_COPIES, MOST_BLOCKED = 10, 100
MAIL = ("subject", "replyto", "cc", "from_name", "format", "template", "language")


def is_never_data(name: str) -> bool:
    """Whether no form may declare a field of this name."""
    return name.startswith(FAMILIES) or (name in NAMES and name.startswith("_"))


def is_hidden(name: str) -> bool:
    """Whether a page that shows what was typed has to send this along unseen."""
    return name.startswith(FAMILIES) or (name in NAMES and name not in ALSO_DATA)


def split(sent: "Fields", declared: "Iterable[str]", policy: "Fields") -> "tuple[Fields, Fields]":
    """Return the data, and what the controls say; only what was said is in the latter.

    `honeypot` (name of the filled one), `next` (addresses, the likeliest first), `error`, `page`, `loaded`, `captcha`
    (token by vendor), `blocked_words`, `wrong` (errors as rules.check has them), and for the mail `subject`, `replyto`,
    `cc` (addresses), `from_name`, `format` (plain), `template`, `language`.
    """
    names, own = set(declared), (policy.get("spam") or {}).get("honeypot")
    data: Fields = {}
    said: Fields = {}
    for name, value in _flat(sent, names):
        control = (name in NAMES or name == own or name.startswith(FAMILIES)) and name not in names
        if control:
            said[name] = value
        if not control or name in ALSO_DATA:
            data[name] = value
    told = _told(said, own) if not said.keys() <= EMAILS else {}
    if replyto := _reply_to(said, sent):
        told["replyto"] = replyto
    return data, told


def for_mail(told: "Fields") -> "Fields":
    """Return what the mail about a submission will need."""
    return {name: told[name] for name in MAIL if name in told}


def _flat(sent: "Fields", declared: "set[str]") -> "Iterable[tuple[str, Any]]":
    for name, value in sent.items():
        if name != "_email" or not isinstance(value, dict) or name in declared:
            yield name, value
            continue
        yield from ((f"_email.{inner}", value[inner]) for inner in NESTED if inner in value)
        if others := {inner: one for inner, one in value.items() if inner not in NESTED}:
            yield name, others


def _told(said: "Fields", own: str | None) -> "Fields":
    told = {
        "honeypot": next((name for name in (own, *HONEYPOTS) if name and _is_filled(name, said.get(name))), None),
        "next": [text for name in NEXT if (text := _text(said.get(name)))],
        "error": _first(said, ERROR),
        "page": _first(said, PAGE),
        "loaded": _text(said.get(LOADED)),
        "captcha": {vendor: token for name, vendor in CAPTCHAS.items() if (token := _text(said.get(name)))},
        "blocked_words": _listed(said, ("_blacklist",), ",")[:MOST_BLOCKED],
        "wrong": [_broken(name) for name in said if name in IN_HEADERS and not _is_line(said[name])],
        "subject": " ".join(_first(said, SUBJECT).split())[:SUBJECT_CHARACTERS],
        "cc": [copy for one in _listed(said, CC, ",;") if (copy := values.email(one))][:MOST_COPIES],
        "from_name": _first(said, FROM_NAME)[:NAME_CHARACTERS],
        "format": "plain" if _text(said.get("_format")).lower() == "plain" else "",
        "template": chosen if (chosen := _text(said.get("_template")).lower()) in TEMPLATES else "",
        "language": _language(_text(said.get("_language"))),
    }
    return {name: value for name, value in told.items() if value}


def _reply_to(said: "Fields", sent: "Fields") -> str | None:
    asked = _first(said, REPLY_TO)
    if asked == "@":
        return values.email(_first(sent, EMAIL))
    return values.email(asked) or values.email(_first(said, EMAIL))


def _first(said: "Fields", names: "Iterable[str]") -> str:
    return next((text for name in names if (text := _text(said.get(name)))), "")


def _text(value: "Any") -> str:
    """Return what a control says: of a repeated one the first that says something; objects say nothing."""
    if isinstance(value, list):
        return next((text for one in value if not isinstance(one, list) and (text := _text(one))), "")
    if value is None or isinstance(value, (bool, dict)):
        return ""
    return str(value).strip()


def _listed(said: "Fields", names: "Iterable[str]", dividers: str) -> list[str]:
    lines: list[str] = []
    for name in names:
        value = said.get(name)
        lines += [_text(one) for one in (value if isinstance(value, list) else [value])]
    joined = ",".join(lines)
    for divider in dividers:
        joined = joined.replace(divider, ",")
    return [text for one in joined.split(",") if (text := one.strip())]


def _is_filled(name: str, value: "Any") -> bool:
    if isinstance(value, (list, dict)):
        return any(_is_filled(name, one) for one in (value.values() if isinstance(value, dict) else value))
    if value is None or isinstance(value, bool):
        return bool(value)
    text = str(value).strip()
    return text.lower() not in UNTICKED if name == "botcheck" else bool(text)


def _is_line(value: "Any") -> bool:
    """Whether it is a text of one line, so that it can't add a header to a mail."""
    return all(_text(one).isprintable() for one in (value if isinstance(value, list) else [value]))


def _broken(name: str) -> dict[str, str]:
    return {"code": "TYPE_TEXT", "field": name, "message": f"{name} goes into the head of a mail: it must be one line."}


def _language(text: str) -> str:
    tag = text.replace("_", "-")
    fits = len(tag) <= LANGUAGE_CHARACTERS and all(part.isalnum() and len(part) <= 8 for part in tag.split("-"))  # noqa: PLR2004  BCP 47's
    return tag if fits and tag.isascii() and tag.partition("-")[0].isalpha() else ""
