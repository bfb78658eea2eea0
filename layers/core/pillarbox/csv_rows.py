"""Submissions as CSV, for spreadsheets: a row for each, and a column for each name that was sent.

Every row has every column. Text that a spreadsheet would take for a formula has an apostrophe before it, which is how
spreadsheets write text that begins so; numbers stay numbers. What isn't one value is written as JSON.
"""

import csv
import io
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

from pillarbox import exact

# Spreadsheets trim a cell before they look, and take the wide forms of Japanese keyboards too.
FORMULAS = ("=", "+", "-", "@", "＝", "＋", "－", "＠")  # noqa: RUF001
OURS = ("id", "received_at", "folder", "read", "spam_score", "tags", "note", "form_version")
MOST = 500  # columns of names: a form may be sent 200 names of its sender's with each submission
OTHERS = "others"
MARK = "\ufeff"  # by which spreadsheets know UTF-8


class Columns:
    """The names that were sent: declared fields first, the others as they came."""

    def __init__(self, declared: Iterable[str]) -> None:
        self._names = dict.fromkeys(declared)
        self._more = False

    def note(self, names: Iterable[str]) -> None:
        for name in names:
            if name not in self._names:
                if len(self._names) < MOST:
                    self._names[name] = None
                else:
                    self._more = True

    def rows(self, records: Iterable[dict[str, Any]]) -> Iterator[str]:
        """Yield the lines of the file, the header first, out of submissions as `/v1` shows them, exact.loads'ed."""
        heads = [f"pillarbox_{name}" for name in OURS] + list(self._names) + ([OTHERS] if self._more else [])
        yield MARK + _line([inert(head) for head in heads])
        for one in records:
            fields = one["fields"]
            cells = [one["spam"]["score"] if name == "spam_score" else one[name] for name in OURS]
            cells += [fields.get(name) for name in self._names]
            if self._more:
                cells.append({name: value for name, value in fields.items() if name not in self._names} or None)
            yield _line([cell(value) for value in cells])


def cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return inert(value)
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return inert("; ".join(value))
    if isinstance(value, bool | int | Decimal | float):
        return exact.dumps(value)
    return inert(exact.dumps(value))


def inert(text: str) -> str:
    """Return text that no spreadsheet calculates."""
    return f"'{text}" if text.lstrip().startswith(FORMULAS) else text


def _line(cells: list[str]) -> str:
    out = io.StringIO()
    csv.writer(out).writerow(cells)
    return out.getvalue()
