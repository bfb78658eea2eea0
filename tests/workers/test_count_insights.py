"""Insights behind the stream: what came stays counted, once, whatever the stream repeats and owners do."""

import time
import uuid
from datetime import UTC, date, datetime

import pytest

from infra.local import lambdas
from pillarbox import definitions, exact, filing, forms, ids, insights, places, table
from tests.stream import inserted, record

DAY = 24 * 60 * 60
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC).timestamp()


@pytest.fixture
def function(template):
    (function,) = [function for function in template.functions if function.name == "Count"]
    return function


@pytest.fixture
def deliver(function):
    """Hand records over as Lambda does, in the name of a shard of the stream that only this test knows."""
    own = uuid.uuid4()

    def deliver(records, shard="shard", state=None):
        beside = {"shardId": f"{shard} {own}", "state": state or {}, "isFinalInvokeForWindow": False}
        return lambdas.invoke(function, {"Records": records} | beside)

    return deliver


@pytest.fixture
def pump(stream, function):
    """Return a function that feeds the worker all that is in the stream, as template.yaml says."""
    return stream(function)


def arrived(form_id, folder="inbox", *, at=NOON, fields=None, page=None, shard=0, **more):
    """Return a submission's item as accepting makes it."""
    ulid = ids.ulid(shard=shard, now=at)
    return table.key(places.partition(form_id, folder, shard), ulid) | {
        "folder": folder,
        "announce": "spam" if folder == "spam" else "created",
        "read": False,
        "fields": exact.dumps(fields or {"message": "Hello"}),
        "source": exact.dumps({"page": page}),
        "form_version": 1,
        **more,
    }


def numbers(form_id, day=date(2026, 11, 20)):
    """Return what is counted of a day, without zeros."""
    return {name: number for name, number in insights.by_day([form_id], [day])[form_id][day].items() if number}


# ── How many a day ───────────────────────────────────────────────────────────


def test_what_came_is_counted_by_the_day_it_came_in_utc(form, deliver):
    midnight = datetime(2026, 12, 1, tzinfo=UTC).timestamp()
    times = [midnight - 1, midnight - 0.001, midnight, midnight + DAY - 0.001]
    deliver([inserted(arrived(form.id, at=at), n) for n, at in enumerate(times, 1)])

    assert numbers(form.id, date(2026, 11, 30)) == {"accepted": 2}
    assert numbers(form.id, date(2026, 12, 1)) == {"accepted": 2}


def test_spam_is_counted_apart(form, deliver):
    deliver([inserted(arrived(form.id, folder), n) for n, folder in enumerate(["inbox", "spam", "spam"], 1)])

    assert numbers(form.id) == {"accepted": 1, "spam": 2}


def test_what_a_form_only_passes_on_is_counted_too(form, deliver):
    deliver([inserted(arrived(form.id, "passing", passes=True))])

    assert numbers(form.id) == {"accepted": 1}


def test_what_is_moved_read_deleted_or_over_stays_counted(form, deliver):
    item = arrived(form.id)
    moved = arrived(form.id, "trash") | filing.filed(item, "trash") | {"announce": "updated"}
    by_ttl = {"type": "Service", "principalId": "dynamodb.amazonaws.com"}

    deliver(
        [
            inserted(item, 1),
            record(2, old=item, new=item | {"read": True}),
            record(3, old=item),
            inserted(moved, 4),
            record(5, old=moved, userIdentity=by_ttl),
        ]
    )

    assert numbers(form.id) == {"accepted": 1}


def test_what_is_saved_from_spam_counts_as_accepted_from_then_on_on_the_day_it_came(owner, visitor, form, pump):
    sent = visitor.post(f"/f/{form.id}", json={"message": "Hi", "_gotcha": "filled"}).json()["id"]
    pump()
    today = insights.last_days(1)[0]
    assert numbers(form.id, today) == {"spam": 1}

    for folder in ("inbox", "spam", "inbox", "trash"):
        owner.patch(f"/v1/forms/{form.id}/submissions/{sent}", json={"folder": folder})
        pump()

        assert numbers(form.id, today) == {"accepted": 1}


def test_what_an_owner_files_as_spam_stays_accepted(owner, visitor, form, pump):
    sent = visitor.post(f"/f/{form.id}", json={"message": "Hi"}).json()["id"]
    owner.patch(f"/v1/forms/{form.id}/submissions/{sent}", json={"folder": "spam"})
    pump()

    assert numbers(form.id, insights.last_days(1)[0]) == {"accepted": 1}


def test_a_stream_that_repeats_itself_counts_once(form, deliver):
    records = [inserted(arrived(form.id), n) for n in range(1, 6)]
    for some in (records[:3], records, records[2:], records):
        deliver(some)

    assert numbers(form.id) == {"accepted": 5}


def test_shards_that_come_in_any_order_count_all(form, deliver):
    for n in (3, 1, 2):
        deliver([inserted(arrived(form.id, shard=n), 10 - n)], shard=f"shard {n}")

    assert numbers(form.id) == {"accepted": 3}


def test_a_month_of_late_ones_is_counted_in_transactions_that_fit(form, deliver):
    first = datetime(2026, 10, 1, 12, tzinfo=UTC).timestamp()
    records = [inserted(arrived(form.id, at=first + n * DAY), n + 1) for n in range(61)]

    deliver(records)
    deliver(records)

    days = [date.fromordinal(date(2026, 10, 1).toordinal() + n) for n in range(61)]
    assert [numbers(form.id, day) for day in days] == [{"accepted": 1}] * 61


# ── Sparklines ───────────────────────────────────────────────────────────────


def test_sparklines_have_a_number_for_each_day_with_today_last(owner, form, deliver):
    now = time.time()
    deliver([inserted(arrived(form.id, at=now - ago * DAY), n) for n, ago in enumerate([0, 0, 1, 29, 30], 1)])
    empty = forms.create(owner.account, definitions.Definition(name="Another")).id

    lines = insights.sparklines([form.id, empty])

    assert lines[form.id] == [1] + [0] * 27 + [1, 2]
    assert lines[empty] == [0] * 30
    assert insights.sparklines([form.id], days=2) == {form.id: [1, 2]}


def test_sparklines_cost_two_reads_a_form_at_most(form, monkeypatch):
    asked = []
    real = table.get_many

    def reading(keys):
        asked.extend(wanted := list(keys))
        return real(wanted)

    monkeypatch.setattr(table, "get_many", reading)

    insights.sparklines([form.id, "n0such0f0rm0"])

    assert len(asked) <= 4
