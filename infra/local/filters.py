"""FilterCriteria of an event source, as far as our templates use them: for which records a function is called."""

import json
from typing import Any


def wanted(criteria: dict[str, Any], record: dict[str, Any]) -> bool:
    """Return whether one of the patterns fits; without any, everything is wanted."""
    patterns = [json.loads(one["Pattern"]) for one in criteria.get("Filters", [])]
    return not patterns or any(_fits(pattern, record) for pattern in patterns)


def _fits(pattern: Any, value: Any) -> bool:
    if isinstance(pattern, list):
        return any(_holds(rule, value) for rule in pattern)
    inner = value if isinstance(value, dict) else {}
    return all(_fits(part, inner.get(name)) for name, part in pattern.items())


def _holds(rule: Any, value: Any) -> bool:
    """Whether one of the rules that stand in a list holds; a value that isn't there is None here."""
    if not isinstance(rule, dict):
        return bool(rule == value)
    ((kind, said),) = rule.items()
    match kind:
        case "exists":
            return bool(said) == (value is not None)
        case "prefix":
            return isinstance(value, str) and value.startswith(said)
        case "anything-but":
            return value is not None and value not in said
    raise NotImplementedError(f"The local stack doesn't know {kind} in FilterCriteria.")
