"""Tumbling windows: a function's state over all records that were made in the same stretch of seconds."""

from datetime import UTC, datetime
from typing import Any

type Event = dict[str, Any]


class Windows:
    """With 0 seconds there are none, and every question is answered so that nothing happens."""

    def __init__(self, seconds: int, kept: dict[str, Any] | None) -> None:
        self._seconds = seconds
        self.open: dict[str, Any] | None = kept  # {"start": seconds since 1970, "state"}

    def start_of(self, record: Event) -> float:
        created = float(record["dynamodb"]["ApproximateCreationDateTime"])
        return created - created % self._seconds if self._seconds else 0

    def is_over(self, now: float, coming: Event | None) -> bool:
        """Return whether the open one must be closed before `coming`, or because its time has passed."""
        if self.open is None:
            return False
        if coming is not None:
            return bool(self.start_of(coming) != self.open["start"])
        return bool(now >= self.open["start"] + self._seconds)

    def event(self, shard: str, stream: str, coming: Event | None) -> Event:
        """Return what goes beside `Records`: of the open window, or of the one that `coming` opens; None closes it."""
        if not self._seconds:
            return {}
        if self.open is None and coming is not None:
            self.open = {"start": self.start_of(coming), "state": {}}
        window = self.open or {}
        ends = (datetime.fromtimestamp(window["start"] + more, UTC) for more in (0, self._seconds))
        start, end = (f"{moment:%Y-%m-%dT%H:%M:%SZ}" for moment in ends)
        return {
            "window": {"start": start, "end": end},
            "state": window["state"],
            "shardId": shard,
            "eventSourceARN": stream,
            "isFinalInvokeForWindow": coming is None,
            "isWindowTerminatedEarly": False,
        }

    def keep(self, answer: Any) -> None:
        if self.open is not None:
            self.open["state"] = (answer or {}).get("state") or {}
