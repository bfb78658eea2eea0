"""Counts: how many submissions lie in each folder of a form, and how many of them are unread.

counting.py keeps them, behind the table's stream, so they are some seconds behind what they count.
"""

from collections.abc import Iterable

from pillarbox import places, table

type Folders = dict[str, dict[str, int]]  # folder: {"total", "unread"}


def of(form_ids: Iterable[str]) -> dict[str, Folders]:
    keys = {form_id: places.counts(form_id) for form_id in form_ids}
    found = {item["pk"]: item for item in table.get_many(keys.values())}
    return {form_id: _folders(found.get(key["pk"], {})) for form_id, key in keys.items()}


def _folders(item: table.Item) -> Folders:
    """Return the counts; a move's two halves may come by two shards, and between them a sum may be below zero."""
    return {
        folder: {name: max(0, item.get(f"{folder}_{name}", 0)) for name in ("total", "unread")}
        for folder in places.FOLDERS
    }
