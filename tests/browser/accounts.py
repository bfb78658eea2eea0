"""What somebody with an account does in a browser: signing up, in and out, and following the links that are mailed."""

import time

import httpx
from playwright.sync_api import expect

from pillarbox import ids
from tests.browser.owners import PASSWORD
from tests.mailbox import LINK

WAIT_SECONDS = 30  # for a mail: a worker sends it


def sign_up(page, site):
    """Make an account, and return its username; its address is that name at example.com."""
    page.goto(f"{site}/sign-up")
    return make_account(page)


def sign_up_from_home(page, site):
    """Make an account as somebody who only has the site's address; ends on the dashboard."""
    page.goto(site)
    page.get_by_role("main").get_by_role("link", name="Make an account").click()
    make_account(page)
    expect(page).to_have_url(f"{site}/dashboard")


def make_account(page):
    name = f"owner-{ids.short()}"
    page.fill("[name=username]", name)
    page.fill("[name=email]", f"{name}@example.com")
    page.fill("[name=password]", PASSWORD)
    page.click("text=Make the account")
    page.wait_for_load_state()
    return name


def sign_out(page):
    page.click("text=Sign out")
    page.wait_for_load_state()


def by_password(page, site, name, password=PASSWORD):
    page.goto(f"{site}/sign-in")
    page.fill("[name=username]", name)
    page.fill("[name=password]", password)
    page.click("button.main")


def mailed_link(site, address, subject):
    """Return the link in the newest mail of that subject to the address, once it has come."""
    until = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < until:
        for mail in httpx.get(f"{site}/_local/mail.json").json()["mails"]:
            if mail["to"] == [address] and subject in mail["subject"]:
                return LINK.findall(mail["text"])[0]
        time.sleep(0.2)
    raise AssertionError(f"No mail “{subject}” came to {address}.")
