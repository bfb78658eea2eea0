"""Erasing everything that one address sent: in every folder, once counted, and of nobody else."""

import json
import time
from concurrent.futures import ThreadPoolExecutor

import boto3
import pytest

from infra.local import lambdas
from pillarbox import definitions, erasures, exports, forms, ids, places, recipients, settings, submissions, table
from tests.people import SOMEWHERE

ADA = {"email": "ada@example.com"}


@pytest.fixture
def queue(template):  # noqa: ARG001 - it tells the environment which queue
    sqs = boto3.client("sqs")
    sqs.purge_queue(QueueUrl=settings.purges_queue_url())
    return sqs


@pytest.fixture
def hand(template):
    """Hand a message to the worker as the queue would."""
    (function,) = [function for function in template.functions if function.name == "PurgeDeleted"]

    def hand_over(message):
        body = {"messageId": "0", "body": json.dumps(message)}
        record = body | {"eventSource": "aws:sqs", "eventSourceARN": "arn:aws:sqs:::Purges"}
        return lambdas.invoke(function, {"Records": [record]})

    return hand_over


@pytest.fixture
def work(queue, hand):
    """Let the worker take turns until nothing of an erasure waits; return how many it took."""

    def work(most=500):
        url = settings.purges_queue_url()
        for turns in range(most):
            found = queue.receive_message(QueueUrl=url, MaxNumberOfMessages=1).get("Messages", [])
            if not found:
                return turns
            queue.delete_message(QueueUrl=url, ReceiptHandle=found[0]["ReceiptHandle"])
            if "erasure_id" in (message := json.loads(found[0]["Body"])):
                assert hand(message) == {"batchItemFailures": []}
        pytest.fail("It doesn't come to an end.")

    return work


def ask(person, email="ada@example.com"):
    return erasures.ask(person.account, erasures.NewErasure(email=email), SOMEWHERE)


def message(person, receipt, **more):
    return {"erasure_id": receipt.id, "account_id": person.account.id, "address": "ada@example.com"} | more


def put(form, fields, *, folder="inbox", shard=0, now=None, **more):
    ulid = ids.ulid(shard=shard, now=now or time.time() - 5)
    said = {"folder": folder, "read": False, "fields": json.dumps(fields), "source": "{}", "form_version": 1}
    table.put(table.key(places.partition(form.id, folder, shard), ulid) | said | more)
    return ulid


def left(form):
    return {
        item["sk"]
        for folder in places.EVERYWHERE
        for shard in range(ids.MAX_SHARDS)
        for item in table.query_all(places.partition(form.id, folder, shard))
    }


def told(person, receipt):
    found = erasures.get(person.account, receipt.id)
    return found.state, {one.form_id: one.submissions for one in found.forms}


def test_deletes_what_the_address_stands_in_wherever_it_lies_and_says_how_much(owner, form, work):
    for n, folder in enumerate(places.EVERYWHERE):
        put(form, ADA, folder=folder, shard=3 * n)
    put(form, {"deep": [{"er": ["Ask Ada@example.com."]}]})
    put(form, {}, source=json.dumps({"page": "https://example.com/?from=ada%40example.com"}))
    put(form, {}, controls=json.dumps({"replyto": "ada@example.com"}))
    put(form, {}, note="Passed on to ada@example.com.")
    put(form, {}, tags=["ada@example.com"])
    kept = {put(form, {"email": "bob@example.com"}), put(form, {"email": "ada@example.com.au"}, folder="spam")}
    second = forms.create(owner.account, definitions.Definition(name="Second"))
    put(second, ADA)

    receipt = ask(owner)
    work()

    assert left(form) == kept
    assert left(second) == set()
    assert told(owner, receipt) == ("done", {form.id: 10, second.id: 1})


def test_what_visitors_sent_is_found_as_it_was_sent(owner, visitor, form, work):
    visitor.post(f"/f/{form.id}", data={"email": "Ada@Example.com", "message": "Hi"})
    visitor.post(f"/f/{form.id}", json={"message": "Hi", "_replyto": "ada@example.com"})
    kept = visitor.post(f"/f/{form.id}", json={"email": "bob@example.com"}).json()["id"]

    receipt = ask(owner)
    work()

    assert left(form) == {kept}
    assert told(owner, receipt) == ("done", {form.id: 2})


def test_forms_that_others_own_are_not_touched(form, stranger, manager, work):
    put(form, ADA)

    for person in (stranger, manager):
        receipt = ask(person)
        work()
        assert told(person, receipt) == ("done", {})

    assert len(left(form)) == 1


def test_an_address_that_nobody_sent_is_a_receipt_of_nothing(owner, form, work):
    put(form, {"email": "bob@example.com"})

    receipt = ask(owner)

    assert work() == 1
    assert told(owner, receipt) == ("done", {})


def test_what_comes_after_the_asking_is_kept(owner, form, work):
    receipt = ask(owner)
    later = put(form, ADA, now=time.time() + 5)

    work()

    assert left(form) == {later}
    assert told(owner, receipt) == ("done", {})


def test_a_message_that_comes_twice_counts_nothing_twice(owner, form, hand, work):
    for _ in range(3):
        put(form, ADA)
    receipt = ask(owner)

    hand(message(owner, receipt))
    hand(message(owner, receipt))
    work()
    hand(message(owner, receipt))

    assert told(owner, receipt) == ("done", {form.id: 3})


def test_two_workers_at_once_count_each_submission_once(owner, form, work):
    for n in range(12):
        put(form, ADA, shard=n)
    receipt = ask(owner)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda _: erasures.erase(message(owner, receipt), seconds=30), range(2)))
    work()

    assert left(form) == set()
    assert told(owner, receipt) == ("done", {form.id: 12})


@pytest.mark.parametrize("after", [True, False])
def test_a_worker_that_dies_beside_a_deletion_leaves_the_count_true(owner, form, hand, work, monkeypatch, after):
    for _ in range(3):
        put(form, ADA)
    receipt, real = ask(owner), table.transact

    def dies(*writes):
        monkeypatch.setattr(table, "transact", real)
        if after:
            real(*writes)
        raise SystemExit

    monkeypatch.setattr(table, "transact", dies)
    with pytest.raises(lambdas.FunctionFailed):
        hand(message(owner, receipt))
    work()

    assert left(form) == set()
    assert told(owner, receipt) == ("done", {form.id: 3})


def test_takes_turns_with_bounds_and_goes_on_where_it_was(owner, form, work, monkeypatch):
    for n in range(9):
        put(form, ADA, shard=n % 2)
        put(form, {"email": "bob@example.com"}, shard=n % 2)
    monkeypatch.setattr("functions.workers.purge_deleted.handler.SECONDS", 0)
    monkeypatch.setattr("pillarbox.erasures.PAGE", 2)

    receipt = ask(owner)

    assert work() > 100, "two walks through eighty places, one at a time"
    assert len(left(form)) == 9
    assert told(owner, receipt) == ("done", {form.id: 9})


def test_what_is_moved_behind_the_walk_is_found_by_the_next_one(owner, form, work, monkeypatch):
    put(form, ADA, folder="archive")
    slips = put(form, ADA, folder="trash")
    receipt, real = ask(owner), erasures._is_about  # noqa: SLF001 - a moment in the middle of it

    def overtaken(item, pattern):
        if item["folder"] == "inbox" or (item["folder"] == "archive" and slips in left(form)):
            monkeypatch.setattr(erasures, "_is_about", real)
            submissions.update(form.id, slips, folder="archive")
        return real(item, pattern)

    monkeypatch.setattr(erasures, "_is_about", overtaken)
    work()

    assert left(form) == set()
    assert told(owner, receipt) == ("done", {form.id: 2})


def test_what_is_moved_at_that_very_moment_is_found_by_the_next_walk(owner, form, work, monkeypatch):
    moved, real = put(form, ADA, folder="trash"), table.transact
    receipt = ask(owner)

    def overtaken(*writes):
        monkeypatch.setattr(table, "transact", real)
        submissions.update(form.id, moved, folder="archive")
        real(*writes)

    monkeypatch.setattr(table, "transact", overtaken)
    work()

    assert left(form) == set()
    assert told(owner, receipt) == ("done", {form.id: 1})


def test_the_copy_of_everything_that_lies_ready_goes_too(owner, form, work):
    put(form, ADA)
    exports.ask(owner.account, SOMEWHERE)
    exports.make({"account_id": owner.account.id})

    ask(owner)
    work()

    assert exports.state(owner.account) is None
    assert "Contents" not in exports.s3.list_objects_v2(Bucket=settings.exports_bucket(), Prefix=owner.account.id)


def test_that_the_address_wanted_an_account_s_mail_is_forgotten_and_that_it_wanted_none_is_not(owner, form, work):
    yes = table.key(f"RECIPIENTS#{owner.account.id}", recipients.hashed("ada@example.com"))
    other = table.key(f"RECIPIENTS#{owner.account.id}", recipients.hashed("bob@example.com"))
    for key in (yes, other):
        table.put(key | {"asked_at": 1, "verified_at": 2})
    recipients.unsubscribe(form.id, "ada@example.com")

    ask(owner, "Ada@Example.com")
    work()

    assert table.get(yes) is None
    assert table.get(other)
    assert not recipients.may_be_answered(form.id, "ada@example.com")


def test_an_account_that_goes_meanwhile_leaves_no_receipt(owner, form, hand):
    put(form, ADA)
    receipt = ask(owner)
    key = table.key(f"ACCOUNT#{owner.account.id}", f"ERASURE#{receipt.id}")
    table.delete(key)  # as the purge of an account does

    assert hand(message(owner, receipt)) == {"batchItemFailures": []}

    assert table.get(key) is None
    assert len(left(form)) == 1, "its forms' own purges take the rest"
