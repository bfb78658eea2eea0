"""Second factors in a real browser: an app without JavaScript, passkeys with Chromium's virtual authenticator."""

import re

import pyotp
import pytest
from playwright.sync_api import expect

from tests.browser.accounts import by_password, sign_out, sign_up


def test_an_app_is_set_up_and_asked_for_without_javascript(site, open_context):
    page, watched = open_context(java_script_enabled=False)
    name = sign_up(page, site)

    page.goto(f"{site}/account/second-factor")
    page.click("text=Set up an app")
    expect(page.locator(".qr svg")).to_be_visible()
    key = "".join(page.inner_text("#key").split())
    page.fill("[name=code]", pyotp.TOTP(key).now())
    page.click("text=Switch it on")
    recovery = page.locator("#codes-list code").all_inner_texts()
    assert len(recovery) == 10

    sign_out(page)
    by_password(page, site, name)
    page.wait_for_url("**/sign-in/code")
    page.fill("[name=code]", recovery[0])
    page.click("button.main")
    page.wait_for_url("**/dashboard")
    assert watched.complaints == []


@pytest.fixture
def device():
    """Give a page's browser a device that says yes by itself, as a phone with a fingerprint would."""

    def device(page):
        session = page.context.new_cdp_session(page)
        session.send("WebAuthn.enable")
        options = {
            "protocol": "ctap2",
            "transport": "internal",
            "hasResidentKey": True,
            "hasUserVerification": True,
            "isUserVerified": True,
            "automaticPresenceSimulation": True,
        }
        return session, session.send("WebAuthn.addVirtualAuthenticator", {"options": options})["authenticatorId"]

    return device


def test_a_passkey_is_the_whole_sign_in_and_a_second_step(site, open_context, device):
    page, watched = open_context()
    session, authenticator = device(page)
    name = sign_up(page, site)

    page.goto(f"{site}/account/passkeys")
    page.fill("[name=name]", "My phone")
    page.click("button.main")
    page.wait_for_selector("text=Your passkey is added")
    assert page.is_visible("text=My phone")
    assert page.locator("#codes-list code").count() == 10

    sign_out(page)
    page.goto(f"{site}/sign-in")
    page.click("text=Sign in with a passkey")
    page.click("button.main")
    page.wait_for_url("**/dashboard")

    sign_out(page)
    by_password(page, site, name)
    page.wait_for_url("**/sign-in/code")
    page.click("text=Use a passkey")
    page.click("button.main")
    page.wait_for_url("**/dashboard")

    page.goto(f"{site}/account/passkeys")
    page.click("text=Remove")
    page.wait_for_selector("text=The passkey is removed")
    session.send("WebAuthn.removeVirtualAuthenticator", {"authenticatorId": authenticator})
    assert watched.complaints == []


def test_a_device_that_says_no_leaves_the_page_usable(site, open_context, device):
    page, watched = open_context()
    session, authenticator = device(page)
    sign_up(page, site)
    page.goto(f"{site}/account/passkeys")
    session.send("WebAuthn.setUserVerified", {"authenticatorId": authenticator, "isUserVerified": False})

    page.click("button.main")

    page.wait_for_selector("[data-passkey-words]:has-text('called off')")
    session.send("WebAuthn.setUserVerified", {"authenticatorId": authenticator, "isUserVerified": True})
    page.click("button.main")
    page.wait_for_selector("text=Your passkey is added")
    assert page.locator("#codes-list code").count() == 10
    assert watched.complaints == []


def test_a_password_is_shown_and_its_strength_told(site, open_context):
    page, watched = open_context()
    page.goto(f"{site}/sign-up")

    page.fill("[name=password]", "password123")
    page.wait_for_selector("[data-strength]:has-text('commonest')")
    page.fill("[name=password]", "kettle-orbit-violin-93")
    page.wait_for_selector("[data-strength]:has-text('Strong')")
    page.click("text=Show")

    assert page.get_attribute("[name=password]", "type") == "text"
    assert re.search("Hide", page.inner_text("[data-show]"))
    assert watched.complaints == []
