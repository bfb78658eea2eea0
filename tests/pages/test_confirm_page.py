import time

import pytest

from pillarbox import ids, settings, table
from tests.people import PASSWORD

MAY = "signed in"


def confirmed_at(person):
    session = table.get(table.key(f"SESSION#{ids.digest(person.cookies[settings.session_cookie()])}", "SESSION"))
    assert session is not None
    return session["confirmed_at"]


@pytest.fixture
def stale(owner):
    key = table.key(f"SESSION#{ids.digest(owner.cookies[settings.session_cookie()])}", "SESSION")
    table.update(key, {"confirmed_at": int(time.time()) - 3600}, condition="attribute_exists(pk)")
    return owner


def test_the_right_password_leads_back_with_a_session_of_another_id(stale):
    before = stale.cookies[settings.session_cookie()]

    response = stale.fill("/confirm", {"password": PASSWORD, "next": "/account"})

    assert response.headers["location"] == "/account"
    assert stale.cookies[settings.session_cookie()] != before
    assert confirmed_at(stale) == pytest.approx(time.time(), abs=5)
    stale.cookies.set(settings.session_cookie(), before, domain="pillarbox.test")
    assert stale.get("/dashboard").status_code == 303


def test_a_wrong_one_confirms_nothing(stale):
    response = stale.fill("/confirm", {"password": "wrong", "next": "/account"})

    assert response.status_code == 401
    assert "isn&#39;t your password" in response.text
    assert confirmed_at(stale) < time.time() - 3000


@pytest.mark.usefixtures("slow_pauses")
def test_guessing_is_slowed_down(stale):
    statuses = [stale.fill("/confirm", {"password": "wrong"}).status_code for _ in range(8)]

    assert statuses[:5] == [401] * 5
    assert statuses[-1] == 429


@pytest.mark.parametrize("away", ["https://evil.test/", "//evil.test", "/\\evil.test", "javascript:alert(1)"])
def test_leads_to_no_other_site(stale, away):
    assert stale.fill("/confirm", {"password": PASSWORD, "next": away}).headers["location"] == "/account"


def test_somebody_who_is_not_signed_in_has_nothing_to_confirm(visitor):
    assert visitor.get("/confirm?next=/account").headers["location"].startswith("/sign-in")
