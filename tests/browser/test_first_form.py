"""A new owner's first minutes: from the home page to the first submission, read, with and without scripts."""

import time

from playwright.sync_api import expect

from tests.browser.accounts import sign_up_from_home

PAGE = '<!doctype html><title>My site</title><link rel="icon" href="data:,"><h1>Write to me</h1>{snippet}'


def begin(page, site):
    """Make an account from the home page on, and go to the page of a new form."""
    sign_up_from_home(page, site)
    page.get_by_role("main").get_by_role("link", name="New form").click()


def send(page):
    page.get_by_label("Your name").fill("Grace")
    page.get_by_label("Your e-mail address").fill("grace@example.com")
    page.get_by_label("Your message").fill("Only a test")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()


def test_from_the_home_page_to_the_first_submission_read(site, website, open_context):
    owner, behind = open_context()
    began, clicks = time.monotonic(), []
    owner.on("framenavigated", lambda _: clicks.append(owner.url))
    begin(owner, site)
    owner.get_by_role("button", name="Contact").click()
    expect(owner.get_by_role("heading", level=1, name="Contact")).to_be_visible()

    owner.goto(f"{site}/dashboard")
    guide = owner.locator("[data-guide]")
    expect(guide.get_by_role("heading", level=2)).to_have_text("Two steps to your first submission")
    expect(guide.get_by_text("Waiting for it")).to_be_visible()
    snippet = guide.locator("#guide-snippet").text_content()
    visitor, _ = open_context()
    visitor.goto(website.publish("contact.html", PAGE.format(snippet=snippet)))
    send(visitor)

    expect(guide.get_by_role("heading", level=2)).to_have_text("Your first submission is here", timeout=15_000)
    expect(owner.locator(".form-card")).to_contain_text("1 new")
    guide.get_by_role("link", name="Read it").click()
    expect(owner.get_by_role("heading", level=1)).to_have_text("Grace")
    expect(owner.get_by_text("Only a test").last).to_be_visible()

    owner.goto(f"{site}/dashboard")
    expect(owner.locator("[data-guide]")).to_have_count(0)
    assert behind.complaints == []
    assert behind.origins == {site}
    assert time.monotonic() - began < 120, clicks


def test_the_guide_opens_the_hosted_form_beside_itself(site, open_context):
    owner, behind = open_context()
    begin(owner, site)
    owner.get_by_role("button", name="Contact").click()
    owner.goto(f"{site}/dashboard")

    with owner.context.expect_page() as opened:
        owner.get_by_role("link", name="Send a test yourself").click()
    send(opened.value)
    opened.value.close()
    owner.bring_to_front()

    expect(owner.locator("[data-guide] h2")).to_have_text("Your first submission is here", timeout=15_000)
    assert behind.complaints == []


def test_without_scripts_the_guide_is_asked_again(site, open_context):
    owner, behind = open_context(java_script_enabled=False)
    begin(owner, site)
    owner.get_by_role("button", name="Contact").click()
    owner.goto(f"{site}/dashboard")
    expect(owner.get_by_text("Waiting for it")).to_be_hidden()
    visitor, _ = open_context(java_script_enabled=False)
    visitor.goto(owner.locator("#guide-url").text_content())
    send(visitor)

    owner.get_by_role("link", name="Look again").click()

    expect(owner.locator("[data-guide] h2")).to_have_text("Your first submission is here")
    assert behind.complaints == []


def test_forms_are_found_while_their_name_is_typed(site, open_context):
    owner, behind = open_context()
    begin(owner, site)
    for name in ("Summer party", "Newsletter"):
        owner.goto(f"{site}/forms/new")
        owner.get_by_label("Its name").fill(name)
        owner.get_by_role("button", name="Blank").click()
    owner.goto(f"{site}/dashboard")
    cards = owner.locator(".form-card:visible")
    expect(cards).to_have_count(2)

    owner.get_by_role("searchbox").press_sequentially("part")
    expect(cards).to_have_count(1)
    expect(cards).to_contain_text("Summer party")
    owner.get_by_role("searchbox").fill("winter")
    expect(owner.get_by_text("No form has this in its name.")).to_be_visible()
    assert behind.complaints == []


def test_hostile_names_keep_the_layout_of_a_phone(site, open_context):
    owner, behind = open_context(viewport={"width": 390, "height": 844}, is_mobile=True, has_touch=True)
    begin(owner, site)
    names = (
        "x" * 100,
        "\u202eeman a fo drow",
        "👩‍👩‍👧‍👦" * 12,
        "a" + "\u200b" * 99,
        "<script>alert(1)</script>",
        "\u0627" * 100,
    )
    for name in names:
        owner.goto(f"{site}/forms/new")
        owner.get_by_label("Its name").fill(name)
        owner.get_by_role("button", name="Blank").click()

    owner.goto(f"{site}/dashboard")

    expect(owner.locator(".form-card")).to_have_count(len(names))
    assert owner.evaluate("document.documentElement.scrollWidth") <= 390
    boxes = [card.bounding_box() for card in owner.locator(".form-card").all()]
    assert all(box and 120 <= box["height"] <= 400 for box in boxes)
    assert behind.complaints == []
