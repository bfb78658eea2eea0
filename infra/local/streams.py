"""One shard of a table's stream, handed to one function as Lambda's event source mapping does.

Where it stands is kept in a file: what was read and isn't done yet, the number to read on after, and the state of a
tumbling window. The engine forgets its streams when it stops, so what is left unread goes into the file at the end.
"""

import itertools
import json
import logging
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from infra.local import files
from infra.local.filters import wanted
from infra.local.lambdas import FunctionFailed
from infra.local.windows import Event, Windows

SHARD = "shardId-00000000000000000000-00000000"  # the engine's streams have just this one
LONGEST_PAUSE = 10.0  # seconds between two tries
MOST_AT_ONCE = 1000  # records that GetRecords gives

logger = logging.getLogger("pillarbox.local")


class Shard:
    def __init__(
        self,
        properties: dict[str, Any],
        *,
        file: Path,
        read: Callable[[str | None, int], list[Event]],
        invoke: Callable[[Event], Any],
        on_failure: Callable[[str, Event], None],
    ) -> None:
        """Take up where the file stands; `read` returns records after a sequence number, `on_failure` files a key."""
        self._properties = properties
        self._size = int(properties.get("BatchSize", 100))
        self._file = file
        self._read = read
        self._invoke = invoke
        self._on_failure = on_failure
        self._not_before = 0.0
        self._more = True  # whether the stream may hold more than what was read last
        kept: dict[str, Any] = json.loads(file.read_text()) if file.exists() else {}
        self._after: str | None = kept.get("after")
        self._batches: list[dict[str, Any]] = kept.get("batches", [])  # each {"records", "attempts"}
        self._windows = Windows(int(properties.get("TumblingWindowInSeconds", 0)), kept.get("window"))

    @property
    def behind(self) -> bool:
        return self._more or bool(self._batches)

    def turn(self, now: float) -> bool:
        """Do one invocation when there is something to do and it is time; return whether it did."""
        if now < self._not_before:
            return False
        while not self._batches and self._fetch(self._size):
            pass
        coming = self._batches[0]["records"][0] if self._batches else None
        if self._windows.is_over(now, coming):
            self._close_window()
        elif coming is None:
            return False
        elif self._too_old(coming, now):
            self._give_up("RecordAgeExceeded")
        else:
            self._deliver(now)
        self._save()
        return True

    def keep_rest(self) -> None:
        """Read all that the stream still holds into the file: the engine is about to forget it."""
        while self._fetch(MOST_AT_ONCE):
            pass
        self._save()

    def _fetch(self, limit: int) -> bool:
        records = self._read(self._after, limit)
        self._more = len(records) == limit
        if records:
            self._after = records[-1]["dynamodb"]["SequenceNumber"]
        kept = (record for record in records if wanted(self._properties.get("FilterCriteria", {}), record))
        for _, group in itertools.groupby(kept, self._windows.start_of):
            for batch in itertools.batched(group, self._size, strict=False):
                self._batches.append({"records": list(batch), "attempts": 0})
        return bool(records)

    def _deliver(self, now: float) -> None:
        batch = self._batches[0]
        records, attempts = batch["records"], batch["attempts"]
        beside = self._windows.event(SHARD, self._properties["Stream"], records[0])
        try:
            answer = self._invoke({"Records": records} | beside)
            done = self._done(records, answer)
        except FunctionFailed as failed:
            logger.error("%s", failed)  # noqa: TRY400 - the handler's traceback is in the message
            answer, done = None, 0
        if done:
            self._windows.keep(answer)
            self._batches[:1] = [{"records": records[done:], "attempts": 0}] if records[done:] else []
        elif self._properties.get("BisectBatchOnFunctionError") and len(records) > 1:
            middle = len(records) // 2  # halving doesn't count as a try
            halves = records[:middle], records[middle:]
            self._batches[:1] = [{"records": half, "attempts": attempts} for half in halves]
        else:
            self._try_later(now)

    def _done(self, records: list[Event], answer: Any) -> int:
        """Return how many of the records, from the first on, need not come again."""
        if "ReportBatchItemFailures" not in self._properties.get("FunctionResponseTypes", []):
            return len(records)
        failures = (answer or {}).get("batchItemFailures") or []
        numbers = [record["dynamodb"]["SequenceNumber"] for record in records]
        try:
            return min((numbers.index(failure["itemIdentifier"]) for failure in failures), default=len(records))
        except (KeyError, TypeError, ValueError):
            return 0  # it named something else, which Lambda takes as all of them

    def _try_later(self, now: float) -> None:
        batch = self._batches[0]
        batch["attempts"] += 1
        if 0 <= int(self._properties.get("MaximumRetryAttempts", -1)) < batch["attempts"]:
            self._give_up("RetryAttemptsExhausted")
        else:
            self._not_before = now + min(LONGEST_PAUSE, 0.1 * 2 ** batch["attempts"])

    def _too_old(self, record: Event, now: float) -> bool:
        oldest = int(self._properties.get("MaximumRecordAgeInSeconds", -1))
        return bool(0 <= oldest < now - record["dynamodb"]["ApproximateCreationDateTime"])

    def _give_up(self, condition: str) -> None:
        batch = self._batches.pop(0)
        records = batch["records"]
        logger.error("%s: gave up %d records of the stream", condition, len(records))
        moment = datetime.now(UTC)
        self._on_failure(
            f"aws/lambda/local/{SHARD}/{moment:%Y/%m/%d/%Y-%m-%dT%H.%M.%S}-{uuid.uuid4()}",
            {
                "version": "1.0",
                "timestamp": moment.isoformat(),
                "requestContext": {"condition": condition, "approximateInvokeCount": batch["attempts"]},
                "DDBStreamBatchInfo": {
                    "shardId": SHARD,
                    "startSequenceNumber": records[0]["dynamodb"]["SequenceNumber"],
                    "endSequenceNumber": records[-1]["dynamodb"]["SequenceNumber"],
                    "batchSize": len(records),
                    "streamArn": self._properties["Stream"],
                },
                "payload": json.dumps({"Records": records}),
            },
        )

    def _close_window(self) -> None:
        """End a window whose time is over, by an invocation without records."""
        try:
            self._invoke({"Records": []} | self._windows.event(SHARD, self._properties["Stream"], None))
        except FunctionFailed as failed:
            logger.error("%s", failed)  # noqa: TRY400 - the handler's traceback is in the message
        self._windows.open = None

    def _save(self) -> None:
        kept = {"after": self._after, "batches": self._batches, "window": self._windows.open}
        files.write(self._file, json.dumps(kept))
