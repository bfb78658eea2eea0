"""Doors: under which address a form was sent, in the way of which service, and so to which form. Stdlib only."""

import re

from pillarbox import controls

TYPE_CHECKING = False  # to mypy it is true; importing `typing` takes longer than this module
if TYPE_CHECKING:
    from typing import Any

    type Event = dict[str, Any]

# Formspree's clients double the first slash, and know projects; Formcarry's address is /s/….
FORM = re.compile(r"/+(?:p/[^/]+/+f|f|s)/+([^/]+)/*")
KEY_IN_BODY = re.compile(r"/+submit/*")  # Web3Forms, StaticForms
FORMCARRY = re.compile(r"/+s/+[^/]+/*")
API = re.compile(r"/+v1/")
FORM_ID = re.compile(r"[0-9a-z]{12}")
JSON_ENDING = ".json"


def form_id(event: "Event") -> str | None:
    """Return the id in the path, in lower case, or None where the body has to tell."""
    found = FORM.fullmatch(event["rawPath"])
    return found[1].lower().removesuffix(JSON_ENDING) if found else None


def takes_key(event: "Event") -> bool:
    """Whether this is the address for forms that say in the body which form they are."""
    return bool(KEY_IN_BODY.fullmatch(event["rawPath"]))


def may_be_netlify(event: "Event") -> bool:
    """Whether a body that names a form is taken: Netlify's forms are sent to any path of the site."""
    return not API.match(event["rawPath"])


def key(event: "Event", sent: "dict[str, Any]") -> str:
    """Return the form's id that the body carries, or nothing; on other paths only `form-name` counts, if it is one."""
    at_submit = takes_key(event)
    named = [sent.get(name) for name in (controls.FORM_KEYS if at_submit else ("form-name",))]
    found = next((text for value in named if isinstance(value, str) and (text := value.strip().lower())), "")
    return found if at_submit or FORM_ID.fullmatch(found) else ""


def asks_json(event: "Event") -> bool:
    """Whether the address itself asks for JSON, as Basin's does."""
    return bool(event["rawPath"].rstrip("/").lower().endswith(JSON_ENDING))


def is_formcarry(event: "Event") -> bool:
    return bool(FORMCARRY.fullmatch(event["rawPath"]))
