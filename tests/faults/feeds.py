"""Streams and queues as Lambda feeds them, at their worst: what was handed over comes again, and workers die."""

import json
import random
from collections import Counter, deque
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from infra.local import lambdas
from infra.local.engine import Engine
from infra.local.lambdas import FunctionFailed
from infra.local.pump import _plain, destination
from infra.local.streams import SHARD, Shard
from infra.local.template import Function, Source
from tests.faults.injection import Clock, Crash

AGAIN = 0.1  # of the invocations are repeated, with what came before them


class Worker:
    """A function under test: a crash ends its invocation as it does on Lambda."""

    def __init__(self, function: Function, counts: Counter[str]) -> None:
        self.function = function
        self._counts = counts

    def __call__(self, event: dict[str, Any]) -> Any:
        try:
            return lambdas.invoke(self.function, event)
        except Crash as crash:
            self._counts[f"{self.function.name} crashed"] += 1
            raise FunctionFailed("its process ended") from crash


class Stream:
    def __init__(self, worker: Worker, engine: Engine, folder: Path, chance: random.Random, clock: Clock) -> None:
        """Feed one reader of the table's stream, from now on."""
        (source,) = worker.function.sources
        self._worker, self._chance, self._clock = worker, chance, clock
        self._before: deque[dict[str, Any]] = deque(maxlen=20)
        self.aside: dict[str, Any] = {}  # what was given up, by its key in the bucket
        file = destination(engine, worker.function, source.properties)

        def put_aside(key: str, record: dict[str, Any]) -> None:
            self.aside[key] = record
            file(key, record)

        self._shard = Shard(
            source.properties,
            file=folder / f"{worker.function.name}.json",
            read=_reading(engine, source),
            invoke=self._invoke,
            on_failure=put_aside,
        )

    def turn(self) -> bool:
        return self._shard.turn(self._clock.time())

    @property
    def behind(self) -> bool:
        return self._shard.behind

    def _invoke(self, event: dict[str, Any]) -> Any:
        if self._before and self._chance.random() < AGAIN:
            earlier = self._chance.choice(self._before)
            records = list(earlier["Records"])
            if "state" not in earlier:  # what reads in order is repeated in order; the other may meet any
                self._chance.shuffle(records)
            with suppress(FunctionFailed):  # it comes again, as this one does
                self._worker(earlier | {"Records": records})
        if event["Records"]:
            self._before.append(event)
        return self._worker(event)


class Queue:
    def __init__(self, worker: Worker, engine: Engine, chance: random.Random) -> None:
        (source,) = worker.function.sources
        self._worker, self._chance = worker, chance
        self._size = min(10, int(source.properties.get("BatchSize", 10)))
        self._sqs = engine.client("sqs")
        self.name = source.properties["Queue"].rpartition(":")[2]
        self._url = self._sqs.get_queue_url(QueueName=self.name)["QueueUrl"]

    def turn(self) -> list[dict[str, Any]]:
        """Hand over a batch, and return the messages that were in it."""
        found = self._sqs.receive_message(
            QueueUrl=self._url, MaxNumberOfMessages=self._size, MessageSystemAttributeNames=["All"], WaitTimeSeconds=0
        ).get("Messages", [])
        if not found:
            return []
        failed = self._hand_over(found)
        if self._chance.random() < AGAIN:  # a queue of the standard kind delivers at least once
            self._hand_over(found, again=True)
        for message in found:
            handle = {"QueueUrl": self._url, "ReceiptHandle": message["ReceiptHandle"]}
            if message["MessageId"] in failed:
                self._sqs.change_message_visibility(**handle, VisibilityTimeout=0)
            else:
                self._sqs.delete_message(**handle)
        return [json.loads(message["Body"]) for message in found]

    def _hand_over(self, messages: list[dict[str, Any]], *, again: bool = False) -> set[str]:
        count = {"ApproximateReceiveCount": "2"} if again else {}
        records = [
            {
                "messageId": message["MessageId"],
                "body": message["Body"],
                "attributes": message["Attributes"] | count,
                "eventSource": "aws:sqs",
                "eventSourceARN": self.name,
            }
            for message in messages
        ]
        try:
            answer = self._worker({"Records": records})
        except FunctionFailed:
            return {message["MessageId"] for message in messages}
        return {failed["itemIdentifier"] for failed in answer["batchItemFailures"]}


def _reading(engine: Engine, source: Source) -> Callable[[str | None, int], list[dict[str, Any]]]:
    client = engine.client("dynamodbstreams")
    arn = source.properties["Stream"]
    at = client.get_shard_iterator(StreamArn=arn, ShardId=SHARD, ShardIteratorType="LATEST")["ShardIterator"]

    def read(_after: str | None, limit: int) -> list[dict[str, Any]]:
        nonlocal at
        found = client.get_records(ShardIterator=at, Limit=limit)
        at = found["NextShardIterator"]
        return [_plain(one) | {"eventSourceARN": arn} for one in found["Records"]]

    return read
