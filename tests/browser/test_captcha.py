"""ALTCHA on a hosted form, solved by our own script in a real browser."""

import time

import pytest
from playwright.sync_api import expect

from pillarbox import altcha


@pytest.fixture
def form_id(owner):
    return owner.form(spam={"captcha": "altcha"})


def write(page, message):
    page.get_by_label("Name").fill("Ada")
    page.get_by_label("Message").fill(message)
    page.get_by_role("button", name="Send").click()


def test_a_visitor_s_browser_solves_it_while_the_form_is_filled_in(owner, site, form_id, open_context):
    page, watched = open_context()
    page.goto(f"{site}/f/{form_id}")

    write(page, "Hello")

    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    assert owner.folder(form_id) == [{"name": "Ada", "email": "", "message": "Hello"}]
    assert (watched.complaints, watched.origins) == ([], {site})


def test_one_that_is_solved_before_the_button_is_pressed_is_sent_all_the_same(owner, site, form_id, open_context):
    easy = altcha.challenge(form_id, time.time())
    easy["parameters"]["keyPrefix"] = ""  # solved at once, and so no longer as we signed it
    page, _ = open_context()
    page.route("**/challenge", lambda route: route.fulfill(json=easy))
    page.goto(f"{site}/f/{form_id}")
    with page.expect_response("**/challenge"):
        page.get_by_label("Name").fill("Ada")

    write(page, "Hello")

    expect(page.get_by_role("alert")).to_contain_text("didn't pass")
    assert owner.folder(form_id) == []


def test_who_comes_back_to_write_again_gets_another_challenge(owner, site, form_id, open_context):
    page, watched = open_context()
    page.goto(f"{site}/f/{form_id}")
    write(page, "One")
    page.wait_for_url("**/thanks")

    page.go_back()
    write(page, "Two")

    page.wait_for_url("**/thanks")
    assert [fields["message"] for fields in owner.folder(form_id)] == ["One", "Two"]
    assert watched.complaints == []


def test_who_has_no_javascript_is_told_why_and_loses_nothing(owner, site, form_id, open_context):
    page, _ = open_context(java_script_enabled=False)
    page.goto(f"{site}/f/{form_id}")

    write(page, "Hello")

    expect(page.get_by_role("alert")).to_contain_text("it needs JavaScript")
    expect(page.get_by_label("Message")).to_have_value("Hello")
    assert owner.folder(form_id) == []


def test_a_page_of_the_owner_s_without_the_widget_leads_to_one_that_solves_it(
    owner, site, form_id, open_context, website
):
    page, _ = open_context()
    form = f'<form action="{site}/f/{form_id}" method="post"><input name="message" value="Hello"><button>Go</button>'
    html = f"<!doctype html>{form}</form>"
    page.goto(website.publish("form.html", html))

    page.get_by_role("button", name="Go").click()
    expect(page.get_by_role("alert")).to_contain_text("robot")
    page.get_by_role("button", name="Send").click()

    page.wait_for_url("**/thanks")
    assert [fields["message"] for fields in owner.folder(form_id)] == ["Hello"]


def test_nobody_meets_the_honeypot(site, form_id, open_context):
    page, _ = open_context()
    page.goto(f"{site}/f/{form_id}")

    for _ in range(10):
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.name") != "_gotcha"
    assert (
        page.locator("[name=_gotcha]").evaluate("element => getComputedStyle(element.parentElement).clipPath") != "none"
    )
    assert "Leave this empty" not in page.locator("main").aria_snapshot()
