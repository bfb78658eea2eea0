"""Digests: submissions that go to a recipient together, when their period ends.

Each is a delivery of its own, in the state `digest`, and stands on the list of its period. The list has one delivery,
due when the period ends. Its sender closes the list first: what comes after that goes onto the next one.
"""

import time
from collections.abc import Iterator
from contextlib import suppress

from pillarbox import deliveries, ids, periods, recipients, retention, table
from pillarbox.deliveries import Delivery, State, Wanted
from pillarbox.errors import NotFound, Unavailable

KEPT_SECONDS = 30 * 24 * 60 * 60  # after the period's end
CLOSED = "CLOSED"
TRIES = 4


def collect(wanted: Wanted, every: str, moment: float) -> None:
    """Put a delivery on the list of the period that a moment lies in, or on the next that is open; twice is as once."""
    if deliveries.create(wanted, state="digest") is None:
        with suppress(NotFound):
            if deliveries.get(wanted.form_id, wanted.id).state != "digest":
                return
    end = periods.end(every, moment)
    for _ in range(TRIES):
        if end <= time.time():
            end = periods.end(every, time.time())
        deliveries.create(_whole(wanted, end), due=end)
        list_key = _partition(wanted.form_id, wanted.target, end)
        row = table.key(list_key, wanted.id) | {"expires_at": end + KEPT_SECONDS}
        is_open = table.Check(table.key(list_key, CLOSED), condition="attribute_not_exists(pk)")
        try:
            table.transact(is_open, table.Put(row))
        except table.Refused:
            end = periods.end(every, end)
        else:
            return
    raise Unavailable("The lists of these periods are closed. It is to be tried again.")


def listed(whole: Delivery) -> list[str]:
    """Close the list of a digest, and return the submissions on it that went out in no other way, the newest first."""
    list_key = _list_of(whole)
    table.put(table.key(list_key, CLOSED) | {"expires_at": int(time.time()) + KEPT_SECONDS})
    found = table.get_many(deliveries.key(whole.form_id, row["sk"]) for row in _rows(list_key))
    return sorted((item["submission_id"] for item in found if item["state"] == "digest"), reverse=True)


def leave_out(whole: Delivery, submission_id: str, note: str) -> None:
    """Say of one that stands on the list that it doesn't go, and why."""
    wanted = Wanted(whole.form_id, submission_id, "mail", "created", whole.target, whole.to)
    with suppress(NotFound):  # deleted meanwhile
        deliveries.mark(deliveries.get(whole.form_id, wanted.id), "dropped", note)


def mark(whole: Delivery, before: State, state: State, note: str, *, seconds: float) -> bool:
    """Set the state of all that a digest held and is as before, for about so many seconds; False when some are left."""
    until = time.monotonic() + seconds
    for item in table.get_many(deliveries.key(whole.form_id, row["sk"]) for row in _rows(_list_of(whole))):
        if item["state"] != before:
            continue
        if time.monotonic() > until:
            return False
        with suppress(NotFound):  # deleted meanwhile
            deliveries.mark(deliveries.get(whole.form_id, f"{item['submission_id']}-{item['sk']}"), state, note)
            retention.passed(whole.form_id, item["submission_id"])
    return True


def _whole(wanted: Wanted, end: int) -> Wanted:
    """Return the delivery of the list itself. Its submission's id is made of the period's end."""
    return Wanted(wanted.form_id, ids.first_of(end), "digest", "created", wanted.target, wanted.to)


def _list_of(whole: Delivery) -> str:
    return _partition(whole.form_id, whole.target, round(ids.time_of(whole.submission_id)))


def _rows(list_key: str) -> Iterator[table.Item]:
    return (row for row in table.query_all(list_key) if row["sk"] != CLOSED)


def _partition(form_id: str, email: str, end: int) -> str:
    return f"DIGEST#{form_id}#{recipients.hashed(email)[:32]}#{end}"
