"""Whoever guesses passwords slows down themselves, and never the owner on a browser that the account knows."""

import pytest

from pillarbox import attempts, audit, ids, passwords, settings, table
from pillarbox.attempts import LIMITS
from tests.people import PASSWORD, Person

FREE = LIMITS["sign-in"].free


def wrong(person, name, times=1):
    return [person.fill("/sign-in", {"username": name, "password": "not this one"}) for _ in range(times)][-1]


@pytest.fixture
def guesser(template):
    with Person(template) as person:
        yield person


@pytest.fixture(autouse=True)
def _fresh(template, slow_pauses):  # noqa: ARG001 - all tests come from one address, which has a count of its own
    attempts.forget("sign-in-address", "192.0.2.1")


def test_after_a_few_wrong_passwords_somebody_has_to_wait_and_is_told_how_long(guesser, owner):
    assert wrong(guesser, owner.account.username, FREE + 1).status_code == 401

    response = guesser.fill("/sign-in", {"username": owner.account.username, "password": PASSWORD})

    assert response.status_code == 429
    assert int(response.headers["retry-after"]) >= 1
    assert "Please wait" in response.text
    assert settings.session_cookie() not in guesser.cookies


def test_a_program_has_to_wait_as_well(visitor, owner):
    sent = {"username": owner.account.username, "password": "not this one", "name": "phone"}
    for _ in range(FREE + 1):
        assert visitor.post("/v1/tokens", json=sent).status_code == 401

    response = visitor.post("/v1/tokens", json=sent | {"password": PASSWORD})

    assert response.status_code == 429
    assert response.json()["type"] == "/docs/problems#rate-limited"
    assert int(response.headers["retry-after"]) >= 1


def test_a_name_that_nobody_has_is_slowed_down_in_the_same_way(guesser):
    name = f"nobody-{ids.short()}"

    statuses = [wrong(guesser, name).status_code for _ in range(FREE + 2)]

    assert statuses == [401] * (FREE + 1) + [429]


def test_the_owner_still_signs_in_on_a_browser_that_the_account_knows(guesser, visitor, owner):
    right = {"username": owner.account.username, "password": PASSWORD}
    assert visitor.fill("/sign-in", right).status_code == 303
    visitor.fill("/sign-out", {})
    assert wrong(guesser, owner.account.username, FREE + 2).status_code == 429

    assert visitor.fill("/sign-in", right).status_code == 303
    assert guesser.fill("/sign-in", right).status_code == 429


def test_a_browser_that_the_account_knows_may_not_guess_for_ever_either(visitor, owner):
    right = {"username": owner.account.username, "password": PASSWORD}
    visitor.fill("/sign-in", right)
    visitor.fill("/sign-out", {})

    assert wrong(visitor, owner.account.username, LIMITS["sign-in-device"].free + 2).status_code == 429


def test_a_right_password_makes_the_wrong_ones_before_it_forgotten(visitor, owner, guesser):
    right = {"username": owner.account.username, "password": PASSWORD}
    wrong(visitor, owner.account.username, FREE - 1)
    assert visitor.fill("/sign-in", right).status_code == 303

    assert wrong(guesser, owner.account.username, FREE + 1).status_code == 401


def test_one_address_may_not_try_all_names_either(guesser, monkeypatch):
    monkeypatch.setitem(LIMITS, "sign-in-address", LIMITS["sign-in-address"]._replace(free=3))

    statuses = [wrong(guesser, f"nobody-{ids.short()}").status_code for _ in range(5)]

    assert statuses == [401] * 4 + [429]


def test_who_signs_in_rightly_uses_up_nothing_of_the_address(visitor, owner, monkeypatch):
    monkeypatch.setitem(LIMITS, "sign-in-address", LIMITS["sign-in-address"]._replace(free=2))
    sent = {"username": owner.account.username, "password": PASSWORD, "name": "phone"}

    assert [visitor.post("/v1/tokens", json=sent).status_code for _ in range(5)] == [201] * 5


def test_no_password_is_hashed_for_somebody_who_has_to_wait(guesser, owner, monkeypatch):
    wrong(guesser, owner.account.username, FREE + 1)
    monkeypatch.setattr(passwords, "matches", None)  # a hash would be a TypeError

    assert wrong(guesser, owner.account.username).status_code == 429


def test_both_a_wrong_password_and_a_right_one_stand_in_the_log(visitor, owner):
    wrong(visitor, owner.account.username)
    visitor.fill("/sign-in", {"username": owner.account.username, "password": PASSWORD})
    visitor.fill("/sign-out", {})

    kinds = [event.kind for event in audit.page(owner.account.id, limit=3).events]
    assert kinds == ["sign-out", "sign-in", "sign-in-failed"]


def test_what_was_typed_as_a_name_is_stored_nowhere(visitor):
    typed = f"my-password-{ids.short()}"
    wrong(visitor, typed)

    found = [item for item in table.query_all(f"EVENTS#{audit.NOBODY}") if typed in str(item)]
    assert found == []
