"""Overflow: submissions that were accepted while the table was too busy or out of reach, and are stored later, once."""

import time
from contextlib import suppress
from typing import Any

from pillarbox import ids, places, retention, table

MARKER_SECONDS = 15 * 24 * 60 * 60  # 15 days: the queue keeps a message for 14
UNUSED = "attribute_not_exists(pk)"


def store(message: dict[str, Any]) -> None:
    """Write the item of a message, unless it was written before: wherever the owner has put it since, it stays so.

    The queue may hand over a message twice, and the attempt that the visitor's request gave up may have succeeded.
    """
    item = message["item"]
    _, form_id, folder, _ = item["pk"].split("#")
    if (form := table.get(places.form(form_id))) is None:
        return  # deleted meanwhile, and with it whatever was sent to it
    item = retention.renewed(item, retention.policy_of(form))
    if message["busy"]:
        _grow(form_id, message["shards"])
    marker = table.key(f"OVERFLOW#{item['sk']}", "OVERFLOW") | {"expires_at": int(time.time()) + MARKER_SECONDS}
    shard = ids.shard_of(item["sk"])
    elsewhere = [places.partition(form_id, other, shard) for other in places.EVERYWHERE if other != folder]
    try:
        table.transact(
            table.Put(marker, condition=UNUSED),
            table.Put(item, condition=UNUSED),
            *(table.Check(table.key(place, item["sk"]), condition=UNUSED) for place in elsewhere),
        )
    except table.Refused as refused:
        if 0 not in refused.failed:
            table.put(marker)  # the visitor's own request had stored it: a repeat must not, once it is deleted


def _grow(form_id: str, seen: int) -> None:
    """Double the form's shards, once for all the messages of a burst: they saw the same number."""
    if seen < ids.MAX_SHARDS:
        with suppress(table.Refused):  # another message of the same burst did it
            table.update(places.form(form_id), {"shards": seen * 2}, condition="shards = :seen", values={":seen": seen})
