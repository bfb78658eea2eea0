"""Insights behind the stream: what came stays counted, once, whatever the stream repeats and owners do."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime

import pytest

from infra.local.lambdas import FunctionFailed
from pillarbox import definitions, exact, filing, forms, ids, insights, places, table, tallies
from tests.posting import Post, confirm
from tests.stream import inserted, record

DAY = 24 * 60 * 60
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC).timestamp()


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


def test_what_is_saved_from_spam_counts_as_accepted_from_then_on_on_the_day_it_came(owner, visitor, form, feed):
    sent = visitor.post(f"/f/{form.id}", json={"message": "Hi", "_gotcha": "filled"}).json()["id"]
    feed()
    today = insights.last_days(1)[0]
    assert numbers(form.id, today) == {"spam": 1}

    for folder in ("inbox", "spam", "inbox", "trash"):
        owner.patch(f"/v1/forms/{form.id}/submissions/{sent}", json={"folder": folder})
        feed()

        assert numbers(form.id, today) == {"accepted": 1}


def test_what_an_owner_files_as_spam_stays_accepted(owner, visitor, form, feed):
    sent = visitor.post(f"/f/{form.id}", json={"message": "Hi"}).json()["id"]
    owner.patch(f"/v1/forms/{form.id}/submissions/{sent}", json={"folder": "spam"})
    feed()

    assert numbers(form.id, insights.last_days(1)[0]) == {"accepted": 1}


@pytest.mark.parametrize("spam", [False, True])
def test_what_is_confirmed_while_it_lies_in_the_trash_is_counted_once(
    owner, visitor, form, feed, template, monkeypatch, spam
):
    owner.patch(f"/v1/forms/{form.id}", json={"autoresponse": {"enabled": True, "double_opt_in": True}})
    sent = {"email": f"{ids.short()}@example.com", "message": "Hello"} | ({"_gotcha": "filled"} if spam else {})
    submission_id = visitor.post(f"/f/{form.id}", json=sent).json()["id"]

    def move(*folders):
        for folder in folders:
            answer = owner.patch(f"/v1/forms/{form.id}/submissions/{submission_id}", json={"folder": folder})
            assert answer.status_code == 200
        feed()

    feed()
    move(*(["inbox"] if spam else []))
    today = insights.last_days(1)[0]
    assert numbers(form.id, today) == {"accepted": 1}
    post = Post(template, monkeypatch)
    post.tell(form.id, submission_id)
    move("trash")
    confirm(visitor, post.asked[0])
    move("inbox", "spam", "archive")

    assert numbers(form.id, today) == {"accepted": 1}


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


# ── What was in it ───────────────────────────────────────────────────────────


FIELDS = [
    {"name": "workshop", "label": "Workshop", "type": "choice", "options": [{"value": "wheel"}, {"value": "raku"}]},
    {"name": "days", "label": "Days", "type": "choices", "options": [{"value": "mon"}, {"value": "tue"}]},
    {"name": "news", "label": "News", "type": "checkbox"},
    {"name": "seats", "label": "Seats", "type": "integer"},
    {"name": "when", "label": "When", "type": "date"},
    {"name": "why", "label": "Why", "type": "long_text"},
]


@pytest.fixture
def booking(owner):
    told = {"name": "Booking", "fields": FIELDS}
    return forms.create(owner.account, definitions.Definition.model_validate(told))


def tallied(form_id, lanes=range(4), day="2026-11-20"):
    found = table.get_many([places.tally(form_id, day, lane) for lane in lanes])
    return tallies.together(bytes(item["tally"]) for item in found).groups


def visit(form_id, what, *, shard=0, at=NOON, **more):
    ulid = ids.ulid(shard=shard, now=at)
    return table.key(places.visits(form_id, shard), ulid) | {"what": what, **more}


def test_counts_what_each_field_said(booking, deliver):
    sent = [
        {"workshop": "wheel", "days": ["mon", "tue"], "news": True, "seats": 2, "when": "2026-12-24", "why": "Ada"},
        {"workshop": "wheel", "days": ["mon"], "news": False, "seats": 2, "when": "2026-12-01", "why": "Bob"},
        {"workshop": "", "days": [], "news": False, "seats": None, "when": None},
        {"workshop": "raku", "news": False, "seats": 14, "when": "2027-01-02"},
    ]
    deliver([inserted(arrived(booking.id, fields=one), n) for n, one in enumerate(sent, 1)])

    assert tallied(booking.id) == {
        ":workshop": {"wheel": 2, "raku": 1},
        ":days": {"mon": 2, "tue": 1},
        "answered": {"days": 2},
        ":news": {"true": 1, "false": 3},
        ":seats": {"2": 2, "14": 1},
        ":when": {"2026-12": 2, "2027-01": 1},
    }


def test_no_text_that_somebody_typed_becomes_a_name(booking, deliver):
    """The form may have changed since it was sent, and what is sent again may be old."""
    typed = {
        "workshop": "Ada Lovelace",
        "days": ["ada@example.com"],
        **dict.fromkeys(("news", "seats", "when", "why"), "Ada"),
    }
    deliver([inserted(arrived(booking.id, fields=typed))])

    assert tallied(booking.id) == {
        ":workshop": {"": 1}, ":days": {"": 1}, "answered": {"days": 1}, ":news": {"false": 1},
    }  # fmt: skip


def test_what_spam_says_is_in_no_distribution_until_somebody_saves_it(owner, visitor, booking, feed):
    spam = {"workshop": "raku", "news": "on", "_gotcha": "filled"}
    sent = visitor.post(f"/f/{booking.id}", json=spam).json()["id"]
    feed()
    today = f"{insights.last_days(1)[0]}"
    assert tallied(booking.id, day=today) == {}

    for folder in ("inbox", "archive"):
        owner.patch(f"/v1/forms/{booking.id}/submissions/{sent}", json={"folder": folder})
    feed()

    assert tallied(booking.id, day=today) == {":workshop": {"raku": 1}, ":news": {"true": 1}}


@pytest.mark.parametrize("spam", [False, True])
def test_what_is_not_stored_is_counted_and_leaves_nothing_of_what_it_said(owner, visitor, booking, feed, spam):
    owner.patch(f"/v1/forms/{booking.id}", json={"store": False})
    said = {"workshop": "raku", "seats": "2", "when": "2026-12-24"} | ({"_gotcha": "filled"} if spam else {})
    hosted = {"referer": f"https://pillarbox.test/f/{booking.id}", "accept": "application/json"}
    sent = visitor.post(f"/f/{booking.id}", json=said, headers=hosted).json()["id"]
    if spam:
        owner.patch(f"/v1/forms/{booking.id}/submissions/{sent}", json={"folder": "inbox"})
    feed()

    today = insights.last_days(1)[0]
    assert numbers(booking.id, today) == {"accepted": 1, "completed": 1}
    assert tallied(booking.id, day=f"{today}") == {}


def test_not_even_how_long_it_took_is_tallied_of_what_is_not_stored(form, deliver):
    deliver([inserted(arrived(form.id, "passing", passes=True, took=42, page="https://example.com"))])

    assert (numbers(form.id), tallied(form.id)) == ({"accepted": 1}, {})


def test_pages_are_counted_by_host_and_path_alone(form, deliver):
    pages = [
        "https://Example.com/Contact?token=secret#top", "http://example.com/Contact/", "https://example.com/",
        f"https://pillarbox.test/f/{form.id}?name=Ada", "https://pillarbox.test/f/n0such0f0rm0", None,
    ]  # fmt: skip
    deliver([inserted(arrived(form.id, page=page), n) for n, page in enumerate(pages, 1)])

    hosted_elsewhere = "pillarbox.test/f/n0such0f0rm0"
    assert tallied(form.id) == {"pages": {"example.com/Contact": 2, "example.com": 1, "*": 1, hosted_elsewhere: 1}}
    assert numbers(form.id) == {"accepted": 6, "completed": 1}


def test_seconds_to_fill_are_counted_with_two_digits(form, deliver):
    deliver([inserted(arrived(form.id, took=took), n) for n, took in enumerate([0, 7, 42, 123, 127], 1)])

    assert tallied(form.id) == {"seconds": {"0": 1, "7": 1, "42": 1, "120": 1, "130": 1}}


def paged(owner, pages):
    fields = [{"name": f"field {n}", "type": "text", "starts_page": f"Page {n}"} for n in range(1, pages + 1)]
    return forms.create(owner.account, definitions.Definition.model_validate({"name": "Paged", "fields": fields}))


def test_each_page_of_the_longest_form_is_counted_and_none_that_it_does_not_have(owner, deliver):
    form = paged(owner, 200)
    deliver([inserted(visit(form.id, "page", page=n), n) for n in range(200, 1, -1)])
    assert tallied(form.id)["reached"] == {str(n): 1 for n in range(2, 201)}

    form = paged(owner, 3)
    deliver([inserted(visit(form.id, "page", page=n), 1000 - n) for n in range(200, 1, -1)], shard="another")
    assert tallied(form.id)["reached"] == {"3": 1, "2": 1}


def test_visits_are_counted_with_where_they_came_from_and_how_far(owner, deliver):
    form = paged(owner, 3)
    told = [
        visit(form.id, "view", host="news.example.com"),
        visit(form.id, "view", host=""),
        visit(form.id, "start"),
        visit(form.id, "page", page=2),
        visit(form.id, "page", page=3),
    ]
    deliver([inserted(item, n) for n, item in enumerate(told, 1)])

    assert numbers(form.id) == {"views": 2, "starts": 1}
    assert tallied(form.id) == {"hosts": {"news.example.com": 1, "-": 1}, "reached": {"2": 1, "3": 1}}


def test_visits_come_by_the_stream_and_their_end_counts_nothing(visitor, form, feed, deliver):
    visitor.post(f"/f/{form.id}/visit", json={"what": "view", "from": "news.example.com"})
    visitor.post(f"/f/{form.id}/visit", json={"what": "start"})
    feed()
    today = insights.last_days(1)[0]
    assert numbers(form.id, today) == {"views": 1, "starts": 1}

    for item in list(table.query_all(places.visits(form.id, 0))):
        table.delete(table.key_of(item))
        deliver([record(9, old=item)])
    feed()

    assert numbers(form.id, today) == {"views": 1, "starts": 1}


def test_names_past_the_fiftieth_of_a_day_are_others(form, deliver):
    items = [arrived(form.id, page=f"https://example.com/{n}") for n in range(70)]
    deliver([inserted(item, n) for n, item in enumerate(items, 1)])

    pages = tallied(form.id)["pages"]
    assert len(pages) == 51
    assert pages[""] == 20
    assert sum(pages.values()) == 70


def test_pages_and_hosts_that_anybody_makes_up_take_no_room_from_each_other_or_from_answers(booking, deliver):
    made_up = [arrived(booking.id, page=f"https://example.com/{n}{'é' * 5000}", at=NOON + n) for n in range(60)]
    hosts = [visit(booking.id, "view", host=f"{n}.{'x' * 240}.example.com") for n in range(60)]
    real = arrived(booking.id, fields={"workshop": "raku", "days": ["mon"], "seats": 14, "when": "2026-12-24"})
    deliver([inserted(item, n) for n, item in enumerate([*made_up, *hosts, real], 1)])

    groups = tallied(booking.id)
    assert [groups[f":{name}"] for name in ("workshop", "days", "seats", "when")] == [
        {"raku": 1}, {"mon": 1}, {"14": 1}, {"2026-12": 1},
    ]  # fmt: skip
    assert groups["answered"] == {"days": 1}
    for places_ in (groups["pages"], groups["hosts"]):
        assert 30 < len(places_) <= 51
        assert sum(places_.values()) == 60
    assert max(len(page.encode()) for page in groups["pages"]) <= 150


def test_fields_of_long_names_are_told_apart(owner, visitor, feed):
    names = ["ひ" * 99 + end for end in "abc"]
    fields = [{"name": name, "type": "choices", "options": [{"value": "x"}]} for name in names]
    form = forms.create(owner.account, definitions.Definition.model_validate({"name": "Long", "fields": fields}))
    visitor.post(f"/f/{form.id}", json={names[0]: ["x"], names[2]: ["x"]})
    feed()

    assert [field.answered for field in insights.of(form, "day").fields] == [1, 0, 1]


def test_the_largest_form_s_tally_is_bounded_and_loses_no_count_of_what_came(owner, deliver):
    many = [
        {
            "name": f"field {n}",
            "type": "choice",
            "options": [{"value": f"{'x' * 100}{m}", "label": "x"} for m in "abcde"],
        }
        for n in range(130)
    ]
    form = forms.create(owner.account, definitions.Definition.model_validate({"name": "Large", "fields": many}))
    sent = [{f"field {n}": f"{'x' * 100}{'abcde'[m % 5]}" for n in range(130)} for m in range(20)]
    deliver([inserted(arrived(form.id, fields=one), n) for n, one in enumerate(sent, 1)])

    (item,) = table.get_many([places.tally(form.id, "2026-11-20", 0)])
    assert len(bytes(item["tally"])) < 50_000
    groups = tallied(form.id)
    assert {sum(groups[f":field {n}"].values()) for n in range(130)} == {20}, "answered as often as they were"
    assert groups[":field 129"][""] > groups[":field 0"].get("", 0), "others"
    assert numbers(form.id) == {"accepted": 20}


def test_what_each_of_many_fields_said_is_counted_if_only_as_others_when_there_is_no_room_left(owner, deliver):
    many = {f"{'n' * 80} {n}": f"{'x' * 180}{n}" for n in range(180)}
    fields = [
        {"name": name, "label": "x", "type": "choices", "options": [{"value": value, "label": "x"}]}
        for name, value in many.items()
    ]
    form = forms.create(owner.account, definitions.Definition.model_validate({"name": "Many", "fields": fields}))
    deliver([inserted(arrived(form.id, fields=many), n) for n in (1, 2)])

    groups = tallied(form.id)
    counted = [groups[f":{tallies.short(name)}"] for name in many]
    assert {sum(counts.values()) for counts in counted} == {2}
    assert (counted[0], counted[-1]) == ({f"{'x' * 180}0": 2}, {"": 2})
    assert {groups["answered"][tallies.short(name)] for name in many} == {2}


def test_the_lanes_of_a_busy_form_share_the_room_of_its_day(form, deliver):
    items = [arrived(form.id, page=f"https://example.com/{n}{'x' * 140}") for n in range(60)]
    deliver([inserted(item, n) for n, item in enumerate(items, 1)])
    alone = len(tallied(form.id)["pages"])

    table.update(places.form(form.id), {"shards": 16}, condition="attribute_exists(pk)")
    others = [item | {"sk": ids.ulid(shard=1, now=NOON)} for item in items]
    others = [item | table.key(places.partition(form.id, "inbox", 1), item["sk"]) for item in others]
    deliver([inserted(item, 100 + n) for n, item in enumerate(others)])

    assert len(tallied(form.id, lanes=[1])["pages"]) - 1 == (alone - 1) // 4
    assert sum(tallied(form.id)["pages"].values()) == 120


def test_a_tally_is_counted_once_whatever_the_stream_repeats(booking, deliver):
    records = [inserted(arrived(booking.id, fields={"seats": n % 3}, took=n), n) for n in range(1, 10)]
    for some in (records[:4], records[:6], records, records[3:]):
        deliver(some)

    groups = tallied(booking.id)
    assert groups[":seats"] == {"0": 3, "1": 3, "2": 3}
    assert sum(groups["seconds"].values()) == 9


def test_shards_that_count_one_form_at_the_same_time_lose_nothing_to_each_other(booking, deliver):
    def count(n):
        for number in range(1, 11):
            records = [inserted(arrived(booking.id, fields={"workshop": "raku"}, shard=n % 2), number)]
            records += [inserted(visit(booking.id, "view", host=f"{n}.example.com"), 1000 + number)]
            for _ in range(20):  # as often as Lambda tries
                try:
                    deliver(records[:1], f"shard {n}")
                    deliver(records[1:], f"visits {n}")
                except FunctionFailed:
                    continue
                break

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(count, range(4)))

    groups = tallied(booking.id)
    assert groups[":workshop"] == {"raku": 40}
    assert groups["hosts"] == {f"{n}.example.com": 10 for n in range(4)}
    assert numbers(booking.id) == {"accepted": 40, "views": 40}


def test_a_lone_submission_costs_four_writes_behind_the_stream(booking, deliver, monkeypatch):
    sizes, transact = [], table.transact

    def measured(*writes):
        sizes.append(len(writes))
        transact(*writes)

    monkeypatch.setattr(table, "transact", measured)

    deliver([inserted(arrived(booking.id, fields={"seats": 2}, page="https://example.com"))])
    deliver([inserted(arrived(booking.id, "spam"), 2)])

    assert sizes == [4, 3], "the cursor, counts, the day's numbers, its tally; spam has none"


def test_a_record_of_a_visit_that_cannot_be_read_ends_the_batch_before_it(form, deliver):
    poison = visit(form.id, "view")
    records = [inserted(visit(form.id, "start")), inserted(poison, 2)]

    assert deliver(records)["batchItemFailures"] == [{"itemIdentifier": f"{2:030}"}]
    assert numbers(form.id) == {"starts": 1}


def test_a_deleted_form_takes_its_insights_with_it(owner, booking, deliver):
    deliver([inserted(arrived(booking.id, fields={"seats": 2}))])
    kept = {key["sk"].partition("#")[0] for key in forms.keys_of(booking.id)}
    assert {"DAYS", "TALLY"} <= kept

    forms.delete(owner.account, booking.id)
    deliver([inserted(arrived(booking.id, fields={"seats": 3}), 2)])

    assert tallied(booking.id) == {":seats": {"2": 1}}, "what came since is counted nowhere"


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
