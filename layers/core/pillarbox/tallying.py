"""Tallying: what came to each form on each day, kept behind the table's stream in the transactions of counting.py.

What came stays counted whatever becomes of it: it is told by the day of its id, in UTC. A submission counts as the
filter sorted it when it came; one that somebody saves from spam counts as accepted from then on, on the day it came.
"""

import time
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from pillarbox import ids, places, table


class Arrival(NamedTuple):
    """What one record tells of what came to a form."""

    day: str  # 2026-11-27
    numbers: dict[str, int]  # accepted: 1


def of_submission(ulid: str, item: table.Item) -> Arrival | None:
    """Return what tells a submission that was put somewhere, None for one that was only moved."""
    if "sorted_as" not in item:
        return Arrival(_day(ulid), {"spam" if item["folder"] == "spam" else "accepted": 1})
    if item.get("announce") == "restored":  # once in its life: submissions.announced
        return Arrival(_day(ulid), {"spam": -1, "accepted": 1})
    return None


def rows(form_id: str, arrival: Arrival) -> set[tuple[str, str]]:
    """Return the keys of the items that it changes."""
    key = places.days(form_id, arrival.day[:7])
    return {(key["pk"], key["sk"])}


def writes(form_id: str, arrivals: Iterable[Arrival]) -> Iterator[table.Add]:
    """Yield the writes that count them."""
    months: dict[str, Counter[str]] = {}
    for arrival in arrivals:
        month, day = arrival.day[:7], arrival.day[8:]
        named = {f"{what}_{day}": number for what, number in arrival.numbers.items()}
        months.setdefault(month, Counter()).update(named)
    for month, amounts in months.items():
        if changed := {name: amount for name, amount in amounts.items() if amount}:
            yield table.Add(places.days(form_id, month), changed)


def _day(ulid: str) -> str:
    return time.strftime("%Y-%m-%d", time.gmtime(ids.time_of(ulid)))
