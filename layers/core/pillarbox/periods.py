"""Periods: how long mails are collected before they go out together."""

from datetime import UTC, datetime, timedelta

from pillarbox import notices

HOUR = 7  # of the day, UTC, at which daily and weekly ones end
BUSY = "15m"  # when a form gets more in a minute than its owner wants single mails of


def end(every: str, moment: float) -> int:
    """Return when the period ends that a moment lies in, in seconds since 1970.

    Minutes and hours are counted from midnight of the first of January 1970, so that all instances agree.
    """
    if length := notices.seconds(every):
        return (int(moment) // length + 1) * length
    today = datetime.fromtimestamp(moment, UTC)
    at = today.replace(hour=HOUR, minute=0, second=0, microsecond=0)
    if every == "weekly":
        at -= timedelta(days=at.weekday())
    if at <= today:
        at += timedelta(days=7 if every == "weekly" else 1)
    return int(at.timestamp())
