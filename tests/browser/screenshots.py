"""`make screenshots`: docs/screenshots/<page>-<390|1280>-<light|dark>.png, of every page of the tour in the demo.

python -m tests.browser.screenshots [PAGE …]           all pages, unless some are named
"""

import io
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import httpx
from PIL import Image
from playwright.sync_api import Browser, Page

from infra.local.template import ROOT
from tests import surroundings  # noqa: F401 - before what imports handlers: it sets the environment
from tests.browser import tour
from tests.browser.running import chromium, running
from tests.browser.tour import Stop, World
from tests.browser.world import Member, mailed, pending

FOLDER = ROOT / "docs" / "screenshots"
SIZES = {390: 844, 1280: 800}  # the height of a window by its width, in pixels; a longer page is cut there
SCHEMES: tuple[Literal["light"], Literal["dark"]] = ("light", "dark")
COLOURS = 256  # of a palette: pages have few, and a file is a third as large
FILES = ("{path+}", "{file}")  # how the paths of those functions end that answer with files
PORT = 8000  # as in the documentation: addresses are on the pictures
AGENT = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36"
MAIN_FORM = "Contact"
WORDY = "hairline crack"  # of the submission to open: one with a letter to read
CHECKED_EVERY_MS = 100


def stops() -> list[Stop]:
    """Return every page as people meet it; what is a file (a stylesheet, a logo) has no picture."""
    return [stop for stop in tour.stops() if stop.main and not stop.path.endswith(FILES)]


def file(stop: Stop, width: int, scheme: str) -> Path:
    return FOLDER / f"{stop.name}-{width}-{scheme}.png"


def main(wanted: list[str]) -> int:
    chosen = [stop for stop in stops() if not wanted or stop.name in wanted]
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as data, running(Path(data), module="infra.local.demo", port=PORT) as site:
        world = of_demo(site)
        with chromium() as browser:
            for stop in chosen:
                for width in SIZES:
                    for scheme, png in _taken(browser, world, stop, width):
                        file(stop, width, scheme).write_bytes(png)
                sys.stdout.write(f"{stop.name}\n")
    return 0


def of_demo(site: str) -> World:
    """Return the demo's world, with what the tour asks for beside it."""
    from infra.local import demo, demo_data  # noqa: PLC0415 - it needs the environment, as above

    owner = Member(site, demo_data.USERNAME, demo.EMAIL, demo_data.PASSWORD, there=True)
    owner.headers["user-agent"] = AGENT
    owner.sign_in()  # as a browser, which the page of sessions shows
    forms = {form["name"]: form["id"] for form in owner.get("/v1/forms").json()["forms"]}
    form = forms[MAIN_FORM]
    path = f"/v1/forms/{form}"
    owner.patch(path, json={"appearance": {"accent": "#1f6e45"}})
    newest = owner.get(f"{path}/submissions", params={"limit": 50}).json()["submissions"]
    open_one = next((one for one in newest if WORDY in str(one["fields"])), newest[0])
    spam = owner.get(f"{path}/submissions", params={"folder": "spam"}).json()["submissions"]
    second = Member(site, "imogen")
    second.fill("/reset-password", {"username": "imogen"})
    owner.makes(f"{path}/invitations", {"email": "clara@example.com", "role": "editor"})
    news = owner.form("Newsletter", autoresponse={"enabled": True, "double_opt_in": True})
    httpx.post(f"{site}/f/{news}", json={"email": "reader@example.com"}).raise_for_status()
    known = {
        "path": "site.css",
        "file": "accent.css",
        "form_id": form,
        "submission_id": open_one["id"],
        "spam_id": spam[0]["id"],
        "account_id": second.id,
        "opt_in_form_id": news,
        "verify_token": second.mailed("/verify-email"),
        "reset_token": second.mailed("/reset-password"),
        "invitation_token": mailed(site, "clara@example.com", "/invitations"),
        "recipient_token": mailed(site, "kiln@clay-and-fire.example", "/recipients"),
        "opt_in_token": mailed(site, "reader@example.com", f"/f/{news}/confirm"),
        "unsubscribe_token": owner.mailed("/unsubscribe"),
    }
    people = {"owner": owner, "second": second, "pending": pending(site)}
    return World(site, known, {"visitor": {}} | {who: dict(person.cookies) for who, person in people.items()})


def _taken(browser: Browser, world: World, stop: Stop, width: int) -> Iterator[tuple[str, bytes]]:
    """Yield a picture for each colour scheme."""
    context = browser.new_context(
        viewport={"width": width, "height": SIZES[width]}, reduced_motion="reduce", locale=stop.language
    )
    with context:
        cookies = world.cookies[stop.who].items()
        context.add_cookies([{"name": name, "value": text, "url": world.site} for name, text in cookies])
        page = context.new_page()
        answer = page.goto(world.url(stop), wait_until="networkidle")
        assert answer, stop.path
        assert answer.status == stop.status, f"{stop.path} is answered {answer.status}."
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme)
            yield scheme, _small(_shot(page))


def _shot(page: Page) -> bytes:
    page.wait_for_function("document.fonts.status === 'loaded'", polling=CHECKED_EVERY_MS)
    return page.screenshot(caret="hide", animations="disabled")


def _small(png: bytes) -> bytes:
    """Return it with a palette of its most frequent colours, which are the design's own, as they are."""
    with Image.open(io.BytesIO(png)) as image, io.BytesIO() as smaller:
        flat = image.convert("RGB")
        pixels = flat.tobytes()
        found = Counter(zip(pixels[::3], pixels[1::3], pixels[2::3], strict=True)).most_common(COLOURS)
        palette = Image.new("P", (1, 1))
        palette.putpalette([part for colour, _ in found for part in colour])
        flat.quantize(palette=palette, dither=Image.Dither.NONE).save(smaller, "png", optimize=True)
        return smaller.getvalue()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
