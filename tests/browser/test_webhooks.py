"""In a real browser, against the stack as `make run` starts it: a webhook from its making to what it was sent."""

import time

import httpx
import pytest
from playwright.sync_api import expect
from standardwebhooks import Webhook as Verifier

from tests.browser.test_main_journey import fits
from tests.receiver import receiving

SECONDS = 30  # for what goes by stream, queue, sender and queue on a busy machine


def until(page, text):
    """Reload until the log says so."""
    stop = time.monotonic() + SECONDS
    while text not in page.get_by_role("region", name="What was sent").inner_text():
        assert time.monotonic() < stop, page.inner_text("main")
        time.sleep(0.2)
        page.reload()


def test_a_person_without_scripts_makes_one_tries_it_and_sees_what_it_was_sent(owner, opened):
    form_id = owner.form()
    with receiving() as receiver:
        page, behind = opened(f"/forms/{form_id}", java_script_enabled=False)
        page.get_by_role("link", name="Webhooks").click()
        page.get_by_label("Address").fill("http://10.0.0.1/hook")
        page.get_by_role("button", name="Add the webhook").click()
        expect(page.locator(".error")).to_contain_text("Only a receiver on this machine")
        page.get_by_label("Address").fill(receiver.url)
        page.get_by_role("button", name="Add the webhook").click()
        secret = page.locator("#secret").inner_text()

        page.get_by_role("button", name="Send a test").click()
        expect(page.get_by_role("status")).to_contain_text("A test is on its way")
        until(page, "Sent")
        (test,) = receiver.calls
        assert Verifier(secret).verify(test.body, test.headers)["type"] == "submission.test"

        receiver.answers[:] = [500]
        httpx.post(f"{owner.site}/f/{form_id}", json={"name": "Ada", "amount": 1.10})
        until(page, "next try")
        told = Verifier(secret).verify(receiver.calls[-1].body, receiver.calls[-1].headers)
        assert told["type"] == "submission.created"
        assert told["data"]["fields"] == {"name": "Ada", "amount": 1.10}
        assert httpx.get(told["data"]["url"]).headers["location"].startswith("/sign-in")
        page.get_by_role("region", name="What was sent").locator("summary").first.click()
        expect(page.get_by_text("thank you").first).to_be_visible()

        page.get_by_text("Secret", exact=True).click()
        page.get_by_role("button", name="Make a new secret").click()
        new = page.locator("#secret").inner_text()
        receiver.answers[:] = [200]
        page.get_by_role("button", name="Send a test").click()
        stop = time.monotonic() + SECONDS
        while b"submission.test" not in receiver.calls[-1].body:
            assert time.monotonic() < stop
            time.sleep(0.1)
        for one in (secret, new):
            Verifier(one).verify(receiver.calls[-1].body, receiver.calls[-1].headers)

    page.get_by_role("button", name="Switch off").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Off")
    page.get_by_text("Delete this webhook").click()
    page.get_by_role("button", name="Delete the webhook").click()
    expect(page.get_by_role("status")).to_contain_text("Deleted.")
    assert [one for one in behind.complaints if "422" not in one] == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_fits_a_phone(owner, opened, scheme):
    form_id = owner.form(name="A form with a rather long name " * 3)
    path = f"/forms/{form_id}/webhooks"
    with receiving(500) as receiver:
        long = {"url": f"{receiver.url}/{'x' * 300}", "rename": {"a" * 100: "b" * 100}}
        made = owner.post(f"/v1{path}", json=long).json()
        owner.post(f"/v1{path}/{made['id']}/test")
        phone = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
        page, behind = opened(f"{path}?webhook={made['id']}", color_scheme=scheme, **phone)
        until(page, "next try")
    fits(page, page.url)
    for summary in page.locator("main summary").all():
        summary.click()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    fits(page, f"{owner.site}{path}")
    fits(page, f"{owner.site}/dashboard")
    page.locator(f"main a[href='{path}']").click()
    expect(page).to_have_url(f"{owner.site}{path}")
    assert behind.complaints == []
