"""Colours: an owner's accent made fit to be read, on light paper and on dark, whatever it is. Stdlib only.

Contrast is that of WCAG 2.2: 4.5 for text, 3 for the edges of controls.
"""

from collections.abc import Callable, Sequence
from functools import partial
from typing import NamedTuple

TEXT, EDGE = 4.5, 3.0
STEPS = 100  # from a colour to black or white
HOVER = 0.14  # of the way to black or white
PLENTY = 14  # a contrast that hovering may take some of
# What accents stand on, of static/site/tokens.css: paper, surface and sunk.
LIGHT, DARK = ("#faf8f5", "#ffffff", "#f3efe9"), ("#141210", "#1e1b18", "#272320")
BLACK, WHITE = "#000000", "#ffffff"
INK, PAPER = "#141210", "#ffffff"  # of words on an accent


class Accent(NamedTuple):
    """What a page needs of one colour, on one kind of paper."""

    fill: str  # of a button
    words: str  # on it
    edge: str  # around it, so that a button that is as light as the paper is seen
    deep: str  # the fill below the pointer
    line: str  # of what is read on paper, or is to be seen there: links, the ring of focus


def accent(colour: str, papers: Sequence[str]) -> Accent:
    """Return the colour, changed as little as its uses on these papers ask: towards black on light ones, else white."""
    towards = BLACK if papers == LIGHT else WHITE
    fill = _nearest(colour, towards, lambda shade: contrast(shade, _words(shade)) >= TEXT)
    words = _words(fill)
    away = (words == PAPER) == (contrast(fill, words) < PLENTY)
    return Accent(
        fill=fill,
        words=words,
        edge=_nearest(fill, towards, partial(_stands_out, papers=papers, least=EDGE)),
        deep=mixed(fill, BLACK if away else WHITE, HOVER),
        line=_nearest(colour, towards, partial(_stands_out, papers=papers, least=TEXT)),
    )


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    red, green, blue = (_linear(part / 255) for part in _parts(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def mixed(colour: str, other: str, share: float) -> str:
    """Return the colour with so much of the other in it."""
    pairs = zip(_parts(colour), _parts(other), strict=True)
    return "#" + "".join(f"{round(mine + (theirs - mine) * share):02x}" for mine, theirs in pairs)


def _nearest(colour: str, towards: str, fits: Callable[[str], bool]) -> str:
    shades = (mixed(colour, towards, step / STEPS) for step in range(STEPS + 1))
    return next(filter(fits, shades), towards)


def _stands_out(colour: str, papers: Sequence[str], least: float) -> bool:
    return all(contrast(colour, paper) >= least for paper in papers)


def _words(fill: str) -> str:
    return max((PAPER, INK), key=partial(contrast, fill))


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4  # noqa: PLR2004  WCAG's curve


def _parts(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)
