"""Sessions end after inactivity, after an absolute time and at sign-out; a late write never brings one back."""

import time

import pytest

from pillarbox import ids, sessions, settings, table
from pillarbox.errors import NotSignedIn
from tests.people import SOMEWHERE


@pytest.fixture
def session(owner):
    return owner.cookies[settings.session_cookie()]


@pytest.fixture
def stored(session):
    return table.key(f"SESSION#{ids.digest(session)}", "SESSION")


def who(session):
    return sessions.signed_in({settings.session_cookie(): session})


def test_a_session_tells_whose_it_is(owner, session):
    assert who(session) == owner.account


def test_only_the_hash_of_its_id_is_stored(session, stored):
    item = table.get(stored)

    assert item is not None
    assert session not in str(item)


def test_ends_after_inactivity(session, stored):
    idle = settings.session_idle_seconds()
    table.update(stored, {"used_at": int(time.time()) - idle - 1}, condition="attribute_exists(pk)")

    with pytest.raises(NotSignedIn, match="has ended"):
        who(session)


def test_each_use_puts_the_end_off(session, stored):
    table.update(stored, {"used_at": int(time.time()) - 90}, condition="attribute_exists(pk)")

    who(session)

    item = table.get(stored)
    assert item is not None
    assert item["used_at"] == pytest.approx(time.time(), abs=5)


def test_ends_for_good_after_its_absolute_time_however_much_it_is_used(session, stored):
    table.update(stored, {"expires_at": int(time.time())}, condition="attribute_exists(pk)")

    with pytest.raises(NotSignedIn):
        who(session)


def test_ends_on_the_server_at_sign_out(session, stored):
    sessions.end({settings.session_cookie(): session})

    assert table.get(stored) is None
    with pytest.raises(NotSignedIn):
        who(session)


def test_a_session_ended_while_in_use_is_not_brought_back_by_a_late_write(session, stored, monkeypatch):
    table.update(stored, {"used_at": int(time.time()) - 90}, condition="attribute_exists(pk)")
    read, get = table.get(stored), table.get
    sessions.end({settings.session_cookie(): session})
    monkeypatch.setattr(table, "get", lambda key: read if key == stored else get(key))  # it had been read before

    with pytest.raises(NotSignedIn):
        who(session)

    monkeypatch.undo()
    assert table.get(stored) is None


@pytest.mark.usefixtures("template")
@pytest.mark.parametrize("cookie", [None, "", "made-up", "x" * 5000])
def test_what_is_no_session_signs_nobody_in(cookie):
    with pytest.raises(NotSignedIn):
        sessions.signed_in({settings.session_cookie(): cookie} if cookie is not None else {})


def test_every_sign_in_gets_an_id_that_nobody_had_before(owner):
    assert len({sessions.start(owner.account, SOMEWHERE) for _ in range(5)}) == 5
