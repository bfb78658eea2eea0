"""Feeds workers: a thread for each queue, stream and schedule that template.yaml gives a function."""

import base64
import json
import logging
import threading
import time
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from infra.local import files
from infra.local.cloudformation import ACCOUNT, REGION
from infra.local.engine import Engine
from infra.local.http_api import Invoke
from infra.local.lambdas import FunctionFailed
from infra.local.queues import Queue
from infra.local.schedules import Schedule
from infra.local.streams import SHARD, Shard
from infra.local.template import Function, Source, Template

STREAM_PAUSE = 0.5  # seconds between two looks at a stream
SCHEDULE_PAUSE = 1.0  # seconds
PAUSE_AFTER_ERROR = 1.0  # seconds
MOST_AT_ONCE = 4  # batches of one queue: Lambda would take hundreds, and this machine has few processors

type Event = dict[str, Any]

logger = logging.getLogger("pillarbox.local")


class Pump:
    def __init__(self, template: Template, engine: Engine, invoke: Invoke, folder: Path) -> None:
        """Make ready; in `folder` streams and schedules note where they stand."""
        folder.mkdir(parents=True, exist_ok=True)
        self._engine = engine
        self._folder = folder
        self._invoke = invoke
        self._stop = threading.Event()
        self._shards: list[Shard] = []
        makers = {"SQS": self._queue, "DynamoDB": self._stream}
        self._threads = [
            threading.Thread(target=makers.get(source.kind, self._schedule)(function, source), name=source.name)
            for function in template.functions
            for source in function.sources
            if _enabled(source)
            for _ in range(_at_once(source))
        ]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Finish what is under way, and keep what the streams still hold."""
        self._stop.set()
        for thread in self._threads:
            thread.join()
        for shard in self._shards:
            shard.keep_rest()

    def _queue(self, function: Function, source: Source) -> Callable[[], None]:
        queue = Queue(source.properties, self._engine.client("sqs"), self._calls(function))

        def run() -> None:
            self._repeat(lambda: queue.turn() or True)  # it waits by itself

        return run

    def _stream(self, function: Function, source: Source) -> Callable[[], None]:
        arn: str = source.properties["Stream"]
        client = self._engine.client("dynamodbstreams")
        shard = Shard(
            source.properties,
            file=self._folder / f"{function.name}-{source.name}.json",
            read=lambda after, limit: _read(client, arn, after, limit),
            invoke=self._calls(function),
            on_failure=destination(self._engine, function, source.properties),
        )
        self._shards.append(shard)

        def run() -> None:
            # A pause after each batch that wasn't full, too: so what comes in a burst goes to the function together.
            self._repeat(lambda: shard.turn(time.time()) and shard.behind, STREAM_PAUSE)

        return run

    def _schedule(self, function: Function, source: Source) -> Callable[[], None]:
        expression: str = source.properties.get("Schedule") or source.properties["ScheduleExpression"]
        schedule = Schedule(expression)
        file = self._folder / f"{function.name}-{source.name}.json"
        call = self._calls(function)

        def turn() -> bool:
            now = datetime.now(UTC)
            if not file.exists():
                files.write(file, json.dumps(now.timestamp()))
            if not schedule.due(now, datetime.fromtimestamp(json.loads(file.read_text()), UTC)):
                return False
            files.write(file, json.dumps(now.timestamp()))
            try:
                call(_tick(source, now))
            except FunctionFailed as failed:
                logger.error("%s", failed)  # noqa: TRY400 - the handler's traceback is in the message
            return True

        return lambda: self._repeat(turn, SCHEDULE_PAUSE)

    def _calls(self, function: Function) -> Callable[[dict[str, Any]], Any]:
        def call(event: dict[str, Any]) -> Any:
            started = time.perf_counter()
            answer = self._invoke(function, event)
            records = f" {len(event['Records'])} records" if "Records" in event else ""
            logger.info("%s%s %d ms", function.name, records, (time.perf_counter() - started) * 1000)
            return answer

        return call

    def _repeat(self, turn: Callable[[], bool], pause: float = 0) -> None:
        """Take turns until the pump stops, pausing where there was nothing to do."""
        while not self._stop.is_set():
            try:
                busy = turn()
            except Exception:
                # Whatever it is, the other sources and the next turn are not to suffer from it.
                logger.exception("%s", threading.current_thread().name)
                self._stop.wait(PAUSE_AFTER_ERROR)
            else:
                if not busy:
                    self._stop.wait(pause)


def destination(
    engine: Engine, function: Function, properties: dict[str, Any]
) -> Callable[[str, dict[str, Any]], None]:
    """Return what files a batch that a function gave up in the bucket of its event source, as Lambda does."""
    arn: str = properties.get("DestinationConfig", {}).get("OnFailure", {}).get("Destination", "")
    if not arn.startswith("arn:aws:s3:::"):
        return lambda _key, _record: None
    bucket, client = arn.rpartition(":")[2], engine.client("s3")
    own = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{function.name}"

    def put(key: str, record: Event) -> None:
        context = {"functionArn": own} | record["requestContext"]
        client.put_object(Bucket=bucket, Key=key, Body=json.dumps(record | {"requestContext": context}))

    return put


def _at_once(source: Source) -> int:
    """Return how many batches are worked on at the same time: one, unless the template counts on more."""
    return min(MOST_AT_ONCE, int(source.properties.get("ScalingConfig", {}).get("MaximumConcurrency", 1)))


def _enabled(source: Source) -> bool:
    if source.kind == "SNS":
        return False  # SES tells of mails that came back, and here none does
    if source.kind not in {"SQS", "DynamoDB", "Schedule", "ScheduleV2"}:
        logger.warning("%s: the local stack doesn't feed events of type %s", source.name, source.kind)
        return False
    return bool(source.properties.get("Enabled", True)) and source.properties.get("State", "ENABLED") == "ENABLED"


def _read(client: Any, arn: str, after: str | None, limit: int) -> list[dict[str, Any]]:
    where: Any = {"ShardIteratorType": "TRIM_HORIZON"}
    if after:
        where = {"ShardIteratorType": "AFTER_SEQUENCE_NUMBER", "SequenceNumber": after}
    try:
        found = client.get_shard_iterator(StreamArn=arn, ShardId=SHARD, **where)
    except client.exceptions.TrimmedDataAccessException:  # an earlier run's number: the engine began anew
        return _read(client, arn, None, limit)
    records = client.get_records(ShardIterator=found["ShardIterator"], Limit=limit)["Records"]
    return [_plain(record) | {"eventSourceARN": arn} for record in records]


def _plain(value: Any) -> Any:
    """Return what boto3 parsed in the types that Lambda's JSON has."""
    if isinstance(value, dict):
        return {key: _plain(entry) for key, entry in value.items()}
    if isinstance(value, list | set):
        return [_plain(entry) for entry in value]
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    return value.timestamp() if isinstance(value, datetime) else value


def _tick(source: Source, now: datetime) -> Any:
    if "Input" in source.properties:
        return json.loads(source.properties["Input"])
    return {
        "version": "0",
        "id": str(uuid.uuid4()),
        "detail-type": "Scheduled Event",
        "source": "aws.events",
        "account": ACCOUNT,
        "time": f"{now:%Y-%m-%dT%H:%M:%SZ}",
        "region": REGION,
        "resources": [f"arn:aws:events:{REGION}:{ACCOUNT}:rule/{source.name}"],
        "detail": {},
    }
