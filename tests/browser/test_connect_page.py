"""The connect page as people use it: without scripts, on a phone, and to copy from."""

import pytest
from playwright.sync_api import expect

from pillarbox import connections, moves

WAYS = connections.ways("https://pillarbox.example", "YOUR_FORM_ID")
MOVES = moves.moves("https://pillarbox.example", "YOUR_FORM_ID")


def test_every_part_opens_without_scripts_and_by_its_own_link(owner, opened):
    form = owner.form()
    page, behind = opened(f"/forms/{form}", java_script_enabled=False)
    page.get_by_role("navigation", name="This form").get_by_role("link", name="Connect").click()
    expect(page.get_by_role("heading", level=1, name="Connect")).to_be_visible()

    expect(page.locator(f"#{WAYS[0].id}")).to_be_visible()
    for way in WAYS[1:]:
        page.locator("summary").get_by_text(way.name, exact=True).click()
        expect(page.locator(f"#{way.id}")).to_be_visible()
    for move in MOVES:
        page.locator("summary").get_by_text(move.service, exact=True).click()
        expect(page.locator(f"#from-{move.id}")).to_be_visible()
    expect(page.get_by_role("button", name="Copy")).to_have_count(0)

    page.goto(f"{owner.site}/forms/{form}/connect#vue")
    expect(page.locator("#vue pre")).to_be_in_viewport()
    expect(page.locator("#html")).to_be_hidden()
    assert behind.complaints == []
    assert behind.origins == {owner.site}


def test_copies_a_snippet_whole(owner, opened):
    form = owner.form()
    page, _ = opened(f"/forms/{form}/connect", permissions=["clipboard-read", "clipboard-write"])

    page.locator("#html").get_by_role("button", name="Copy").click()

    expect(page.locator("#html").get_by_role("button", name="Copied")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == connections.ways(owner.site, form)[0].codes[0].text


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_fits_a_phone_with_every_part_open(owner, opened, scheme):
    form = owner.form(name="A form with a name that is rather long for such a small screen")
    path, phone = f"/forms/{form}/connect", {"width": 390, "height": 844}
    page, _ = opened(path, viewport=phone, has_touch=True, is_mobile=True, color_scheme=scheme)

    page.evaluate("for (const one of document.querySelectorAll('details')) { one.name = ''; one.open = true; }")

    assert page.evaluate("document.documentElement.scrollWidth") == 390
    small = page.evaluate(
        """() => [...document.querySelectorAll("button, .button, summary")]
          .map((one) => one.getBoundingClientRect()).filter((box) => box.width && box.height < 44).length"""
    )
    assert small == 0
