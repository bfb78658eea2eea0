"""Deliveries: who is to be told of a submission, what became of each try, and when the next one is due.

A delivery's id follows from what it is about, so whoever makes it a second time finds the first. Beside it lies a row
that says when it is due. A sender has a lease: the row stays until the outcome is written, so what is lost on the way
is due again when the lease ends.
"""

import hashlib
import json
import time
from datetime import UTC, datetime
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import BaseModel, Field

from pillarbox import cursors, ids, retries, table
from pillarbox.errors import Changed, NotFound

type Kind = Literal["mail", "autoresponse", "digest", "webhook"]
type Event = Literal["created", "spam", "updated", "test"]
type State = Literal["pending", "digest", "done", "failed", "bounced", "complained", "dropped"]

KEPT_SECONDS = 30 * 24 * 60 * 60  # 30 days
LEASE_SECONDS = 15 * 60  # longer than a message waits and a sender takes
MOST_LOGGED = 10  # tries; of a delivery that was sent again by hand, the last ones
SHARDS = 16  # partitions of the rows of what is due
TRIES = 6  # of a change that met another one


class Attempt(BaseModel):
    """What became of one try: `request` and `answer` are the first 4 KB of what went out and of what came back."""

    at: datetime
    ok: bool
    status: int | None = None
    error: str | None = None
    milliseconds: int = 0
    request: str | None = None
    answer: str | None = None


class Delivery(BaseModel):
    id: str
    form_id: str
    submission_id: str
    kind: Kind
    event: Event
    target: str  # a webhook's id, or an address
    to: str  # what people are shown of it
    state: State
    created_at: datetime
    attempts: int  # since it was made, or last sent again by hand
    due: int | None  # seconds since 1970: when it is tried again if nothing comes of the try before
    note: str | None
    log: list[Attempt]
    lease: Annotated[int, Field(exclude=True)]  # counts whoever was asked to send it
    change: Annotated[str, Field(exclude=True)] = ""


class Page(NamedTuple):
    deliveries: list[Delivery]
    next_cursor: str | None


class Wanted(NamedTuple):
    """A delivery that is to be: `change` tells updates of one submission apart."""

    form_id: str
    submission_id: str
    kind: Kind
    event: Event
    target: str
    to: str
    change: str = ""

    @property
    def id(self) -> str:
        about = json.dumps([self.form_id, self.submission_id, self.kind, self.event, self.target, self.change])
        return f"{self.submission_id}-{hashlib.sha256(about.encode()).hexdigest()[:16]}"


def create(wanted: Wanted, *, due: int | None = None, state: State = "pending") -> Delivery | None:
    """Make the delivery, leased to whoever makes it, or due at a time of its own; None when it is there already."""
    now = int(time.time())
    item = key(wanted.form_id, wanted.id) | wanted._asdict()
    item |= {"state": state, "created": now, "attempts": 0, "lease": 1, "log": "[]", "expires_at": now + KEPT_SECONDS}
    writes: list[table.Write] = []
    if state == "pending":
        item["due"] = now + LEASE_SECONDS if due is None else due
        item["expires_at"] = max(now, item["due"]) + KEPT_SECONDS
        writes.append(table.Put(_due_row(item, item["due"])))
    if wanted.kind == "webhook":
        writes.append(table.Put(_logged(wanted.target, wanted.id, wanted.form_id) | {"expires_at": item["expires_at"]}))
    try:
        table.transact(table.Put(item, condition="attribute_not_exists(pk)"), *writes)
    except table.Refused:
        return None
    return _delivery(item)


def get(form_id: str, delivery_id: str) -> Delivery:
    submission_id, divider, rest = delivery_id.partition("-")
    if not ids.is_ulid(submission_id) or not divider or len(rest) != 16:  # noqa: PLR2004
        raise NotFound("There is no such delivery.")
    item = table.get(key(form_id, delivery_id))
    if item is None or table.expired(item):
        raise NotFound("There is no such delivery.")
    return _delivery(item)


def of_submission(form_id: str, submission_id: str) -> list[Delivery]:
    """Return all deliveries of a submission, the oldest first."""
    items = table.query_all(_partition(form_id, submission_id))
    return sorted((_delivery(item) for item in items if not table.expired(item)), key=lambda one: one.created_at)


def of_webhook(form_id: str, webhook_id: str, *, limit: int, cursor: str | None = None) -> Page:
    """Return a page of a webhook's deliveries, those of the newest submissions first."""
    of = f"deliveries of {webhook_id}"
    page = table.query(f"WEBHOOKLOG#{webhook_id}", after=cursors.read(of, cursor), descending=True, limit=limit)
    found = table.get_many(key(form_id, row["sk"]) for row in page.items)
    listed = sorted((_delivery(item) for item in found if not table.expired(item)), key=lambda one: one.id)
    return Page(listed[::-1], cursors.seal(of, page.last) if page.last else None)


def lease(delivery: Delivery, *, due_in: float = 0) -> Delivery | None:
    """Return the delivery to send, leased to the caller, None when somebody else has it or it is done."""
    return _change(delivery, {"lease": delivery.lease + 1}, due=int(time.time() + due_in) + LEASE_SECONDS)


def postpone(delivery: Delivery, due: int) -> Delivery | None:
    """Give up the lease: whoever sweeps takes the delivery when it is due."""
    return _change(delivery, {}, due=due)


def settle(form_id: str, delivery_id: str, attempt: Attempt, *, lease: int, final: bool = False) -> Delivery:
    """Note what became of a try, and return the delivery as it is now: done, failed, or due again.

    Twice the same is noted once. What comes late, after another lease began, counts when it is a success.
    """
    for _ in range(TRIES):
        delivery = get(form_id, delivery_id)
        if any(attempt.at == known.at and attempt.ok == known.ok for known in delivery.log):
            return delivery
        log = [*delivery.log, attempt][-MOST_LOGGED:]
        changes: table.Item = {"log": json.dumps([one.model_dump(mode="json") for one in log])}
        changes["attempts"] = delivery.attempts + 1
        due = delivery.due
        if attempt.ok and delivery.state not in {
            "done",
            "bounced",
            "complained",
        }:  # it may come back before this is noted
            changes |= {"state": "done", "note": None}
            due = None
        elif not attempt.ok and delivery.state == "pending" and lease == delivery.lease:
            pause = None if final else retries.pause(changes["attempts"])
            due = None if pause is None else int(time.time() + pause)
            changes["state"] = "failed" if pause is None else "pending"
        if changed := _change(delivery, changes, due=due, whole=True):
            return changed
    raise Changed("Somebody else is changing this delivery right now. Please try again.")


def mark(delivery: Delivery, state: State, note: str | None = None) -> Delivery:
    """Set a state that is no outcome of a try: dropped, bounced, complained, or done by a digest."""
    for _ in range(TRIES):
        if changed := _change(delivery, {"state": state, "note": note}, due=None, whole=True):
            return changed
        delivery = get(delivery.form_id, delivery.id)
    raise Changed("Somebody else is changing this delivery right now. Please try again.")


def replay(delivery: Delivery) -> Delivery:
    """Return the delivery leased to the caller, to be sent again; Changed when it isn't as it was seen."""
    now = int(time.time())
    again = {"state": "pending", "attempts": 0, "lease": delivery.lease + 1, "note": None}
    again["expires_at"] = now + KEPT_SECONDS
    if changed := _change(delivery, again, due=now + LEASE_SECONDS, whole=True):
        return changed
    raise Changed("Somebody else is changing this delivery right now. Please try again.")


def forget(form_id: str, submission_id: str) -> None:
    """Delete all deliveries of a submission; what is under way then finds nothing to write to."""
    keys: list[table.Item] = []
    for item in table.query_all(_partition(form_id, submission_id)):
        keys.append(table.key_of(item))
        if item.get("due"):
            keys.append(table.key_of(_due_row(item, item["due"])))
        if item["kind"] == "webhook":
            keys.append(table.key_of(_logged(item["target"], _delivery(item).id, form_id)))
    table.delete_many(keys)


def key(form_id: str, delivery_id: str) -> table.Item:
    submission_id, _, own = delivery_id.partition("-")
    return table.key(_partition(form_id, submission_id), own)


def shard(delivery_id: str) -> str:
    """Return the partition of the row that says when a delivery is due."""
    return f"DUE#{int(delivery_id[-4:], 16) % SHARDS}"


def _change(delivery: Delivery, changes: table.Item, *, due: int | None, whole: bool = False) -> Delivery | None:
    """Change a delivery and its row together, if it is as it was seen; None when it isn't.

    Unless `whole`, it has to be pending too.
    """
    seen: table.Item = {":lease": delivery.lease, ":state": delivery.state, ":attempts": delivery.attempts}
    if not whole and delivery.state != "pending":
        return None
    condition = "#lease = :lease AND #state = :state AND #attempts = :attempts"
    item = key(delivery.form_id, delivery.id)
    writes: list[table.Write] = []
    if due != delivery.due:
        about = {name: getattr(delivery, name) for name in Wanted._fields}
        if delivery.due is not None:
            writes.append(table.Delete(table.key_of(_due_row(item | about, delivery.due))))
        if due is not None:
            writes.append(table.Put(_due_row(item | about, due)))
    try:
        table.transact(table.Update(item, changes | {"due": due}, condition=condition, values=seen), *writes)
    except table.Refused:
        return None
    return get(delivery.form_id, delivery.id)


def _due_row(item: table.Item, due: int) -> table.Item:
    delivery_id = f"{item['submission_id']}-{item['sk']}"
    about = {name: item[name] for name in ("form_id", "kind", "target")}
    return table.key(shard(delivery_id), f"{due:010}#{delivery_id}") | about


def _logged(webhook_id: str, delivery_id: str, form_id: str) -> table.Item:
    return table.key(f"WEBHOOKLOG#{webhook_id}", delivery_id) | {"form_id": form_id}


def _delivery(item: table.Item) -> Delivery:
    about: dict[str, Any] = {name: item.get(name) for name in (*Wanted._fields, "state", "attempts", "lease", "note")}
    return Delivery(
        **about,
        id=f"{item['submission_id']}-{item['sk']}",
        due=item.get("due"),
        created_at=datetime.fromtimestamp(item["created"], UTC),
        log=json.loads(item["log"]),
    )


def _partition(form_id: str, submission_id: str) -> str:
    return f"DELIVERIES#{form_id}#{submission_id}"
