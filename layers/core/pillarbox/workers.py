"""The edges of queues, topics, schedules and the stream: of what came in one batch, only what failed comes again."""

import json
from collections.abc import Callable
from typing import Any, NamedTuple

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

from pillarbox import expressions

type State = dict[str, Any]  # JSON that goes from batch to batch of a tumbling window
type Handler = Callable[[dict[str, Any], LambdaContext], dict[str, Any]]

logger = Logger()


class Stopped(Exception):
    """A batch is done up to before a record; the `state` of its window is as far. The cause is why."""

    def __init__(self, number: str, state: State) -> None:
        super().__init__(f"stopped before {number}")
        self.number = number
        self.state = state


class Record(NamedTuple):
    """One change of the table: `old` is None for an item that was made, `new` for one that was deleted."""

    number: str  # of the sequence; within a shard it only grows
    pk: str
    sk: str
    old: expressions.Item | None
    new: expressions.Item | None
    by_ttl: bool = False  # whether the table deleted it because its time was over


def each_message(work: Callable[[dict[str, Any]], None], *, repeats: bool = True) -> Handler:
    """Return a Lambda entry point that does `work` on the JSON object in each message of a batch.

    Without `repeats` a message that comes again is let go: whoever wrote it will write another.
    """
    processor = BatchProcessor(EventType.SQS, raise_on_entire_batch_failure=False)

    def one(record: SQSRecord) -> None:
        if not repeats and record.attributes.approximate_receive_count != "1":
            logger.info("message came again", message_id=record.message_id)
            return
        try:
            work(record.json_body)
        except Exception:
            logger.exception("message failed", message_id=record.message_id)
            raise

    @logger.inject_lambda_context
    def handle(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
        return dict(process_partial_response(event, one, processor, context))

    return handle


def each_notice(work: Callable[[dict[str, Any]], None]) -> Handler:
    """Return a Lambda entry point that does `work` on the JSON object in each notice of a topic."""

    @logger.inject_lambda_context
    def handle(event: dict[str, Any], _context: LambdaContext) -> dict[str, Any]:
        for record in event["Records"]:
            work(json.loads(record["Sns"]["Message"]))
        return {"done": len(event["Records"])}

    return handle


def each_batch[Change](
    read: Callable[[Record], Change | None], work: Callable[[str, list[Change], State], State]
) -> Handler:
    """Return a Lambda entry point that `read`s each record of a stream, and does one `work` for all that say something.

    `work` gets the id of the stream's shard too, and the window's state, and returns that as it is to be from now on.
    A record that can't be read ends the batch before it. One that comes first fails all of the invocation instead, so
    that Lambda halves the batch until that record is alone, and puts it aside. `work` may raise Stopped: then what is
    done doesn't come again, and isn't put aside with the rest.
    """

    @logger.inject_lambda_context
    def handle(event: dict[str, Any], _context: LambdaContext) -> dict[str, Any]:
        changes: list[Change] = []
        failed: list[dict[str, str]] = []
        for position, raw in enumerate(event["Records"]):
            number = raw["dynamodb"]["SequenceNumber"]
            try:
                change = read(_record(raw))
            except Exception:
                logger.exception("record can't be read", sequence_number=number)
                if not position:
                    raise
                failed.append({"itemIdentifier": number})
                break
            if change is not None:
                changes.append(change)
        state = event.get("state") or {}
        try:
            state = work(event["shardId"], changes, state) if changes else state
        except Stopped as stopped:
            logger.exception("batch stopped", sequence_number=stopped.number)
            state, failed = stopped.state, [{"itemIdentifier": stopped.number}]
        return {"state": state, "batchItemFailures": failed}

    return handle


def each_record[News](read: Callable[[Record], News | None], work: Callable[[News], None]) -> Handler:
    """Return a Lambda entry point that does one `work` for each record of a stream that says something.

    One that fails holds none of the others up. Where it comes first, all of the invocation fails at the end, as above.
    """

    @logger.inject_lambda_context
    def handle(event: dict[str, Any], _context: LambdaContext) -> dict[str, Any]:
        failed: list[dict[str, str]] = []
        first: Exception | None = None
        for position, raw in enumerate(event["Records"]):
            number = raw["dynamodb"]["SequenceNumber"]
            try:
                if (news := read(_record(raw))) is not None:
                    work(news)
            except Exception as error:
                logger.exception("record failed", sequence_number=number)
                first = first if position else error
                failed.append({"itemIdentifier": number})
        if first:
            raise first
        return {"batchItemFailures": failed}

    return handle


def scheduled(work: Callable[[], int]) -> Handler:
    """Return a Lambda entry point that does `work` when it is time, and logs how much there was to do."""

    @logger.inject_lambda_context
    def handle(_event: dict[str, Any], _context: LambdaContext) -> dict[str, Any]:
        done = work()
        if done:
            logger.info("swept", done=done)
        return {"done": done}

    return handle


def _record(raw: dict[str, Any]) -> Record:
    change = raw["dynamodb"]
    key = expressions.plain(change["Keys"])
    old, new = (expressions.plain(change[name]) if name in change else None for name in ("OldImage", "NewImage"))
    by_ttl = raw.get("userIdentity", {}).get("principalId") == "dynamodb.amazonaws.com"
    return Record(change["SequenceNumber"], key["pk"], key["sk"], old, new, by_ttl)
