"""Attributes: DynamoDB's spelling of an item's texts, integers and truths, for the submit path. Stdlib only."""

TYPE_CHECKING = False  # to mypy it is true; importing `typing` takes longer than this module
if TYPE_CHECKING:
    from typing import Any

    type Item = dict[str, Any]

KINDS = {str: "S", int: "N", bool: "BOOL"}


def spelt(item: "Item") -> "Item":
    return {name: {KINDS[type(v)]: str(v) if type(v) is int else v} for name, v in item.items()}


def plain(item: "Item") -> "Item":
    """Undo it; whole numbers are all that our items hold, and what is of another kind comes as it is spelt."""
    read = {}
    for name, typed in item.items():
        ((kind, value),) = typed.items()
        read[name] = int(value) if kind == "N" else value
    return read
