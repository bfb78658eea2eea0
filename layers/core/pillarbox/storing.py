"""Storing: a submission's item goes to the table or, when that is too busy or out of reach, to the overflow queue.

A worker stores later what is in the queue. Stdlib only.
"""

import json

from pillarbox import attributes, aws, refusals, settings
from pillarbox.errors import Unavailable

TYPE_CHECKING = False  # to mypy it is true; importing `typing` takes longer than this module
if TYPE_CHECKING:
    from typing import Any

    type Item = dict[str, Any]

# Seconds after the request came: by then the read, the write and the queue have answered or are given up, and the
# function's 10 seconds aren't over.
READ_BY, WRITE_BY, QUEUE_BY = 3.0, 6.0, 9.0


def put(item: "Item", shards: int, came: float) -> bool:
    """Write the item once; return whether it had to go to the overflow queue."""
    put = {
        "TableName": settings.table_name(),
        "Item": attributes.spelt(item),
        "ConditionExpression": "attribute_not_exists(pk)",
    }
    try:
        aws.call("dynamodb", "PutItem", put, until=came + WRITE_BY)
    except aws.ConditionFailed:
        return False  # an attempt whose answer was lost had stored it
    except Unavailable as error:
        return overflow(item, shards, came, error)
    return False


def overflow(item: "Item", shards: int, came: float, error: Unavailable) -> bool:
    """Queue the item, and return that it is queued; the Refusal says so when that fails too."""
    # What grows the form's shards is a busy partition, and not a table that nobody can reach.
    message = json.dumps({"item": item, "busy": isinstance(error, aws.Throttled), "shards": shards})
    sent = {"QueueUrl": settings.overflow_queue_url(), "MessageBody": message}
    try:
        aws.call("sqs", "SendMessage", sent, until=came + QUEUE_BY)
    except Unavailable as both:
        raise not_now() from both
    return True


def not_now() -> refusals.Unavailable:
    return refusals.Unavailable("Your message can't be stored right now. Please send it again.")
