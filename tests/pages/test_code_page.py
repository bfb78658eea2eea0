import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pyotp
import pytest

from pillarbox import attempts, factors, ids, sessions, settings, table
from pillarbox.errors import NotSignedIn
from tests.people import PASSWORD, SOMEWHERE, Person, csrf_token

MAY = "anybody"

PATH = "/sign-in/code"
ORIGIN = "https://pillarbox.test"


@pytest.fixture
def app(owner):
    """The owner's authenticator app; `recovery` are the codes that came with it."""
    app: Any = pyotp.TOTP(factors.begin(owner.account))
    before = app.at(int(time.time()) - 30)
    app.recovery = factors.confirm(owner.account, before, SOMEWHERE, origin=ORIGIN)
    return app


def password(person, owner, **more):
    return person.fill("/sign-in", {"username": owner.account.username, "password": PASSWORD} | more)


def test_the_password_alone_signs_nobody_in(visitor, owner, app):
    assert password(visitor, owner).headers["location"] == PATH

    assert settings.session_cookie() not in visitor.cookies
    assert visitor.get("/dashboard").status_code == 303

    answer = visitor.fill(PATH, {"code": app.now()})
    assert answer.headers["location"] == "/dashboard"
    assert visitor.get("/dashboard").status_code == 200
    assert any(session.strong for session in sessions.of(owner.account))


@pytest.mark.usefixtures("app")
def test_a_wrong_code_signs_nobody_in(visitor, owner):
    password(visitor, owner)

    answer = visitor.fill(PATH, {"code": "abcdef"})

    assert answer.status_code == 401
    assert "isn&#39;t right" in answer.text
    assert settings.session_cookie() not in visitor.cookies


def test_a_code_that_somebody_saw_is_worth_nothing_afterwards(visitor, owner, app, template):
    code = app.now()
    password(visitor, owner)
    assert visitor.fill(PATH, {"code": code}).status_code == 303

    with Person(template) as other:
        password(other, owner)
        answer = other.fill(PATH, {"code": code})
        assert answer.status_code == 401
        assert "used already" in answer.text


def test_a_code_that_another_request_used_meanwhile_is_refused(owner, app, monkeypatch):
    before, code = factors.of(owner.account), app.now()
    factors.check_code(owner.account, code, SOMEWHERE)
    monkeypatch.setattr(factors, "of", lambda _account: before)  # it had been read before

    with pytest.raises(NotSignedIn, match="used already"):
        factors.check_code(owner.account, code, SOMEWHERE)


def test_a_code_for_another_time_does_not_say_when_it_will_be_right(visitor, owner, app):
    """Who guesses one for a time to come would only have to wait for it."""
    password(visitor, owner)

    answers = [visitor.fill(PATH, {"code": app.at(int(time.time()) + ahead * 60)}).text for ahead in (2, 5)]

    for text in answers:
        assert "minutes off" not in text
        assert "isn&#39;t right" in text


def test_a_second_step_that_took_too_long_begins_anew_and_leads_to_the_forms(visitor, owner, app):
    password(visitor, owner)
    visitor.cookies.delete(settings.pending_cookie())
    assert visitor.get(PATH).headers["location"] == "/sign-in?next=/dashboard"

    password(visitor, owner, next="/dashboard")
    assert visitor.fill(PATH, {"code": app.now()}).headers["location"] == "/dashboard"


@pytest.mark.usefixtures("slow_pauses")
def test_who_guesses_codes_elsewhere_keeps_nobody_out_of_a_browser_that_is_known(template, visitor, owner, app):
    password(visitor, owner)
    visitor.fill(PATH, {"code": app.recovery[0]})
    visitor.fill("/sign-out", {})
    with Person(template) as guesser:
        password(guesser, owner)
        while guesser.fill(PATH, {"code": "000000x"}).status_code != 429:
            pass

    password(visitor, owner)
    assert visitor.fill(PATH, {"code": app.recovery[1]}).status_code == 303


def test_of_several_who_send_the_same_code_at_once_one_gets_in(racing_browser, owner, app):
    browsers = [racing_browser(None) for _ in range(4)]
    for browser in browsers:
        password(browser, owner)
    tokens = [csrf_token(browser.get(PATH)) for browser in browsers]
    code = app.now()

    def send(browser, token):
        return browser.post(PATH, data={"code": code, "csrf_token": token}).status_code

    with ThreadPoolExecutor(4) as threads:
        statuses = list(threads.map(send, browsers, tokens))

    assert statuses.count(303) == 1


def test_a_recovery_code_works_once(visitor, owner, app, template):
    password(visitor, owner)
    assert visitor.fill(PATH, {"code": app.recovery[0].upper()}).status_code == 303
    assert factors.codes_left(factors.of(owner.account)) == 9

    with Person(template) as other:
        password(other, owner)
        assert other.fill(PATH, {"code": app.recovery[0]}).status_code == 401


def test_a_clock_that_is_minutes_off_is_told_so(visitor, owner, app):
    password(visitor, owner)

    assert "clock of your device" in visitor.fill(PATH, {"code": app.at(int(time.time()) + 240)}).text


@pytest.mark.usefixtures("slow_pauses")
def test_guessing_is_slowed_down(visitor, owner, app):
    password(visitor, owner)
    free = attempts.LIMITS["code"].free
    statuses = [visitor.fill(PATH, {"code": "000 000x"}).status_code for _ in range(free + 2)]

    assert statuses == [401] * (free + 1) + [429]
    assert visitor.fill(PATH, {"code": app.now()}).status_code == 429


@pytest.mark.usefixtures("app")
def test_leads_on_to_where_somebody_wanted_to_go(visitor, owner, app):
    password(visitor, owner, next="/account/tokens")

    assert visitor.fill(PATH, {"code": app.now()}).headers["location"] == "/account/tokens"


def test_without_a_password_before_there_is_nothing_to_do(visitor):
    assert visitor.get(PATH).headers["location"].startswith("/sign-in")


def test_it_may_not_take_longer_than_ten_minutes(visitor, owner, app):
    password(visitor, owner)
    token = csrf_token(visitor.get(PATH))
    key = table.key(f"PENDING#{ids.digest(visitor.cookies[settings.pending_cookie()])}", "PENDING")
    item = table.get(key)
    assert item is not None
    assert item["expires_at"] == pytest.approx(time.time() + 600, abs=5)
    table.update(key, {"expires_at": int(time.time()) - 1}, condition="attribute_exists(pk)")

    answer = visitor.post(PATH, data={"code": app.now(), "csrf_token": token})

    assert answer.headers["location"].startswith("/sign-in")
    assert settings.session_cookie() not in visitor.cookies


def test_a_made_up_cookie_waits_for_nobody(visitor, app):
    visitor.cookies.set(settings.pending_cookie(), "x" * 43, domain="pillarbox.test")

    assert visitor.get(PATH).status_code == 303
    assert app


def test_a_changed_password_makes_what_waited_worthless(visitor, owner, app):
    password(visitor, owner)
    token = csrf_token(visitor.get(PATH))
    changed = {"do": "password", "old": PASSWORD, "password": "another correct horse"}
    assert owner.fill("/account", changed).status_code == 303

    answer = visitor.post(PATH, data={"code": app.now(), "csrf_token": token})

    assert answer.headers["location"].startswith("/sign-in")


def test_a_program_sends_the_code_with_its_password(visitor, owner, app):
    sent = {"username": owner.account.username, "password": PASSWORD, "name": "phone"}

    missing, wrong = (visitor.post("/v1/tokens", json=sent | code) for code in ({}, {"code": "abcdef"}))
    right = visitor.post("/v1/tokens", json=sent | {"code": app.now()})

    for refused in (missing, wrong):
        assert refused.status_code == 401
        assert refused.json()["type"] == "/docs/problems#not-signed-in"
        assert [error["field"] for error in refused.json()["errors"]] == ["code"]
    assert right.status_code == 201
    again = visitor.post("/v1/tokens", json=sent | {"code": app.recovery[3]})
    assert again.status_code == 201


def test_confirming_asks_for_the_code_too(owner, app):
    assert owner.fill("/confirm", {"password": PASSWORD}).status_code == 401
    assert owner.fill("/confirm", {"password": PASSWORD, "code": app.now()}).status_code == 303
