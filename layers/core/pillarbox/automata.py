"""Automata: patterns matched in one pass, however they are made.

Python's `re` backtracks, so that `(a+)+b` keeps it busy for hours over forty letters. Here a pattern becomes an
automaton of Glushkov's kind, one position for each character it can read, and all positions that are possible at once
are followed together, as the bits of one integer. A character costs at most `Automaton.size` steps, whatever the
pattern, so none has to be forbidden for being slow. Stdlib only: the submit path imports this for forms with a pattern.
"""

from collections.abc import Callable, Iterator

type Ranges = list[tuple[int, int]]  # code points, both ends included
type Part = tuple[bool, int, int]  # may it be empty; the positions, as bits, that it can begin with and end with
type Build = Callable[[], Part]  # adds positions to the automaton; a repetition calls it again for each copy

EMPTY: Part = (True, 0, 0)


class Automaton:
    def __init__(self) -> None:
        self.follow: list[int] = []  # for each position, those that may come next
        self.classes: list[
            tuple[Ranges, list[int]]
        ] = []  # which positions, as bits, read the characters of these ranges
        self.whole: Part = EMPTY

    @property
    def size(self) -> int:
        """The most steps that one character of a text can cost."""
        return len(self.follow) + sum(len(ranges) for ranges, _ in self.classes)

    def matches(self, text: str) -> bool:
        """Whether the whole text fits."""
        empty, possible, last = self.whole
        here = 0
        readers: dict[str, int] = {}
        for character in text:
            if character not in readers:
                readers[character] = self._readers(ord(character))
            here = possible & readers[character]
            if not here:
                return False
            possible = 0
            for position in _bits(here):
                possible |= self.follow[position]
        return bool(here & last) if text else empty

    def reads(self, ranges: Ranges) -> Build:
        """Return what adds one position that reads a character of the ranges."""
        readers = [0]
        self.classes.append((ranges, readers))

        def build() -> Part:
            position = 1 << len(self.follow)
            readers[0] |= position
            self.follow.append(0)
            return False, position, position

        return build

    def joined(self, left: Part, right: Part) -> Part:
        for position in _bits(left[2]):
            self.follow[position] |= right[1]
        first = left[1] | right[1] if left[0] else left[1]
        last = left[2] | right[2] if right[0] else right[2]
        return left[0] and right[0], first, last

    def repeated(self, build: Build, least: int, most: int | None) -> Part:
        tail = EMPTY
        copies = least
        if most is None:
            tail = build()
            tail = self.joined(tail, tail)
            tail, copies = ((tail[0] or least == 0), *tail[1:]), max(least - 1, 0)
        else:
            for _ in range(most - least):  # x{0,3} as (x(xx?)?)?, in which each position has one that follows
                tail = (True, *self.joined(build(), tail)[1:])
        for _ in range(copies):
            tail = self.joined(build(), tail)
        return tail

    def _readers(self, point: int) -> int:
        found = 0
        for ranges, readers in self.classes:
            if any(low <= point <= high for low, high in ranges):
                found |= readers[0]
        return found


def either(parts: list[Part]) -> Part:
    empty, first, last = parts[0]
    for part in parts[1:]:
        empty, first, last = empty or part[0], first | part[1], last | part[2]
    return empty, first, last


def _bits(mask: int) -> Iterator[int]:
    while mask:
        low = mask & -mask
        yield low.bit_length() - 1
        mask ^= low
