"""Whether an e-mail address stands in what somebody sent: that very one, and no longer one that holds it."""

import time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pillarbox import addresses

ADA = addresses.pattern("ada@example.com")


@pytest.mark.parametrize(
    "value",
    [
        "ada@example.com",
        "Ada@Example.COM",
        "  ada@example.com\n",
        "Ada <ada@example.com>",
        "mailto:ada@example.com?subject=Hi",
        "Please write to ada@example.com.",
        "ada@example.com, bob@example.com",
        "'ada@example.com'",
        "(ada@example.com)",
        "first line\nada@example.com",
        "email=ada@example.com&name=Ada",
        "https://example.com/?email=ada%40example.com&x=1",
        "https://example.com/?email=%41da%40example%2ecom",
        "\uff41da\uff20example.com",
        {"a": [{"b": ["x", {"c": "ada@example.com"}]}]},
        {"ada@example.com": 1},
        ["ada@example.com's"],
    ],
)
def test_finds_it_wherever_it_stands(value):
    assert addresses.stands_in(ADA, value)


@pytest.mark.parametrize(
    "value",
    [
        "bada@example.com",
        "b.ada@example.com",
        "b+ada@example.com",
        "b-ada@example.com",
        "_ada@example.com",
        "o'ada@example.com",
        "éada@example.com",
        "ada@example.com.au",
        "ada@example.community",
        "ada@example.com-pany.org",
        "ada+forms@example.com",
        "ada@exampleXcom",
        "ada @example.com",
        "ada at example.com",
        "ada@mail.example.com",
        "ada%2540example.com",
        "",
        None,
        True,
        7,
        Decimal("1.5"),
        [],
        {},
    ],
)
def test_takes_no_other_for_it(value):
    assert not addresses.stands_in(ADA, value)


def test_a_domain_is_found_as_it_is_read_and_as_it_is_wired():
    pattern = addresses.pattern("ada@bücher.example")

    assert addresses.stands_in(pattern, "ada@BÜCHER.example")
    assert addresses.stands_in(pattern, "ada@xn--bcher-kva.example")


def test_what_an_address_may_hold_means_nothing_in_a_pattern():
    pattern = addresses.pattern("a.d+a*@example.com")

    assert addresses.stands_in(pattern, "a.d+a*@example.com")
    assert not addresses.stands_in(pattern, "axd+a*@example.com")


@given(st.text(alphabet="ada@example.com%'-+ ", max_size=300))
def test_reads_any_text(text):
    assert addresses.stands_in(ADA, text) in {True, False}


def test_a_long_text_that_nearly_matches_all_the_time_takes_no_time():
    began = time.process_time()

    assert not addresses.stands_in(ADA, "ada@example.comx" * 16_000)

    assert time.process_time() - began < 5
