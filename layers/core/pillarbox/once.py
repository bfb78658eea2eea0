"""Once: submissions that mustn't be stored a second time, because of an Idempotency-Key or a captcha's solution.

Only they pay for it: one read more for a key, and a transaction of the submission with markers that live for a day or
less. Stdlib only; the submit path imports this where it is needed.
"""

import hashlib
import time

from pillarbox import attributes, aws, controls, exact, places, refusals, settings, storing
from pillarbox.errors import Unavailable

TYPE_CHECKING = False  # to mypy it is true; importing `typing` takes longer than this module
if TYPE_CHECKING:
    from typing import Any

    type Item = dict[str, Any]

LONGEST = 255  # characters
UNUSED = "attribute_not_exists(pk)"
KEPT_SECONDS = 24 * 60 * 60


class Used(Exception):
    """The captcha's solution came with another submission before; nothing was written."""


def marker(key: str, form_id: str, sent: "Item") -> "Item":
    """Return the item that stands for the key.

    It holds a hash of what was sent and not of the body's bytes: a repeated multipart body has another boundary. A
    captcha's token, which serves once, may differ too.
    """
    key = key.strip()
    if not 0 < len(key) <= LONGEST or not key.isprintable():
        raise refusals.Malformed(f"An Idempotency-Key has 1 to {LONGEST} visible characters.")
    same = {name: value for name, value in sent.items() if name not in controls.CAPTCHAS}
    return {
        **places.idempotency(form_id, _digest(key)),
        "sent": _digest(exact.dumps(same)),
        "expires_at": int(time.time()) + KEPT_SECONDS,
    }


def earlier(marker: "Item", *, until: float) -> str | None:
    """Return the id of the submission that came with the key before; KeyReused when it was another."""
    key = {"pk": marker["pk"], "sk": marker["sk"]}
    asked = {"TableName": settings.table_name(), "Key": attributes.spelt(key), "ConsistentRead": True}
    try:
        found = attributes.plain(aws.call("dynamodb", "GetItem", asked, until=until).get("Item") or {})
    except Unavailable as error:
        raise storing.not_now() from error
    if not found or found["expires_at"] <= time.time():
        return None
    if found["sent"] != marker["sent"]:
        raise refusals.KeyReused("This Idempotency-Key came before, with something else in the form.")
    return str(found["submission_id"])


def store(item: "Item", marker: "Item | None", solution: "Item | None", *, until: float) -> str:
    """Write the submission with its markers, all or none; return the id of the submission that the key stands for.

    Unavailable means that nothing is known: whoever sends a key may try again.
    """
    puts = [_put(item, UNUSED)]
    if marker:
        # An item may outlive its time by days.
        gone = {"ExpressionAttributeValues": attributes.spelt({":now": int(time.time())})}
        puts.append(_put(marker | {"submission_id": item["sk"]}, f"{UNUSED} OR expires_at <= :now") | gone)
    if solution:
        puts.append(_put(solution, UNUSED))
    try:
        aws.call("dynamodb", "TransactWriteItems", {"TransactItems": [{"Put": put} for put in puts]}, until=until)
    except aws.ConditionFailed as error:
        stored, *markers = error.failed
        if marker and markers[0]:  # somebody was faster, or an attempt of ours whose answer was lost
            if first := earlier(marker, until=until):
                return first
            raise storing.not_now() from error
        if not stored:
            raise Used from error
    return str(item["sk"])


def _put(item: "Item", only_if: str) -> "Item":
    return {
        "TableName": settings.table_name(),
        "Item": attributes.spelt(item),
        "ConditionExpression": only_if,
    }


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
