"""The worker behind the stream: whatever that repeats, and wherever the worker dies, its counts are a recount's."""

import json
import random
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from zlib import crc32

import pytest

from infra.local import lambdas
from infra.local.lambdas import FunctionFailed
from pillarbox import bayes, counts, definitions, exact, filing, forms, ids, lessons, places, rates, submissions, table
from pillarbox.policies import Limits
from tests.stream import Event, inserted, record

FOLDERS: list[submissions.Folder] = ["inbox", "spam", "archive", "trash"]
NOTHING = {folder: {"total": 0, "unread": 0} for folder in places.FOLDERS}
WORDS = ["kiln", "glaze", "casino", "loan", "vase", "bet", "clay", "crypto", "wheel", "prize"]


def recount(form_id: str) -> counts.Folders:
    found = {}
    for folder in places.FOLDERS:
        items = [
            item
            for shard in range(ids.MAX_SHARDS)
            for item in table.query_all(places.partition(form_id, folder, shard))
        ]
        found[folder] = {"total": len(items), "unread": sum(not item["read"] for item in items)}
    return found


def counted(form_id: str) -> counts.Folders:
    return counts.of([form_id])[form_id]


def stored(form_id: str, what: str) -> table.Item:
    found = table.get(table.key(f"FORM#{form_id}", what))
    assert found
    return found


def accept(form_id: str, folder: str, shard: int = 0, *, text: str = "Hello", address: str = "somebody") -> str:
    """Put a submission as accepting does, and return its id."""
    item = submission(form_id, folder, ids.ulid(shard=shard), text=text, address=address)
    table.put(item)
    return str(item["sk"])


def submission(form_id: str, folder: str, ulid: str, *, text: str = "Hello", address: str = "somebody") -> table.Item:
    return table.key(places.partition(form_id, folder, ids.shard_of(ulid)), ulid) | {
        "folder": folder,
        "read": False,
        "fields": exact.dumps({"message": text}),
        "source": exact.dumps({"address_hash": address}),
        "form_version": 1,
    }


# ── What is counted ──────────────────────────────────────────────────────────


def test_counts_what_came_over_http_in_each_folder_and_what_of_it_is_unread(owner, visitor, form, feed):
    sent = [visitor.post(f"/f/{form.id}", json={"name": "Ada"}).json()["id"] for _ in range(5)]
    address = f"/v1/forms/{form.id}/submissions"
    owner.patch(f"{address}/{sent[0]}", json={"read": True})
    owner.patch(f"{address}/{sent[1]}", json={"folder": "archive"})
    owner.patch(f"{address}/{sent[2]}", json={"folder": "trash", "read": True})
    owner.delete(f"{address}/{sent[3]}")

    feed()

    assert counted(form.id) == recount(form.id)
    assert counted(form.id) == NOTHING | {
        "inbox": {"total": 2, "unread": 1},
        "archive": {"total": 1, "unread": 1},
        "trash": {"total": 1, "unread": 0},
    }


def test_a_form_to_which_nothing_was_sent_has_zeros(form):
    assert counts.of([form.id, "n0such0f0rm0"]) == {form.id: NOTHING, "n0such0f0rm0": NOTHING}


def test_counts_what_expired_no_longer(form, deliver):
    item = submission(form.id, "spam", ids.ulid())
    deliver([inserted(item)])

    by_ttl = {"type": "Service", "principalId": "dynamodb.amazonaws.com"}
    deliver([record(2, old=item, userIdentity=by_ttl)])

    assert counted(form.id) == NOTHING


def test_counts_a_batch_of_many_forms_in_more_than_one_transaction(owner, deliver, monkeypatch):
    made = [forms.create(owner.account, definitions.Definition(name=str(n))).id for n in range(90)]
    records = [inserted(submission(form_id, "inbox", ids.ulid()), n) for n, form_id in enumerate(made, 1)]
    sizes, transact = [], table.transact

    def measured(*writes):
        sizes.append(len(writes))
        transact(*writes)

    monkeypatch.setattr(table, "transact", measured)

    for _ in range(2):
        deliver(records)

    assert len(sizes) == 4
    assert max(sizes) <= 100
    assert {counted["inbox"]["total"] for counted in counts.of(made).values()} == {1}


def test_leaves_alone_what_is_no_submission(owner, form, feed):
    forms.update(owner.account, form.id, {"name": "Another"})

    feed()

    assert counted(form.id) == NOTHING
    assert table.get(table.key(f"FORM#{form.id}", "COUNTS")) is None


def test_closes_a_window_without_records(deliver):
    assert deliver([], state={"sent": 1}) == {"state": {"sent": 1}, "batchItemFailures": []}


def test_counts_nothing_for_a_form_that_is_gone_and_its_purge_takes_what_was_counted(
    owner, visitor, form, feed, template
):
    sent = [visitor.post(f"/f/{form.id}", json={"name": "Ada"}).json()["id"] for _ in range(2)]
    owner.patch(f"/v1/forms/{form.id}/submissions/{sent[0]}", json={"folder": "spam"})
    feed()
    owner.delete(f"/v1/forms/{form.id}")
    (purge,) = [function for function in template.functions if function.name == "PurgeDeleted"]
    message = {"messageId": "1", "body": json.dumps({"form_id": form.id}), "eventSource": "aws:sqs"}

    lambdas.invoke(purge, {"Records": [message]})
    feed()

    assert list(table.query_all(f"FORM#{form.id}")) == []


# ── Once and for all ─────────────────────────────────────────────────────────


def test_a_batch_that_comes_twice_counts_once(form, deliver):
    records = [inserted(submission(form.id, "inbox", ids.ulid()), n) for n in range(1, 4)]

    for some in (records, records, records[:2], records[1:]):
        deliver(some)

    assert counted(form.id)["inbox"] == {"total": 3, "unread": 3}


def test_two_invocations_with_the_same_batch_count_once(form, deliver, monkeypatch):
    """Lambda begins anew when a function takes too long, and the first may still be at work."""
    records = [inserted(submission(form.id, "inbox", ids.ulid()))]
    get_many = table.get_many
    overtaken = False

    def overtake(keys):
        nonlocal overtaken
        found = get_many(keys)
        if not overtaken:
            overtaken = True
            deliver(records)
        return found

    monkeypatch.setattr(table, "get_many", overtake)
    deliver(records)

    assert counted(form.id)["inbox"] == {"total": 1, "unread": 1}


def test_shards_that_are_counted_at_the_same_time_lose_nothing_to_each_other(form, deliver):
    def count(n):
        items = [
            submission(form.id, "spam", ids.ulid(), text=word) | filing.filed({"folder": "inbox"}, "spam")
            for word in WORDS
        ]
        for number, item in enumerate(items, 1):
            for _ in range(20):  # as often as Lambda tries
                try:
                    deliver([inserted(item, number)], f"shard {n}")
                except FunctionFailed:
                    continue
                break

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(count, range(4)))

    assert counted(form.id)["spam"] == {"total": 40, "unread": 40}
    assert stored(form.id, "BAYES")["spam"] == 40


def test_what_failed_may_be_sent_again_under_a_name_of_its_own(form, deliver):
    first, second = (inserted(submission(form.id, "inbox", ids.ulid()), n) for n in (1, 2))
    deliver([second])

    for _ in range(2):
        deliver([first], "redrive of the file")

    assert counted(form.id)["inbox"]["total"] == 2


def test_a_record_that_cannot_be_read_is_put_aside_and_the_rest_is_counted(engine, form, counting, feed):
    s3 = engine.client("s3")
    failures = counting.sources[0].properties["DestinationConfig"]["OnFailure"]["Destination"]
    bucket = failures.rpartition(":")[2]
    poison = submission(form.id, "inbox", ids.ulid())
    del poison["read"]
    before = s3.list_objects_v2(Bucket=bucket)["KeyCount"]
    for n in range(7):
        if n == 4:
            table.put(poison)
        accept(form.id, "inbox")

    feed()

    assert counted(form.id)["inbox"] == {"total": 7, "unread": 7}
    filed = s3.list_objects_v2(Bucket=bucket)["Contents"]
    assert len(filed) == before + 1
    newest = max(filed, key=lambda one: one["LastModified"])
    kept = json.load(s3.get_object(Bucket=bucket, Key=newest["Key"])["Body"])
    (record,) = json.loads(kept["payload"])["Records"]
    assert record["dynamodb"]["Keys"]["sk"] == {"S": poison["sk"]}
    assert record["dynamodb"]["NewImage"]["fields"] == {"S": poison["fields"]}


def test_a_record_that_cannot_be_read_ends_the_batch_before_it(form, deliver):
    poison = submission(form.id, "inbox", ids.ulid())
    del poison["read"]
    records = [inserted(submission(form.id, "inbox", ids.ulid())), inserted(poison, 2)]

    assert deliver(records)["batchItemFailures"] == [{"itemIdentifier": f"{2:030}"}]
    assert counted(form.id)["inbox"]["total"] == 1
    with pytest.raises(FunctionFailed):
        deliver(records[1:])


def test_a_batch_that_cant_go_on_says_how_far_it_came_so_that_what_is_counted_isnt_put_aside(
    owner, deliver, monkeypatch
):
    made = [forms.create(owner.account, definitions.Definition(name=str(n))).id for n in range(3)]
    records = [
        inserted(submission(form_id, "inbox", ids.ulid(), address="one"), n) for n, form_id in enumerate(made, 1)
    ]
    monkeypatch.setattr("pillarbox.counting.MOST_WRITES", 5)
    done: list[object] = []
    real = table.transact

    def fails(*writes):
        if done:
            raise RuntimeError("no")
        done.append(writes)
        real(*writes)

    with monkeypatch.context() as broken:
        broken.setattr(table, "transact", fails)
        answer = deliver(records)
        assert answer["batchItemFailures"] == [{"itemIdentifier": f"{2:030}"}]
        assert sum(answer["state"].values()) == 1, "the rest comes again, and isn't to be seen twice in the window"
        with pytest.raises(FunctionFailed):
            deliver(records[1:], state=answer["state"])

    assert sum(deliver(records[1:], state=answer["state"])["state"].values()) == 3
    assert {one["inbox"]["total"] for one in counts.of(made).values()} == {1}


class Chaos:
    """A stream that repeats itself, and a worker that dies before or after any of its transactions."""

    def __init__(self, chance, deliver, monkeypatch):
        self._chance = chance
        self._deliver = deliver
        self._transact = table.transact
        monkeypatch.setattr(table, "transact", self._dying)
        self.deaths = 0

    def _dying(self, *writes):
        fate = self._chance.random()
        if fate < 0.2:
            self.deaths += 1
            raise RuntimeError("died before the transaction")
        self._transact(*writes)
        if fate < 0.4:
            self.deaths += 1
            raise RuntimeError("died after the transaction")

    def run(self, records: list[Event]) -> None:
        """Deliver the records as two shards of the stream, by turns; what lies in a partition is in one shard."""
        shards = [[one for one in records if _shard(one) == n] for n in (0, 1)]
        places = [0, 0]
        states: list[Event] = [{}, {}]
        while unfinished := [n for n in (0, 1) if places[n] < len(shards[n])]:
            n = self._chance.choice(unfinished)
            if self._chance.random() < 0.2:
                places[n] = self._chance.randint(0, places[n])  # from an older checkpoint
            batch = shards[n][places[n] : places[n] + self._chance.randint(1, 12)]
            try:
                states[n] = self._deliver(batch, f"shard {n}", states[n])["state"]
            except FunctionFailed:
                continue
            places[n] += len(batch)


def _shard(record: Event) -> int:
    return crc32(record["dynamodb"]["Keys"]["pk"]["S"].encode()) % 2


def _live(form_id: str, chance: random.Random, steps: int) -> tuple[list[tuple[str, str, str]], dict[str, str]]:
    """Do at random what visitors and owners do; return the moves (which, from, to) and the text of each submission."""
    moves: list[tuple[str, str, str]] = []
    texts: dict[str, str] = {}
    lying: dict[str, submissions.Folder] = {}
    for _ in range(steps):
        what = chance.random()
        if what < 0.35 or not lying:
            text = " ".join(chance.choices(WORDS, k=4))
            folder: submissions.Folder = chance.choice(["inbox", "inbox", "spam"])
            one = accept(form_id, folder, chance.randrange(4), text=text)
            texts[one], lying[one] = text, folder
            continue
        one = chance.choice(sorted(lying))
        if what < 0.5:
            submissions.update(form_id, one, read=chance.random() < 0.7)
        elif what < 0.6:
            submissions.delete(form_id, one)
            del lying[one]
        else:
            folder = chance.choice(FOLDERS)
            submissions.update(form_id, one, folder=folder, read=chance.choice([None, True]))
            if folder != lying[one]:
                moves.append((one, lying[one], folder))
            lying[one] = folder
    return moves, texts


def _filings(moves: list[tuple[str, str, str]], texts: dict[str, str]) -> tuple[int, int, lessons.Counts]:
    """Learn from scratch: of each submission, only where its owner put it last against the filter's mind counts."""
    first: dict[str, bool] = {}
    last: dict[str, bool] = {}
    for one, before, after in moves:
        first.setdefault(one, before == "spam")
        if after != "trash":
            last[one] = after == "spam"
    learnt: lessons.Counts = {}
    totals: Counter[bool] = Counter()
    for one, spam in last.items():
        if spam != first[one]:
            bayes.learn(learnt, bayes.tokens({"message": texts[one]}), spam=spam)
            totals[spam] += 1
    return totals[False], totals[True], learnt


@pytest.mark.parametrize("seed", range(8))
def test_whatever_the_stream_does_the_counts_are_a_recount_and_lessons_are_learnt_once(
    form, deliver, changes, monkeypatch, seed
):
    chance = random.Random(seed)  # noqa: S311 - to be repeated
    moves, texts = _live(form.id, chance, 100)
    chaos = Chaos(chance, deliver, monkeypatch)

    chaos.run(changes())

    assert chaos.deaths
    assert counted(form.id) == recount(form.id)
    kept, spam, learnt = _filings(moves, texts)
    known = stored(form.id, "BAYES")
    assert (known["kept"], known["spam"]) == (kept, spam)
    assert lessons._unpacked(bytes(known["buckets"])) == learnt  # noqa: SLF001 - what is stored
    assert stored(form.id, "FORM")["bayes"] == bayes.pack(learnt, kept, spam)


def test_what_owners_file_over_http_is_weighed_with_the_form(owner, visitor, form, feed):
    texts = ["cheap loans", "casino loans", "loans now", "my kiln", "a kiln cracked", "kiln and glaze"]
    for text in texts[:3]:
        sent = visitor.post(f"/f/{form.id}", json={"message": text}).json()["id"]
        owner.patch(f"/v1/forms/{form.id}/submissions/{sent}", json={"folder": "spam"})
    for text in texts[3:]:
        sent = accept(form.id, "spam", text=text)
        owner.patch(f"/v1/forms/{form.id}/submissions/{sent}", json={"folder": "inbox"})

    feed()

    learnt = stored(form.id, "FORM")["bayes"]
    assert len(learnt) <= bayes.MAX_PACKED
    assert bayes.weigh(learnt, {"message": "loans"}) > 0 > bayes.weigh(learnt, {"message": "kiln"})
    assert forms.get(owner.account, form.id).version == form.version


# ── Who sends too much ───────────────────────────────────────────────────────


def _burst(form_id: str, many: int, *, at: float, address: str = "flood", begin: int = 1) -> list[Event]:
    """Return what many submissions make in the stream, all of one address and within one minute."""
    minute = at - at % 60
    return [
        inserted(submission(form_id, "inbox", ids.ulid(now=minute + n / 1000), address=address), begin + n)
        for n in range(many)
    ]


def blocks(form_id: str) -> dict[str, int]:
    return dict(json.loads(stored(form_id, "FORM").get("blocks", "{}")))


def deliver_all(deliver, records, state=None):
    """Deliver in batches of the template's size, and return the last state."""
    at = iter(records)
    while some := list(islice(at, 100)):
        state = deliver(some, state=state)["state"]
    return state


def test_an_address_that_several_instances_let_through_is_blocked_in_all_of_them(form, deliver):
    now = time.time()
    records = _burst(form.id, 121, at=now) + _burst(form.id, 3, at=now, address="neighbour", begin=200)

    deliver_all(deliver, records)

    (until,) = blocks(form.id).values()
    assert blocks(form.id).keys() == {"flood"}
    assert 600 <= until - now <= 660


def test_a_visitor_whom_several_instances_let_through_is_told_to_come_back_later(owner, visitor, feed):
    limits = Limits(per_address_per_minute=2)
    form_id = forms.create(owner.account, definitions.Definition(name="F", limits=limits)).id
    for _ in range(5):  # whenever the minute ends, in one of the two there are more than 4
        rates.buckets.clear()  # as another instance would begin
        for _ in range(2):
            assert visitor.post(f"/f/{form_id}", json={"name": "Ada"}).status_code == 200
    feed()
    rates.buckets.clear()

    refused = visitor.post(f"/f/{form_id}", json={"name": "Ada"})

    assert refused.status_code == 429
    assert 540 < int(refused.headers["retry-after"]) <= 660


def test_a_lecture_hall_behind_one_address_is_let_through(form, deliver):
    deliver_all(deliver, _burst(form.id, 120, at=time.time()))

    assert blocks(form.id) == {}


def test_what_was_sent_in_different_minutes_is_not_added_up(form, deliver):
    now = time.time()
    state = deliver_all(deliver, _burst(form.id, 100, at=now - 60))

    deliver_all(deliver, _burst(form.id, 100, at=now, begin=500), state=state)

    assert blocks(form.id) == {}


def test_a_form_s_own_limit_says_what_is_too_much(owner, deliver):
    low, off = (
        forms.create(owner.account, definitions.Definition(name="F", limits=Limits(per_address_per_minute=limit))).id
        for limit in (2, None)
    )
    now = time.time()

    deliver(_burst(low, 5, at=now))
    deliver_all(deliver, _burst(off, 500, at=now))

    assert blocks(low).keys() == {"flood"}
    assert blocks(off) == {}


def test_a_burst_that_is_read_late_blocks_nobody(form, deliver):
    deliver_all(deliver, _burst(form.id, 200, at=time.time() - 1000))

    assert blocks(form.id) == {}


def test_moving_many_at_once_is_not_sending_many(form, deliver):
    items = [
        submission(form.id, "archive", ids.ulid()) | filing.filed({"folder": "inbox"}, "archive") for _ in range(150)
    ]

    deliver_all(deliver, [inserted(item, n) for n, item in enumerate(items, 1)])

    assert counted(form.id)["archive"]["total"] == 150
    assert blocks(form.id) == {}


def test_blocks_end_and_are_a_hundred_at_most(owner, deliver):
    limits = Limits(per_address_per_minute=1)
    form_id = forms.create(owner.account, definitions.Definition(name="F", limits=limits)).id
    now = time.time()
    standing = {f"a{n}": int(now) + 60 + n for n in range(100)} | {"over": int(now) - 1}
    table.update(places.form(form_id), {"blocks": json.dumps(standing)}, condition="attribute_exists(pk)")

    deliver(_burst(form_id, 3, at=now))

    assert len(blocks(form_id)) == 100
    assert "flood" in blocks(form_id)
    assert blocks(form_id).keys().isdisjoint({"over", "a0"})


def test_a_change_of_the_form_keeps_its_blocks_and_its_version(owner, form, deliver):
    deliver_all(deliver, _burst(form.id, 130, at=time.time()))

    changed = forms.update(owner.account, form.id, {"name": "Another"})

    assert changed.version == form.version + 1
    assert blocks(form.id).keys() == {"flood"}


def test_what_the_window_carries_is_bounded(form, deliver):
    now = time.time()
    records = [record for n in range(1100) for record in _burst(form.id, 1, at=now, address=f"address {n}", begin=n)]
    records += _burst(form.id, 2, at=now, begin=2000)

    state = deliver_all(deliver, records)

    assert len(state) == 1000
    assert max(state.values()) == 2


def test_what_only_passes_through_counts_in_no_folder_and_who_sends_far_too_much_of_it_is_kept_out(form, deliver):
    now = time.time()
    records = [
        inserted(submission(form.id, "passing", ids.ulid(now=now), address="flood") | {"passes": True}, number)
        for number in range(1, 131)
    ]
    state: Event = {}
    for some in (records[:70], records[70:]):
        state = deliver(some, state=state)["state"]

    assert counted(form.id) == NOTHING
    assert list(json.loads(stored(form.id, "FORM")["blocks"])) == ["flood"]
