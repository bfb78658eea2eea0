"""What processes print, which goes to CloudWatch: no password, code, token, session, link, address or message."""

import json
import time

import httpx
import pyotp
import pytest

from pillarbox import accounts, definitions, factors, forms, ids, links, sessions, tokens
from tests.people import PASSWORD, SOMEWHERE, Browser, new_account

PLAIN = "pillarbox"  # the session's cookie where there is no TLS
MESSAGE = "a message that is nobody's business"


@pytest.fixture
def printed(live_log):
    """What functions printed since the test began."""
    began = live_log.stat().st_size if live_log.exists() else 0

    def printed():
        with live_log.open() as file:
            file.seek(began)
            return file.read()

    return printed


def test_the_log_holds_nothing_secret_and_nothing_of_what_people_said(live, printed):
    account = new_account()
    secret = factors.begin(account)
    app = pyotp.TOTP(secret)
    factors.confirm(account, app.at(int(time.time()) - 30), SOMEWHERE, origin=live)
    account = accounts.get(account.id)
    token = tokens.create(account, tokens.Wanted(name="log"), SOMEWHERE).token
    link = links.create("reset-password", seconds=600, account=account.id, email=account.email)
    session = sessions.start(account, SOMEWHERE)
    wrong, code = f"wrong-{ids.short()}", app.now()

    with Browser(base_url=live, timeout=60) as browser:
        browser.fill("/sign-in", {"username": account.username, "password": wrong})
        browser.fill("/sign-in", {"username": account.email, "password": PASSWORD})
        browser.fill("/sign-in/code", {"code": code})
        made = browser.fill("/forms/new", {"name": "Logged"})
        form_id = made.headers["location"].split("/")[2].partition("?")[0]
        browser.post(f"/f/{form_id}", data={"email": "visitor@example.com", "message": MESSAGE})
        browser.get(f"/reset-password?token={link}")
        browser.cookies.set(PLAIN, session)
        assert browser.get("/account").status_code == 200
    with httpx.Client(base_url=live, headers={"authorization": f"Bearer {token}"}, timeout=60) as program:
        assert program.get("/v1/forms").status_code == 200
        assert program.get("/v1/nothing").status_code == 404
    httpx.get(f"{live}/v1/forms", headers={"authorization": f"Bearer {token[:-1]}"}, timeout=60)

    log = printed()
    assert '"refused"' in log
    for private in (PASSWORD, wrong, code, secret, token, session, link, MESSAGE, "visitor@example.com", account.email):
        assert private not in log
    assert "127.0.0.1" not in log


def test_a_line_of_the_log_is_json_with_its_time_level_and_request(live, printed):
    httpx.get(f"{live}/v1/forms", headers={"authorization": "Bearer line\\nbreak"}, timeout=60)

    line = next(one for one in map(json.loads, filter(lambda one: one.startswith("{"), printed().splitlines())))
    assert {"level", "timestamp", "message", "function_name", "function_request_id", "correlation_id"} <= line.keys()
    assert line["timestamp"].endswith("+0000")


def test_a_refusal_stands_in_the_log_with_what_refused_it(live, printed):
    owner, stranger = new_account(), new_account()
    form = forms.create(owner, definitions.Definition(name="Private"))
    with Browser(base_url=live, timeout=60) as browser:
        browser.cookies.set(PLAIN, sessions.start(stranger, SOMEWHERE))
        browser.get(f"/forms/{form.id}")
        browser.get("/admin/users")
        browser.post("/forms/new", data={"name": "Forged"})
        browser.get(f"/v1/forms/{form.id}")
        browser.fill("/account", {"do": "username", "username": "?"})

    refused = [json.loads(line) for line in printed().splitlines() if '"refused"' in line]
    assert [(line["function_name"], line.get("status") or line["error"]) for line in refused] == [
        ("InboxPage", 404),
        ("UsersPage", 403),
        ("NewFormPage", 403),
        ("GetForm", "NotFound"),
        ("AccountPage", 422),
    ]
