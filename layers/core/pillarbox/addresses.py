"""Addresses in what was sent: whether one e-mail address stands anywhere in a value."""

import re
import unicodedata
from typing import Any
from urllib.parse import unquote

# Around an address stands nothing that would make it another one: of ada@example.com neither bada@example.com nor
# ada@example.com.au. An apostrophe before it belongs to it only where a letter stands before that.
BEFORE, AFTER = r"(?<![\w.+%-])(?<!\w')", r"(?![\w-]|\.\w)"


def folded(text: str) -> str:
    """Return text as addresses are compared, however long it is."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())


def pattern(address: str) -> re.Pattern[str]:
    """Return what finds a folded address in folded text, its domain in its own script or in that of the wire."""
    local, _, domain = address.rpartition("@")
    try:
        wired = domain.encode("idna").decode()
    except UnicodeError:  # of a script that the codec is too old for
        wired = domain
    return re.compile(f"{BEFORE}{re.escape(local)}@(?:{re.escape(domain)}|{re.escape(wired)}){AFTER}")


def stands_in(pattern: re.Pattern[str], value: Any) -> bool:
    """Whether the address stands in a value or in what is nested in it, names too."""
    if isinstance(value, str):
        text = folded(value)
        return bool(pattern.search(text) or ("%" in text and pattern.search(folded(unquote(value)))))
    if isinstance(value, dict):
        return any(stands_in(pattern, part) for entry in value.items() for part in entry)
    return isinstance(value, list) and any(stands_in(pattern, part) for part in value)
