"""What becomes of stored submissions when their form keeps them for another time than before."""

import json
import time

import boto3
import pytest

from infra.local import lambdas
from pillarbox import forms, ids, places, settings, table

DAY = 24 * 60 * 60


@pytest.fixture
def queue(template):  # noqa: ARG001 - it tells the environment which queue
    """The queue of purges, with nothing in it that other tests left."""
    sqs = boto3.client("sqs")
    sqs.purge_queue(QueueUrl=settings.purges_queue_url())
    return sqs


@pytest.fixture
def walk(template, queue):  # noqa: ARG001 - so that what the worker asks for is its own
    """Hand a message to the worker as the queue would."""
    (function,) = [function for function in template.functions if function.name == "PurgeDeleted"]

    def hand_over(message):
        body = {"messageId": "0", "body": json.dumps(message)}
        record = body | {"eventSource": "aws:sqs", "eventSourceARN": "arn:aws:sqs:::Purges"}
        assert lambdas.invoke(function, {"Records": [record]}) == {"batchItemFailures": []}

    return hand_over


def asked(form, *, ago=0):
    return {"retention_of": form.id, "asked_at": int(time.time()) - ago}


def put(form, *, folder="inbox", shard=0, days_ago=0.0, **more):
    ulid = ids.ulid(shard=shard, now=time.time() - days_ago * DAY)
    said = {"folder": folder, "read": False, "fields": "{}", "source": "{}", "form_version": 1}
    table.put(table.key(places.partition(form.id, folder, shard), ulid) | said | more)
    return ulid


def item(form, ulid, folder="inbox"):
    return table.get(table.key(places.partition(form.id, folder, ids.shard_of(ulid)), ulid))


def waiting(queue):
    """Return what the worker asks for: the next turn of a walk."""
    url = settings.purges_queue_url()
    found = queue.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", [])
    return [turn for message in found if "share" in (turn := json.loads(message["Body"]))]


def test_a_change_of_the_setting_asks_for_a_walk_and_no_other_change_does(owner, form, monkeypatch):
    sent = []
    monkeypatch.setattr("pillarbox.queues.send", lambda _url, message, **how: sent.append((message, how)))

    owner.patch(f"/v1/forms/{form.id}", json={"name": "Another", "store": False})
    assert sent == []
    owner.patch(f"/v1/forms/{form.id}", json={"retention_days": 7})

    ((message, how),) = sent
    assert message["retention_of"] == form.id
    assert how == {"delay_seconds": 60}


def test_what_is_stored_ends_as_the_form_says_and_what_is_over_is_deleted(owner, form, walk):
    old, new = put(form, days_ago=8, shard=5), put(form, days_ago=6, folder="archive", shard=15)
    trashed = put(form, days_ago=1, folder="trash", folder_ends=int(time.time()) + 2 * DAY)
    forms.update(owner.account, form.id, {"retention_days": 7})

    walk(asked(form))

    assert item(form, old) is None
    assert item(form, new, "archive")["expires_at"] == int(ids.time_of(new)) + 7 * DAY
    assert item(form, trashed, "trash")["expires_at"] == item(form, trashed, "trash")["folder_ends"]


def test_what_is_to_be_kept_for_good_loses_its_end_and_trash_and_spam_keep_theirs(form, walk):
    soon, later = int(time.time()) + DAY, int(time.time()) + 5 * DAY
    kept = put(form, expires_at=soon)
    spam = put(form, folder="spam", expires_at=soon, folder_ends=later)
    of_before = put(form, folder="trash", expires_at=soon)

    walk(asked(form))

    assert "expires_at" not in item(form, kept)
    assert item(form, spam, "spam")["expires_at"] == later
    assert item(form, of_before, "trash")["expires_at"] == soon


def test_what_had_run_out_before_stays_gone_and_what_ran_out_since_is_kept(form, walk):
    gone = put(form, expires_at=int(time.time()) - 600)
    since = put(form, expires_at=int(time.time()) - 60)

    walk(asked(form, ago=300))

    assert item(form, gone) is None
    assert "expires_at" not in item(form, since)


def test_a_message_that_comes_twice_changes_nothing_more(owner, form, walk):
    kept = put(form, days_ago=2)
    put(form, days_ago=9)
    forms.update(owner.account, form.id, {"retention_days": 7})
    walk(asked(form))
    once = item(form, kept)

    walk(asked(form))

    assert item(form, kept) == once


def test_it_goes_by_what_the_form_says_when_it_comes(form, walk):
    """The change that asked for it failed, or another one came after."""
    kept = put(form, days_ago=100)

    walk(asked(form))

    assert "expires_at" not in item(form, kept)


def test_what_is_moved_while_it_walks_ends_as_the_move_said(owner, form, walk, monkeypatch):
    moved = put(form, days_ago=1)
    forms.update(owner.account, form.id, {"retention_days": 7})
    real = table.update

    def overtaken(*args, **more):
        monkeypatch.setattr(table, "update", real)
        owner.patch(f"/v1/forms/{form.id}/submissions/{moved}", json={"folder": "archive"})
        return real(*args, **more)

    monkeypatch.setattr(table, "update", overtaken)
    walk(asked(form))

    assert item(form, moved) is None
    assert item(form, moved, "archive")["expires_at"] == int(ids.time_of(moved)) + 7 * DAY


def test_asks_for_another_turn_when_time_runs_out_and_comes_to_an_end(owner, form, walk, queue, monkeypatch):
    ulids = [put(form, folder=folder, shard=n % 2) for folder in ("inbox", "trash") for n in range(6)]
    forms.update(owner.account, form.id, {"retention_days": 7})
    monkeypatch.setattr("functions.workers.purge_deleted.handler.SECONDS", 0)
    monkeypatch.setattr("pillarbox.retention.WALK_ITEMS", 2)
    messages, turns = [asked(form)], 0

    while messages:
        walk(messages.pop())
        messages, turns = waiting(queue), turns + 1
        assert len(messages) <= 1
        assert turns < 200

    found = [item(form, ulid, folder) for folder in ("inbox", "trash") for ulid in ulids]
    assert len([one for one in found if one and "expires_at" in one]) == 12
    assert turns > 10


def test_a_form_that_is_gone_leaves_nothing_to_do(owner, form, walk, queue):
    forms.delete(owner.account, form.id)
    waiting(queue)

    walk(asked(form))

    assert waiting(queue) == []
