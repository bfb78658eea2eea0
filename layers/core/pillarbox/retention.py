"""Retention: how long a form keeps what is sent to it, or that it only passes it on.

Each submission's item says when it is over. Should the setting change, readers go by the new one at once, and a worker
walks through what is stored to have the table's TTL agree.
"""

import json
import time
from contextlib import suppress
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from pillarbox import deliveries, ids, places, queues, settings, table

MOST_DAYS = 3650
WALK_DELAY_SECONDS = 60  # instances of submit_form may go by the old setting until their cache is past
WALK_ITEMS = 100  # read at a time
# States of deliveries that need the submission, be it to be sent again by hand.
HELD = {"pending", "digest", "failed", "bounced"}


def _no_truth(days: Any) -> Any:
    if isinstance(days, bool):  # pydantic would take true for one day, and a day later all would be gone
        raise ValueError("This must be a whole number of days, or null to keep everything.")  # noqa: TRY004  for pydantic
    return days


Days = Annotated[int, Field(ge=1, le=MOST_DAYS), BeforeValidator(_no_truth)]


class Keeping(BaseModel):
    """The part of a form's definition that is about how long."""

    model_config = ConfigDict(extra="forbid")

    store: bool = True  # false: what comes is passed on, by mail and webhooks, and then deleted
    retention_days: Days | None = None  # since it came; None keeps it until somebody deletes it


def compile_keeping(keeping: Keeping) -> dict[str, Any]:
    """Return what the submit path and readers of submissions want to know, as JSON has it."""
    return keeping.model_dump(mode="json", include=set(Keeping.model_fields))


def policy_of(form: table.Item | None) -> table.Item:
    """Return what the form's item says of its policy; a form that is gone says nothing."""
    policy: table.Item = json.loads((form or {}).get("policy", "{}"))
    return policy


def is_over(item: table.Item, policy: table.Item) -> bool:
    """Whether a submission is gone: by what its item says, or by what the form says now."""
    return table.expired(item) or _end(item, policy) <= time.time()


def renewed(item: table.Item, policy: table.Item) -> table.Item:
    """Return the submission's item as it ends by what the form says now."""
    kept = {name: value for name, value in item.items() if name != "expires_at"}
    return kept | {name: value for name, value in _lasting(item, policy).items() if value is not None}


def passed(form_id: str, submission_id: str, *, fanned_out: bool = False) -> None:
    """Delete a submission that was only to be passed on, once all of it is done; one that is stored stays.

    `fanned_out`: all who are to be told are known. Else one delivery that tells of it shows that. The log of its
    deliveries keeps when and whether, and nothing of what went out or came back.
    """
    lies = table.key(places.partition(form_id, places.PASSING, ids.shard_of(submission_id)), submission_id)
    item = table.get(lies)
    if item is None:
        return
    known = deliveries.of_submission(form_id, submission_id)
    # It may have just been saved from spam. Where whoever sent it was only asked yet, others come once they say yes.
    told = any(delivery.event != "spam" and delivery.change != "confirm" for delivery in known)
    asked = any(delivery.change == "confirm" for delivery in known) and not item.get("confirmed")
    if not told and (asked or not fanned_out):
        return
    if any(delivery.state in HELD for delivery in known):
        return
    for delivery in known:
        log = [one.model_copy(update={"request": None, "answer": None}).model_dump(mode="json") for one in delivery.log]
        same, seen = "#attempts = :attempts", {":attempts": delivery.attempts}  # else somebody has just noted a try
        table.update(deliveries.key(form_id, delivery.id), {"log": json.dumps(log)}, condition=same, values=seen)
    table.delete(lies)


def ask(form_id: str) -> None:
    """Have the worker walk through a form whose setting is about to change.

    It goes by what the form says when it comes. Asked for before: should the change fail, it finds nothing to do.
    """
    message = {"retention_of": form_id, "asked_at": int(time.time())}
    queues.send(settings.purges_queue_url(), message, delay_seconds=WALK_DELAY_SECONDS)


def walk(message: dict[str, Any], *, seconds: float) -> None:
    """Have the items of a form's submissions say when they end, for about so many seconds; ask for another turn.

    What had run out when the setting changed stays gone. Nothing here depends on an earlier turn but where it goes on,
    so that a message that comes twice does no harm.
    """
    form_id, until = message["retention_of"], time.monotonic() + seconds
    form = table.get(places.form(form_id))
    if form is None:
        return  # deleted meanwhile, and its purge deletes the rest
    policy = policy_of(form)
    shares = [places.partition(form_id, folder, shard) for folder in places.FOLDERS for shard in range(ids.MAX_SHARDS)]
    first, after = message.get("share", 0), message.get("after")
    for number, share in enumerate(shares[first:], first):
        while True:
            page = table.query(share, after=after, limit=WALK_ITEMS)
            _follow(page.items, policy, message["asked_at"])
            after = page.last
            if time.monotonic() > until:
                on = message | {"share": number if after else number + 1, "after": after}
                queues.send(settings.purges_queue_url(), on)
                return
            if after is None:
                break


def _follow(items: list[table.Item], policy: table.Item, asked_at: int) -> None:
    """Have these items end when they should, and delete those that are over."""
    now = time.time()
    over = [item for item in items if item.get("expires_at", now + 1) <= asked_at or _end(item, policy) <= now]
    for item in over:
        deliveries.forget(item["pk"].split("#")[1], item["sk"])
    table.delete_many(table.key_of(item) for item in over)
    for item in items:
        new = _lasting(item, policy)
        if item in over or all(item.get(name) == value for name, value in new.items()):
            continue
        same, seen = "attribute_exists(pk) AND attribute_not_exists(expires_at)", {}
        if "expires_at" in item:
            same, seen = "expires_at = :seen", {":seen": item["expires_at"]}
        with suppress(table.Refused):  # moved meanwhile, and so it ends by what the form says now
            table.update(table.key_of(item), new, condition=same, values=seen)


def _end(item: table.Item, policy: table.Item) -> float:
    over = places.end(policy, item["folder"], ids.time_of(item["sk"]), _folder_ends(item))
    return float("inf") if over is None else over


def _lasting(item: table.Item, policy: table.Item) -> table.Item:
    """Return the attributes that say when the item ends; None for one that it is not to have."""
    folder_ends = _folder_ends(item)
    over = places.end(policy, item["folder"], ids.time_of(item["sk"]), folder_ends)
    return {"folder_ends": folder_ends, "expires_at": over}


def _folder_ends(item: table.Item) -> int | None:
    """Return when its folder lets an item go; one from before there was a setting says it by its end alone."""
    return item.get("folder_ends", item.get("expires_at") if item["folder"] in places.KEPT_SECONDS else None)
