"""A browser is known again to those accounts that signed in on it, and nobody can make it known themselves."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pillarbox import devices, settings


def cookies(value):
    return {settings.device_cookie(): value}


def test_a_browser_is_known_to_every_account_that_signed_in_on_it():
    value = devices.remembering({}, "ada")
    both = devices.remembering(cookies(value), "grace")

    assert devices.known(cookies(both), "ada") == devices.known(cookies(both), "grace") == value.split(".")[0]
    assert devices.known(cookies(both), "mallory") is None


def test_it_is_known_to_no_account_that_is_not_there():
    assert devices.known(cookies(devices.remembering({}, devices.NOBODY)), None) is None


@pytest.mark.parametrize("value", ["", ".", "a.b", "x" * 5000, "\u00e9.\u00e9", "." * 100, f"made-up.{'0' * 32}"])
def test_what_we_never_set_is_nobodys(value):
    assert devices.known(cookies(value), "ada") is None


def test_a_tag_of_one_browser_is_worth_nothing_on_another():
    _, tag = devices.remembering({}, "ada").split(".")
    other, _ = devices.remembering({}, "grace").split(".")

    assert devices.known(cookies(f"{other}.{tag}"), "ada") is None


@given(st.lists(st.text(alphabet="abcdef", min_size=1), min_size=1, max_size=30))
def test_the_cookie_stays_short_and_knows_the_last_ones(accounts):
    value = ""
    for account in accounts:
        value = devices.remembering(cookies(value), account)

    assert len(value) < 500
    lately = list(dict.fromkeys(reversed(accounts)))[: devices.MOST]
    assert all(devices.known(cookies(value), account) for account in lately)
