"""The sweep: each minute, deliveries that are due go to their senders."""

import random
import time
from collections import Counter

from pillarbox import deliveries, senders, table
from pillarbox.errors import NotFound

SECONDS = 40  # of the function's 60
# Queued in one sweep: a receiver that was away for days isn't flooded, and delays nobody else.
MOST_A_TARGET = 100
# A sender that dies each time tells of no try; so as not to be called for ever, it isn't after so many.
MOST_LEASES = 200  # two days
SILENT = "Whoever was to send it never said what became of that."


def sweep() -> int:
    """Queue what is due, for about so many seconds, and return how many that were; others may sweep at once."""
    until, queued = time.monotonic() + SECONDS, 0
    taken: Counter[str] = Counter()
    shards = [f"DUE#{n}" for n in range(deliveries.SHARDS)]
    random.shuffle(shards)  # where the time doesn't suffice, the next sweep begins elsewhere
    for shard in shards:
        for row in table.query_all(shard, before=f"{int(time.time()) + 1:010}"):
            if time.monotonic() > until:
                return queued
            if taken[row["target"]] < MOST_A_TARGET and _queue(row):
                taken[row["target"]] += 1
                queued += 1
    return queued


def _queue(row: table.Item) -> bool:
    delivery_id = row["sk"].partition("#")[2]
    try:
        delivery = deliveries.get(row["form_id"], delivery_id)
    except NotFound:
        table.delete(table.key_of(row))
        return False
    if delivery.due is None or not row["sk"].startswith(f"{delivery.due:010}#"):
        return False  # somebody else has just taken it
    if delivery.lease >= MOST_LEASES:
        deliveries.mark(delivery, "failed", SILENT)
        return False
    leased = deliveries.lease(delivery)
    if leased is None:
        return False
    senders.hand_over(leased)
    return True
