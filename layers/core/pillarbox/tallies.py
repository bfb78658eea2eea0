"""Tallies: counters of what was in what came, by group and name, whose size is bounded whatever comes.

Groups: `pages` it was sent from, `hosts` that led to the hosted form, pages of it that were `reached`, `seconds` that
it took to fill it, how many `answered` a field of several choices, and for each field what it said, under `:` and its
name. No text that somebody typed is a name here: choices are the form's own options, numbers are rounded, dates are
months.
"""

import json
import math
import zlib
from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any

type Counts = dict[str, int]
type Groups = dict[str, Counts]

OTHER = ""  # what had no room any more
DIRECT = "-"  # of hosts: none led there, or the browser kept it to itself
HOSTED = "*"  # of pages: the form's own
MOST_PLACES, MOST_OPTIONS, MOST_STEPS = 50, 500, 60  # names of pages and hosts, of a choice's options, of a number
MOST_BYTES = 48_000  # of all names, some more with the counts
A_NAME = 8  # bytes that a name costs beside itself
DIGITS = 3  # of a number, at first: those up to 999 stay exact
SMALLEST, LARGEST = 1e-6, 1e15


class Tally:
    def __init__(self, packed: bytes | None = None) -> None:
        self.groups: Groups = json.loads(zlib.decompress(packed)) if packed else {}
        self._bytes = sum(_cost(group) + sum(map(_cost, counts)) for group, counts in self.groups.items())

    def packed(self) -> bytes:
        return zlib.compress(json.dumps(self.groups, ensure_ascii=False, separators=(",", ":")).encode())

    def add(self, group: str, name: str, most: int = MOST_PLACES) -> None:
        """Count one more of the name, or of others when there is no room for a new one."""
        counts = self._group(group)
        if name not in counts:
            if len(counts) >= most or self._bytes + _cost(name) > MOST_BYTES:
                name = OTHER
            self._bytes += _cost(name) if name not in counts else 0
        counts[name] = counts.get(name, 0) + 1

    def add_step(self, group: str, name: str, coarser: Iterable[Callable[[str], str]]) -> None:
        """Count one more of something on a scale; when it has too many steps, all of them become coarser."""
        self.add(group, name, MOST_STEPS + 1)
        counts = self._group(group)
        for widen in coarser:
            if len(counts) <= MOST_STEPS:
                return
            self._bytes -= sum(map(_cost, counts))
            counts = self.groups[group] = joined(counts, widen)
            self._bytes += sum(map(_cost, counts))

    def add_number(self, group: str, value: int | Decimal, digits: int = DIGITS) -> None:
        if (name := rounded(value, digits)) is not None:
            self.add_step(group, name, [_rounder(fewer) for fewer in reversed(range(digits))])

    def add_date(self, group: str, value: str) -> None:
        self.add_step(group, value[:7], [year, decade])

    def _group(self, group: str) -> Counts:
        """Return the counts of a group; those of one that there is no room for are nobody's."""
        if group not in self.groups:
            if self._bytes + _cost(group) > MOST_BYTES:
                return {}
            self._bytes += _cost(group)
            self.groups[group] = {}
        return self.groups[group]


def together(tallies: Iterable[bytes]) -> Groups:
    """Return what several tallies have counted."""
    groups: Groups = {}
    for packed in tallies:
        for group, counts in Tally(packed).groups.items():
            summed = groups.setdefault(group, {})
            for name, count in counts.items():
                summed[name] = summed.get(name, 0) + count
    return groups


def joined(counts: Counts, widen: Callable[[str], str]) -> Counts:
    """Return the counts under names that several may share; others stay others."""
    wider: Counts = {}
    for name, count in counts.items():
        new = widen(name) if name != OTHER else OTHER
        wider[new] = wider.get(new, 0) + count
    return wider


def rounded(value: Any, digits: int) -> str | None:
    """Return the number with so many digits, with none only its power of ten; None for what is none."""
    try:
        number = float(value)
    except (OverflowError, ValueError):  # more digits than a double has room for
        number = math.inf if value > 0 else -math.inf
    if math.isnan(number):
        return None
    size = min(abs(number), LARGEST)
    if size < SMALLEST:
        return "0"
    near = 10.0 ** math.floor(math.log10(size)) if digits == 0 else float(f"{size:.{digits}g}")
    return f"{math.copysign(near, number):.15g}"


def year(name: str) -> str:
    return name if name.endswith("s") else name[:4]


def decade(name: str) -> str:
    return f"{name[:3]}0s"


def _rounder(digits: int) -> Callable[[str], str]:
    return lambda name: rounded(float(name), digits) or name


def _cost(name: str) -> int:
    return len(name.encode()) + A_NAME
