"""Tallies: counters of what was in what came, by group and name, whose size is bounded whatever comes.

Groups: `pages` it was sent from, `hosts` that led to the hosted form, pages of it that were `reached`, `seconds` that
it took to fill it, how many `answered` a field of several choices, and for each field what it said, under `:` and its
name. No text that somebody typed is a name here: choices are the form's own options, numbers are rounded, dates are
months.

Pages, hosts and answers each have room of their own, so that none of them takes away that of another. Every field has
a group and everything counts in it, if only as others.
"""

import hashlib
import json
import math
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

type Counts = dict[str, int]
type Groups = dict[str, Counts]

OTHER = ""  # what had no room any more
DIRECT = "-"  # of hosts: none led there, or the browser kept it to itself
HOSTED = "*"  # of pages: the form's own
ANSWERS = ":"  # with this the group of a field begins
SUMS = "="  # where they lie beside the groups
MOST_PLACES, MOST_OPTIONS = 50, 500  # names of pages and hosts, of a choice's options
MOST_STEPS = 100  # of a scale: as many as there are numbers from 0 to 99, of which none is rounded then
MOST_GROUPS = 500  # more than a form has fields: its owner may rename them all, and again, on one day
# Bytes of names of a form's day, some more with the counts: a year of days that are full has to be read in one request.
ROOM, ROOM_FOR_ANSWERS = {"pages": 6_000, "hosts": 3_000}, 16_000
LONGEST = {"pages": 150, "hosts": 90}  # bytes of a name
LONGEST_FIELD = 16  # bytes of a field's name, past which a digest of as many stands for it
A_NAME = 8  # bytes that a name costs beside itself
DIGITS = 3  # of a number, at first: those up to 999 stay exact
SMALLEST, LARGEST = 1e-6, 1e15


class Sums(NamedTuple):
    """What all numbers of a group come to, however coarse its steps have become."""

    times: int
    total: float
    least: float
    most: float


class Whole(NamedTuple):
    groups: Groups
    sums: dict[str, Sums]


class Tally:
    def __init__(self, packed: bytes | None = None, *, lanes: int = 1) -> None:
        """Take up a tally; it is one of so many of its form's day, which share the room."""
        self._lanes = lanes
        self.groups, self.sums = _read(packed) if packed else Whole({}, {})
        self._bytes: Counter[str] = Counter()
        for group, counts in self.groups.items():
            self._bytes[_part(group)] += _cost(group) + sum(map(_cost, counts))

    def packed(self) -> bytes:
        told = self.groups | ({SUMS: self.sums} if self.sums else {})
        return zlib.compress(json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode())

    def add(self, group: str, name: str, most: int = MOST_PLACES) -> None:
        """Count one more of the name, or of others when there is no room for a new one."""
        counts = self._group(group)
        if name not in counts:
            name = name if len(counts) < most and self._fits(group, name) else OTHER
            self._bytes[_part(group)] += _cost(name) if name not in counts else 0
        counts[name] = counts.get(name, 0) + 1

    def add_place(self, group: str, name: str) -> None:
        """Count one more of a page or host, of which only the beginning is kept if it is long."""
        self.add(group, name.encode()[: LONGEST[group]].decode(errors="ignore"))

    def add_step(self, group: str, name: str, coarser: Sequence[Callable[[str], str]]) -> None:
        """Count one more of something on a scale; for want of steps or of room, all of them become coarser."""
        counts = self._group(group)
        for widen in coarser:
            if name in counts or (len(counts) < MOST_STEPS and self._fits(group, name)):
                break
            name, wider = widen(name), joined(counts, widen)
            self._bytes[_part(group)] += sum(map(_cost, wider)) - sum(map(_cost, counts))
            counts.clear()
            counts.update(wider)
        self.add(group, name, MOST_STEPS)

    def add_number(self, group: str, value: int | Decimal, digits: int = DIGITS) -> None:
        if (name := rounded(value, digits)) is not None:
            self.add_step(group, name, [_rounder(fewer) for fewer in reversed(range(digits))])
            if group in self.groups:
                number = float(name)
                self.sums[group] = _both(self.sums.get(group), Sums(1, number, number, number))

    def add_date(self, group: str, value: str) -> None:
        self.add_step(group, value[:7], [year, decade])

    def _group(self, group: str) -> Counts:
        if group not in self.groups:
            if len(self.groups) >= MOST_GROUPS:
                return {}
            self._bytes[_part(group)] += _cost(group)
            self.groups[group] = {}
        return self.groups[group]

    def _fits(self, group: str, name: str) -> bool:
        part = _part(group)
        room = ROOM_FOR_ANSWERS if part == ANSWERS else ROOM.get(part, math.inf)  # of others there are only so many
        return self._bytes[part] + _cost(name) <= room / self._lanes


def short(field: str) -> str:
    """Return what a field is called in a tally."""
    raw = field.encode()
    return field if len(raw) <= LONGEST_FIELD else hashlib.blake2s(raw, digest_size=LONGEST_FIELD // 2).hexdigest()


def together(tallies: Iterable[bytes]) -> Whole:
    """Return what several tallies have counted."""
    whole = Whole({}, {})
    for of_lane in map(_read, tallies):
        for group, counts in of_lane.groups.items():
            summed = whole.groups.setdefault(group, {})
            for name, count in counts.items():
                summed[name] = summed.get(name, 0) + count
        whole.sums.update({group: _both(whole.sums.get(group), sums) for group, sums in of_lane.sums.items()})
    return whole


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


def _read(packed: bytes) -> Whole:
    groups = json.loads(zlib.decompress(packed))
    sums = groups.pop(SUMS, {})
    return Whole(groups, {group: Sums(*of_group) for group, of_group in sums.items()})


def _both(some: Sums | None, more: Sums) -> Sums:
    if some is None:
        return more
    least, most = min(some.least, more.least), max(some.most, more.most)
    return Sums(some.times + more.times, some.total + more.total, least, most)


def _part(group: str) -> str:
    """Return what a group shares its room with."""
    return ANSWERS if group.startswith(ANSWERS) else group


def _cost(name: str) -> int:
    return len(name.encode()) + A_NAME
