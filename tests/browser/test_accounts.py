"""The life of an account in a real browser that runs no scripts: every step is a link or a form."""

import time
import zipfile

import pytest

from tests.browser.accounts import WAIT_SECONDS, by_password, mailed_link, make_account, sign_out, sign_up
from tests.browser.owners import PASSWORD

NEW, NEWEST = "another correct horse", "a third battery staple"


@pytest.fixture
def plain(open_context):
    """Open a browser without JavaScript."""
    return lambda: open_context(java_script_enabled=False)


def signed_in(page, site):
    page.goto(f"{site}/dashboard")
    return page.url == f"{site}/dashboard"


def test_an_address_is_confirmed_and_passwords_change_and_are_forgotten(site, plain):
    (laptop, watched), (phone, _) = plain(), plain()
    name = sign_up(laptop, site)
    address = f"{name}@example.com"

    laptop.goto(mailed_link(site, address, "Confirm your e-mail address"))
    laptop.click("text=Confirm the address")
    laptop.goto(f"{site}/account")
    assert "Send the link again" not in laptop.inner_text("main")

    by_password(phone, site, name)
    assert signed_in(phone, site)

    laptop.click("summary:has-text('Change the password')")
    laptop.fill("[name=old]", PASSWORD)
    laptop.fill("[name=password]", NEW)
    laptop.click("button:has-text('Change the password')")
    assert "all other sessions have ended" in laptop.inner_text("main")
    assert signed_in(laptop, site)
    assert not signed_in(phone, site)

    by_password(phone, site, name)
    assert "don't go together" in phone.inner_text("main")
    phone.click("text=Forgot")
    phone.fill("[name=username]", address)
    phone.click("text=Mail me the link")
    phone.goto(mailed_link(site, address, "Set a new password"))
    phone.fill("[name=password]", NEWEST)
    phone.click("text=Set the password")
    assert not signed_in(laptop, site)

    by_password(phone, site, name, NEWEST)
    phone.wait_for_url("**/dashboard")
    laptop.goto(f"{site}/account/activity")
    assert [one for one in watched.complaints if "401" not in one] == []


def test_a_form_is_shared_with_somebody_who_makes_an_account_for_it(site, plain):
    (owner, _), (guest, _) = plain(), plain()
    sign_up(owner, site)
    owner.click("main >> text=New form")
    owner.fill("[name=name]", "Wedding guests")
    owner.click(".starter[value='']")
    owner.click("text=Sharing")
    owner.fill("[name=email]", "guest@example.com")
    owner.check("[value=editor]")
    owner.click("text=Mail the invitation")
    assert "guest@example.com" in owner.inner_text("main")

    guest.goto(mailed_link(site, "guest@example.com", "Wedding guests"))
    guest.click("main >> text=Make an account")
    name = make_account(guest)
    guest.click(f"text=Accept as {name}")

    assert "Wedding guests" in guest.inner_text("main")
    owner.reload()
    assert name in owner.inner_text("main")


def test_sessions_are_ended_tokens_made_and_the_account_deleted(site, plain):
    (laptop, _), (phone, _) = plain(), plain()
    name = sign_up(laptop, site)
    by_password(phone, site, name)
    phone.wait_for_url("**/dashboard")

    laptop.goto(f"{site}/account/sessions")
    laptop.click("text=End all other sessions")
    assert not signed_in(phone, site)

    laptop.goto(f"{site}/account/tokens")
    laptop.fill("[name=name]", "backup")
    laptop.click("text=Make the token")
    assert "pbx_" in laptop.inner_text("main")
    laptop.click("text=Revoke")

    laptop.goto(f"{site}/account/data")
    laptop.fill("[name=confirm]", name)
    laptop.click("text=Delete my account for good")
    assert not signed_in(laptop, site)
    by_password(laptop, site, name)
    assert "don't go together" in laptop.inner_text("main")


def test_a_copy_of_everything_is_downloaded(site, plain):
    page, watched = plain()
    sign_up(page, site)
    page.goto(f"{site}/account/data")
    page.click("text=Make a copy")
    until = time.monotonic() + WAIT_SECONDS
    while not page.is_visible("text=Download it"):
        assert time.monotonic() < until
        page.reload()

    with page.expect_download() as download:
        page.click("text=Download it")

    assert download.value.suggested_filename == "pillarbox.zip"
    assert zipfile.is_zipfile(download.value.path())
    assert watched.complaints == []


def test_signing_out_shows_nothing_when_somebody_goes_back(site, plain):
    page, _ = plain()
    sign_up(page, site)
    page.click("main >> text=New form")
    page.fill("[name=name]", "Private matters")
    page.click(".starter[value='']")
    page.goto(f"{site}/dashboard")
    sign_out(page)

    page.go_back()

    assert "Private matters" not in page.inner_text("body")
