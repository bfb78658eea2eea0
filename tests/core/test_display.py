from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from pillarbox import display


@pytest.mark.parametrize(
    ("fields", "who"),
    [
        ({"name": "Ada"}, "Ada"),
        ({"Your-Name": " Ada  Lovelace\n"}, "Ada Lovelace"),
        ({"first_name": "Ada", "last_name": "Lovelace"}, "Ada Lovelace"),
        ({"firstName": "Ada"}, "Ada"),
        ({"email": "ada@example.com", "message": "Hi"}, "ada@example.com"),
        ({"name": "  ", "Email": "ada@example.com"}, "ada@example.com"),
        ({"name": 7, "message": "Hi"}, "Somebody"),
        ({}, "Somebody"),
        ({"name": "x" * 200}, "x" * 79 + "…"),
    ],
)
def test_tells_who_wrote(fields, who):
    assert display.who(fields) == who


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"name": "Ada", "message": "Hello\n\nthere"}, "Hello there"),
        ({"email": "ada@example.com"}, ""),
        ({"name": "Ada", "seats": 3, "vegetarian": True}, "seats: 3 · vegetarian: Yes"),
        ({"name": "Ada", "story": "once " * 30, "n": 1}, ("once " * 30).strip()),
        ({"message": "", "plan": "basic"}, "plan: basic"),
        ({"topics": ["a", "b"], "price": Decimal("1.50")}, "topics: a, b · price: 1.50"),
        ({"message": "x" * 500}, "x" * 159 + "…"),
    ],
)
def test_tells_the_first_words(fields, words):
    assert display.first_words(fields) == words


@pytest.mark.parametrize(
    ("value", "link"),
    [
        ("ada@example.com", "mailto:ada@example.com"),
        ("https://example.com/a?b=c", "https://example.com/a?b=c"),
        ("http://example.com", "http://example.com"),
        ("javascript:alert(1)", None),
        ("https://", None),
        ("https://[::1", None),
        ("see https://example.com", None),
        ("ada@example", None),
        ("ada?bcc=all@example.com", "mailto:ada%3Fbcc%3Dall@example.com"),
        ("ada@example.com\nbcc:x@y.z", None),
        (7, None),
    ],
)
def test_only_whole_addresses_lead_somewhere(value, link):
    assert display.link(value) == link


def test_characters_that_turn_others_around_lose_their_power():
    assert display.plain("\u202egpj.exe\x00") == "\ufffdgpj.exe\ufffd"
    assert display.plain("\u05e9\u05dc\u05d5\u05dd\n\u200f!") == "\u05e9\u05dc\u05d5\u05dd\n\u200f!"


def test_times_are_short_while_they_are_near():
    now = datetime.now(UTC)

    assert display.short_time(now) == f"{now:%H:%M}"
    assert display.short_time(datetime(now.year - 1, 3, 7, tzinfo=UTC)) == f"7 Mar {now.year - 1}"
    assert display.long_time(datetime(2026, 3, 7, 9, 5, tzinfo=UTC)) == "7 March 2026, 09:05 UTC"
    yesterday = now - timedelta(days=1)
    assert display.short_time(yesterday).startswith(f"{yesterday.day} ")
