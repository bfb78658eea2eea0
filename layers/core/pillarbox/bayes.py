"""Bayes: what an owner's filing between inbox and spam teaches a form, as a table of at most 2 KB on the form's item.

Words are hashed into buckets. A worker behind the stream keeps {bucket: (kept, spam)} for each form, `learn`s what is
filed, and `pack`s the most telling buckets; the submit path only `weigh`s. Stdlib only, and no owner's word is stored.
"""

import binascii
import zlib

from pillarbox import texts

TYPE_CHECKING = False  # as type checkers know it from typing, whose import would cost every cold start
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    type Counts = dict[int, tuple[int, int]]  # bucket: messages kept, messages filed as spam

BUCKETS = 1 << 16
MAX_TOKENS = 300  # of one message
MAX_PACKED = 2048  # characters, all ASCII, so bytes
ENTRY = 3  # bytes: bucket, two; log-odds, one
MAX_ENTRIES = (MAX_PACKED // 4 * 3 - 1) // ENTRY
VERSION = 1
ENOUGH = 3  # messages of each kind, before the table says anything: one of each would teach the sender's name
BOUND = 4.5  # below the threshold: filing alone never sorts out a message that shows no other sign
TELLING = 20  # buckets of a message that count: a long text mustn't win by its length
STEPS = 31.0  # of one byte for a log-odds of 1, which ends at 4
SHARE = 0.5  # the words of a message aren't independent, so their sum says too much
LONGEST_WORD = 24  # characters of a word that are hashed
MIN_DIGITS = 5  # of what is a phone number or a code, of which the length tells more than the digits


def tokens(fields: "dict[str, Any]", reading: "texts.Reading | None" = None) -> set[int]:
    """Return the buckets of a message: of its words, hosts and addresses, and of how it is built.

    `reading` is what `texts.read(fields)` gave, where somebody has it already.
    """
    reading = texts.read(fields) if reading is None else reading
    found: dict[str, None] = {}  # a set that keeps the order, so that the bound below is the same everywhere
    for word in reading.words:
        if len(found) >= MAX_TOKENS:
            break
        _add(word, found)
    for host in reading.hosts:
        found[f"/{host}"] = None
    for address in (*reading.addresses[:5], *reading.mentioned[:5]):
        found[f"={address}"] = found[f"@{address.rpartition('@')[2]}"] = None
    found[f"links {min(reading.links, 3)}"] = None
    found[f"size {min(reading.size, 5000).bit_length()}"] = None
    return {zlib.crc32(token.encode(errors="surrogatepass")) % BUCKETS for token in found}


def _add(word: str, found: "dict[str, None]") -> None:
    if word.isascii():
        if len(word) > 1:
            digits = sum(map(str.isdigit, word[:LONGEST_WORD]))
            found[f"#{digits}" if digits >= MIN_DIGITS else word[:LONGEST_WORD]] = None
    elif texts.is_unspaced(word):
        for at in range(min(len(word), 100) - 1):  # no spaces between words: pairs of characters stand for them
            found[word[at : at + 2]] = None
    else:
        found[word[:LONGEST_WORD]] = None


def learn(counts: "Counts", buckets: "Iterable[int]", *, spam: bool, times: int = 1) -> None:
    """Count a message's buckets as kept or as spam, in place; `times=-1` takes it back. Totals are the caller's."""
    for bucket in buckets:
        ham, bad = counts.get(bucket, (0, 0))
        ham, bad = (ham, bad + times) if spam else (ham + times, bad)
        if ham or bad:
            counts[bucket] = (ham, bad)
        else:
            counts.pop(bucket, None)


def pack(counts: "Counts", ham_total: int, spam_total: int) -> str:
    """Return the table for the form's item, "" while too little was filed; the order of filing makes no difference."""
    if min(ham_total, spam_total) < ENOUGH:
        return ""
    odds = []
    for bucket, filed in counts.items():
        ham, spam = max(filed[0], 0), max(filed[1], 0)
        step = _step(ham / ham_total, spam / spam_total, ham + spam)
        if step and 0 <= bucket < BUCKETS:
            odds.append((-abs(step), -ham - spam, bucket, step))
    best = sorted((bucket, step) for _, _, bucket, step in sorted(odds)[:MAX_ENTRIES])
    raw = bytearray([VERSION])
    for bucket, _ in best:
        raw += bucket.to_bytes(2, "little")
    raw += bytes(step & 0xFF for _, step in best)
    return binascii.b2a_base64(raw, newline=False).decode()


def _step(ham: float, spam: float, seen: int) -> int:
    """Return a bucket's log-odds in steps: its share among spam, drawn towards even as long as it was seen rarely."""
    from math import log  # noqa: PLC0415  the submit path doesn't pack

    if not seen:
        return 0
    seen = min(seen, 10_000)  # where a float would say "certainly"
    likely = (0.5 + seen * (spam / (ham + spam))) / (1 + seen)
    return max(-127, min(127, round(STEPS * log(likely / (1 - likely)))))


def weigh(packed: str | None, fields: "dict[str, Any]", reading: "texts.Reading | None" = None) -> float:
    """Return what the owner's filing says of a message, from -4.5 (keep) to 4.5 (spam); 0 where it says nothing."""
    if not packed:
        return 0.0
    try:
        raw = binascii.a2b_base64(packed[:MAX_PACKED])
    except (binascii.Error, ValueError):  # not ours: a table that can't be read says nothing
        return 0.0
    entries, rest = divmod(len(raw) - 1, ENTRY)
    if entries < 1 or rest or raw[0] != VERSION:
        return 0.0
    ends = 1 + 2 * entries
    buckets = memoryview(raw)[1:ends].cast("H")  # both of Lambda's architectures are little-endian
    table = dict(zip(buckets, memoryview(raw)[ends:].cast("b"), strict=True))
    steps = [table[bucket] for bucket in tokens(fields, reading) if bucket in table]
    if len(steps) > TELLING:
        steps = sorted(steps, key=lambda step: (abs(step), step))[-TELLING:]
    return max(-BOUND, min(BOUND, SHARE * sum(steps) / STEPS))
