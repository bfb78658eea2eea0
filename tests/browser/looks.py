"""How a page looks, told twice: as pixels, which fonts and Chromium change too, and as what its elements were given.

A baseline is a PNG of at most 128 colours, and a JSON of the elements: tag and classes, place, computed style.
"""

import io
import json
from pathlib import Path
from typing import Any

from PIL import Image, ImageChops
from playwright.sync_api import Page

BASELINES = Path(__file__).parent / "baselines"
COLOURS = 128
NOTICED = 24  # of 255, in one channel
ALLOWED = 12  # pixels that differ by more; drawn anew by the same Chromium there are none
ROOM, SHARE = 24, 0.25  # in px, and of its size: how far an element may be off where fonts are others

# Strings whose widths tell fonts apart.
FONTS = """() => {
  const pen = document.createElement("canvas").getContext("2d");
  return ["system-ui", "sans-serif", "ui-monospace, monospace"].flatMap((font) => ["400", "600"].map((weight) => {
    pen.font = `${weight} 40px ${font}`;
    return pen.measureText("Hamburgefonstiv 0189 é").width;
  }));
}"""
ELEMENTS = """() => {
  const told = ["display", "color", "backgroundColor", "borderTopColor", "borderTopWidth", "borderTopLeftRadius",
    "fontSize", "fontWeight", "lineHeight", "paddingTop", "paddingInlineStart", "paddingInlineEnd", "marginTop",
    "marginBottom", "columnGap", "rowGap", "minHeight", "boxShadow", "textAlign", "transitionDuration"];
  return [...document.querySelectorAll("main, main *:not(svg *)")].map((one) => {
    const box = one.getBoundingClientRect(), style = getComputedStyle(one);
    const named = [one.localName, ...one.classList].join(".");
    return [named, Math.round(box.width), Math.round(box.height), told.map((name) => style[name]).join(" | ")];
  });
}"""

type Element = tuple[str, int, int, str]  # tag and classes, width and height in px, style


def pixels(page: Page) -> Image.Image:
    return Image.open(io.BytesIO(page.screenshot(full_page=True, animations="disabled"))).convert("RGB")


def elements(page: Page) -> list[Element]:
    return [(what, width, height, style) for what, width, height, style in page.evaluate(ELEMENTS)]


def environment(page: Page) -> dict[str, Any]:
    """Return what the pixels of text depend on, beside the page."""
    browser = page.context.browser
    return {"chromium": browser.version if browser else "", "fonts": page.evaluate(FONTS)}


def write(name: str, image: Image.Image, found: list[Element]) -> None:
    palette = image.quantize(COLOURS, dither=Image.Dither.NONE)
    _in_colours_of(palette, image).save(BASELINES / f"{name}.png", optimize=True)
    styles = list(dict.fromkeys(style for *_, style in found))
    lines = [json.dumps([what, width, height, styles.index(style)]) for what, width, height, style in found]
    parts = {"styles": [json.dumps(style) for style in styles], "elements": lines}
    body = ",\n".join(f'"{part}": [\n{",\n".join(rows)}\n]' for part, rows in parts.items())
    (BASELINES / f"{name}.json").write_text(f"{{{body}}}\n")


def difference(name: str, image: Image.Image) -> tuple[int, str]:
    """Return how many pixels differ from the baseline, and where."""
    with Image.open(BASELINES / f"{name}.png") as before:
        before.load()
    if before.size != image.size:
        return image.width * image.height, f"the page is {image.size} and was {before.size}"
    channels = ImageChops.difference(before.convert("RGB"), _in_colours_of(before, image).convert("RGB")).split()
    most = ImageChops.lighter(ImageChops.lighter(channels[0], channels[1]), channels[2])
    noticed = most.point([255 if value > NOTICED else 0 for value in range(256)])
    count = noticed.histogram()[255]
    return count, f"{count} pixels differ, within {noticed.getbbox()}"


def changes(name: str, found: list[Element]) -> list[str]:
    """Return what isn't as it was of the elements: which they are, their style, and their size when it is far off."""
    kept = json.loads((BASELINES / f"{name}.json").read_text())
    before = [(what, width, height, kept["styles"][n]) for what, width, height, n in kept["elements"]]
    if [one[0] for one in before] != [one[0] for one in found]:
        return [f"there are other elements: {len(found)}, and there were {len(before)}"]
    return [
        f"{what} is {new} and was {old}"
        for (what, *old), (_, *new) in zip(before, found, strict=True)
        if old[2] != new[2] or any(_is_far(was, now) for was, now in zip(old[:2], new[:2], strict=True))
    ]


def _is_far(was: Any, now: Any) -> bool:
    return bool(abs(now - was) > ROOM + SHARE * was)


def _in_colours_of(palette: Image.Image, image: Image.Image) -> Image.Image:
    return image.quantize(palette=palette, dither=Image.Dither.NONE)
