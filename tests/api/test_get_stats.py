"""Numbers of a form by day, week and month: as counted, in few reads, for whoever may read its submissions."""

import time
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest

from pillarbox import definitions, forms, ids, places, table, tallies

MAY = "viewer, submissions:read"

TODAY = date(2026, 11, 27)  # a Friday
FIELDS = [
    {"name": "size", "label": "Size", "type": "choice", "options": [{"value": "s"}, {"value": "l", "label": "Large"}]},
    {"name": "age", "label": "Age", "type": "integer"},
    {"name": "why", "label": "Why", "type": "text", "starts_page": "About you"},
]


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    """It is noon of that day: long sessions are no matter, for programs bring tokens."""
    noon = datetime(2026, 11, 27, 12, tzinfo=UTC).timestamp()
    real = time.time
    begun = real()
    monkeypatch.setattr("pillarbox.insights.time.time", lambda: noon + real() - begun)


@pytest.fixture
def booking(owner):
    return forms.create(owner.account, definitions.Definition.model_validate({"name": "Booking", "fields": FIELDS}))


def counted(form, day, **numbers):
    """Count as the worker behind the stream does."""
    named = {f"{name}_{day:%d}": number for name, number in numbers.items()}
    table.transact(table.Add(places.days(form.id, f"{day:%Y-%m}"), named))


def tallied(form, day, groups, lane=0, numbers=()):
    tally = tallies.Tally()
    tally.groups = groups
    for group, number in numbers:
        tally.add_number(group, number)
    table.put(places.tally(form.id, f"{day}", lane) | {"tally": tally.packed(), "version": 1})


def stats(person, form, by="day"):
    answer = person.get(f"/v1/forms/{form.id}/stats", params={"by": by})
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_tells_what_came_on_each_of_thirty_days(owner, booking):
    counted(booking, TODAY, accepted=3, spam=1, views=9, starts=5, completed=2)
    counted(booking, TODAY - timedelta(days=29), accepted=1)
    counted(booking, TODAY - timedelta(days=30), accepted=10)

    told = stats(owner, booking)

    assert (told["since"], told["until"], len(told["spans"])) == ("2026-10-29", "2026-11-27", 30)
    assert told["total"] == {"accepted": 4, "spam": 1, "views": 9, "starts": 5, "completed": 2}
    assert told["spans"][0] == {
        "since": "2026-10-29", "until": "2026-10-29", "accepted": 1, "spam": 0, "views": 0, "starts": 0, "completed": 0,
    }  # fmt: skip
    assert told["spans"][-1]["accepted"] == 3


@pytest.mark.parametrize(
    ("by", "count", "first", "last"),
    [("week", 12, ("2026-09-07", "2026-09-13"), ("2026-11-23", "2026-11-27")),
     ("month", 12, ("2025-12-01", "2025-12-31"), ("2026-11-01", "2026-11-27"))],
)  # fmt: skip
def test_weeks_begin_on_monday_and_months_on_the_first(owner, booking, by, count, first, last):
    for day in (*first, *last):
        counted(booking, date.fromisoformat(day), accepted=1)
    counted(booking, date.fromisoformat(first[0]) - timedelta(days=1), accepted=10)

    told = stats(owner, booking, by)

    ends = [(span["since"], span["until"]) for span in told["spans"]]
    assert (len(ends), ends[0], ends[-1]) == (count, first, last)
    assert [span["accepted"] for span in told["spans"]] == [2, *[0] * (count - 2), 2]
    for (_, end), (begin, _) in pairwise(ends):
        assert date.fromisoformat(end) + timedelta(days=1) == date.fromisoformat(begin)


def test_compares_with_as_many_days_before_where_the_form_was_there(owner, booking):
    counted(booking, TODAY - timedelta(days=30), accepted=7)
    assert stats(owner, booking)["before"] is None

    table.update(places.form(booking.id), {"created_at": "2026-01-01T00:00:00Z"}, condition="attribute_exists(pk)")

    assert stats(owner, booking)["before"]["accepted"] == 7


def test_tells_what_was_answered_in_the_words_of_the_form(owner, booking):
    tallied(booking, TODAY, {":size": {"l": 2, "": 1}, ":gone": {"x": 1}}, numbers=[(":age", n) for n in (30, 40, 40)])
    tallied(booking, TODAY - timedelta(days=29), {":size": {"l": 1}}, lane=3, numbers=[(":age", 40)])
    tallied(booking, TODAY - timedelta(days=30), {":size": {"s": 5}})

    size, age = stats(owner, booking)["fields"]

    assert (size["answered"], size["other"]) == (4, 1)
    assert [(one["value"], one["label"], one["count"]) for one in size["counts"]] == [("s", "s", 0), ("l", "Large", 3)]
    assert (age["answered"], age["mean"], age["median"], age["min"], age["max"]) == (4, 37.5, 40, 30, 40)


def test_mean_and_ends_keep_three_digits_on_a_busy_day(owner, booking):
    tallied(booking, TODAY, {}, numbers=[(":age", number) for number in range(101, 301)])

    _, age = stats(owner, booking)["fields"]

    assert (age["answered"], age["mean"], age["min"], age["max"]) == (200, 200, 101, 300)


@pytest.mark.parametrize("kind", ["integer", "number", "date"])
def test_what_was_answered_while_a_field_was_a_choice_counts_as_other_once_it_is_none(owner, booking, kind):
    owner.patch(f"/v1/forms/{booking.id}", json={"fields": [{"name": "size", "type": kind}]})
    odd = ["l", "NaN", "-inf", "1e999999999", "2" * 200, "2026-13", "s", "٣"]
    tallied(booking, TODAY, {":size": dict.fromkeys(odd, 1)})

    (size,) = stats(owner, booking)["fields"]

    assert (size["counts"], size["answered"], size["other"]) == ([], len(odd), len(odd))


def test_tells_where_it_was_sent_from_and_how_far_people_came(owner, booking):
    tallied(
        booking,
        TODAY,
        {
            "pages": {"*": 2, "example.com": 1, "": 4},
            "hosts": {"-": 3},
            "reached": {"2": 5, "9": 1},
            "seconds": {"30": 1, "61": 1, "900": 1},
        },
    )

    told = stats(owner, booking)

    assert [(one["value"], one["count"]) for one in told["pages"]] == [("*", 2), ("example.com", 1)]
    assert told["other_pages"] == 4
    assert [(one["value"], one["count"]) for one in told["referrers"]] == [("-", 3)]
    assert told["reached"] == [{"page": 2, "title": "About you", "count": 5}]
    assert (told["time_to_fill"]["answered"], told["time_to_fill"]["median_seconds"]) == (3, 61)


def test_a_form_without_anything_has_zeros(owner, form):
    told = stats(owner, form, "month")

    assert set(told["total"].values()) == {0}
    assert (told["fields"], told["pages"], told["reached"]) == ([], [], [])
    assert told["time_to_fill"] == {"answered": 0, "median_seconds": None, "counts": []}


def test_a_sum_that_is_below_zero_until_another_shard_is_read_shows_as_none(owner, booking):
    counted(booking, TODAY, spam=-1)

    assert stats(owner, booking)["total"]["spam"] == 0


def test_a_year_costs_as_many_reads_as_there_are_months_and_a_query_however_often_it_came(owner, booking, monkeypatch):
    reads = []
    for name in ("get_item", "batch_get_item", "query"):
        real = getattr(table.client, name)

        def counting(real=real, name=name, **asked):
            batches = asked.get("RequestItems", {}).values()
            reads.append((name, sum(len(batch["Keys"]) for batch in batches) or 1))
            return real(**asked)

        monkeypatch.setattr(table.client, name, counting)

    def cost():
        reads.clear()
        stats(owner, booking, "month")
        return list(reads)

    before = cost()
    for ago in range(360):
        day = TODAY - timedelta(days=ago)
        tallied(booking, day, {":size": {"l": 10**9}, "pages": {f"example.com/{n}": 10**6 for n in range(50)}})
    for ago in range(0, 360, 28):
        counted(booking, TODAY - timedelta(days=ago), accepted=10**9)
    after = cost()

    assert after == before
    assert sum(keys for _, keys in after) <= 40, "who asks, the form, 25 months of days, one query"


@pytest.mark.parametrize("by", ["year", "", "Day", "day&by=<script>"])
def test_refuses_other_periods(owner, form, by):
    answer = owner.get(f"/v1/forms/{form.id}/stats", params={"by": by})

    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"


def test_somebody_elses_is_not_found(stranger, visitor, owner, form):
    assert stranger.get(f"/v1/forms/{form.id}/stats").status_code == 404
    assert visitor.get(f"/v1/forms/{form.id}/stats").status_code == 401
    assert owner.get(f"/v1/forms/{ids.short()}/stats").status_code == 404
