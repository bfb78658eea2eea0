"""Forms as the documentation of other services has people write them: only their address, and their key, changed."""

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

import pytest
from playwright.sync_api import expect

FORMS = Path(__file__).parent / "forms"
TYPED = {"name": "Ada Lovelace", "email": "ada@example.com", "message": "Do you still have the blue bowl from May?"}
THANKS = '<!doctype html><title>Ours</title><link rel="icon" href="data:,"><h1>Thanks from our own site</h1>'
TOO_LONG = "Message must have at most 50 characters."


class Service(NamedTuple):
    trap: str  # its honeypot
    said: str = "It was sent"  # by its script
    stored: Mapping[str, Any] = MappingProxyType({})  # beside what was typed
    leads_home: bool = False  # its form asks for a page of the site's
    refused: str = f"It failed: {TOO_LONG}"


MESSAGE = "Your message has arrived."
SERVICES = {
    "basin": Service("_gotcha", stored={"days": ["Monday", "Friday"]}),
    "formcarry": Service(
        "_gotcha", said=f"It was sent: success, {MESSAGE}", refused=f"It failed: message (too_long): {TOO_LONG}"
    ),
    "formspark": Service("_honeypot", leads_home=True),
    "formspree": Service("_gotcha", leads_home=True),
    "formsubmit": Service("_honey", said=f"It was sent: {MESSAGE}", leads_home=True),
    "getform": Service("_gotcha", stored={"website": "https://ada.example.com/"}),
    "netlify": Service("bot-field", stored={"role[]": ["reader", "writer"]}, refused="It failed: 422"),
    "staticforms": Service("honeypot", said=f"It was sent: {MESSAGE}", leads_home=True),
    "web3forms": Service("botcheck", said=f"It was sent: {MESSAGE}", leads_home=True),
}
# `subject` and `redirect` are also names that people give to fields of their own: they are heeded, and stay.
SERVICES["web3forms"] = SERVICES["web3forms"]._replace(
    stored={"subject": "Somebody wrote to the bookshop", "redirect": "WEBSITE/thanks.html"}
)
each_service = pytest.mark.parametrize("service", SERVICES)


class Shop:
    """A site of the owner's, with the form of a service on it."""

    def __init__(self, owner, site, website):
        self._owner = owner
        self._site = site
        self._website = website
        self.thanks = f"{website.url}/thanks.html"
        website.publish("thanks.html", THANKS)

    def publish(self, service, form_id):
        """Return the address of the page."""
        words = {
            "ADDRESS": f"{self._site}/f/{form_id}",
            "ORIGIN": self._site,
            "FORM_ID": form_id,
            "WEBSITE": self._website.url,
        }
        html = (FORMS / f"{service}.html").read_text()
        for word, value in words.items():
            html = html.replace(word, value)
        return self._website.publish(f"{service}.html", html)

    def form(self, **definition):
        return self._owner.form(allowed_origins=[self._website.url], **definition)

    def folder(self, form_id, folder="inbox"):
        return self._owner.folder(form_id, folder)

    def stored(self, service, typed=TYPED):
        beside = {
            name: value.replace("WEBSITE", self._website.url) if isinstance(value, str) else value
            for name, value in SERVICES[service].stored.items()
        }
        return beside | typed


@pytest.fixture
def shop(owner, site, website):
    return Shop(owner, site, website)


def fill_in(page, typed=TYPED):
    for name, value in typed.items():
        page.locator(f"[name={name}]").fill(value)


def spring(page, trap):
    """Fill in what people can't see, as a bot does."""
    page.evaluate(
        "(name) => { const one = document.getElementsByName(name)[0];"
        "if (one.type === 'checkbox') one.checked = true; else one.value = 'https://casino.example'; }",
        trap,
    )


def send(page):
    page.locator("[type=submit], button").first.click()


@each_service
def test_it_works_without_scripts(site, shop, open_context, service):
    form_id = shop.form()
    page, behind = open_context(java_script_enabled=False)
    page.goto(shop.publish(service, form_id))

    fill_in(page)
    send(page)

    if SERVICES[service].leads_home:
        expect(page).to_have_url(shop.thanks)
    else:
        expect(page).to_have_url(f"{site}/f/{form_id}/thanks")
    expect(page.get_by_role("heading", name="Thank")).to_be_visible()
    assert shop.folder(form_id) == [shop.stored(service)]
    assert behind.complaints == []


@each_service
def test_its_script_reads_our_answer(shop, open_context, service):
    form_id = shop.form()
    page, behind = open_context()
    page.goto(address := shop.publish(service, form_id))

    fill_in(page)
    send(page)

    expect(page.locator("#result")).to_have_text(SERVICES[service].said)
    assert page.url == address
    assert shop.folder(form_id) == [shop.stored(service)]
    assert behind.complaints == []


@each_service
def test_its_script_reads_why_something_is_refused(shop, open_context, service):
    message = {"name": "message", "label": "Message", "type": "long_text", "max_length": 50}
    form_id = shop.form(fields=[message])
    page, _ = open_context()
    page.goto(shop.publish(service, form_id))

    fill_in(page, {**TYPED, "message": "x" * 60})
    send(page)

    expect(page.locator("#result")).to_have_text(SERVICES[service].refused)
    assert shop.folder(form_id) == []


@each_service
def test_what_is_refused_without_scripts_stays_typed(shop, open_context, service):
    message = {"name": "message", "label": "Message", "type": "long_text", "max_length": 50}
    form_id = shop.form(fields=[message])
    page, _ = open_context(java_script_enabled=False)
    page.goto(shop.publish(service, form_id))

    fill_in(page, {**TYPED, "message": "x" * 60})
    send(page)

    expect(page.get_by_label("Message")).to_have_value("x" * 60)
    expect(page.get_by_text(TOO_LONG).first).to_be_visible()
    page.get_by_label("Message").fill("short")
    send(page)
    expect(page.get_by_role("heading", name="Thank")).to_be_visible()
    (kept,) = shop.folder(form_id)
    assert kept == shop.stored(service, {**TYPED, "message": "short"})


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
@each_service
def test_what_fills_its_honeypot_lies_in_spam_and_is_told_nothing(shop, open_context, service, scripts):
    form_id = shop.form()
    page, _ = open_context(java_script_enabled=scripts)
    page.goto(shop.publish(service, form_id))

    fill_in(page)
    spring(page, SERVICES[service].trap)
    send(page)

    if scripts:
        expect(page.locator("#result")).to_have_text(SERVICES[service].said)
    else:
        expect(page.get_by_role("heading", name="Thank")).to_be_visible()
    assert shop.folder(form_id) == []
    assert shop.folder(form_id, "spam") == [shop.stored(service)]


def test_a_form_leads_nobody_to_a_site_that_is_not_its_own(site, owner, shop, open_context):
    form_id = owner.form()
    page, _ = open_context(java_script_enabled=False)
    page.goto(shop.publish("formspree", form_id))

    fill_in(page)
    send(page)

    expect(page).to_have_url(f"{site}/f/{form_id}/thanks")
