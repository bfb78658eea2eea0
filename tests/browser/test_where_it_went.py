"""In a real browser: where a submission went, what became of it, and how it is sent again."""

import pytest
from playwright.sync_api import expect

from pillarbox import sessions
from tests.browser.test_main_journey import fits
from tests.outgoing import delivery, outcome, queued, webhook, worked_on
from tests.people import SOMEWHERE, Person, new_account


@pytest.fixture
def sent(visitor, form):
    return visitor.post(f"/f/{form.id}", json={"name": "Ada", "message": "Hello"}).json()["id"]


@pytest.fixture
def owner(template):
    with Person(template, new_account()) as person:
        yield person


@pytest.fixture
def opened(live, open_context, owner, form, sent):
    """Open the submission as its owner, in a browser with these settings."""

    def opened(**settings):
        page, behind = open_context(**settings)
        session = sessions.start(owner.account, SOMEWHERE)
        page.context.add_cookies([{"name": "pillarbox", "value": session, "url": live}])
        page.goto(f"{live}/forms/{form.id}/submissions/{sent}")
        return page, behind

    return opened


def test_a_person_without_scripts_sees_what_failed_and_sends_it_again(opened, template, form, sent):
    queued("webhooks")
    hook = webhook(form.id)
    hostile = "<h1>Broken</h1><script>alert(1)</script>"
    delivery(form.id, sent, hook, status=500, tries=3, request="POST /", answer=hostile)

    page, behind = opened(java_script_enabled=False)
    panel = page.get_by_role("region", name="Where it went")
    expect(panel).to_contain_text("receiver.example.com")
    expect(panel).to_contain_text("Failed after 3 tries: answered 500")
    panel.get_by_text("3 tries").last.click()
    expect(panel.get_by_text(hostile).first).to_be_visible()
    expect(page.get_by_role("heading", name="Broken")).to_have_count(0)

    panel.get_by_role("button", name="Send again to receiver.example.com").click()
    expect(panel).to_contain_text("Being sent again now")
    expect(panel.get_by_role("button")).to_have_count(0)

    (message,) = [one for one in queued("webhooks") if one["form_id"] == form.id]
    worked_on(template, "RecordOutcome", outcome(message))
    page.reload()
    expect(panel).to_contain_text("Sent")
    assert page.evaluate("document.documentElement.scrollHeight <= innerHeight"), "the columns scroll, not the page"
    assert behind.complaints == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_fits_a_phone_and_its_buttons_a_thumb(opened, form, sent, scheme):
    long = webhook(form.id, url=f"https://{'a-very-long-name-' * 3}.example.com/")
    delivery(form.id, sent, long, status=500, request="x" * 4000, answer="y " * 2000)
    delivery(form.id, sent, kind="mail", to=f"{'ada' * 20}@example.com", state="bounced", note="z" * 300)

    page, behind = opened(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True, color_scheme=scheme)
    fits(page, page.url)
    page.get_by_role("region", name="Where it went").locator("summary").click()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert behind.complaints == []
