"""Embedding: whose pages may show a form in a frame. Stdlib only."""

import json
from collections.abc import Mapping
from typing import Any

from pillarbox import origins

NOBODY, EVERYBODY = "'none'", "*"
LONGEST = 4000  # characters; all headers together may have 10,240


def ancestors(form: Mapping[str, Any]) -> str:
    """Return the sources of a form's frame-ancestors: who is told, else whoever may send, else everybody.

    An origin without a port stands for all of its ports, as it does for what is sent. Of a list that is longer than a
    header can be, the first that fit count.
    """
    document = json.loads(form["document"])
    allowed = document.get("allowed_frames")
    if allowed is None:
        allowed = document.get("allowed_origins") or [EVERYBODY]
    if not allowed:
        return NOBODY
    said, length = [], 0
    for source in map(_source, allowed):
        length += len(source) + 1
        if length > LONGEST:
            break
        said.append(source)
    return " ".join(said)


def _source(origin: str) -> str:
    if origin == EVERYBODY:
        return origin
    scheme, divider, rest = origin.rpartition("://")
    under = rest[:2] * rest.startswith("*.")
    host = origins.in_ascii(f"https://{rest.removeprefix(under)}").removeprefix("https://")
    has_port = ":" in host.rpartition("]")[2]
    return f"{scheme}{divider}{under}{host}{'' if has_port else ':*'}"
