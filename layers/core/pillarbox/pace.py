"""Pace: how many submissions of a form have led to mails of their own in this minute."""

import time

from pillarbox import table

KEPT_SECONDS = 60 * 60


def taken(form_id: str, most: int) -> bool:
    """Count one, and return whether it is within the most of a minute."""
    moment = now()
    key = table.key(f"PACE#{form_id}#{moment // 60}", "PACE")
    try:
        first = {"count": 1, "expires_at": moment + KEPT_SECONDS}
        table.put(key | first, condition="attribute_not_exists(pk)")
    except table.Refused:
        try:
            table.add(key, {"count": 1}, condition="#count < :most", values={":most": most})
        except table.Refused:
            return False
    return True


def now() -> int:
    return int(time.time())
