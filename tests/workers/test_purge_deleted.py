import json

import boto3
import pytest

from infra.local import lambdas
from pillarbox import ids, places, settings, table
from tests.outgoing import PLACE


@pytest.fixture
def purge(template):
    """Hand form ids to the worker as the queue would, and return what it answers."""
    (function,) = [function for function in template.functions if function.name == "PurgeDeleted"]

    def hand_over(*bodies):
        records = [
            {"messageId": str(n), "body": body, "eventSource": "aws:sqs", "eventSourceARN": "arn:aws:sqs:::Purges"}
            for n, body in enumerate(bodies)
        ]
        return lambdas.invoke(function, {"Records": records})

    return hand_over


def put(form_id, folder, shard):
    ulid = ids.ulid(shard=shard)
    table.put(table.key(places.partition(form_id, folder, shard), ulid))


def left(form_id):
    return sum(
        len(table.query(places.partition(form_id, folder, shard)).items)
        for folder in places.EVERYWHERE
        for shard in range(ids.MAX_SHARDS)
    )


def test_deletes_all_that_was_sent_to_a_form_that_is_gone(purge):
    form_id = ids.short()
    for folder in places.EVERYWHERE:
        for shard in (0, 7, 15):
            put(form_id, folder, shard)

    assert purge(json.dumps({"form_id": form_id})) == {"batchItemFailures": []}
    assert left(form_id) == 0


def test_leaves_a_form_alone_whose_deletion_failed_half_way(purge, visitor, form):
    visitor.post(f"/f/{form.id}", data={"name": "Ada"})

    assert purge(json.dumps({"form_id": form.id})) == {"batchItemFailures": [{"itemIdentifier": "0"}]}
    assert left(form.id) == 1


def test_a_message_that_says_nothing_fails_alone(purge):
    form_id = ids.short()
    put(form_id, "inbox", 0)

    answer = purge("not json", json.dumps({"form_id": form_id}), "{}")

    assert answer == {"batchItemFailures": [{"itemIdentifier": "0"}, {"itemIdentifier": "2"}]}
    assert left(form_id) == 0


def test_asks_for_another_turn_when_time_runs_out(purge, monkeypatch):
    form_id = ids.short()
    for _ in range(110):
        put(form_id, "inbox", 0)
    monkeypatch.setattr("functions.workers.purge_deleted.handler.SECONDS", 0)
    sqs, url = boto3.client("sqs"), settings.purges_queue_url()
    sqs.purge_queue(QueueUrl=url)  # of what other tests left

    assert purge(json.dumps({"form_id": form_id})) == {"batchItemFailures": []}

    assert left(form_id) == 10
    messages = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10)["Messages"]
    assert [json.loads(message["Body"]) for message in messages] == [{"form_id": form_id}]


def test_the_worker_deletes_what_the_endpoint_asked_for(owner, visitor, form, purge):
    visitor.post(f"/f/{form.id}", data={"name": "Ada"})
    owner.delete(f"/v1/forms/{form.id}")

    purge(json.dumps({"form_id": form.id}))

    assert left(form.id) == 0


def test_nothing_of_a_forms_webhooks_is_left(owner, form, purge):
    assert owner.post(f"/v1/forms/{form.id}/webhooks", json={"url": PLACE}).status_code == 201
    owner.delete(f"/v1/forms/{form.id}")

    purge(json.dumps({"form_id": form.id}))

    assert table.query(places.form(form.id)["pk"]).items == []
