"""Distributions: what a tally counted of one thing, in the order and steps in which a person reads it."""

import math
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from decimal import ROUND_FLOOR, Decimal
from itertools import accumulate
from typing import NamedTuple

from pydantic import BaseModel

from pillarbox.tallies import OTHER, Counts, decade, joined, year

MOST_BARS = 12  # of a scale
WIDE = 100  # times as large as the middle is the largest: then steps grow tenfold
# Seconds before which a time to fill belongs to a step, and its words; a tally may round up what is longest.
TIMES = (
    *((10, "Under 10 seconds"), (30, "10 to 30 seconds"), (60, "30 to 60 seconds"), (120, "1 to 2 minutes")),
    *((300, "2 to 5 minutes"), (600, "5 to 10 minutes"), (1800, "10 to 30 minutes"), (math.inf, "Longer")),
)


class Unit(NamedTuple):
    """What dates are shown by: its names have so many characters and sort as their numbers do."""

    characters: int
    widen: Callable[[str], str]
    number: Callable[[str], int]
    name: Callable[[int], str]


MONTHS = Unit(7, str, lambda name: int(name[:4]) * 12 + int(name[5:]) - 1, lambda n: f"{n // 12:04}-{n % 12 + 1:02}")
YEARS = Unit(4, year, int, lambda n: f"{n:04}")
DECADES = Unit(5, decade, lambda name: int(name[:3]), lambda n: f"{n:03}0s")


class Counted(BaseModel):
    value: str
    label: str
    count: int


def of_names(counts: Mapping[str, int], labels: Mapping[str, str] | None = None) -> list[Counted]:
    """Return the labelled in their order, zeros too, then all else that was counted, the most frequent first."""
    known = labels or {}
    rest = sorted((name for name in counts if name not in known and name != OTHER), key=lambda name: -counts[name])
    return [
        *(Counted(value=name, label=label, count=counts.get(name, 0)) for name, label in known.items()),
        *(Counted(value=name, label=name, count=counts[name]) for name in rest),
    ]


def of_numbers(counts: Counts) -> list[Counted]:
    """Return at most 12 steps from the least to the largest, those in between that are empty too."""
    numbers = _numbers(counts)
    if not numbers:
        return []
    least, most = min(numbers), max(numbers)
    if _whole(numbers) and most - least < MOST_BARS:
        return [_one(Decimal(number), numbers.get(Decimal(number), 0)) for number in range(int(least), int(most) + 1)]
    if len(numbers) == 1:
        return [_one(least, numbers[least])]
    if least >= 0 and most > WIDE * max(_middle(numbers), least):
        return _tenfold(numbers)
    step = _step(least, most)
    found: Counter[int] = Counter()
    for number, count in numbers.items():
        found[_floor(number / step)] += count
    steps = range(min(found), max(found) + 1)
    return [_between(n * step, (n + 1) * step, found[n], whole=_whole(numbers)) for n in steps]


def of_dates(counts: Counts) -> list[Counted]:
    """Return months, or years or decades where these would be more than 12; those in between that are empty too.

    Of more than 12 decades the earliest stand together.
    """
    known: Counts = {name: count for name, count in counts.items() if name != OTHER}
    for unit in (MONTHS, YEARS, DECADES) if known else ():
        known = joined(known, unit.widen)
        if {len(name) for name in known} != {unit.characters}:  # a busy day has left coarser ones
            continue
        first, last = unit.number(min(known)), unit.number(max(known))
        if last - first >= MOST_BARS:
            if unit is not DECADES:
                continue
            first = last - (MOST_BARS - 2)
        names = [unit.name(number) for number in range(first, last + 1)]
        steps = [Counted(value=name, label=_month(name), count=known.get(name, 0)) for name in names]
        before = sum(count for name, count in known.items() if name < names[0])
        return (
            [Counted(value=f"before {names[0]}", label=f"Before {names[0]}", count=before), *steps] if before else steps
        )
    return []


def of_seconds(counts: Counts) -> list[Counted]:
    found: Counter[str] = Counter()
    for number, count in _numbers(counts).items():
        found[next(label for end, label in TIMES if number < end)] += count
    return [Counted(value=str(end), label=label, count=found[label]) for end, label in TIMES] if found else []


def median(counts: Counts) -> float | None:
    numbers = _numbers(counts)
    return float(_middle(numbers)) if numbers else None


def readable(number: float) -> str:
    """Return a number as people write it: 1,990 and 0.25, and 3 with nothing behind it."""
    return f"{number:,.0f}" if number.is_integer() else f"{number:,.10g}"


def _numbers(counts: Counts) -> dict[Decimal, int]:
    """Return them as Decimals, so that each falls into its step: 0.3 / 0.1 is 3, and of doubles it is less."""
    return {Decimal(name): count for name, count in counts.items() if name != OTHER}


def _middle(numbers: Mapping[Decimal, int]) -> Decimal:
    """Return the number in the middle, of an even count that between the two there."""
    ordered = sorted(numbers)
    reached = list(accumulate(numbers[number] for number in ordered))
    total = reached[-1]
    lower, upper = (ordered[bisect_right(reached, place)] for place in ((total - 1) // 2, total // 2))
    return (lower + upper) / 2


def _whole(numbers: Iterable[Decimal]) -> bool:
    return all(number == int(number) for number in numbers)


def _floor(number: Decimal) -> int:
    return int(number.to_integral_value(ROUND_FLOOR))


def _power(of: int) -> Decimal:
    return Decimal(1).scaleb(of)


def _step(least: Decimal, most: Decimal) -> Decimal:
    """Return the smallest step of 1, 2 or 5 times a power of ten that takes at most 12 to get there."""
    power = _power(((most - least) / MOST_BARS).adjusted())
    for step in (power, 2 * power, 5 * power, 10 * power):
        if _floor(most / step) - _floor(least / step) < MOST_BARS:
            return step
    return 20 * power


def _tenfold(numbers: Mapping[Decimal, int]) -> list[Counted]:
    """Return steps of which each reaches ten times as far as the one before; more, where they would be too many."""
    powers = {number: number.adjusted() for number in numbers if number}
    least, most = min(powers.values()), max(powers.values())
    stride = max(1, math.ceil((most - least + 2) / (MOST_BARS - 1)))
    found: Counter[int] = Counter()
    for number, count in numbers.items():
        found[(powers[number] - least) // stride if number else -1] += count
    steps = range(0 if -1 not in found else -1, (most - least) // stride + 1)
    edges = [_power(least + stride * n) for n in range(len(steps) + 1)]
    whole = _whole(numbers)
    return [
        _one(Decimal(0), found[n]) if n < 0 else _between(edges[n], edges[n + 1], found[n], whole=whole) for n in steps
    ]


def _one(number: Decimal, count: int) -> Counted:
    return Counted(value=f"{float(number):g}", label=readable(float(number)), count=count)


def _between(begin: Decimal, end: Decimal, count: int, *, whole: bool) -> Counted:
    """Return a step from one number up to below another; of whole ones its label names the last."""
    last = end - 1 if whole and end - begin > 1 else end
    label = f"{readable(float(begin))} to {readable(float(last))}"
    return Counted(value=f"{float(begin):g}", label=label, count=count)


def _month(name: str) -> str:
    return f"{_MONTHS[int(name[5:7]) - 1]} {name[:4]}" if "-" in name else name


_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
