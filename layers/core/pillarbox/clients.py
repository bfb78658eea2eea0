"""Clients: where a request came from, as its owner is told later. No header is believed but the browser's own name."""

from collections.abc import Mapping
from typing import Any, NamedTuple

AGENT_CHARACTERS = 300


class Client(NamedTuple):
    address: str  # of the connection
    agent: str  # what the browser or program calls itself


def of(event: Mapping[str, Any]) -> Client:
    """Return who sent an event of API Gateway's."""
    http = event["requestContext"]["http"]
    return Client(http["sourceIp"], http.get("userAgent", "")[:AGENT_CHARACTERS])
