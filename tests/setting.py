"""The settings of a form as somebody saves them: a part is opened, and sent with what its page carries."""

import re

import httpx

from tests.people import Browser


def seen(page: httpx.Response) -> str:
    """Return what the page of a part carries of the form that it shows."""
    found = re.search(r'name="seen" value="([^"]+)"', page.text)
    assert found, page.text
    return found[1]


def save_part(
    person: Browser, path: str, part: str, sent: dict[str, str], *, over: str | None = None
) -> httpx.Response:
    """Send a part of the settings, `over` what was seen, else what its page shows now."""
    at = f"{path}?part={part}"
    return person.fill(at, {"do": part, "seen": over or seen(person.get(at))} | sent)
