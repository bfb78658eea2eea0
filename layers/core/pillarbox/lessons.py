"""Lessons: what an owner's filing teaches a form's Bayes table.

Only the owner teaches: where the filter has put a submission teaches nothing. A move notes in the submission what it
teaches (`filing.filed`), and counting.py learns that behind the stream.
"""

import array
from collections.abc import Iterable
from typing import NamedTuple

from pillarbox import bayes, exact, table

type Counts = dict[int, tuple[int, int]]  # bucket: messages kept, messages filed as spam

# Buckets of a form, 6 bytes each: 48 KB. A message has some 50, most of them in no other message.
MOST_BUCKETS = 8192
MOST_FILINGS = 2**15 - 1  # of a bucket, since two bytes count them


class Lesson(NamedTuple):
    buckets: set[int]
    spam: bool
    times: int  # 1, or -1 to take it back


def of(moved: table.Item) -> Lesson | None:
    """Return what the move to here teaches, told from the submission as it came to lie here."""
    if not (times := moved.get("lesson", 0)):
        return None
    return Lesson(bayes.tokens(exact.loads(moved["fields"])), spam=moved["sorted_as"] == "kept", times=times)


def learnt(known: table.Item | None, lessons: Iterable[Lesson]) -> table.Item:
    """Return the attributes of a form's item of lessons after these."""
    known = known or {"kept": 0, "spam": 0, "version": 0, "buckets": b""}
    counts = _unpacked(bytes(known["buckets"]))
    totals = {True: known["spam"], False: known["kept"]}
    latest: set[int] = set()
    for lesson in lessons:
        bayes.learn(counts, lesson.buckets, spam=lesson.spam, times=lesson.times)
        totals[lesson.spam] += lesson.times
        latest |= lesson.buckets
    # Past the bound those go that were seen least, for they tell least; but not yet what has just been learnt.
    seen = sorted(counts, key=lambda bucket: (bucket in latest, sum(counts[bucket]), bucket))
    for bucket in seen[: max(0, len(seen) - MOST_BUCKETS)]:
        del counts[bucket]
    return {"kept": totals[False], "spam": totals[True], "version": known["version"] + 1, "buckets": _packed(counts)}


def packed(known: table.Item) -> str:
    """Return the table that the submit path weighs by, for the form's own item."""
    return bayes.pack(_unpacked(bytes(known["buckets"])), known["kept"], known["spam"])


def _packed(counts: Counts) -> bytes:
    """Return three arrays behind one another: buckets, how often each was kept, how often it was spam."""
    buckets = sorted(counts)
    filings = [max(-MOST_FILINGS, min(MOST_FILINGS, counts[bucket][n])) for n in (0, 1) for bucket in buckets]
    return array.array("H", buckets).tobytes() + array.array("h", filings).tobytes()


def _unpacked(raw: bytes) -> Counts:
    third = len(raw) // 3
    buckets, filings = array.array("H", raw[:third]), array.array("h", raw[third:])
    return dict(zip(buckets, zip(filings[: len(buckets)], filings[len(buckets) :], strict=True), strict=True))
