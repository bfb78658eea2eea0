"""The page of all components looks as it did. `make baselines` takes what it looks like now for the next time."""

import json
import os

import pytest
from playwright.sync_api import expect

from tests.browser import looks

VARIANTS = {
    f"{width}-{scheme}{'-rtl' if rtl else ''}": (width, scheme, rtl)
    for width in (390, 1280)
    for scheme, rtl in (("light", False), ("dark", False), ("light", True))
}
REMAKE = bool(os.environ.get("REMAKE_BASELINES"))
KNOWN = looks.BASELINES / "environment.json"


@pytest.fixture
def show(site, open_context):
    """Open the page of components; returns it and what the browser complained of."""

    def shown(width, scheme, rtl):
        page, behind = open_context(
            viewport={"width": width, "height": 900},
            color_scheme=scheme,
            device_scale_factor=1,
            reduced_motion="reduce",
        )
        page.goto(f"{site}/_local/components{'?dir=rtl' if rtl else ''}", wait_until="networkidle")
        return page, behind

    return shown


@pytest.mark.parametrize("name", VARIANTS)
def test_the_components_look_as_they_did(show, name, tmp_path):
    page, behind = show(*VARIANTS[name])
    image, found, here = looks.pixels(page), looks.elements(page), looks.environment(page)
    if REMAKE:
        looks.write(name, image, found)
        KNOWN.write_text(json.dumps(here, indent=1) + "\n")

    assert looks.changes(name, found) == []
    if here == json.loads(KNOWN.read_text()):
        image.save(tmp_path / f"{name}.png")
        count, where = looks.difference(name, image)
        assert count <= looks.ALLOWED, f"{where}; see {tmp_path}. Meant so? `make baselines`"
    else:
        # pytest shows it with -rP, and of a test that fails.
        print(f"The baselines are of other fonts or another Chromium, so only elements were compared: {here}")  # noqa: T201
    assert page.evaluate("document.documentElement.scrollWidth") <= VARIANTS[name][0]
    assert behind.complaints == []


@pytest.mark.parametrize(
    ("token", "value"), [("--radius", "5px"), ("--s3", "14px"), ("--muted", "#6a625a"), ("--text-s", ".8rem")]
)
def test_a_change_of_a_token_is_seen(show, token, value):
    page, _ = show(*VARIANTS["1280-light"])
    page.evaluate("([token, value]) => document.documentElement.style.setProperty(token, value)", [token, value])

    assert looks.changes("1280-light", looks.elements(page)) != []
    if looks.environment(page) == json.loads(KNOWN.read_text()) and token != "--muted":
        assert looks.difference("1280-light", looks.pixels(page))[0] > looks.ALLOWED


def test_a_component_that_moved_is_seen_by_its_pixels_alone(show):
    page, _ = show(*VARIANTS["1280-light"])
    page.evaluate("document.querySelector('#buttons .button').style.translate = '2px'")

    if looks.environment(page) == json.loads(KNOWN.read_text()):
        assert looks.difference("1280-light", looks.pixels(page))[0] > looks.ALLOWED
    assert looks.changes("1280-light", looks.elements(page)) == []


def test_a_menu_closes_on_escape_and_elsewhere(show):
    page, _ = show(1280, "light", rtl=False)
    menu = page.locator("details.menu").first
    opener = menu.locator("summary")

    opener.press("Enter")
    expect(menu.get_by_role("link", name="Open the form")).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    expect(menu.get_by_role("link")).to_be_hidden()
    expect(opener).to_be_focused()

    opener.click()
    page.get_by_role("heading", level=1).click()
    expect(menu.get_by_role("link")).to_be_hidden()


def test_a_dialog_keeps_the_focus_until_it_is_answered_and_gives_it_back(show):
    page, behind = show(1280, "light", rtl=False)
    opener = page.get_by_role("button", name="Delete the form …")

    opener.press("Enter")
    dialog = page.get_by_role("dialog", name="Delete “Contact”?")
    expect(dialog).to_be_visible()
    for _ in range(4):
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement === document.body || !!document.activeElement.closest('dialog')")
    dialog.get_by_role("button", name="Keep it").click()
    expect(dialog).to_be_hidden()
    expect(opener).to_be_focused()

    opener.click()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    assert behind.complaints == []


def test_without_a_script_the_dialog_unfolds_in_its_place(site, open_context):
    page, _ = open_context(java_script_enabled=False)
    page.goto(f"{site}/_local/components")

    page.locator("summary", has_text="Delete the form …").click()

    expect(page.locator("details.ask[open]").get_by_role("button", name="Delete for good")).to_be_visible()
    expect(page.locator("details.ask").get_by_role("button", name="Keep it")).to_be_hidden()


def test_a_toast_can_be_dismissed(show):
    page, _ = show(1280, "light", rtl=False)
    toasts = page.get_by_role("status").filter(has_text="Moved 3 submissions")

    toasts.get_by_role("button", name="Dismiss").click()

    expect(toasts).to_have_count(0)
