"""What goes out: the queues of deliveries, read as their workers would, and webhooks to send them to."""

import json
from datetime import UTC, datetime, timedelta

import boto3

from infra.local import lambdas
from pillarbox import deliveries, ids, places, settings, table, webhooks
from pillarbox.deliveries import Attempt, Wanted
from pillarbox.webhooks import Webhook

PLACE = "https://93.184.215.14"  # an address of the internet's, which needs no name looked up; nobody calls it
QUEUES = {
    "webhooks": settings.webhooks_queue_url,
    "notifications": settings.notifications_queue_url,
    "outcomes": settings.outcomes_queue_url,
}


def queued(name):
    """Return what waits in a queue, and leave it empty; what is delayed stays."""
    client, url, found = boto3.client("sqs"), QUEUES[name](), []
    while some := client.receive_message(QueueUrl=url, MaxNumberOfMessages=10, WaitTimeSeconds=0).get("Messages"):
        for one in some:
            client.delete_message(QueueUrl=url, ReceiptHandle=one["ReceiptHandle"])
        found += [json.loads(one["Body"]) for one in some]
    return found


def worked_on(template, worker, *messages):
    """Hand messages to a worker as its queue would, and return what it answers."""
    (function,) = [function for function in template.functions if function.name == worker]
    records = [
        {
            "messageId": str(n),
            "body": json.dumps(message),
            "attributes": {"ApproximateReceiveCount": "1"},
            "eventSource": "aws:sqs",
            "eventSourceARN": "arn:aws:sqs:::Queue",
        }
        for n, message in enumerate(messages)
    ]
    return lambdas.invoke(function, {"Records": records})


def swept(template):
    """Let the sweep run as its schedule would, and return how much it queued."""
    (function,) = [function for function in template.functions if function.name == "SweepDue"]
    return lambdas.invoke(function, {})["done"]


def webhook(form_id, *events, **more):
    """Make a webhook of a form's."""
    about = {"id": ids.short(), "form_id": form_id, "url": "https://receiver.example.com/"}
    told = [f"submission.{event}" for event in events or ("created",)]
    made = Webhook.model_validate(about | {"events": told, "created_at": datetime.now(UTC)} | more)
    table.put(
        webhooks.key(form_id, made.id) | made.model_dump(mode="json", exclude_none=True) | {"version": made.version}
    )
    return made


def delivery(form_id, submission_id, hook=None, *, kind="webhook", event="created", to=None, change="", **became):
    """Make a delivery to a webhook, or to an address, of which `became` something."""
    target = hook.id if hook else to
    wanted = Wanted(form_id, submission_id, kind, event, target, to or hook.url, change)
    made = deliveries.create(wanted)
    assert made
    return _became(made, **became)


def _became(made, *, state=None, note=None, status=None, tries=1, final=True, **attempt):
    """Let so many tries have ended with a status, the last one for good when it is `final`; or set a state."""
    now = datetime.now(UTC)
    about = {"ok": status == 200, "status": status, "milliseconds": 120} | attempt
    for n in range(tries if status or attempt else 0):
        told = Attempt(at=now - timedelta(seconds=tries - n), **about)
        last = final and n == tries - 1
        made = deliveries.settle(made.form_id, made.id, told, lease=made.lease, final=last)
    return deliveries.mark(made, state, note) if state and state != made.state else made


def outcome(message, *, status=200, gone=False, error=None):
    """Return what the sender tells of a message that a receiver answered with a status."""
    attempt = {"at": datetime.now(UTC).isoformat(), "ok": status == 200 and not error, "status": status}
    kept = {name: message[name] for name in ("delivery_id", "form_id", "submission_id", "webhook_id", "lease")}
    return kept | {"attempt": attempt | {"error": error, "milliseconds": 5}, "gone": gone}


def due_now(form_id, delivery_id, seconds=1):
    """Set a delivery's time to some seconds ago, as if they had passed."""
    delivery = deliveries.get(form_id, delivery_id)
    return deliveries.postpone(delivery, int(datetime.now(UTC).timestamp()) - seconds)


def due_rows(form_id):
    """Return the rows of what is due of a form, whenever that is."""
    shards = [f"DUE#{n}" for n in range(deliveries.SHARDS)]
    return [row for shard in shards for row in table.query_all(shard) if row["form_id"] == form_id]


def item_of(form_id, submission_id):
    """Return a submission as it lies in the table."""
    shard = ids.shard_of(submission_id)
    keys = [table.key(places.partition(form_id, folder, shard), submission_id) for folder in places.FOLDERS]
    (item,) = table.get_many(keys)
    return item
