"""The main job in a real browser: an owner makes a form, visitors of the owner's site send it, the owner reads it."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.accounts import sign_up_from_home

PAGE = '<!doctype html><title>My site</title><link rel="icon" href="data:,"><h1>Write to me</h1>{snippet}'
FETCH = """async () => {
  const form = document.querySelector("form");
  const answer = await fetch(form.action, { method: "POST", body: new FormData(form) });
  return { status: answer.status, said: await answer.json() };
}"""


def make_form(page, name):
    page.get_by_role("main").get_by_role("link", name="New form").click()
    page.get_by_label("Its name").fill(name)
    page.get_by_role("button", name="Blank").click()
    expect(page.get_by_role("heading", level=1, name=name)).to_be_visible()


def test_what_visitors_send_with_and_without_scripts_stands_in_the_inbox(site, website, open_context):
    owner, behind = open_context()
    sign_up_from_home(owner, site)
    make_form(owner, "Contact")
    inbox = owner.url
    snippet = owner.locator("#guide-snippet").text_content()
    assert f'action="{site}/f/' in snippet
    page = website.publish("contact.html", PAGE.format(snippet=snippet))

    visitor, _ = open_context(java_script_enabled=False)
    visitor.goto(page)
    visitor.get_by_label("E-mail").fill("grace@example.com")
    visitor.get_by_label("Message").fill("Sent without any script")
    visitor.get_by_role("button", name="Send").click()
    expect(visitor.get_by_role("heading", name="Thank you")).to_be_visible()
    assert re.fullmatch(f"{site}/f/[0-9a-z]{{12}}/thanks", visitor.url)

    program, beyond = open_context()
    program.goto(page)
    program.get_by_label("E-mail").fill("alan@example.com")
    program.get_by_label("Message").fill("Sent by a script <b>of mine</b>")
    answer = program.evaluate(FETCH)
    assert answer["status"] == 200
    assert answer["said"]["ok"] is True
    assert answer["said"]["next"].startswith(site)

    owner.goto(inbox)
    rows = owner.locator(".rows .row")
    expect(rows).to_have_count(2)
    expect(rows.nth(0)).to_contain_text("alan@example.com")
    expect(rows.nth(1)).to_contain_text("Sent without any script")
    rows.nth(0).get_by_role("link").click()
    expect(owner.get_by_role("heading", level=1)).to_have_text("alan@example.com")
    expect(owner.locator(".letter")).to_contain_text("Sent by a script <b>of mine</b>")
    expect(owner.locator(".letter")).to_contain_text(website.url)

    assert behind.complaints == beyond.complaints == []
    assert behind.origins == {site}
    assert beyond.origins == {site, website.url}


def test_an_owner_without_scripts_selects_and_moves(site, open_context):
    owner, behind = open_context(java_script_enabled=False)
    sign_up_from_home(owner, site)
    make_form(owner, "Guest book")
    inbox = owner.url
    owner.goto(inbox.replace("/forms/", "/f/"))
    owner.get_by_label("Name").fill("Grace")
    owner.get_by_label("Message").fill("A nice place")
    owner.get_by_role("button", name="Send").click()
    expect(owner.get_by_role("heading", name="Thank you")).to_be_visible()

    owner.goto(inbox)
    expect(owner.get_by_role("button", name="Archive")).to_be_hidden()
    owner.get_by_label("Select Grace").check()
    owner.get_by_role("button", name="Archive").click()
    expect(owner.get_by_text("Nothing has come in yet")).to_be_visible()
    owner.get_by_role("link", name="Archive").click()
    expect(owner.locator(".rows .row")).to_contain_text("A nice place")

    owner.get_by_role("button", name="Sign out").click()
    expect(owner).to_have_url(f"{site}/")
    owner.goto(inbox)
    expect(owner.get_by_role("heading", name="Sign in")).to_be_visible()
    assert behind.complaints == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_fits_a_phone_and_its_buttons_a_thumb(site, open_context, scheme):
    phone, behind = open_context(
        viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True, color_scheme=scheme
    )
    for path in ("/", "/sign-up", "/sign-in", "/sign-out"):
        fits(phone, f"{site}{path}")
    sign_up_from_home(phone, site)
    fits(phone, phone.url)
    make_form(phone, "A form with quite a long name for such a small screen")
    inbox = phone.url
    form = inbox.replace("/forms/", "/f/")
    phone.goto(form)
    phone.get_by_label("Name").fill("x" * 200)
    phone.get_by_label("Message").fill("y" * 2000)
    phone.get_by_role("button", name="Send").click()
    for path in (form, f"{form}/thanks", inbox, f"{site}/dashboard"):
        fits(phone, path)
    phone.goto(inbox)
    phone.locator(".rows .row a").click()
    fits(phone, phone.url)
    assert behind.complaints == []


def fits(page, url):
    page.goto(url)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390, url
    small = page.evaluate(
        """() => [...document.querySelectorAll("button, .button, input:not([type=hidden]), select, nav a, summary")]
          .map((one) => [one.outerHTML, (one.closest("label") ?? one).getBoundingClientRect()])
          .filter(([, box]) => box.width && box.height < 44)
          .map(([html, box]) => `${Math.round(box.height)} px: ${html}`)"""
    )
    assert small == [], url
