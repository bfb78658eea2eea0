"""The sentences in which people read what became of a delivery."""

from datetime import UTC, datetime, timedelta
from typing import get_args

import pytest

from pillarbox import deliveries, delivery_words, retries, whereabouts
from pillarbox.deliveries import Attempt, Delivery
from pillarbox.submissions import Source, Submission

NOW = datetime.now(UTC)


@pytest.fixture(autouse=True)
def _still(monkeypatch):
    """Hold the time, which the words are about."""
    monkeypatch.setattr("time.time", NOW.timestamp)


def delivery(state="pending", *, attempts=0, due_in=None, log=(), **more):
    about = {
        "id": "01ARZ3NDEKTSV4RRFFQ69G5FAV-0123456789abcdef",
        "form_id": "f",
        "submission_id": "01ARZ3NDEKTSV4RRFFQ69G5FAV",
        "kind": "webhook",
        "event": "created",
        "target": "w",
        "to": "https://receiver.example.com:8443/a/secret",
        "created_at": NOW,
        "note": None,
        "lease": 1,
        "due": None if due_in is None else int((NOW + timedelta(seconds=due_in)).timestamp()),
    }
    return Delivery.model_validate(about | {"state": state, "attempts": attempts, "log": list(log)} | more)


def tried(seconds_ago=0, *, status=None, error=None):
    return Attempt(at=NOW - timedelta(seconds=seconds_ago), ok=status == 200, status=status, error=error)


@pytest.mark.parametrize("state", get_args(deliveries.State.__value__))
def test_each_state_has_an_icon_and_words(state):
    told = delivery_words.told(delivery(state))

    assert told.icon
    assert told.words[0].isupper()


def test_mails_come_first_and_webhooks_on_one_host_are_told_apart():
    chat = "https://chat.example.com/services/T024BE7LD/B024BE7LH/abcdefghijklmnop"
    short = "https://chat.example.com/hook"
    alone = delivery(to="https://receiver.example.com/a/secret")
    mail = delivery(kind="mail", to="ada@example.com")

    lines = delivery_words.lines([delivery(to=chat), alone, delivery(to=short), mail, delivery(to=chat)])

    assert [one.whom for one in lines] == [
        "ada@example.com",
        "chat.example.com/…efghijklmnop",
        "receiver.example.com",
        "chat.example.com/hook",
        "chat.example.com/…efghijklmnop",
    ]


def test_what_came_earlier_stands_first():
    earlier = delivery(created_at=NOW - timedelta(seconds=2))

    lines = delivery_words.lines([delivery(kind="mail", to="ada@example.com"), earlier])

    assert [one.whom for one in lines] == ["receiver.example.com:8443", "ada@example.com"]


@pytest.mark.parametrize("kind", get_args(deliveries.Kind.__value__))
@pytest.mark.parametrize("event", get_args(deliveries.Event.__value__))
def test_each_kind_and_event_has_words(kind, event):
    assert delivery_words.what(delivery(kind=kind, event=event))


@pytest.mark.parametrize(
    ("of", "words", "why"),
    [
        (delivery(due_in=900), "On its way", None),
        (delivery(due_in=890, log=[tried(status=500)]), "Being sent again now", None),
        (delivery(due_in=2 * 3600), "Waiting: goes out in 2 hours", None),
        (
            delivery(attempts=2, due_in=299, log=[tried(9), tried(status=500)]),
            "Waiting: next try in 5 minutes",
            "2 tries have failed. The answer was 500.",
        ),
        (
            delivery(attempts=9, due_in=20 * 3600, log=[tried(60, error="It took longer than 15 seconds.")]),
            "Waiting: next try in 20 hours",
            "9 tries have failed. It took longer than 15 seconds.",
        ),
        (delivery(attempts=1, due_in=0, log=[tried(5)]), "Waiting: next try within a minute", "1 try has failed."),
        (delivery("failed", attempts=10, log=[tried(status=500)]), "Failed after 10 tries: answered 500", None),
        (delivery("failed", attempts=1, log=[tried(error="No such host.")]), "Failed after 1 try", "No such host."),
        (delivery("dropped", note="The webhook was off."), "Not sent", "The webhook was off."),
        (delivery("done", kind="mail"), "Sent with a digest", None),
        (delivery("digest", kind="mail"), "Goes with the next digest", None),
    ],
)
def test_the_words_say_what_became_of_it(of, words, why):
    told = delivery_words.told(of)

    assert (told.words, told.why) == (words, why)


def test_what_was_sent_says_when():
    log = [tried(60, status=500), tried(50, status=200), tried(40, status=500)]

    assert delivery_words.told(delivery("done", log=log)).at == NOW - timedelta(seconds=50)


def test_a_digest_that_is_known_says_when_it_goes():
    assert delivery_words.told(delivery("digest", due_in=3600)).at is not None


@pytest.mark.parametrize("failed", range(1, len(retries.PAUSES) + 1))
def test_what_waits_is_told_from_what_somebody_has_to_send(failed, monkeypatch):
    for late in (1 - retries.JITTER, 1 + retries.JITTER):
        pause = retries.PAUSES[failed - 1] * late
        waiting = delivery(attempts=failed, due_in=pause + 20, log=[tried(status=500)])
        assert not whereabouts.under_way(waiting)
    begun = retries.PAUSES[failed - 1] * (1 + retries.JITTER) + 60
    leased = delivery(attempts=failed, due_in=begun + deliveries.LEASE_SECONDS, log=[tried(status=500)])
    monkeypatch.setattr("time.time", lambda: NOW.timestamp() + begun)
    assert whereabouts.under_way(leased)


@pytest.mark.parametrize(
    ("to", "host"),
    [
        ("https://hooks.example.com/services/T0/secret", "hooks.example.com"),
        ("https://name:word@example.com:8443/", "example.com:8443"),
        ("https://[::1", "https://[::1"),
        ("nothing", "nothing"),
        ("https://ex\u202eample.com/", "ex\ufffdample.com"),
    ],
)
def test_of_a_webhook_people_are_shown_the_host(to, host):
    assert delivery_words.whom(delivery(to=to)) == host


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (-5, "within a minute"),
        (60, "within a minute"),
        (61, "in 2 minutes"),
        (300, "in 5 minutes"),
        (5400, "in 90 minutes"),
        (7200, "in 2 hours"),
        (90000, "in 25 hours"),
    ],
)
def test_a_pause_is_told_in_round_words(seconds, words):
    assert delivery_words.soon(seconds) == words


@pytest.mark.parametrize(
    ("attempt", "words"),
    [
        (tried(status=200), "Answered 200"),
        (tried(status=410), "Answered 410"),
        (tried(), "No answer"),
        (tried(error="The name leads nowhere."), "The name leads nowhere"),
        (Attempt(at=NOW, ok=True), "Sent"),
    ],
)
def test_a_try_says_what_came_of_it(attempt, words):
    assert delivery_words.tried(attempt) == words


@pytest.mark.parametrize(
    ("folder", "days", "sentence"),
    [
        ("spam", 0, "Spam is told to nobody."),
        ("spam", 31, "kept for 30 days"),
        ("inbox", 31, "kept for 30 days"),
        ("inbox", 0, "only just come"),
        ("archive", 1, "no webhooks and sends no mail"),
    ],
)
def test_nobody_was_told_has_a_reason(folder, days, sentence):
    about = {"id": "s", "form_id": "f", "read": True, "fields": {}, "form_version": 1, "source": Source()}
    about |= {"folder": folder, "received_at": NOW - timedelta(days=days)}
    submission = Submission.model_validate(about)

    assert sentence in delivery_words.nobody(submission, has_webhooks=False)
