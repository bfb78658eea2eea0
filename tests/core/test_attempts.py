"""Attempts: the first are free, then pauses grow; many at once are no more than many; nobody is locked out for good."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pillarbox import attempts, ids, table
from pillarbox.attempts import Limit
from pillarbox.errors import TooOften


@pytest.fixture
def who():
    return ids.short()


@pytest.fixture
def clock(monkeypatch):
    """The time as attempts and the table see it; `clock(3)` lets three seconds pass."""
    passed = [0.0]
    real = time.time

    def later(seconds):
        passed[0] += seconds

    monkeypatch.setattr(time, "time", lambda: real() + passed[0])
    return later


@pytest.fixture(autouse=True)
def _limit(template, monkeypatch):  # noqa: ARG001 - the table has to be there
    monkeypatch.setitem(attempts.LIMITS, "test", Limit(free=3, longest=60, forgotten=3600))


def wait(who):
    """Return the seconds that somebody has to wait who tries now; 0 when the attempt is taken."""
    try:
        attempts.take("test", who)
    except TooOften as error:
        return error.retry_after or -1
    return 0


def test_the_first_attempts_are_free(who):
    assert [wait(who) for _ in range(3)] == [0, 0, 0]


@pytest.mark.usefixtures("clock")
def test_after_them_each_pause_is_twice_the_one_before_up_to_its_bound(who, clock):
    for _ in range(3):
        attempts.take("test", who)
    pauses = []
    for _ in range(9):
        assert wait(who) == 0
        pauses.append(wait(who))
        clock(pauses[-1])

    assert all(abs(pause - wanted) <= 1 for pause, wanted in zip(pauses, [1, 2, 4, 8, 16, 32, 60, 60, 60], strict=True))


def test_waiting_long_enough_always_lets_one_try_again(who, clock):
    for _ in range(50):
        clock(61)
        assert wait(who) == 0


def test_what_was_long_ago_is_forgotten(who, clock):
    for _ in range(4):
        attempts.take("test", who)
    clock(3601)

    assert [wait(who) for _ in range(3)] == [0, 0, 0]


def test_an_attempt_that_went_well_is_forgotten_or_given_back(who):
    for _ in range(3):
        attempts.take("test", who)
    attempts.give_back("test", who)
    assert wait(who) == 0

    attempts.forget("test", who)
    assert [wait(who) for _ in range(3)] == [0, 0, 0]


def test_giving_back_what_was_never_taken_gives_nothing(who):
    attempts.give_back("test", who)

    assert [wait(who) for _ in range(3)] == [0, 0, 0]


def test_somebody_else_is_somebody_else(who):
    for _ in range(4):
        attempts.take("test", who)

    assert wait(f"not-{who}") == 0


def test_forty_at_once_are_no_forty_attempts(who, monkeypatch):
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now)  # on a busy machine the first pause is over before they all are
    with ThreadPoolExecutor(20) as threads:
        taken = list(threads.map(lambda _: wait(who), range(40)))

    assert taken.count(0) in {3, 4}  # those that are free, and the one before the first pause


def test_the_item_goes_by_itself_and_holds_no_name(who):
    attempts.take("test", who)

    item = table.get(attempts._key("test", (who,)))  # noqa: SLF001
    assert item is not None
    assert item["expires_at"] == pytest.approx(time.time() + 3600, abs=5)
    assert who not in str(item)


@given(st.text(), st.text())
def test_different_names_have_different_counts(one, other):
    assert (attempts._key("test", (one,)) == attempts._key("test", (other,))) == (one == other)  # noqa: SLF001
