"""Clients: where a request came from, as its owner is told later. No header is believed but the browser's own name."""

from collections.abc import Mapping
from typing import Any, NamedTuple

AGENT_CHARACTERS = 300
# What user agents call themselves, the telling names first: Edge says Chrome too, and Chrome says Safari.
BROWSERS = {
    "Edg": "Edge",
    "OPR/": "Opera",
    "SamsungBrowser": "Samsung Internet",
    "Firefox/": "Firefox",
    "FxiOS": "Firefox",
    "Chrome/": "Chrome",
    "CriOS": "Chrome",
    "Safari/": "Safari",
    "curl/": "curl",
    "python": "A Python program",
}
SYSTEMS = {
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Android": "Android",
    "CrOS": "ChromeOS",
    "Windows": "Windows",
    "Mac OS": "macOS",
    "Linux": "Linux",
}


class Client(NamedTuple):
    address: str  # of the connection
    agent: str  # what the browser or program calls itself


def of(event: Mapping[str, Any]) -> Client:
    """Return who sent an event of API Gateway's."""
    http = event["requestContext"]["http"]
    return Client(http["sourceIp"], http.get("userAgent", "")[:AGENT_CHARACTERS])


def in_words(agent: str) -> str:
    """Return a user agent as people know it, `Firefox on Linux`; of one that nobody knows, the first of its words."""
    browser = next((name for sign, name in BROWSERS.items() if sign in agent), None)
    system = next((name for sign, name in SYSTEMS.items() if sign in agent), None)
    if browser is None:
        words = agent.split()
        browser = words[0].partition("/")[0][:40] if words else "A program without a name"
    return f"{browser} on {system}" if system else browser
