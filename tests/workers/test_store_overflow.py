import json
import time

import pytest

from infra.local import lambdas
from pillarbox import overflow, places, settings, table
from tests.proxy import BROKEN, LOST, THROTTLE


@pytest.fixture
def queue(engine, template):  # noqa: ARG001 - it tells the environment which queue
    """The overflow queue, with nothing in it that other tests left."""
    sqs = engine.client("sqs")
    sqs.purge_queue(QueueUrl=settings.overflow_queue_url())
    return sqs


@pytest.fixture
def store(template, queue):
    """Hand messages to the worker as the queue would, those that wait in it unless others are given."""
    (function,) = [function for function in template.functions if function.name == "StoreOverflow"]

    def hand_over(*bodies):
        records = [
            {"messageId": str(n), "body": body, "eventSource": "aws:sqs", "eventSourceARN": "arn:aws:sqs:::Overflow"}
            for n, body in enumerate(bodies or waiting(queue))
        ]
        return lambdas.invoke(function, {"Records": records})

    return hand_over


def waiting(queue):
    url, bodies = settings.overflow_queue_url(), []
    while messages := queue.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
        bodies += [message["Body"] for message in messages]
    return bodies


def submissions(owner, form, folder="inbox"):
    return owner.get(f"/v1/forms/{form.id}/submissions", params={"folder": folder}).json()["submissions"]


def shards(form):
    return stored(places.form(form.id))["shards"]


def stored(key):
    item = table.get(key)
    assert item, f"{key} isn't in the table."
    return item


@pytest.fixture
def overflown(visitor, form, faults, queue):
    """The message of one submission that the busy table didn't take, and the id that the visitor was told."""
    faults.answer("PutItem", THROTTLE, times=3)
    answer = visitor.post(f"/f/{form.id}", json={"name": "Ada", "price": 2.50})
    (message,) = waiting(queue)
    return message, answer.json()["id"]


def test_what_overflowed_stands_in_the_inbox_as_if_it_had_not(owner, visitor, form, store, overflown):
    message, submission_id = overflown
    assert store(message) == {"batchItemFailures": []}
    visitor.post(f"/f/{form.id}", json={"name": "Ada", "price": 2.50})
    direct, later = submissions(owner, form)
    assert later["id"] == submission_id
    assert {**later, "id": "", "received_at": ""} == {**direct, "id": "", "received_at": ""}


def test_a_message_that_comes_twice_is_stored_once(owner, form, store, overflown):
    message, submission_id = overflown
    assert store(message, message) == {"batchItemFailures": []}
    assert [submission["id"] for submission in submissions(owner, form)] == [submission_id]


@pytest.mark.parametrize("folder", ["archive", "spam", "trash"])
def test_a_repeat_does_not_bring_back_what_was_moved(owner, form, store, overflown, folder):
    message, submission_id = overflown
    store(message)
    owner.patch(f"/v1/forms/{form.id}/submissions/{submission_id}", json={"folder": folder})
    assert store(message) == {"batchItemFailures": []}
    assert submissions(owner, form) == []
    assert [submission["id"] for submission in submissions(owner, form, folder)] == [submission_id]


def test_a_repeat_does_not_bring_back_what_was_deleted(owner, form, store, overflown):
    message, submission_id = overflown
    store(message)
    owner.delete(f"/v1/forms/{form.id}/submissions/{submission_id}")
    assert store(message) == {"batchItemFailures": []}
    assert submissions(owner, form) == []


@pytest.fixture
def stored_after_all(visitor, form, faults, queue):
    """The message of one submission that the table took, though no answer ever said so."""
    faults.answer("PutItem", LOST)
    answer = visitor.post(f"/f/{form.id}", json={"name": "Ada"})
    (message,) = waiting(queue)
    return message, answer.json()["id"]


@pytest.mark.parametrize("folder", ["inbox", "archive"])
def test_what_was_stored_after_all_is_not_stored_again(owner, form, store, stored_after_all, folder):
    message, submission_id = stored_after_all
    owner.patch(f"/v1/forms/{form.id}/submissions/{submission_id}", json={"folder": folder})
    assert store(message) == {"batchItemFailures": []}
    assert len(submissions(owner, form)) == (folder == "inbox")
    assert [submission["id"] for submission in submissions(owner, form, folder)] == [submission_id]


def test_what_was_stored_after_all_and_then_deleted_does_not_come_back(owner, form, store, stored_after_all):
    message, submission_id = stored_after_all
    store(message)
    owner.delete(f"/v1/forms/{form.id}/submissions/{submission_id}")
    assert store(message) == {"batchItemFailures": []}
    assert submissions(owner, form) == []


def test_a_burst_doubles_the_shards_once(visitor, form, faults, store):
    faults.answer("PutItem", THROTTLE)
    for n in range(5):
        visitor.post(f"/f/{form.id}", json={"n": n})
    assert store() == {"batchItemFailures": []}
    assert shards(form) == 2


def test_burst_after_burst_the_shards_grow_to_sixteen_and_no_further(owner, visitor, form, faults, store):
    faults.answer("PutItem", THROTTLE)
    grown = []
    for n in range(6):
        visitor.post(f"/f/{form.id}", json={"n": n})
        store()
        grown.append(shards(form))
    assert grown == [2, 4, 8, 16, 16, 16]
    assert {submission["fields"]["n"] for submission in submissions(owner, form)} == set(range(6))


def test_a_table_that_was_out_of_reach_is_no_reason_to_grow(visitor, form, faults, store):
    faults.answer("PutItem", BROKEN)
    visitor.post(f"/f/{form.id}", json={"name": "Ada"})
    store()
    assert shards(form) == 1


def test_what_was_sent_to_a_form_that_is_gone_is_let_go(owner, form, store, overflown):
    message, submission_id = overflown
    item = json.loads(message)["item"]
    owner.delete(f"/v1/forms/{form.id}")
    assert store(message) == {"batchItemFailures": []}
    assert table.get(table.key(item["pk"], submission_id)) is None


def test_a_message_that_says_nothing_fails_alone(owner, form, store, overflown):
    message, submission_id = overflown
    assert store("not json", message, "{}") == {"batchItemFailures": [{"itemIdentifier": "0"}, {"itemIdentifier": "2"}]}
    assert [submission["id"] for submission in submissions(owner, form)] == [submission_id]


def test_the_marker_goes_after_the_queue_has_forgotten_the_message(store, overflown):
    message, submission_id = overflown
    store(message)
    marker = stored(table.key(f"OVERFLOW#{submission_id}", "OVERFLOW"))
    assert 14 * 24 * 3600 < marker["expires_at"] - time.time() <= overflow.MARKER_SECONDS


def test_the_largest_submission_fits_the_queue(owner, visitor, form, faults, store):
    faults.answer("PutItem", THROTTLE)
    quotes = {f"f{n}": '"' * 32_000 for n in range(4)}
    assert visitor.post(f"/f/{form.id}", json=quotes).status_code == 200
    assert store() == {"batchItemFailures": []}
    assert submissions(owner, form)[0]["fields"] == quotes
