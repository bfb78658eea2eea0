"""Choose a route as an HTTP API does: a full match before a greedy one, `$default` last; a method before ANY.

Segments are compared as they were sent, so `%2F` never starts a new one, and decoded afterwards.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import unquote

from infra.local.template import Function, Route

GREEDY, DEFAULT = 1, 2  # how much of a route is left open; 0 is a full match


@dataclass(frozen=True)
class Match:
    function: Function
    route: Route
    path_parameters: dict[str, str]  # decoded


class Routes:
    def __init__(self, functions: Iterable[Function]) -> None:
        self._entries = [(function, route) for function in functions for route in function.routes]

    def find(self, method: str, raw_path: str) -> Match | None:
        """Return the best match for a path as sent (percent-encoded, without the query), or None."""
        found = [
            (_rank(route, method), Match(function, route, parameters))
            for function, route in self._entries
            if route.method in {method, "ANY"} or route.path == "$default"
            if (parameters := _compare(route.path, raw_path)) is not None
        ]
        return min(found, key=lambda entry: entry[0])[1] if found else None


def _rank(route: Route, method: str) -> tuple[int, list[int], bool]:
    """Order candidates: kind of match, then literal segments first, then a named method before ANY."""
    if route.path == "$default":
        return DEFAULT, [], True
    segments = route.path.split("/")
    literal_first = [int(segment.startswith("{")) for segment in segments]
    # Of two greedy routes the one that names more of the path wins.
    depth = [-len(segments)] if route.path.endswith("+}") else []
    return GREEDY if route.path.endswith("+}") else 0, depth + literal_first, route.method != method


def _compare(path: str, raw_path: str) -> dict[str, str] | None:
    if path == "$default":
        return {}
    parameters = {}
    pattern, sent = path.split("/"), raw_path.split("/")
    if pattern[-1].endswith("+}") and len(sent) >= len(pattern):
        sent = [*sent[: len(pattern) - 1], "/".join(sent[len(pattern) - 1 :])]
    if len(sent) != len(pattern):
        return None
    for expected, segment in zip(pattern, sent, strict=True):
        if expected.startswith("{"):
            if not segment:
                return None
            parameters[expected.strip("{+}")] = unquote(segment)
        elif expected != unquote(segment):
            return None
    return parameters
