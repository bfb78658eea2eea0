"""Beacons: a hosted form tells that it was opened, begun, or that one of its pages was reached. Stdlib only.

What is kept is what happened and the host that led there; no cookie, address or browser. It lies in the table for as
long as the worker behind the stream needs to count it, a day at most before the table deletes it.
"""

import base64
import json
import os
import re
import time

from pillarbox import accept, attributes, aws, ids, places, rates, refusals, settings
from pillarbox.errors import Unavailable

TYPE_CHECKING = False  # to mypy it is true; importing `typing` takes longer than this module
if TYPE_CHECKING:
    from typing import Any

    type Event = dict[str, Any]
    type Item = dict[str, Any]

KEPT_SECONDS = 24 * 60 * 60
WRITE_BY = 3.0  # seconds; nobody waits for it
MOST_CHARACTERS = 1400  # of a body of 1 KB, as base64 too
MOST_PAGES = 200  # as many as a form has fields
# Of an address and form; the form's own limit is about what is sent. A visit tells two things, and one for each page.
A_MINUTE = 240
HOST = re.compile(r"[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?(?::\d{1,5})?")


def note(event: "Event") -> bool:
    """Write down what was told; return False for what isn't to be counted, of whatever reason."""
    came = time.monotonic()
    told = _told(event) if _counts(event["headers"]) else None
    if told is None:
        return False
    try:
        form = accept.open_form(event["pathParameters"]["form_id"], came)
        place = rates.address_hash(form["id"], event)
        rates.check(form, {"limits": {"per_address_per_minute": A_MINUTE}}, place, time.time())
    except refusals.Refusal:
        return False
    shard = os.urandom(1)[0] % form["shards"]
    item = {
        "pk": places.visits(form["id"], shard),
        "sk": ids.ulid(shard=shard),
        **told,
        "expires_at": int(time.time()) + KEPT_SECONDS,
    }
    put = {"TableName": settings.table_name(), "Item": attributes.spelt(item)}
    try:
        aws.call("dynamodb", "PutItem", put, until=came + WRITE_BY)
    except Unavailable:  # a busy table has better to do
        return False
    return True


def _counts(headers: "dict[str, str]") -> bool:
    """Whether it comes from a page of ours, as far as the browser says, and nobody there asks not to be counted."""
    return (
        headers.get("sec-fetch-site", "same-origin") == "same-origin"
        and headers.get("sec-gpc") != "1"
        and headers.get("dnt") != "1"
    )


def _told(event: "Event") -> "Item | None":
    """Return what is to be kept of the body, None when it says nothing that we know."""
    body = event.get("body") or ""
    if len(body) > MOST_CHARACTERS:
        return None
    try:
        said = json.loads(base64.b64decode(body) if event.get("isBase64Encoded") else body)
    except (ValueError, RecursionError):
        return None
    if not isinstance(said, dict):
        return None
    what, page, host = said.get("what"), said.get("page"), said.get("from")
    if what == "page":
        fits = type(page) is int and 1 < page <= MOST_PAGES
        return {"what": what, "page": page} if fits else None
    if what == "start":
        return {"what": what}
    return {"what": what, "host": _host(host, event)} if what == "view" else None


def _host(sent: "Any", event: "Event") -> str:
    """Return the host that led there; none for what isn't one, and for our own, as after a reload."""
    host = sent.lower() if isinstance(sent, str) else ""
    return host if HOST.fullmatch(host) and host != event["headers"].get("host", "").lower() else ""
