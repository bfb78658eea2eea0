"""Charts as SVG, drawn on the server: nothing in them needs a script, and colours come from the stylesheet by class.

A chart is one image to a screen reader, named in words. Every scale begins at zero. Across, places are shares of the
width, so that a chart fills its column and its letters keep their size.
"""

from collections.abc import Sequence
from typing import NamedTuple

from markupsafe import Markup

# A sparkline's own units; it is stretched to whatever place it gets.
SPARK_WIDTH, SPARK_HEIGHT, SPARK_EDGE = 100.0, 24.0, 2.0
# Pixels: room for a number above the columns, the columns, and room for words under them.
HEAD, PLOT, FOOT = 20, 120, 24
FILLED = 0.68  # of a column's place; the rest is the gap
WIDEST = 12.0  # per cent of the width
ALL_NUMBERED = 12  # up to so many columns each has its number above it; of more, the highest alone
# Per cent from a side within which words of more characters than that don't stand in the middle of their column.
EDGE, NARROW = 9.0, 2


class Column(NamedTuple):
    label: str  # in full, told when it is pointed at
    number: int
    tick: str = ""  # what stands under it
    open: bool = False  # whether it isn't over yet


def sparkline(numbers: Sequence[int]) -> Markup:
    """Return a line of how many a day, the oldest first and today last."""
    days = len(numbers)
    most = max(numbers, default=0)
    if not most:
        words = f"Nothing came in the last {days} days."
    else:
        words = f"{sum(numbers):,} in the last {days} days, {most:,} at most on one day, {numbers[-1]:,} today."
    step = SPARK_WIDTH / max(1, days - 1)
    reach = SPARK_HEIGHT - 2 * SPARK_EDGE
    points = [
        (_short(n * step), _short(SPARK_HEIGHT - SPARK_EDGE - reach * number / (most or 1)))
        for n, number in enumerate(numbers)
    ]
    line = " ".join(f"{x},{y}" for x, y in points)
    area = f"0,{_short(SPARK_HEIGHT)} {line} {_short((days - 1) * step)},{_short(SPARK_HEIGHT)}" if points else ""
    return Markup(
        '<svg class="sparkline" viewBox="0 0 {} {}" preserveAspectRatio="none" role="img"><title>{}</title>'
        '<polygon class="spark-area" points="{}"/>'
        '<polyline class="spark-line" points="{}" vector-effect="non-scaling-stroke"/></svg>'
    ).format(_short(SPARK_WIDTH), _short(SPARK_HEIGHT), words, area, line)


def columns(shown: Sequence[Column], name: str, kind: str = "", plot: int = PLOT, full: float = 0) -> Markup:
    """Return columns side by side.

    `name` says in words what they show, `kind` is a class of the stylesheet, `plot` the height in pixels, and `full`
    the number that a column of that height stands for: the largest, unless it is more.
    """
    most = max((one.number for one in shown), default=0)
    place = 100 / max(1, len(shown))
    width = min(place * FILLED, WIDEST)
    highest = next((n for n, one in enumerate(shown) if one.number == most), 0)
    bars, words = Markup(), Markup()
    for n, one in enumerate(shown):
        middle = (n + 0.5) * place
        height = 100 * one.number / max(most, full) if most else 0
        bars += Markup(
            '<g><title>{}: {}</title><rect class="place" x="{}%" y="0" width="{}%" height="100%"/>'
            '<rect class="bar{}" x="{}%" y="{}%" width="{}%" height="{}%"/></g>'
        ).format(
            *(one.label, f"{one.number:,}", _short(n * place), _short(place), " open" if one.open else ""),
            *(_short(middle - width / 2), _short(100 - height), _short(width), _short(height)),
        )
        if one.number and (len(shown) <= ALL_NUMBERED or n == highest):
            words += _text(middle, width, HEAD + plot * (1 - height / 100) - 6, f"{one.number:,}", "number")
        if one.tick:
            words += _text(middle, width, HEAD + plot + 17, one.tick, "tick")
    return Markup(
        '<svg class="columns {}" role="img" width="100%" height="{}"><title>{}</title>'
        '<svg y="{}" width="100%" height="{}">{}</svg>'
        '<line class="ground" x1="0" x2="100%" y1="{}" y2="{}"/>{}</svg>'
    ).format(kind, HEAD + plot + FOOT, name, HEAD, plot, bars, HEAD + plot + 0.5, HEAD + plot + 0.5, words)


def share(number: int, most: int) -> Markup:
    """Return a bar that lies behind a row of a table, which says the same in words."""
    width = _short(100 * min(number, most) / most if most else 0)
    return Markup(
        '<svg class="share" aria-hidden="true" width="100%" height="100%">'
        '<rect class="bar" x="0" y="0" width="{}%" height="100%" rx="3"/></svg>'
    ).format(width)


def _text(middle: float, width: float, y: float, words: str, kind: str) -> Markup:
    """Return words under or above the middle of a column, and never cut off by the chart's own edge."""
    x, anchor = middle, "middle"
    if len(words) > NARROW and middle < EDGE:
        x, anchor = middle - width / 2, "start"
    elif len(words) > NARROW and middle > 100 - EDGE:
        x, anchor = middle + width / 2, "end"
    return Markup('<text class="{}" x="{}%" y="{}" text-anchor="{}">{}</text>').format(
        kind, _short(x), _short(y), anchor, words
    )


def _short(number: float) -> str:
    return f"{round(number, 2):g}"
