"""Insights: what came to a form over time, from counters alone. tallying.py keeps them behind the table's stream.

A day is a day in UTC. What is read is bounded by how many days are asked for, whatever came on them.
"""

import time
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta

from pillarbox import places, table

type Numbers = dict[str, int]  # accepted, spam, views, starts, completed; what is zero may be missing

SPARK_DAYS = 30


def sparklines(form_ids: Iterable[str], days: int = SPARK_DAYS) -> dict[str, list[int]]:
    """Return how many submissions each form took on each day, the oldest first and today last; spam is none."""
    shown = last_days(days)
    found = by_day(form_ids, shown)
    return {form_id: [of[day].get("accepted", 0) for day in shown] for form_id, of in found.items()}


def by_day(form_ids: Iterable[str], days: Sequence[date]) -> dict[str, dict[date, Numbers]]:
    """Return what came to each form on each of these days; one read a form and month."""
    months = {f"{day:%Y-%m}" for day in days}
    wanted = list(dict.fromkeys(form_ids))
    keys = [places.days(form_id, month) for form_id in wanted for month in sorted(months)]
    read: dict[str, dict[date, Numbers]] = {form_id: {day: {} for day in days} for form_id in wanted}
    for item in table.get_many(keys):
        of_form, month = read[item["pk"].partition("#")[2]], item["sk"].partition("#")[2]
        for name, number in item.items():
            what, _, day = name.partition("_")
            if day and (moment := date.fromisoformat(f"{month}-{day}")) in of_form:
                of_form[moment][what] = number
    return read


def last_days(count: int) -> list[date]:
    """Return the last so many days, today included, the oldest first."""
    today = datetime.fromtimestamp(time.time(), UTC).date()
    return [today - timedelta(days=ago) for ago in reversed(range(count))]
