"""In a real browser, against the stack as `make run` starts it: settings without scripts, by keyboard, and by two."""

import pytest
from playwright.sync_api import expect

from tests import drawings
from tests.browser.test_main_journey import fits

PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 800}


def settings_of(form_id):
    return f"/forms/{form_id}/settings"


def tab_to(page, locator):
    """Press Tab until the focus is there, as somebody without a mouse does."""
    for _ in range(80):
        if locator.evaluate("one => one === document.activeElement"):
            return
        page.keyboard.press("Tab")
    pytest.fail("The focus doesn't come there.")


def test_without_scripts_on_a_phone_each_part_is_a_page_that_saves_and_leads_back(owner, opened):
    form_id = owner.form()
    page, behind = opened(settings_of(form_id), java_script_enabled=False, viewport=PHONE)
    expect(page.get_by_role("heading", level=1)).to_have_text("Settings")
    expect(page.get_by_label("Name", exact=True)).to_be_hidden()
    fits(page, page.url)

    page.get_by_role("link", name="Spam from 5 points").click()
    fits(page, page.url)
    expect(page.get_by_label("Secret")).to_be_hidden()
    page.get_by_label("Another score").check()
    page.get_by_label("Points, from 1 to 100").fill("0")
    page.get_by_label("Domains").fill("a.example\n\nno domain")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_contain_text("Line 3, “no domain”")
    expect(page.get_by_label("Domains")).to_have_value("a.example\n\nno domain")
    page.get_by_label("Points, from 1 to 100").fill("7")
    page.get_by_label("Domains").fill("a.example")
    page.get_by_label("Turnstile").check()
    page.get_by_label("Site key").fill("site")
    page.get_by_label("Secret").fill("secret")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status")).to_contain_text("Saved.")
    spam = owner.get(f"/v1/forms/{form_id}").json()["spam"]
    assert (spam["threshold"], spam["captcha"], spam["blocked_domains"]) == (7, "turnstile", ["a.example"])

    page.get_by_role("link", name="Settings", exact=True).last.click()
    page.get_by_role("link", name="The form's own page").click()
    fits(page, page.url)
    page.get_by_label("Pick the colour").fill("#0055aa")
    page.get_by_label("日本語").check()
    page.get_by_role("button", name="Save").click()
    form = owner.get(f"/v1/forms/{form_id}").json()
    assert (form["appearance"]["accent"], form["languages"]) == ("#0055aa", ["ja"])
    picture = {"name": "a.png", "mimeType": "image/png", "buffer": drawings.png(40, 30)}
    page.get_by_label("Picture").set_input_files(picture)
    page.get_by_role("button", name="Put it on the page").click()
    page.get_by_role("button", name="Remove the logo").click()
    expect(page.get_by_role("status")).to_have_text("The logo is gone.")
    assert behind.origins == {owner.site}


def test_by_keyboard_a_form_is_closed_and_deleted(owner, opened):
    form_id = owner.form(name="Guest book")
    page, behind = opened(settings_of(form_id), viewport=PHONE)

    tab_to(page, page.get_by_role("link", name="General Takes submissions"))
    page.keyboard.press("Enter")
    takes = page.get_by_label("Takes submissions")
    takes.wait_for()
    tab_to(page, takes)
    page.keyboard.press("Space")
    tab_to(page, page.get_by_role("button", name="Save"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Saved.")
    assert owner.get(f"/v1/forms/{form_id}").json()["active"] is False

    tab_to(page, page.get_by_label("To confirm, type"))
    page.keyboard.type("Guest book")
    page.keyboard.press("Enter")
    page.wait_for_url("**/dashboard")
    assert owner.get(f"/v1/forms/{form_id}").status_code == 404
    assert behind.complaints == []


def test_with_scripts_the_two_inputs_of_the_colour_follow_one_another(owner, opened):
    page, behind = opened(settings_of(owner.form()), viewport=DESK)
    page.get_by_role("link", name="The form's own page").click()
    typed, picked = page.get_by_label("Colour", exact=True), page.get_by_label("Pick the colour")

    typed.fill("0a5")
    expect(picked).to_have_value("#00aa55")
    picked.fill("#123456")
    expect(typed).to_have_value("#123456")
    typed.fill("")
    expect(picked).to_have_value("#b8142b")
    assert behind.complaints == []


def test_two_windows_that_save_the_same_part_see_one_another(owner, opened):
    form_id = owner.form()
    page, _ = opened(settings_of(form_id), viewport=DESK)
    page.get_by_role("link", name="After sending").click()
    owner.patch(f"/v1/forms/{form_id}", json={"thanks": {"title": "Danke"}})

    page.get_by_label("Heading").fill("Merci")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_contain_text("changed this after you opened it")
    expect(page.locator(".theirs")).to_have_text("Saved now: Danke")
    expect(page.get_by_label("Heading")).to_have_value("Merci")
    assert owner.get(f"/v1/forms/{form_id}").json()["thanks"]["title"] == "Danke"

    page.get_by_role("button", name="Save mine all the same").click()
    expect(page.get_by_role("status")).to_contain_text("Saved.")
    assert owner.get(f"/v1/forms/{form_id}").json()["thanks"]["title"] == "Merci"
