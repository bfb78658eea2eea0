"""Patterns: the regular expressions that mean the same here and in a browser's `pattern` attribute.

A browser compiles the attribute with JavaScript's flag `v` and matches the whole value: so do we. What is refused would
mean something else there, or nothing. `automata` says why no pattern can be made to run long. Stdlib only: the submit
path imports this when a form has a pattern.
"""

from functools import lru_cache

from pillarbox.automata import EMPTY, Automaton, Build, Part, Ranges, either

type Node = tuple[int, Build]  # how many positions it has, and what adds them to the automaton

MAX_PATTERN = 500  # characters
MAX_SIZE = 300  # of an automaton: steps that one character of a text can cost
MAX_TEXT = 1000  # characters of a value that has a pattern
MAX_DEPTH = 20  # brackets within brackets

SYNTAX = "^$\\.*+?()[]{}|/"  # what an escape makes literal
CLASS_SYNTAX = "()[]{}/-|"  # what must be escaped inside [ ]
PUNCTUATION = "&-!#%,:;<=>@`~"  # what may be escaped inside [ ]
DOUBLED = "&!#$%*+,.:;<=>?@^`~"  # doubled inside [ ], these are operators or kept for later ones
REPETITIONS: dict[str, tuple[int, int | None]] = {"*": (0, None), "+": (1, None), "?": (0, 1)}
SPACES = " \u00a0\u1680\u2028\u2029\u202f\u205f\u3000\ufeff"  # with the tabs, line ends and typesetter's spaces below
LAST = 0x10FFFF
CLASSES: dict[str, Ranges] = {
    "d": [(0x30, 0x39)],
    "w": [(0x30, 0x39), (0x41, 0x5A), (0x5F, 0x5F), (0x61, 0x7A)],
    "s": [(ord(character), ord(character)) for character in SPACES] + [(9, 13), (0x2000, 0x200A)],
}
LINE_ENDS: Ranges = [(10, 10), (13, 13), (0x2028, 0x2029)]


DASH = "Inside [ ] a dash stands between two characters; write \\- for a dash itself."
TOO_LARGE = "This pattern is too large. For long texts, use min_length and max_length."


class BadPattern(ValueError):
    """The pattern can't be used; the message says why, and what to write instead."""


@lru_cache(maxsize=256)
def automaton(pattern: str) -> Automaton:
    """Raise BadPattern unless browsers take the pattern, and read it as we do."""
    if len(pattern) > MAX_PATTERN:
        raise BadPattern(f"A pattern has at most {MAX_PATTERN} characters.")
    if not pattern.isprintable():
        raise BadPattern("A pattern has no line breaks and no control characters.")
    reader = _Reader(pattern)
    size, build = reader.whole()
    if size > MAX_SIZE:
        raise BadPattern(TOO_LARGE)
    reader.automaton.whole = build()
    if reader.automaton.size > MAX_SIZE:
        raise BadPattern(TOO_LARGE)
    return reader.automaton


class _Reader:
    def __init__(self, pattern: str) -> None:
        self.text, self.at, self.depth, self.automaton = pattern, 0, 0, Automaton()

    def whole(self) -> Node:
        self.take("^")
        node = self.either()
        if self.at < len(self.text):
            raise BadPattern("A ) has no ( before it. Write \\) for the character itself.")
        return node

    def either(self) -> Node:
        branches = [self.sequence()]
        while self.take("|"):
            branches.append(self.sequence())

        return sum(size for size, _ in branches), lambda: either([build() for _, build in branches])

    def sequence(self) -> Node:
        nodes: list[Node] = []
        while self.at < len(self.text) and self.text[self.at] not in "|)":
            if self.text[self.at :] == "$" and not self.depth:
                self.at += 1
            else:
                nodes.append(self.repeated(self.atom()))

        def build() -> Part:
            part = EMPTY
            for _, build in nodes:
                part = self.automaton.joined(part, build())
            return part

        return sum(size for size, _ in nodes), build

    def repeated(self, node: Node) -> Node:
        counts = self.counts()
        if counts is None:
            return node
        least, most = counts
        self.take("?")  # a lazy repetition fits the same whole values
        if self.at < len(self.text) and self.text[self.at] in "*+?{":
            raise BadPattern("A repetition follows another one. Put the first into ( ).")
        size, build = node
        copies = max(least, 1) if most is None else most
        if size * copies > MAX_SIZE:
            raise BadPattern(TOO_LARGE)
        return size * copies, lambda: self.automaton.repeated(build, least, most)

    def counts(self) -> tuple[int, int | None] | None:
        for sign, counts in REPETITIONS.items():
            if self.take(sign):
                return counts
        if not self.take("{"):
            return None
        inside, closed, _ = self.text[self.at :].partition("}")
        least, comma, most = inside.partition(",")
        if not closed or not _is_count(least) or (most and not _is_count(most)):
            raise BadPattern("A { } holds one number, or two with a comma. Write \\{ for the character itself.")
        self.at += len(inside) + 1
        if most and int(most) < int(least):
            raise BadPattern(f"In {{{inside}}} the first number is the larger one.")
        return int(least), int(most) if most else None if comma else int(least)

    def atom(self) -> Node:
        character = self.text[self.at]
        self.at += 1
        if character == "(":
            return self.group()
        if character == "[":
            return self.one(self.set())
        if character == ".":
            return self.one(_others(LINE_ENDS))
        if character == "\\":
            return self.one(self.escape(SYNTAX))
        if character in "^$":
            raise BadPattern(
                "^ stands only at the beginning and $ at the end; a pattern is about the whole value anyway."
            )
        if character in "*+?":
            raise BadPattern(
                f"Nothing stands before {character} to repeat. Write \\{character} for the character itself."
            )
        if character in "]{}":
            raise BadPattern(f"Write \\{character} for the character {character} itself.")
        return self.one([(ord(character), ord(character))])

    def one(self, ranges: Ranges) -> Node:
        return 1, self.automaton.reads(ranges)

    def group(self) -> Node:
        if self.take("?") and not self.take(":"):
            raise BadPattern("A group is ( ) or (?: ); names, looking ahead and looking behind are not taken.")
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise BadPattern(f"Groups stand at most {MAX_DEPTH} deep.")
        node = self.either()
        self.depth -= 1
        if not self.take(")"):
            raise BadPattern("A ( is never closed. Write \\( for the character itself.")
        return node

    def set(self) -> Ranges:
        negated = self.take("^")
        ranges: Ranges = []
        while not self.take("]"):
            low = self.member()
            if not self.take("-"):
                ranges += low
                continue
            if self.take("]"):
                raise BadPattern(DASH)
            high = self.member()
            if [len(low), len(high)] != [1, 1] or low[0][0] != low[0][1] or high[0][0] != high[0][1]:
                raise BadPattern(DASH)
            if high[0][0] < low[0][0]:
                raise BadPattern("Inside [ ] a range runs backwards.")
            ranges.append((low[0][0], high[0][0]))
        if not ranges:
            raise BadPattern("A [ ] needs at least one character.")
        return _others(ranges) if negated else ranges

    def member(self) -> Ranges:
        if self.at >= len(self.text):
            raise BadPattern("A [ is never closed. Write \\[ for the character itself.")
        character = self.text[self.at]
        self.at += 1
        if character == "\\":
            return self.escape(SYNTAX + PUNCTUATION)
        if character in CLASS_SYNTAX:
            raise BadPattern(f"Inside [ ] write \\{character} for the character {character} itself.")
        if character in DOUBLED and self.text[self.at : self.at + 1] == character:
            raise BadPattern(f"Inside [ ] write {character} once.")
        return [(ord(character), ord(character))]

    def escape(self, literal: str) -> Ranges:
        character = self.text[self.at : self.at + 1]
        self.at += 1
        if character and character in literal:
            return [(ord(character), ord(character))]
        if character and character in "dws":
            return CLASSES[character]
        if character and character in "DWS":
            return _others(CLASSES[character.lower()])
        raise BadPattern(f"\\{character} is not taken. There are \\d, \\w, \\s, \\D, \\W, \\S and escaped punctuation.")

    def take(self, character: str) -> bool:
        found = self.text[self.at : self.at + 1] == character
        self.at += found
        return found


def _is_count(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 4  # noqa: PLR2004  far past MAX_SIZE, and int() stays quick


def _others(ranges: Ranges) -> Ranges:
    found, start = [], 0
    for low, high in sorted(ranges):
        if low > start:
            found.append((start, low - 1))
        start = max(start, high + 1)
    return [*found, (start, LAST)] if start <= LAST else found
