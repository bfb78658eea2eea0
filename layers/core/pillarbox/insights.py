"""Insights: what came to a form over time, from counters alone. tallying.py keeps them behind the table's stream.

A day is a day in UTC. What is read is bounded by how many days are asked for, whatever came on them.
"""

import re
import time
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Literal

from pydantic import BaseModel

from pillarbox import distributions, places, table, tallies
from pillarbox.distributions import Counted
from pillarbox.fields import Field
from pillarbox.forms import Form
from pillarbox.tallies import ANSWERS, OTHER, Counts, Whole, joined, short

type By = Literal["day", "week", "month"]
type Numbers = dict[str, int]  # accepted, spam, views, starts, completed; what is zero may be missing

SPARK_DAYS = 30
SHOWN = {"day": 30, "week": 12, "month": 12}
MOST_NAMES = 50  # told of pages and of hosts
COUNTED = ("choice", "choices", "checkbox", "consent", "number", "integer", "date")  # types of fields
NUMBER = re.compile(r"-?[0-9]{1,16}(\.[0-9]{1,15})?(e[+-][0-9]{2})?")
DATE = re.compile(r"[0-9]{4}(-(0[1-9]|1[0-2]))?|[0-9]{3}0s")
SCALES = {"number": NUMBER, "integer": NUMBER, "date": DATE}  # of these types of fields a tally's names have this shape
TICKS = {"true": "Yes", "false": "No"}


class Totals(BaseModel):
    accepted: int = 0
    spam: int = 0
    views: int = 0
    starts: int = 0
    completed: int = 0


class Span(Totals):
    """A day, a week that begins on Monday, or a month: the last one of a list isn't over yet."""

    since: date
    until: date


class Reached(BaseModel):
    """A page of the hosted form after its first, and how many came so far."""

    page: int
    title: str
    count: int


class TimeToFill(BaseModel):
    answered: int
    median_seconds: int | None
    counts: list[Counted]


class FieldCounts(BaseModel):
    name: str
    label: str
    type: str
    answered: int
    counts: list[Counted]
    other: int  # what had no room, or fitted the field no more
    mean: float | None = None
    median: float | None = None
    min: float | None = None
    max: float | None = None


class Stats(BaseModel):
    form_id: str
    by: By
    since: date
    until: date
    total: Totals
    before: Totals | None  # of as many days before; none for a form that wasn't there
    spans: list[Span]
    pages: list[Counted]
    other_pages: int
    referrers: list[Counted]
    other_referrers: int
    reached: list[Reached]
    time_to_fill: TimeToFill
    fields: list[FieldCounts]


def of(form: Form, by: By) -> Stats:
    """Return what came in the last 30 days, 12 weeks or 12 months, the present one included."""
    today = last_days(1)[0]
    begins = _begins(by, today)
    since, length = begins[0], (today - begins[0]).days + 1
    days = last_days(2 * length)
    found = by_day([form.id], days)[form.id]
    spans = [
        Span(since=begin, until=min(end - timedelta(days=1), today), **_summed(found, begin, end))
        for begin, end in pairwise([*begins, today + timedelta(days=1)])
    ]
    before = Totals(**_summed(found, days[0], since))
    whole = tallies.together(_tallied(form.id, since, today))
    groups = whole.groups
    hosts, pages = groups.get("hosts", {}), groups.get("pages", {})
    return Stats(
        form_id=form.id,
        by=by,
        since=since,
        until=today,
        total=Totals(**_summed(found, since, today + timedelta(days=1))),
        before=before if form.created_at.date() <= days[0] else None,
        spans=spans,
        pages=distributions.of_names(pages)[:MOST_NAMES],
        other_pages=_others(pages),
        referrers=distributions.of_names(hosts)[:MOST_NAMES],
        other_referrers=_others(hosts),
        reached=_reached(form, groups.get("reached", {})),
        time_to_fill=_time_to_fill(groups.get("seconds", {})),
        fields=[_field(field, whole) for field in form.fields if field.type in COUNTED],
    )


def sparklines(form_ids: Iterable[str], days: int = SPARK_DAYS) -> dict[str, list[int]]:
    """Return how many submissions each form took on each day, the oldest first and today last; spam is none."""
    shown = last_days(days)
    found = by_day(form_ids, shown)
    return {form_id: [max(0, of[day].get("accepted", 0)) for day in shown] for form_id, of in found.items()}


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


def _begins(by: By, today: date) -> list[date]:
    """Return the first days of the spans, the oldest first."""
    count = SHOWN[by]
    if by == "day":
        return last_days(count)
    if by == "week":
        monday = today - timedelta(days=today.weekday())
        return [monday - timedelta(weeks=ago) for ago in reversed(range(count))]
    months = [today.year * 12 + today.month - 1 - ago for ago in reversed(range(count))]
    return [date(month // 12, month % 12 + 1, 1) for month in months]


def _summed(found: dict[date, Numbers], since: date, before: date) -> Numbers:
    """Return the sums over some days; a stream's shards come in any order, and between them one may be below zero."""
    summed = dict.fromkeys(Totals.model_fields, 0)
    for day, numbers in found.items():
        if since <= day < before:
            for name, number in numbers.items():
                summed[name] += number
    return {name: max(0, number) for name, number in summed.items()}


def _tallied(form_id: str, since: date, until: date) -> Iterator[bytes]:
    """Yield what was counted from one day to another: a query for each megabyte of it, of which a year has some six."""
    after: str | None = f"TALLY#{since}"
    while after:
        page = table.query(places.form(form_id)["pk"], after=after, before=f"TALLY#{until}~")
        yield from (bytes(item["tally"]) for item in page.items)
        after = page.last


def _others(counts: Counts) -> int:
    """Return how many stand under no name that is told."""
    told = distributions.of_names(counts)[:MOST_NAMES]
    return sum(counts.values()) - sum(one.count for one in told)


def _reached(form: Form, counts: Counts) -> list[Reached]:
    """Return the pages that the form has now; the first is reached by opening it."""
    titles = [field.starts_page for field in form.fields[1:] if field.starts_page]
    return [Reached(page=n, title=title, count=counts.get(str(n), 0)) for n, title in enumerate(titles, 2)]


def _time_to_fill(counts: Counts) -> TimeToFill:
    middle = distributions.median(counts)
    return TimeToFill(
        answered=sum(counts.values()),
        median_seconds=None if middle is None else int(middle),
        counts=distributions.of_seconds(counts),
    )


def _field(field: Field, whole: Whole) -> FieldCounts:
    name, groups = short(field.name), whole.groups
    counts = groups.get(ANSWERS + name, {})
    if fitting := SCALES.get(field.type):  # it may have been a choice before
        counts = joined(counts, lambda name: name if fitting.fullmatch(name) else OTHER)
    of_field = FieldCounts(
        name=field.name,
        label=field.label,
        type=field.type,
        answered=groups.get("answered", {}).get(name, 0) if field.type == "choices" else sum(counts.values()),
        counts=[],
        other=counts.get(OTHER, 0),
    )
    match field.type:
        case "choice" | "choices":
            of_field.counts = distributions.of_names(counts, {one.value: one.label for one in field.options or ()})
        case "checkbox" | "consent":
            of_field.counts = distributions.of_names(counts, TICKS)
        case "date":
            of_field.counts = distributions.of_dates(counts)
        case _:
            of_field.counts, of_field.median = distributions.of_numbers(counts), distributions.median(counts)
            if sums := whole.sums.get(ANSWERS + name):
                of_field.mean = float(f"{sums.total / sums.times:.3g}")
                of_field.min, of_field.max = sums.least, sums.most
    return of_field
