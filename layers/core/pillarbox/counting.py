"""Counting: each form's counts, what its owner teaches, and blocks of addresses, kept behind the table's stream.

The stream repeats itself, so each batch is one transaction of what it changes and of a cursor: how far the stream's
shard is counted. What lies at or below the cursor is skipped.
"""

import json
import random
import re
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import NamedTuple

from pillarbox import exact, ids, lessons, places, table, tallying
from pillarbox.errors import Unavailable
from pillarbox.workers import Record, State, Stopped

PLACE = re.compile(rf"FORM#([0-9a-z]{{12}})#({'|'.join(places.EVERYWHERE)})#S\d+")
TRIES = 6  # of a transaction that met another shard's
FIRST_PAUSE = 0.02  # seconds at most, before the second; each later one is twice as long
CURSOR_DAYS = 100  # what failed is kept for 90, and may be handed here again under a cursor of its own
# A transaction has 100 writes and 4 MB: the cursor, and two items a form or more. Of these a tally may have 25 KB, and
# the two that a lesson changes some 100 KB together.
MOST_WRITES, MOST_TAUGHT, MOST_TALLIES = 100, 10, 30

# An instance of submit_form lets an address send what the form's limit says at once and as much again during a minute.
# Who has more than that accepted in one minute was let in by several instances, and is kept out of all of them.
LIMIT_A_MINUTE = 60  # of a form that says nothing else
BURSTS = 2
BLOCK_SECONDS = 10 * 60
MOST_BLOCKS = 100  # of a form
MOST_SENDERS = 1000  # in a window's state, which goes back and forth with each batch


class Change(NamedTuple):
    """What one record of the stream changes."""

    number: str
    form_id: str
    amounts: dict[str, int]  # inbox_total: 1
    lesson: lessons.Lesson | None
    sender: tuple[int, str] | None  # the minute (since 1970) in which it was accepted, and the address's hash
    arrival: tallying.Arrival | None


def read(record: Record) -> Change | None:
    """Return what a record changes, None where it is about something else."""
    if visited := tallying.VISIT.fullmatch(record.pk):
        if record.new is None or record.old is not None:
            return None
        return Change(record.number, visited[1], {}, None, None, tallying.of_visit(record.sk, record.new))
    found = PLACE.fullmatch(record.pk)
    if not found or not ids.is_ulid(record.sk):
        return None
    form_id, folder = found.groups()
    amounts: Counter[str] = Counter()
    for image, sign in ((record.old, -1), (record.new, 1)):
        if image is not None and folder in places.FOLDERS:  # what only passes through is nobody's to count
            amounts[f"{folder}_total"] += sign
            amounts[f"{folder}_unread"] += sign * (not image["read"])
    changed = {name: amount for name, amount in amounts.items() if amount}
    if record.new is None or record.old is not None:
        return Change(record.number, form_id, changed, None, None, None)
    moved = "sorted_as" in record.new
    sender = None if moved else _sender(record.sk, record.new)
    lesson = lessons.of(record.new) if moved else None
    arrival = tallying.of_submission(form_id, record.sk, record.new)
    return Change(record.number, form_id, changed, lesson, sender, arrival)


def count(shard: str, changes: list[Change], state: State) -> State:
    """Count what this shard hasn't counted yet. The state is what each address sent in the window so far."""
    sent = Counter({name: int(times) for name, times in state.items()})
    for some in _portions(changes):
        before = Counter(sent)
        sent.update(_name(change.form_id, *change.sender) for change in some if change.sender)
        try:
            _commit(shard, some, sent)
        except Exception as error:
            if some[0] is changes[0]:
                raise
            raise Stopped(some[0].number, dict(before.most_common(MOST_SENDERS))) from error
    return dict(sent.most_common(MOST_SENDERS))


def _portions(changes: list[Change]) -> Iterator[list[Change]]:
    """Yield them in order, as many at a time as fit into a transaction."""
    portion: list[Change] = []
    written: set[tuple[str, str]] = set()
    taught: set[str] = set()
    for change in changes:
        written |= (rows := _rows(change))
        if change.lesson:
            taught.add(change.form_id)
        tallied = sum(sk.startswith("TALLY#") for _, sk in written)
        # One of the writes is the cursor's.
        if portion and (len(written) >= MOST_WRITES or len(taught) > MOST_TAUGHT or tallied > MOST_TALLIES):
            yield portion
            portion, written, taught = [], rows, {change.form_id} if change.lesson else set()
        portion.append(change)
    if portion:
        yield portion


def _rows(change: Change) -> set[tuple[str, str]]:
    """Return the items that it changes at most."""
    of_form = {(change.form_id, what) for what in ("counts", "form", *(["lessons"] if change.lesson else []))}
    return of_form | (tallying.rows(change.form_id, change.arrival) if change.arrival else set())


def _commit(shard: str, changes: list[Change], sent: Counter[str]) -> None:
    cursor_key = table.key(f"SHARD#{shard}", "COUNT")
    form_ids = {change.form_id for change in changes}
    taught = {change.form_id for change in changes if change.lesson}
    keys = [cursor_key, *map(places.form, form_ids), *map(places.lessons, taught)]
    arrived = [(change.form_id, change.arrival) for change in changes if change.arrival]
    keys += [table.key(*key) for key in set().union(*(tallying.read_first(*one) for one in arrived))]
    for attempt in range(TRIES):
        found = {(item["pk"], item["sk"]): item for item in table.get_many(keys)}
        cursor = found.get((cursor_key["pk"], cursor_key["sk"]))
        new: dict[str, list[Change]] = defaultdict(list)
        for change in changes:
            if cursor is None or int(change.number) > int(cursor["after"]):
                new[change.form_id].append(change)
        if not new:
            return
        writes: list[table.Write] = [_move_cursor(cursor_key, cursor, changes[-1].number)]
        for form_id, of_form in new.items():
            if form := found.get((f"FORM#{form_id}", "FORM")):  # else its purge deletes what there was to count
                writes += _writes(form, found, of_form, sent)
        try:
            table.transact(*writes)
        except table.Refused:  # this shard's other invocation, or another shard's about the same form, was faster
            time.sleep(random.uniform(0, FIRST_PAUSE * 2**attempt))  # noqa: S311  jitter is no secret
            continue
        return
    raise Unavailable("Others are counting the same. It is to be tried again.")


def _move_cursor(key: table.Item, seen: table.Item | None, after: str) -> table.Put:
    item = key | {"after": after, "expires_at": int(time.time()) + CURSOR_DAYS * 24 * 60 * 60}
    if seen is None:
        return table.Put(item, condition="attribute_not_exists(pk)")
    return table.Put(item, condition="#after = :seen", values={":seen": seen["after"]})


def _writes(
    form: table.Item, found: dict[tuple[str, str], table.Item], changes: list[Change], sent: Counter[str]
) -> Iterator[table.Write]:
    amounts: Counter[str] = Counter()
    for change in changes:
        amounts.update(change.amounts)
    if amounts := Counter({name: amount for name, amount in amounts.items() if amount}):
        yield table.Add(places.counts(form["id"]), amounts)
    yield from tallying.writes(form, found, [change.arrival for change in changes if change.arrival])
    on_form: table.Item = {}
    known = found.get((f"FORM#{form['id']}", "BAYES"))
    if taught := [change.lesson for change in changes if change.lesson]:
        after = lessons.learnt(known, taught)
        on_form["bayes"] = lessons.packed(after)
        item = places.lessons(form["id"]) | after
        if known is None:
            yield table.Put(item, condition="attribute_not_exists(pk)")
        else:
            yield table.Put(item, condition="version = :seen", values={":seen": known["version"]})
    blocks = _blocks(form, {change.sender for change in changes if change.sender}, sent)
    if blocks is not None:
        on_form["blocks"] = blocks
    if on_form:
        seen = form.get("blocks", "")  # with `bayes` the condition above holds that nobody is in between
        same = "attribute_exists(pk) AND (blocks = :seen OR attribute_not_exists(blocks))"
        yield table.Update(places.form(form["id"]), on_form, condition=same, values={":seen": seen})


def _blocks(form: table.Item, senders: set[tuple[int, str]], sent: Counter[str]) -> str | None:
    """Return the form's blocks with those that these senders have earned, None when there is nothing to change."""
    limits = json.loads(form.get("policy", "{}")).get("limits", {})
    limit = limits.get("per_address_per_minute", LIMIT_A_MINUTE)
    now = time.time()
    earned = {
        address: until
        for minute, address in senders
        if limit is not None
        and sent[_name(form["id"], minute, address)] > BURSTS * limit
        and (until := (minute + 1) * 60 + BLOCK_SECONDS) > now
    }
    before: dict[str, int] = json.loads(form.get("blocks") or "{}")
    if all(before.get(address, 0) >= until for address, until in earned.items()):
        return None
    standing = {address: until for address, until in (before | earned).items() if until > now}
    return json.dumps(dict(sorted(standing.items(), key=lambda block: -block[1])[:MOST_BLOCKS]))


def _sender(ulid: str, item: table.Item) -> tuple[int, str] | None:
    address = exact.loads(item["source"]).get("address_hash")
    return (int(ids.time_of(ulid) // 60), address) if address else None


def _name(form_id: str, minute: int, address: str) -> str:
    return f"{form_id} {minute} {address}"
