"""Erasures: everything that one e-mail address sent to an account's forms is deleted, and a receipt says what was.

A worker walks through the forms in bounded turns. The address stands in the queue's message alone: the receipt has its
SHA-256, so that whoever knows the address can tell that it is about that one.
"""

import re
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from pillarbox import (
    addresses,
    attempts,
    audit,
    deliveries,
    exact,
    exports,
    forms,
    ids,
    places,
    queues,
    recipients,
    settings,
    table,
    validation,
)
from pillarbox.accounts import Account
from pillarbox.clients import Client
from pillarbox.errors import NotFound, UnknownButton
from pillarbox.registration import Email

KEPT_SECONDS = 90 * places.DAY  # of a receipt
PAGE = 100  # submissions read at a time
MOST_SHOWN = 20  # receipts on a page
DELETED = "deleted_"  # begins the attribute that counts for a form
BEHIND = "!"  # makes of a place what sorts right behind it, before S10 where that is S1
EXISTS = "attribute_exists(pk)"


class NewErasure(BaseModel):
    model_config = ConfigDict(extra="forbid")

    email: Email


class ErasedForm(BaseModel):
    form_id: str
    submissions: int


class Erasure(BaseModel):
    """A receipt."""

    id: str
    state: Literal["running", "done"]
    email_sha256: str  # of the address in lower case
    asked_at: datetime
    done_at: datetime | None
    expires_at: datetime
    submissions: int
    forms: list[ErasedForm]


def ask(account: Account, new: NewErasure, client: Client) -> Erasure:
    """Have everything deleted that came until now, or raise TooOften: it reads all that the account's forms hold."""
    attempts.take("erasure", account.id)
    now, address = int(time.time()), addresses.folded(new.email)
    erasure_id = ids.ulid()
    item = _key(account.id, erasure_id) | {
        "state": "running",
        "email_sha256": ids.digest(address),
        "asked_at": now,
        "expires_at": now + KEPT_SECONDS,
    }
    table.transact(table.Put(item), *audit.writes("erasure-asked", account.id, client))
    message = {"erasure_id": erasure_id, "account_id": account.id, "address": address}
    queues.send(settings.purges_queue_url(), message)
    return _erasure(item)


def get(account: Account, erasure_id: str) -> Erasure:
    item = table.get(_key(account.id, erasure_id)) if ids.is_ulid(erasure_id) else None
    if item is None or table.expired(item):
        raise NotFound("There is no such receipt. Receipts are kept for 90 days.")
    return _erasure(item)


def act(account: Account, sent: Mapping[str, str], client: Client) -> None:
    """Do what a button of the page of somebody's data says, but for the account's end."""
    what = sent.get("do", "")
    if what == "copy":
        exports.ask(account, client)
    elif what == "erase":
        ask(account, validation.parse(NewErasure, {"email": sent.get("email", "").strip()}), client)
    else:
        raise UnknownButton


def shown(account: Account) -> dict[str, Any]:
    """Return what a page shows: the account's last receipts, the newest first, and the names of its forms."""
    rows = table.query(f"ACCOUNT#{account.id}", prefix="ERASURE#", descending=True, limit=MOST_SHOWN).items
    receipts = [_erasure(row) for row in rows if not table.expired(row)]
    names = {form.id: form.name for form in forms.every(account)} if receipts else {}
    return {"receipts": receipts, "names": names}


def erase(message: dict[str, Any], *, seconds: float) -> None:
    """Do a turn of an erasure, and ask for the next one.

    A submission that somebody moves meanwhile may slip from a folder that is still to come into one that was walked
    through. So as long as a walk finds something another one follows it: what came before the asking has an end.
    """
    account_id, until = message["account_id"], time.monotonic() + seconds
    receipt = _key(account_id, message["erasure_id"])
    item = table.get(receipt)
    if item is None or item["state"] == "done":
        return  # the account is gone, and all of it with it; or another message of the same did it
    pattern, found = addresses.pattern(message["address"]), message.get("found", False)
    after = message.get("after")
    for place in _places(account_id, message.get("place", "")):
        while True:
            page = table.query(place, after=after, limit=PAGE)
            for one in page.items:
                if ids.time_of(one["sk"]) < item["asked_at"] + 1 and _is_about(one, pattern):
                    found = True
                    _delete(one, receipt)
            if time.monotonic() > until:
                on = {"place": place if page.last else place + BEHIND, "after": page.last, "found": found}
                queues.send(settings.purges_queue_url(), message | on)
                return
            after = page.last
            if after is None:
                break
    if found:
        queues.send(settings.purges_queue_url(), message | {"place": "", "after": None, "found": False})
        return
    exports.forget(account_id)  # a copy of everything that was made before has it too
    recipients.forget(account_id, message["address"])
    table.update(receipt, {"state": "done", "done_at": int(time.time())}, condition=EXISTS)


def _places(account_id: str, since: str) -> Iterator[str]:
    """Yield in order where submissions to the account's own forms lie, from one place on."""
    for row in table.query_all(f"ACCOUNT#{account_id}", prefix="FORM#"):
        form_id = row["sk"].removeprefix("FORM#")
        if row["role"] == "owner":
            shares = range(ids.MAX_SHARDS)
            every = [places.partition(form_id, folder, shard) for folder in places.EVERYWHERE for shard in shares]
            yield from (place for place in sorted(every) if place >= since)


def _is_about(item: table.Item, pattern: re.Pattern[str]) -> bool:
    parts = (exact.loads(item[name]) for name in ("fields", "source", "controls", "spam") if name in item)
    remarked = [item.get("tags", []), item.get("note", "")]
    return any(addresses.stands_in(pattern, part) for part in (*parts, *remarked))


def _delete(item: table.Item, receipt: table.Item) -> None:
    """Delete a submission and count it, both or neither, so that a repeat counts nothing twice."""
    _, form_id, _, _ = item["pk"].split("#")
    deliveries.forget(form_id, item["sk"])  # before: whoever dies in between finds the submission again
    with suppress(table.Refused):  # moved meanwhile: the next walk finds it; or deleted by somebody else
        table.transact(
            table.Delete(table.key_of(item), condition=EXISTS),
            table.Add(receipt, {f"{DELETED}{form_id}": 1}, condition=EXISTS),
        )


def _erasure(item: table.Item) -> Erasure:
    counted = {name.removeprefix(DELETED): number for name, number in item.items() if name.startswith(DELETED)}
    return Erasure(
        id=item["sk"].removeprefix("ERASURE#"),
        submissions=sum(counted.values()),
        forms=[ErasedForm(form_id=form_id, submissions=number) for form_id, number in sorted(counted.items())],
        done_at=item.get("done_at"),
        **{name: item[name] for name in ("state", "email_sha256", "asked_at", "expires_at")},
    )


def _key(account_id: str, erasure_id: str) -> table.Item:
    return table.key(f"ACCOUNT#{account_id}", f"ERASURE#{erasure_id}")
