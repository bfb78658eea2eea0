"""Submissions: what visitors sent. Each lies in exactly one folder, in one of the form's shards of it."""

import heapq
import json
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, field_serializer

from pillarbox import cursors, deliveries, exact, ids, places, retention, signal_notes, table
from pillarbox.errors import Changed, NotFound
from pillarbox.places import EVERYWHERE, FOLDERS, PASSING, leading, partition

type Folder = Literal["inbox", "spam", "archive", "trash"]

PAGE_BYTES = 1_000_000  # of sent fields in one page of a list
PURGE_ITEMS = 100  # deleted at a time
TRIES = 4  # of a change that met another one


class Signal(BaseModel):
    name: str
    weight: float
    note: str


class Spam(BaseModel):
    score: float = 0
    signals: list[Signal] = []


class Source(BaseModel):
    page: str | None = None
    address_hash: str | None = None
    user_agent: str | None = None
    country: str | None = None
    language: str | None = None


class Submission(BaseModel):
    id: str
    form_id: str
    received_at: datetime
    folder: Folder
    read: bool
    fields: dict[str, Any]  # as sent: order, nesting, and numbers as int and Decimal
    spam: Spam = Spam()
    source: Source
    form_version: int
    passes: Annotated[bool, Field(exclude=True)] = False  # it is only passed on, once somebody says that it is no spam
    controls: Annotated[dict[str, Any], Field(exclude=True)] = {}  # what control fields asked of the mail about it
    confirmed: Annotated[bool, Field(exclude=True)] = False  # whether whoever sent it has followed the link in a mail

    @property
    def reply_to(self) -> str | None:
        """Where a control field asked for answers."""
        return self.controls.get("replyto")

    @field_serializer("received_at")
    def _to_the_millisecond(self, moment: datetime) -> str:
        return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


class Page(BaseModel):
    submissions: list[Submission]
    next_cursor: str | None


def page(  # noqa: PLR0913  where, how its form keeps it, and which part
    form_id: str, folder: Folder, *, shards: int, retention_days: int | None, limit: int, cursor: str | None = None
) -> Page:
    """Return a page of a folder, newest first: one query a shard, merged.

    A shard's answer may end early (DynamoDB stops at 1 MB): what is older than its end waits for the next page, so that
    none is passed over.
    """
    of = f"{folder} of {form_id}"
    after = cursors.read(of, cursor)
    read = [
        table.query(partition(form_id, folder, shard), after=after, descending=True, limit=limit)
        for shard in range(shards)
    ]
    complete_to = max((page.last for page in read if page.last), default="")
    merged = heapq.merge(*(page.items for page in read), key=lambda item: item["sk"], reverse=True)
    items: list[table.Item] = []
    size, last = 0, None
    for item in merged:
        size += len(item["fields"].encode())
        if item["sk"] < complete_to or len(items) == limit or (items and size > PAGE_BYTES):
            return _page(items, of, last)
        last = item["sk"]
        if not retention.is_over(item, {"retention_days": retention_days}):
            items.append(item)
    return _page(items, of, complete_to or None)


def newest(form_id: str, *, shards: int, retention_days: int | None, limit: int) -> list[Submission]:
    """Return the newest submissions of the inbox."""
    return page(form_id, "inbox", shards=shards, retention_days=retention_days, limit=limit).submissions


def get(form_id: str, submission_id: str) -> Submission:
    """Return a submission for whoever passes it on: also one that isn't stored, as if it lay in the inbox."""
    return _submission(_find(form_id, submission_id, EVERYWHERE)[0])


def shown(form_id: str, submission_id: str) -> Submission:
    """Return a submission for people to read; what only passes through is nobody's to read."""
    return _submission(_find(form_id, submission_id)[0])


def update(form_id: str, submission_id: str, *, folder: Folder | None = None, read: bool | None = None) -> Submission:
    """Mark a submission read or unread, or move it: by a transaction, so that it is never in two folders or none."""
    for _ in range(TRIES):
        old, policy = _find(form_id, submission_id)
        new = old | {
            "read": old["read"] if read is None else read,
            "folder": leading(old, folder or old["folder"]),
        }
        try:
            _write(old, new, form_id, policy)
        except table.Refused:
            continue
        return _submission(new)
    raise Changed("Somebody else is changing this submission right now. Please try again.")


def filed(old: table.Item, folder: str) -> table.Item:
    """Return what a move to the folder teaches the form's spam filter, as attributes of the submission.

    Moving it across the line between spam and the rest, against where the filter had put it, is a lesson; moving it
    back takes that lesson back. Trash says nothing either way.
    """
    sorted_as = old.get("sorted_as") or ("spam" if old["folder"] == "spam" else "kept")
    taught = old.get("taught", False)
    teaches = taught if folder == "trash" else (folder == "spam") != (sorted_as == "spam")
    return {"sorted_as": sorted_as, "taught": teaches, "lesson": teaches - taught}


def announced(new: table.Item) -> table.Item:
    """Return what tells the stream's reader of a move: the first that saves it from spam is as good as its coming."""
    saves = not new.get("saved", new["sorted_as"] != "spam") and new["folder"] in {"inbox", "archive", PASSING}
    told = {"announce": "restored", "saved": True} if saves else {"announce": "updated"}
    return told | {"change": ids.ulid()}


def delete(form_id: str, submission_id: str) -> None:
    """Delete a submission for good, and what is known of whom it was passed on to."""
    for _ in range(TRIES):
        try:
            table.delete(table.key_of(_find(form_id, submission_id)[0]), condition="attribute_exists(pk)")
        except table.Refused:  # it was moved in between
            continue
        deliveries.forget(form_id, submission_id)
        return
    raise Changed("Somebody else is changing this submission right now. Please try again.")


def purge(form_id: str, *, seconds: float) -> bool:
    """Delete the submissions of a form wherever they lie, for about so many seconds; False when some are left."""
    until = time.monotonic() + seconds
    for folder in EVERYWHERE:
        for shard in range(ids.MAX_SHARDS):
            place = partition(form_id, folder, shard)
            while items := table.query(place, limit=PURGE_ITEMS).items:
                for item in items:
                    deliveries.forget(form_id, item["sk"])
                table.delete_many(table.key_of(item) for item in items)
                if time.monotonic() > until:
                    return False
    return True


def _page(items: list[table.Item], of: str, last: str | None) -> Page:
    return Page(
        submissions=[_submission(item) for item in items],
        next_cursor=cursors.seal(of, last) if last else None,
    )


def _write(old: table.Item, new: table.Item, form_id: str, policy: table.Item) -> None:
    seen = {":seen": old["read"]}
    if new["folder"] == old["folder"]:
        if new["read"] == old["read"]:
            return
        told = {"announce": "updated", "change": ids.ulid()}
        table.update(table.key_of(old), {"read": new["read"]} | told, condition="attribute_exists(pk)")
        return
    new |= table.key(partition(form_id, new["folder"], ids.shard_of(new["sk"])), new["sk"])
    new |= filed(old, new["folder"])
    new |= announced(new)
    for name in ("expires_at", "folder_ends"):
        new.pop(name, None)
    new |= places.lasting(policy, new["folder"], ids.time_of(new["sk"]), time.time())
    same = "#read = :seen" + ("" if "confirmed" in old else " AND attribute_not_exists(confirmed)")
    table.transact(
        table.Delete(table.key_of(old), condition=same, values=seen),  # else a mark made since would be lost
        table.Put(new, condition="attribute_not_exists(pk)"),
    )


def _find(form_id: str, submission_id: str, folders: Sequence[str] = FOLDERS) -> tuple[table.Item, table.Item]:
    """Return the item from whichever folder it is in, and its form's policy, by one read of all of them.

    That read is no snapshot: one that a move overtook may see the submission in no folder or in two, so it is repeated.
    """
    if not ids.is_ulid(submission_id):
        raise NotFound("There is no such submission.")
    shard = ids.shard_of(submission_id)
    keys = [table.key(partition(form_id, folder, shard), submission_id) for folder in folders]
    for _ in range(2):
        read = table.get_many([*keys, places.form(form_id)])
        found = [item for item in read if item["sk"] == submission_id]
        if len(found) == 1:
            break
    policy = retention.policy_of(next((item for item in read if item["sk"] == "FORM"), None))
    live = [item for item in found if not retention.is_over(item, policy)]
    if not live:
        raise NotFound("There is no such submission.")
    return live[0], policy


def _submission(item: table.Item) -> Submission:
    return Submission(
        id=item["sk"],
        form_id=item["pk"].split("#")[1],
        received_at=datetime.fromtimestamp(ids.time_of(item["sk"]), UTC),
        folder="inbox" if item["folder"] == PASSING else item["folder"],
        passes=item.get("passes", False),
        read=item["read"],
        fields=exact.loads(item["fields"]),
        spam=_spam(json.loads(item.get("spam", "{}"))),
        source=Source.model_validate(exact.loads(item["source"])),
        form_version=item["form_version"],
        controls=json.loads(item.get("controls", "{}")),
        confirmed=item.get("confirmed", False),
    )


def _spam(stored: dict[str, Any]) -> Spam:
    """Return why it lies where it does, the weightiest first; what isn't spam by far has no signals at all."""
    signals = sorted(stored.get("signals", ()), key=lambda signal: -abs(signal["weight"]))
    told = [Signal(name=one["name"], weight=one["weight"], note=signal_notes.note(one)) for one in signals]
    return Spam(score=stored.get("score", 0), signals=told)
