"""How a submission reads to its owner: who sent it, its first words, when; and what makes hostile text harmless."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import quote, urlsplit

from pillarbox import clients, exact

NAMES = ("name", "fullname", "yourname", "contactname", "username")
FIRST, LAST = ("firstname", "forename", "givenname"), ("lastname", "surname", "familyname")
EMAILS = ("email", "emailaddress", "mail", "youremail", "replyto", "from")
MESSAGES = (
    "message",
    "yourmessage",
    "comment",
    "comments",
    "text",
    "body",
    "question",
    "enquiry",
    "inquiry",
    "feedback",
)
WHO = {*NAMES, *FIRST, *LAST, *EMAILS}
NOBODY = "Somebody"
WORDS_LENGTH = 160  # characters of the first words
WHO_LENGTH = 80
LONG_TEXT = 80  # characters from which a value is set as prose
# The two characters that make the letters after them run backwards, so that `exe.jpg` isn't; and what is never seen.
OVERRIDES = re.compile("[\u202d\u202e\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


def who(fields: Mapping[str, Any]) -> str:
    """Return the sender's name, else the address, else `Somebody`."""
    known = _by_plain_name(fields)
    first, last = _first(known, FIRST), _first(known, LAST)
    found = _first(known, NAMES) or f"{first} {last}".strip() or _first(known, EMAILS) or NOBODY
    return _cut(found, WHO_LENGTH)


def email(fields: Mapping[str, Any]) -> str | None:
    """Return the sender's address when there is one that mail can go to."""
    found = _first(_by_plain_name(fields), EMAILS)
    return found if (link(found) or "").startswith("mailto:") else None


def second(fields: Mapping[str, Any]) -> str:
    """Return the sender's address where the name stands first, else nothing."""
    address = _cut(_first(_by_plain_name(fields), EMAILS), WHO_LENGTH)
    return "" if address == who(fields) else address


def first_words(fields: Mapping[str, Any]) -> str:
    """Return the beginning of the message, else of the longest text, else of all that isn't the sender."""
    if message := _first(_by_plain_name(fields), MESSAGES):
        return _cut(message, WORDS_LENGTH)
    rest = {name: text for name, value in fields.items() if plain_name(name) not in WHO and (text := scalar(value))}
    longest = max(rest.values(), key=len, default="")
    if len(longest) > LONG_TEXT:
        return _cut(longest, WORDS_LENGTH)
    return _cut(" · ".join(f"{plain(name)}: {text}" for name, text in rest.items()), WORDS_LENGTH)


def scalar(value: Any) -> str:
    """Return a value as one line of text; numbers keep their digits."""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, str):
        return _one_line(value)
    if isinstance(value, list):
        return ", ".join(map(scalar, value))
    return "" if value is None else exact.dumps(value)


def is_long(value: Any) -> bool:
    return isinstance(value, str) and (len(value) > LONG_TEXT or "\n" in value)


def plain(text: str) -> str:
    """Return the text with a mark in the place of characters that turn or hide others."""
    return OVERRIDES.sub("\ufffd", text)


def link(value: Any) -> str | None:
    """Return where a value leads when all of it is one e-mail address or one web address."""
    if not isinstance(value, str) or not value.isprintable() or " " in value:
        return None
    if re.fullmatch(r"[^@\"<>,;:()\\]+@[^@\"<>,;:()\\]+\.[^@\"<>,;:()\\]+", value):
        return f"mailto:{quote(value, safe='@')}"
    if not value.lower().startswith(("https://", "http://")):
        return None
    try:
        return value if urlsplit(value).hostname else None
    except ValueError:  # a bracket that never closes
        return None


def short_time(moment: datetime) -> str:
    """Return 09:15 for today, 12 Nov for this year, 12 Nov 2025 for before (UTC)."""
    today = datetime.now(UTC).date()
    if moment.date() == today:
        return f"{moment:%H:%M}"
    return f"{moment.day} {moment:%b}" if moment.year == today.year else f"{moment.day} {moment:%b %Y}"


def day(iso: str) -> str:
    """Return an ISO date in words, 21 November 2026; what is no date comes back as it is."""
    try:
        found = date.fromisoformat(iso)
    except ValueError:
        return iso
    return f"{found.day} {found:%B} {found.year}"


def long_time(moment: datetime) -> str:
    return f"{moment.day} {moment:%B %Y, %H:%M} UTC"


FILTERS: dict[str, Callable[..., Any]] = {
    "who": who,
    "email": email,
    "second": second,
    "first_words": first_words,
    "scalar": scalar,
    "is_long": is_long,
    "plain": plain,
    "link": link,
    "short_time": short_time,
    "long_time": long_time,
    "exact_json": exact.dumps,
    "device": clients.in_words,
    "in_groups": lambda code: "-".join(code[at : at + 6] for at in range(0, len(code), 6)),
    "iso": datetime.fromisoformat,
    "moment": lambda seconds: datetime.fromtimestamp(seconds, UTC),
}


def _by_plain_name(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields under their names without case and punctuation: `Your-Name` is `yourname`."""
    return {plain_name(name): value for name, value in fields.items()}


def plain_name(name: str) -> str:
    return re.sub(r"[\W_]+", "", name).lower()


def _first(known: Mapping[str, Any], names: tuple[str, ...]) -> str:
    """Return the first of these that has text in it, on one line."""
    values = (known.get(name) for name in names)
    return next((text for value in values if isinstance(value, str) and (text := _one_line(value))), "")


def _one_line(text: str) -> str:
    return plain(" ".join(text.split()))


def _cut(text: str, length: int) -> str:
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"
