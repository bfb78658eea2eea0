"""In a real browser: what people do with a hosted form is in its owner's insights, whatever shows them."""

import time

import pytest
from playwright.sync_api import expect

from tests.browser.test_main_journey import fits

FIELDS = [
    {"name": "name", "label": "Name", "type": "text"},
    {"name": "size", "label": "Size", "type": "choice", "options": [{"value": "Small"}, {"value": "Large"}]},
    {"name": "why", "label": "Why", "type": "text", "starts_page": "Your wishes"},
]
SECONDS = 90  # until all of it is counted: the stream waits up to 30, and a busy machine longer


@pytest.fixture(scope="module")
def form_id(owner):
    return owner.form(fields=FIELDS)


def counted(owner, form_id, completed):
    """Return the numbers once so many were sent."""
    until = time.monotonic() + SECONDS
    while True:
        told = owner.get(f"/v1/forms/{form_id}/stats").json()
        if told["total"]["completed"] >= completed or time.monotonic() > until:
            return told
        time.sleep(1)


def test_opening_beginning_turning_the_page_and_sending_are_counted_once_each(site, owner, form_id, open_context):
    page, behind = open_context()
    page.goto(f"{site}/f/{form_id}")
    page.get_by_label("Name").fill("Ada")
    page.get_by_label("Large").check()
    next_, back = page.locator("[data-next]"), page.locator("[data-back]")
    for button in (next_, back, next_):
        button.click()
    page.get_by_label("Why").fill("Because")
    page.locator("[data-send]").click()
    page.wait_for_url("**/thanks")

    told = counted(owner, form_id, 1)

    assert told["total"] == {"accepted": 1, "spam": 0, "views": 1, "starts": 1, "completed": 1}
    assert told["reached"] == [{"page": 2, "title": "Your wishes", "count": 1}]
    assert told["time_to_fill"]["answered"] == 1
    assert [(one["value"], one["count"]) for one in told["fields"][0]["counts"]] == [("Small", 0), ("Large", 1)]
    assert page.context.cookies() == []
    assert behind.complaints == []
    assert behind.origins == {site}


@pytest.mark.parametrize(("width", "scripts"), [(390, True), (1280, False)])
def test_its_owner_reads_it_at_any_width_and_opens_the_table(site, form_id, opened, width, scripts):
    path = f"/forms/{form_id}/insights"
    page, behind = opened(path, viewport={"width": width, "height": 800}, java_script_enabled=scripts)

    expect(page.get_by_role("heading", name="Insights")).to_be_visible()
    page.get_by_role("link", name="12 weeks").click()
    expect(page.get_by_role("link", name="12 weeks")).to_have_attribute("aria-current", "true")
    came = page.get_by_role("region", name="Submissions")
    expect(came.get_by_role("img", name="Submissions in the last 12 weeks: 1")).to_be_visible()
    came.get_by_text("As a table").click()
    expect(came.get_by_role("table").get_by_role("row")).to_have_count(13)
    if scripts:
        fits(page, site + path)
    assert behind.complaints == []
