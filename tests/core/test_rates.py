import json
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pillarbox import judge, rates, refusals

NOON = 1_795_262_400.0
LIMITS = {"limits": {"per_address_per_minute": 60, "per_form_per_minute": None}}
HONEST = {"name": "Ada", "email": "ada@example.org", "message": "Do you still have the green teapot from last week?"}


@pytest.fixture(autouse=True)
def _forgotten():
    for memory in (rates.buckets, rates.minutes, rates.texts, rates.senders):
        memory.clear()


def passed(limits, times, *, address="a", form="f"):
    """How many of the moments are let through."""
    count = 0
    for moment in times:
        try:
            rates.check({"id": form}, {"limits": limits}, address, moment)
        except refusals.RateLimited:
            continue
        count += 1
    return count


def test_an_address_may_send_a_minute_s_worth_at_once_and_then_as_fast_as_the_limit():
    limits = {"per_address_per_minute": 3}

    assert passed(limits, [NOON] * 10) == 3
    assert passed(limits, [NOON + 19]) == 0
    assert passed(limits, [NOON + 20, NOON + 20]) == 1
    assert passed(limits, [NOON + 200] * 10) == 3


@given(per_minute=st.integers(1, 1000))
def test_a_full_bucket_holds_exactly_the_limit(per_minute):
    rates.buckets.clear()

    assert passed({"per_address_per_minute": per_minute}, [NOON + n / 1e6 for n in range(per_minute + 3)]) == per_minute


def test_a_refusal_says_when_to_come_back_and_that_is_true():
    for _ in range(6):
        rates.check({"id": "f"}, {"limits": {"per_address_per_minute": 6}}, "a", NOON)
    with pytest.raises(refusals.RateLimited, match="Please wait 10 seconds") as refused:
        rates.check({"id": "f"}, {"limits": {"per_address_per_minute": 6}}, "a", NOON)

    assert refused.value.retry_after == 10
    assert passed({"per_address_per_minute": 6}, [NOON + 10]) == 1


def test_what_is_refused_takes_nothing_from_the_bucket():
    limits = {"per_address_per_minute": 1}
    assert passed(limits, [NOON]) == 1

    assert passed(limits, [NOON + n for n in range(1, 60)]) == 0
    assert passed(limits, [NOON + 60]) == 1


def test_addresses_and_forms_have_buckets_of_their_own():
    limits = {"per_address_per_minute": 1}

    assert passed(limits, [NOON], address="a") == 1
    assert passed(limits, [NOON], address="b") == 1
    assert passed(limits, [NOON], address="a", form="g") == 1
    assert passed(limits, [NOON], address="a") == 0


def test_a_form_has_a_bucket_for_all_addresses_together():
    limits = {"per_address_per_minute": None, "per_form_per_minute": 5}

    assert sum(passed(limits, [NOON], address=str(n)) for n in range(20)) == 5


def test_null_switches_a_limit_off():
    assert passed({"per_address_per_minute": None, "per_form_per_minute": None}, [NOON] * 5000) == 5000
    assert passed({}, [NOON] * 5000) == 5000
    assert not rates.buckets


def test_a_clock_that_is_set_back_locks_nobody_out():
    limits = {"per_address_per_minute": 60}
    assert passed(limits, [NOON + 1e6]) == 1

    assert passed(limits, [NOON, NOON + 2]) >= 1


def test_a_block_read_with_the_form_holds_until_its_end_and_for_its_address_only():
    form = {"id": "f", "blocks": json.dumps({"a": int(NOON) + 90})}

    with pytest.raises(refusals.RateLimited) as refused:
        rates.check(form, LIMITS, "a", NOON)
    assert refused.value.retry_after == 90
    rates.check(form, LIMITS, "b", NOON)
    rates.check(form, LIMITS, "a", NOON + 90)


def test_hostile_senders_cannot_fill_the_memory():
    for n in range(3 * rates.MOST_KEPT):
        rates.check({"id": "f"}, LIMITS, f"address {n}", NOON)
        rates.lately("f", f"address {n}", f"text {n}", f"{n}@example.com", NOON)
    for _ in range(100):
        for n in range(rates.MOST_PLACES * 2):
            rates.lately("f", f"address {n}", "one text", "", NOON)

    memories = (rates.buckets, rates.minutes, rates.texts, rates.senders)
    assert all(0 < len(memory) <= rates.MOST_KEPT for memory in memories)
    assert max(len(places) for _, places in rates.texts.values()) <= rates.MOST_PLACES
    assert sum(map(sys.getsizeof, memories)) < 4_000_000


def test_those_who_came_last_are_remembered_longest():
    rates.check({"id": "f"}, {"limits": {"per_address_per_minute": 1}}, "early", NOON)
    for n in range(rates.MOST_KEPT - 1):
        rates.check({"id": "f"}, LIMITS, f"address {n}", NOON)
    rates.check({"id": "f"}, {"limits": {"per_address_per_minute": 1}}, "late", NOON)

    assert passed({"per_address_per_minute": 1}, [NOON], address="late") == 0
    assert passed({"per_address_per_minute": 1}, [NOON], address="early") == 1


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::9", "2001:db8:1:2::/64"),
        ("2001:DB8:1:3::9", "2001:db8:1:3::/64"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("fe80::1%eth0", "fe80::/64"),
        ("::1", "::/64"),
        ("nonsense:", "nonsense:"),
        ("", ""),
    ],
)
def test_a_home_with_ipv6_is_one_sender(address, network):
    assert rates.network(address) == network


def test_counts_what_came_lately_without_this_one():
    first = rates.lately("f", "a", "the text", "ada@example.org", NOON)
    rates.lately("f", "b", "the text", "bob@example.org", NOON + 1)
    third = rates.lately("f", "a", "the text", "ada@example.org", NOON + 2)

    assert set(first.values()) == {0}
    assert third == {"address_rate": 1, "form_rate": 2, "same_text": 1, "same_text_elsewhere": 1, "same_sender": 1}
    assert set(rates.lately("another form", "a", "the text", "ada@example.org", NOON + 3).values()) == {0}


def test_forgets_after_an_hour_and_counts_a_minute_only():
    for second in range(10):
        rates.lately("f", "a", "the text", "ada@example.org", NOON + second)

    counts = rates.lately("f", "a", "the text", "ada@example.org", NOON + 90)
    assert counts["same_text"] == counts["same_sender"] == 10
    assert counts["address_rate"] == 5, "half of the minute before is within the last 60 seconds"
    assert set(rates.lately("f", "a", "the text", "ada@example.org", NOON + 90 + rates.LATELY).values()) == {0}


@pytest.mark.parametrize("threshold", [1.0, 2.5, 5.0, 100.0])
def test_a_burst_from_one_address_never_makes_an_honest_text_spam(threshold):
    form = {"id": "f", "rules": "{}"}
    event = {"headers": {}, "requestContext": {"http": {"sourceIp": "192.0.2.7"}}}
    policy = {"spam": {"threshold": threshold}}

    verdicts = [judge.judge(form, policy, HONEST, {}, event, NOON + n / 100) for n in range(500)]

    assert {verdict["folder"] for verdict in verdicts} == {"inbox"}
    assert verdicts[-1]["score"] > 0, "it is seen all the same"
