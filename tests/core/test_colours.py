import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pillarbox import colours

COLOUR = st.integers(0, 0xFFFFFF).map("#{:06x}".format)
PAPERS = st.sampled_from([colours.LIGHT, colours.DARK])


@given(COLOUR, PAPERS)
@example("#ffff00", colours.LIGHT)
@example("#777777", colours.LIGHT)
@example("#000000", colours.DARK)
def test_whatever_an_owner_picks_can_be_read_and_seen(colour, papers):
    accent = colours.accent(colour, papers)

    assert colours.contrast(accent.fill, accent.words) >= 4.5
    assert colours.contrast(accent.deep, accent.words) >= 4.5
    for paper in papers:
        assert colours.contrast(accent.line, paper) >= 4.5
        assert colours.contrast(accent.edge, paper) >= 3


@pytest.mark.parametrize("colour", ["#b8142b", "#1f55a5", "#ffdd00", "#000000"])
def test_a_button_has_the_owner_s_own_colour_where_words_can_be_read_on_it(colour):
    assert colours.accent(colour, colours.LIGHT).fill == colour
    assert colours.accent(colour, colours.DARK).fill == colour


def test_contrast_is_that_of_wcag():
    assert colours.contrast("#000000", "#ffffff") == 21
    assert round(colours.contrast("#b8142b", "#ffffff"), 1) == 6.6  # as the design has it
    assert colours.contrast("#123456", "#123456") == 1


def test_the_papers_are_those_of_the_stylesheet():
    from pillarbox import assets  # noqa: PLC0415

    tokens = (assets.FOLDER / "site" / "tokens.css").read_text()
    light, _, dark = tokens.partition("@media (prefers-color-scheme: dark)")
    for papers, sheet in ((colours.LIGHT, light), (colours.DARK, dark)):
        for name, colour in zip(("paper", "surface", "sunk"), papers, strict=True):
            assert f"--{name}: {colour.replace('#ffffff', '#fff')};" in sheet
