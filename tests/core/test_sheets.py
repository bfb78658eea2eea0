"""The stylesheets: what is a colour, a size of type or a space stands in the tokens alone, and sides are logical."""

import re

import pytest

from pillarbox import assets

FOLDER = assets.FOLDER / "site"
OF_MEDIA = {"tokens", "media"}  # where tokens are set
SHEETS = {
    name: re.sub(r"/\*.*?\*/", "", (FOLDER / f"{name}.css").read_text(), flags=re.DOTALL) for name in assets.SHEETS
}
SHARED = ("elements", "frame", "buttons", "fields", "parts", "home", "dashboard")
TOKENS = set(re.findall(r"(--[\w-]+):", SHEETS["tokens"]))
COLOUR = re.compile(
    r"#[0-9a-f]{3,8}\b(?=[^{}]*[;}])|\b(?:rgb|hsl|oklch)a?\(|:\s*(?:white|black|red|gr[ae]y)\b", re.IGNORECASE
)
SIDE = re.compile(
    r"(?<![\w-])(?:margin|padding|border)-(?:left|right)|(?<![\w-])(?:left|right):|text-align: (?:left|right)"
)
LIGHT, DARK = SHEETS["tokens"].split("@media", 1)
PAIRS = [  # of what stands on what, and the contrast that WCAG 2.2 AA asks for
    *(
        (ink, ground, 4.5)
        for ink in ("ink", "muted", "accent", "ok", "warn", "info")
        for ground in ("paper", "surface")
    ),
    *((ink, "sunk", 4.5) for ink in ("ink", "muted")),
    *((name, f"{name}-wash", 4.5) for name in ("accent", "ok", "warn", "info")),
    *(("ink", f"{name}-wash", 4.5) for name in ("accent", "ok", "warn", "info")),
    ("on-accent", "accent", 4.5),
    ("on-accent", "accent-deep", 4.5),
    *(("edge", ground, 3) for ground in ("paper", "surface")),
]


def test_the_sheets_in_the_folder_are_those_that_are_served():
    assert {file.stem for file in FOLDER.glob("*.css")} == set(assets.SHEETS)


@pytest.mark.parametrize("name", sorted(set(assets.SHEETS) - OF_MEDIA))
def test_colours_stand_in_the_tokens_alone(name):
    assert COLOUR.findall(SHEETS[name]) == []


@pytest.mark.parametrize("name", assets.SHEETS)
def test_every_token_that_is_used_is_set(name):
    own = set(re.findall(r"(--[\w-]+):", SHEETS[name]))

    assert set(re.findall(r"var\((--[\w-]+)\)", SHEETS[name])) - own - TOKENS == set()


@pytest.mark.parametrize("name", SHARED)
def test_sides_are_those_of_the_script(name):
    assert SIDE.findall(SHEETS[name]) == []


@pytest.mark.parametrize("name", SHARED)
def test_type_has_the_sizes_of_the_scale(name):
    sizes = re.findall(r"font-size:\s*([^;]+);", SHEETS[name])

    assert [size for size in sizes if not re.fullmatch(r"var\(--text-\w+\)|\.875em", size)] == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("ink", "ground", "least"), PAIRS)
def test_what_is_read_stands_out(scheme, ink, ground, least):
    colours = dict(re.findall(r"--([\w-]+): (#[0-9a-f]+);", LIGHT if scheme == "light" else DARK))
    one, two = sorted((_light(colours[ink]), _light(colours[ground])), reverse=True)

    assert (one + 0.05) / (two + 0.05) >= least


def test_both_schemes_set_the_same_colours():
    named = [set(re.findall(r"--([\w-]+): (?:#|rgb)", part)) for part in (LIGHT, DARK)]

    assert named[0] - {"white"} == named[1]


def _light(colour):
    """Return the relative luminance of #rgb or #rrggbb, as WCAG defines it."""
    digits = colour[1:] if len(colour) == 7 else "".join(digit * 2 for digit in colour[1:])
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
