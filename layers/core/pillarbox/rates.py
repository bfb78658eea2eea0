"""Rates: how often a form and an address may send, and what came lately. On the submit path: stdlib only.

An instance of submit_form keeps all of this in its memory, bounded, so accepting costs no extra write. What many
instances see together is counted behind the stream, which writes `blocks` onto the form's item. Times are seconds since
1970.
"""

import hmac
import json
import socket

from pillarbox import refusals, settings

TYPE_CHECKING = False  # to mypy it is true; importing `typing` takes longer than this module
if TYPE_CHECKING:
    from typing import Any

    type Key = tuple[str, ...]

MINUTE = 60.0  # seconds; a full bucket holds what a minute allows
SLACK = 1e-4  # seconds: the fractions of a minute don't add up to it exactly
LATELY = 3600.0  # seconds that a text and a sender are remembered
MOST_KEPT = 10_000  # entries of each memory: a megabyte or two, whatever is sent from wherever
HASH_LENGTH = 20  # characters: 80 bits
MOST_PLACES = 16  # told apart for one text; whoever comes after those counts as elsewhere

buckets: "dict[Key, float]" = {}  # of (form, address) and (form,): when the bucket is full again
minutes: "dict[Key, tuple[int, int, int]]" = {}  # of the same: the minute, submissions in it and in the one before
texts: "dict[Key, tuple[float, dict[str, int]]]" = {}  # of (form, text): when last, and how often from where
senders: "dict[Key, tuple[float, int]]" = {}  # of (form, e-mail address): when last, and how often


def network(address: str) -> str:
    """Return what one sender is known by: an IPv4 address, or the first 64 bits of an IPv6 one, which a home has."""
    if ":" not in address:
        return address
    try:
        packed = socket.inet_pton(socket.AF_INET6, address.partition("%")[0])
    except OSError:
        return address
    if packed.startswith(b"\0" * 10 + b"\xff\xff"):
        return socket.inet_ntop(socket.AF_INET, packed[12:])
    return f"{socket.inet_ntop(socket.AF_INET6, packed[:8] + bytes(8))}/64"


def address_hash(form_id: str, event: "dict[str, Any]") -> str:
    """Return what is stored of an address: hashed with the form's id, so that forms can't be compared.

    The address is the connection's own. No header is asked: anybody may send any.
    """
    place = network(event["requestContext"]["http"]["sourceIp"])
    return hmac.digest(settings.secret_key(), f"{form_id} {place}".encode(), "sha256").hex()[:HASH_LENGTH]


def check(form: "dict[str, Any]", policy: "dict[str, Any]", address_hash: str, now: float) -> None:
    """Take one from the buckets of the address and of the form, or raise RateLimited."""
    blocks = form.get("blocks")
    if blocks and (until := json.loads(blocks).get(address_hash, 0)) > now:
        raise refusals.RateLimited(until - now)
    limits = policy.get("limits") or {}
    places = [
        ((form["id"], address_hash), limits.get("per_address_per_minute")),
        ((form["id"],), limits.get("per_form_per_minute")),
    ]
    filled = []
    for key, per_minute in places:
        if per_minute is None:
            continue
        full = buckets.get(key, now)
        if not now <= full <= now + MINUTE + SLACK:
            full = now  # long ago; or the clock was set back, which must lock nobody out
        full += MINUTE / per_minute
        if full > now + MINUTE + SLACK:
            raise refusals.RateLimited(full - now - MINUTE)
        filled.append((key, full))
    for key, full in filled:
        _keep(buckets, key, full)


def lately(form_id: str, address_hash: str, text: str, sender: str, now: float) -> "dict[str, int]":
    """Return how often the same came lately, as signals.score wants it, and remember this submission.

    `text` is its prose and `sender` its e-mail address; either may be empty.
    """
    counts = {
        "address_rate": _within_a_minute((form_id, address_hash), now),
        "form_rate": _within_a_minute((form_id,), now),
    }
    if text:
        # Not the text itself: hash() is seeded anew in each process, and nobody can aim at it.
        key = (form_id, f"{hash(text):x}")
        last, places = texts.get(key, (now, {}))
        if not 0 <= now - last < LATELY:
            places = {}
        counts["same_text"] = places.get(address_hash, 0)
        counts["same_text_elsewhere"] = sum(places.values()) - counts["same_text"]
        if address_hash in places or len(places) < MOST_PLACES:
            places[address_hash] = counts["same_text"] + 1
        _keep(texts, key, (now, places))
    if sender:
        key = (form_id, sender)
        last, count = senders.get(key, (now, 0))
        counts["same_sender"] = count if 0 <= now - last < LATELY else 0
        _keep(senders, key, (now, counts["same_sender"] + 1))
    return counts


def _within_a_minute(key: "Key", now: float) -> int:
    """Return how many came within the last minute, counting the minute before by its share of it; count one more."""
    minute, share = divmod(now, MINUTE)
    at, count, before = minutes.get(key, (int(minute), 0, 0))
    if at != minute:
        count, before = 0, count if at == minute - 1 else 0
    _keep(minutes, key, (int(minute), count + 1, before))
    return count + int(before * (1 - share / MINUTE))


def _keep[V](memory: "dict[Key, V]", key: "Key", value: V) -> None:
    """Keep the value as the youngest. A full memory forgets its older half at once: next to no cost."""
    memory.pop(key, None)
    if len(memory) >= MOST_KEPT:
        for old in list(memory)[: MOST_KEPT // 2]:
            del memory[old]
    memory[key] = value
