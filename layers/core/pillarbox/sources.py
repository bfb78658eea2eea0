"""Sources: what is kept of where a submission came from, and never the address itself. Stdlib only."""

import re

from pillarbox import rates

TYPE_CHECKING = False  # to mypy it is true; importing `typing` takes longer than this module
if TYPE_CHECKING:
    from typing import Any

PAGE = re.compile(r"(https?://)(?:[^/?#]*@)?([^#\s]+)", re.IGNORECASE)
COUNTRY = re.compile(r"[A-Z]{2}")
LANGUAGE = re.compile(r"[a-z]{1,8}(-[a-z0-9]{1,8})*", re.ASCII | re.IGNORECASE)
PAGE_CHARACTERS, AGENT_CHARACTERS = 1000, 300


def of(event: "dict[str, Any]", form_id: str, told: "dict[str, Any]") -> "dict[str, str | None]":
    """Return where it came from; what the controls tell goes before what the browser says."""
    headers = event["headers"]
    page = PAGE.match(told.get("page", "")) or PAGE.match(headers.get("referer", ""))
    language = LANGUAGE.match(told.get("language") or headers.get("accept-language", ""))
    country = headers.get("cloudfront-viewer-country", "")
    return {
        "page": (page[1] + page[2])[:PAGE_CHARACTERS] if page else None,
        "address_hash": rates.address_hash(form_id, event),
        "user_agent": headers.get("user-agent", "")[:AGENT_CHARACTERS] or None,
        "country": country if COUNTRY.fullmatch(country) else None,
        "language": language[0] if language else None,
    }
