"""Insights in words, as their page shows them: what is large beside a chart, its columns, and where people stop."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any, NamedTuple

from markupsafe import Markup

from pillarbox import charts, display
from pillarbox.charts import Column
from pillarbox.distributions import Counted, readable
from pillarbox.forms import Form
from pillarbox.insights import By, FieldCounts, Span, Stats
from pillarbox.tallies import DIRECT, HOSTED

PERIODS: dict[By, str] = {"day": "30 days", "week": "12 weeks", "month": "12 months"}
TICKS = {"day": 7, "week": 3, "month": 3}  # every so many columns, from the last one back, has a date under it
TICKED = {"checkbox", "consent"}
SHOWN_FIELDS = 12  # at once; more wait in a fold
SHOWN_ROWS = 10  # of pages, hosts and options; more wait too
LONG_LABELS = 5  # characters, past which columns of numbers have only the first and the last under them
SCALES = {"number", "integer", "date"}  # types of fields whose answers have an order
SMALL_PLOT = 88  # pixels
LEAST_PLOT = 32
ONE_PERCENT = 0.01


class Row(NamedTuple):
    label: str
    number: int
    share: str
    bar: Markup


class Card(NamedTuple):
    """A field's answers; `large` is the number that matters, and `about` what it is."""

    field: FieldCounts
    large: str
    about: str
    chart: Markup | None
    rows: list[Row]
    more: list[Row]


def period(asked: str | None) -> By:
    """Return what was asked for; whatever isn't known is a month of days."""
    return next((by for by in PERIODS if by == asked), "day")


def of(form: Form, stats: Stats) -> dict[str, Any]:
    """Return what the page shows."""
    cards = [_card(field) for field in stats.fields if field.answered]
    total = stats.total
    return {
        "stats": stats,
        "total": total,
        "periods": PERIODS,
        "when": f"the last {PERIODS[stats.by]}",
        "days": [(_span_in_words(stats.by, span), span) for span in stats.spans],
        "compared": _compared(stats),
        "spam_share": _percent(total.spam, total.accepted + total.spam),
        "submissions": _over_time(stats, "accepted", "Submissions"),
        "spam": _over_time(stats, "spam", "Spam"),
        "views": _over_time(stats, "views", "Times that the hosted form was opened"),
        "steps": _steps(stats),
        "stops": _stops(form, stats),
        "conversion": _percent(total.completed, total.views),
        "median": _duration(stats.time_to_fill.median_seconds),
        "times": _times(stats.time_to_fill.counts),
        "pages": _rows(_named(stats.pages, {HOSTED: "The hosted form"}), stats.other_pages),
        "referrers": _rows(_named(stats.referrers, {DIRECT: "Direct, or not told"}), stats.other_referrers),
        "cards": cards[:SHOWN_FIELDS],
        "more_cards": cards[SHOWN_FIELDS:],
        "unanswered": len(stats.fields) - len(cards),
        "shown_rows": SHOWN_ROWS,
    }


def _over_time(stats: Stats, what: str, name: str) -> Markup:
    """Return columns of one of a span's numbers."""
    numbers = [getattr(span, what) for span in stats.spans]
    last = len(numbers) - 1
    shown = [
        Column(
            label=_span_in_words(stats.by, span),
            number=numbers[n],
            tick=_tick(stats.by, span, last=n == last) if (last - n) % TICKS[stats.by] == 0 else "",
            open=n == last,
        )
        for n, span in enumerate(stats.spans)
    ]
    most = max(numbers)
    peak = f"; {most:,} at most, {_on(stats.by, stats.spans[numbers.index(most)])}" if most else ""
    words = f"{name} in the last {PERIODS[stats.by]}: {sum(numbers):,}{peak}."
    plot, full = SMALL_PLOT, float(most)
    if what != "views":  # submissions and spam stand one below the other: as high for as many
        highest = max(max(span.accepted, span.spam) for span in stats.spans) or 1
        plot = max(LEAST_PLOT, round(charts.PLOT * most / highest))
        full = highest * plot / charts.PLOT
    return charts.columns(shown, words, kind=what, plot=plot, full=full)


def _compared(stats: Stats) -> str:
    """Return how it was before, for a form that was there."""
    if stats.before is None:
        return ""
    before, days = stats.before.accepted, (stats.until - stats.since).days + 1
    if before == stats.total.accepted:
        return f"As many as in the {days} days before."
    difference = stats.total.accepted - before
    return f"{abs(difference):,} {'more' if difference > 0 else 'fewer'} than in the {days} days before ({before:,})."


def _steps(stats: Stats) -> list[Row]:
    """Return the way from opening the hosted form to sending it; it may be sent without JavaScript, and so unseen."""
    total = stats.total
    stages = [("Opened it", total.views), ("Began to fill it in", total.starts)]
    stages += [(f"Came to page {one.page}, “{display.plain(one.title)}”", one.count) for one in stats.reached]
    stages.append(("Sent it", total.completed))
    most = max(number for _, number in stages)
    if not most:
        return []
    return [Row(label, number, _percent(number, total.views), charts.share(number, most)) for label, number in stages]


def _stops(form: Form, stats: Stats) -> str:
    """Return where most of those stop who had begun, in a sentence."""
    total = stats.total
    if not total.starts:
        return ""
    first = form.fields[0].starts_page if form.fields else None
    places = [(1, first or "")] + [(one.page, one.title) for one in stats.reached]
    counted = [total.starts, *(one.count for one in stats.reached), total.completed]
    came = [max(counted[n:]) for n in range(len(counted))]  # a page may be passed over by those who come further
    lost = [max(0, here - after) for here, after in pairwise(came)]
    if not sum(lost):
        return "Everybody who began sent it."
    if len(places) == 1:
        return f"{lost[0]:,} of {total.starts:,} who began didn't send it."
    worst = lost.index(max(lost))
    page, title = places[worst]
    named = f"page {page}" + (f", “{display.plain(title)}”" if title else "")
    return f"Most people who stop do so at {named}: {lost[worst]:,} of {sum(lost):,}."


def _times(counts: Sequence[Counted]) -> list[Row]:
    """Return the steps from the quickest to the slowest that there was."""
    there = [n for n, one in enumerate(counts) if one.count]
    return _rows([(one.label, one.count) for one in counts[there[0] : there[-1] + 1]], 0) if there else []


def _card(field: FieldCounts) -> Card:
    if field.type in SCALES:
        large, about = _middle(field)
        return Card(field, large, about, _scale(field), [], [])
    if field.type in TICKED:
        ordered, about = field.counts, "ticked it"
    else:
        ordered = sorted(field.counts, key=lambda one: -one.count)
        about = f"chose {display.plain(ordered[0].label)}"
    rows = _rows([(one.label, one.count) for one in ordered], field.other, of=field.answered)
    return Card(field, rows[0].share, about, None, rows[:SHOWN_ROWS], rows[SHOWN_ROWS:])


def _middle(field: FieldCounts) -> tuple[str, str]:
    """Return what stands large over a scale, and what that is."""
    if field.type == "date":
        most = max(field.counts, key=lambda one: one.count, default=None)
        return (most.label if most else "", "most often")
    if field.mean is None or field.min is None or field.max is None:
        return "", ""
    mean = round(field.mean, 1) if abs(field.mean) >= 1 else field.mean
    return readable(mean), f"on average, between {readable(field.min)} and {readable(field.max)}"


def _scale(field: FieldCounts) -> Markup | None:
    if not field.counts:
        return None
    last = len(field.counts) - 1
    few = max(len(_begin(one.label)) for one in field.counts) <= LONG_LABELS
    shown = [
        Column(one.label, one.count, tick=_begin(one.label) if few or n in {0, last} else "")
        for n, one in enumerate(field.counts)
    ]
    return charts.columns(shown, f"Answers to {display.plain(field.label)}, {field.answered:,} in all", plot=SMALL_PLOT)


def _begin(label: str) -> str:
    """Return where a step begins: its own words are too long to stand under it."""
    return label.partition(" to ")[0]


def _rows(counted: Sequence[tuple[str, int]], others: int, *, of: int | None = None) -> list[Row]:
    """Return rows with bars; `of` is what they are shares of, else of all of them together."""
    named = [*counted, *([("Others", others)] if others else [])]
    total, most = of or sum(number for _, number in named), max((number for _, number in named), default=0)
    return [
        Row(display.plain(label), number, _percent(number, total), charts.share(number, most))
        for label, number in named
    ]


def _named(counted: Sequence[Counted], ours: dict[str, str]) -> list[tuple[str, int]]:
    return [(ours.get(one.value, one.label), one.count) for one in counted]


def _percent(number: int, of: int) -> str:
    if not of:
        return ""
    share = number / of
    return "under 1%" if 0 < share < ONE_PERCENT else f"{share:.0%}"


def _duration(seconds: int | None) -> str:
    """Return a time as people say it."""
    if seconds is None:
        return ""
    for most, unit, length in ((90, "second", 1), (90 * 60, "minute", 60), (48 * 3600, "hour", 3600)):
        if seconds < most:
            count = max(1, round(seconds / length))
            return f"{count} {unit}{'s' * (count != 1)}"
    return "more than a day"


def _span_in_words(by: By, span: Span) -> str:
    if by == "month":
        return f"{span.since:%B %Y}"
    day = f"{span.since.day} {span.since:%b %Y}"
    return day if by == "day" else f"Week of {day}"


def _on(by: By, span: Span) -> str:
    words = _span_in_words(by, span)
    return {"day": f"on {words}", "week": f"in the {words[:1].lower()}{words[1:]}", "month": f"in {words}"}[by]


def _tick(by: By, span: Span, *, last: bool) -> str:
    if last and by == "day":
        return "Today"
    return f"{span.since:%b}" if by == "month" else f"{span.since.day} {span.since:%b}"
