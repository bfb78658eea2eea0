"""Submissions: what visitors sent. Each lies in exactly one folder, in one of the form's shards of it."""

import heapq
import json
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, field_serializer

from pillarbox import cursors, deliveries, exact, filing, ids, places, retention, signal_notes, table
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
    tags: list[str] = []
    note: str = ""
    edition: Annotated[int, Field(exclude=True)] = 0  # of tags and note: how often they were changed
    change: Annotated[str, Field(exclude=True)] = ""  # the id of the last one: a move, a mark, a remark
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
    of = cursors.of_folder(form_id, folder)
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
    return of_item(_find(form_id, submission_id, EVERYWHERE)[0])


def shown(form_id: str, submission_id: str) -> Submission:
    """Return a submission for people to read; what only passes through is nobody's to read."""
    return of_item(_find(form_id, submission_id)[0])


def update(form_id: str, submission_id: str, *, edition: int | None = None, **said: Any) -> Submission:
    """Change what is told, as `change` does, and return the submission."""
    return change(form_id, submission_id, edition=edition, **said)[1]


def change(  # noqa: PLR0913  all that can be changed
    form_id: str,
    submission_id: str,
    *,
    folder: Folder | None = None,
    read: bool | None = None,
    tags: list[str] | None = None,
    note: str | None = None,
    edition: int | None = None,
    last: str | None = None,
) -> tuple[Submission, Submission]:
    """Move a submission, mark it or remark on it; return it as it was and as it is.

    Changed when tags and note aren't of that edition any more, or the id of its last change doesn't end with `last`.
    """
    for _ in range(TRIES):
        old, policy = _find(form_id, submission_id)
        if edition not in {None, old.get("edition", 0)}:
            raise Changed("Somebody else has changed its tags or note since you opened it.")
        if last is not None and not old.get("change", "").endswith(last):
            raise Changed("Somebody else has changed it since.")
        new = old | filing.remarked(old, tags, note)
        new |= {"read": old["read"] if read is None else read, "folder": leading(old, folder or old["folder"])}
        try:
            filing.write(old, new, form_id, policy)
        except table.Refused:
            continue
        return of_item(old), of_item(new)
    raise Changed("Somebody else is changing this submission right now. Please try again.")


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
        submissions=[of_item(item) for item in items],
        next_cursor=cursors.seal(of, last) if last else None,
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


def of_item(item: table.Item) -> Submission:
    """Return the submission that an item holds."""
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
        tags=item.get("tags", []),
        note=item.get("note", ""),
        edition=item.get("edition", 0),
        change=item.get("change", ""),
        controls=json.loads(item.get("controls", "{}")),
        confirmed=item.get("confirmed", False),
    )


def _spam(stored: dict[str, Any]) -> Spam:
    """Return why it lies where it does, the weightiest first; what isn't spam by far has no signals at all."""
    signals = sorted(stored.get("signals", ()), key=lambda signal: -abs(signal["weight"]))
    told = [Signal(name=one["name"], weight=one["weight"], note=signal_notes.note(one)) for one in signals]
    return Spam(score=stored.get("score", 0), signals=told)
