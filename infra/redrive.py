"""Hand again what workers failed to act on, once what made them fail is mended: `make redrive STAGE=local|dev|prod`.

Changes of the table lie whole in a bucket, one object for each batch that was given up; messages lie in the queues
whose names end in Failed. An object is deleted, and a message taken out, after it was done or moved, so that whoever
stops this half-way starts it again. Nothing is done twice by that: `fan_out` makes deliveries whose ids follow from
what they are about, and for `count` each object is a shard of its own, with a cursor that outlives the object.
"""

import argparse
import json
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, NamedTuple, cast

import boto3
from botocore.config import Config

from infra.local import engine as local_engine
from infra.local.instances import Instances
from infra.local.lambdas import FunctionFailed
from infra.local.run import LAPTOP, PORT_FILE, CannotRun
from infra.local.template import ROOT, Function, Template

PREFIX = "aws/lambda/"  # where Lambda files what it gave up
STACKS = {"dev": "pillarbox-dev", "prod": "pillarbox"}  # as in samconfig.toml
READERS = ("Count", "FanOut")  # the functions that read the stream
# A delivery is remembered for 30 days. What is older might be told a second time, so it is left where it is.
OLDEST_DELIVERY = 29 * 24 * 60 * 60  # seconds
# A function may take most of a minute. Called a second time because an answer was lost, it does nothing twice.
CONFIG = Config(connect_timeout=5, read_timeout=120, retries={"total_max_attempts": 2})

type Event = dict[str, Any]


class Stack(NamedTuple):
    """A deployment: where it keeps what failed, and how its functions are called."""

    s3: Any
    sqs: Any
    bucket: str
    queues: dict[str, str]  # logical id: URL
    functions: dict[str, str]  # the name in an ARN: logical id
    invoke: Callable[[str, Event], Any]  # by logical id; raises FunctionFailed


class Failure(NamedTuple):
    """One object: the records of a batch that a function gave up."""

    key: str
    function: str  # its logical id
    records: list[Event]


def redrive(stack: Stack, *, dry_run: bool, say: Callable[[str], None] = print) -> bool:
    """Hand again all there is, and return whether all of it could be done."""
    done = _changes(stack, dry_run=dry_run, say=say)
    for name in sorted(stack.queues):
        if name.endswith("Failed"):
            _messages(stack, name, dry_run=dry_run, say=say)
    return done


def _changes(stack: Stack, *, dry_run: bool, say: Callable[[str], None]) -> bool:
    found: Counter[str] = Counter()
    for key in list(_keys(stack)):
        try:
            failure = _read(stack, key)
        except (KeyError, TypeError, ValueError) as error:
            say(f"{key}: can't be read, and stays ({type(error).__name__}: {error})")
            found["unreadable"] += 1
            continue
        name = failure.function
        found[f"{name} {'waits' if dry_run else _hand_again(stack, failure, say)}"] += len(failure.records)
    for what, number in sorted(found.items()):
        say(f"{what}: {number} {'objects' if what == 'unreadable' else 'changes'}")
    return dry_run or not any(what == "unreadable" or what.endswith(("failed again", "too old")) for what in found)


def _keys(stack: Stack) -> Iterator[str]:
    for page in stack.s3.get_paginator("list_objects_v2").paginate(Bucket=stack.bucket, Prefix=PREFIX):
        for one in page.get("Contents", []):
            yield one["Key"]


def _read(stack: Stack, key: str) -> Failure:
    """Read an object as Lambda writes it: `payload` is the whole event, as text."""
    filed = json.loads(stack.s3.get_object(Bucket=stack.bucket, Key=key)["Body"].read())
    payload = filed["payload"]
    records = (json.loads(payload) if isinstance(payload, str) else payload)["Records"]
    name = filed["requestContext"]["functionArn"].partition(":function:")[2].partition(":")[0]
    function = stack.functions.get(name)
    if function not in READERS:
        raise ValueError(f"{name or 'nothing'} is no function of this stack that reads changes")
    numbers = [record["dynamodb"]["SequenceNumber"] for record in records]
    if numbers != sorted(numbers, key=int):
        raise ValueError("its changes are out of order")
    return Failure(key, function, records)


def _hand_again(stack: Stack, failure: Failure, say: Callable[[str], None]) -> str:
    """Call the function with the records, and return in words what came of it."""
    made = min(float(record["dynamodb"]["ApproximateCreationDateTime"]) for record in failure.records)
    if failure.function == "FanOut" and time.time() - made > OLDEST_DELIVERY:
        return "too old"
    failed = _fails(stack, failure, failure.records)
    if failed and len(failure.records) > 1:  # one that nobody can act on holds none of the others up
        failed = next(filter(None, [_fails(stack, failure, [record]) for record in failure.records]), None)
    if failed:
        say(f"{failure.key}: {failure.function} failed again, and it stays ({failed})")
        return "failed again"
    stack.s3.delete_object(Bucket=stack.bucket, Key=failure.key)
    return "done"


def _fails(stack: Stack, failure: Failure, records: list[Event]) -> object:
    """Hand over some of an object's records, and return what failed, nothing if all is well."""
    # The real shard's cursor is past them by far; one of their own says what of this very object is counted.
    event = {"Records": records, "shardId": f"redrive {failure.key}", "state": {}}
    try:
        return (stack.invoke(failure.function, event) or {}).get("batchItemFailures")
    except FunctionFailed as error:
        return error


def _messages(stack: Stack, failed: str, *, dry_run: bool, say: Callable[[str], None]) -> None:
    """Move the messages of a queue back to the one that they came from: those that are there now, and no later ones."""
    name = failed.removesuffix("Failed")
    source, url = stack.queues[name], stack.queues[failed]
    asked = stack.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["ApproximateNumberOfMessages"])
    there = int(asked["Attributes"]["ApproximateNumberOfMessages"])
    if dry_run:
        if there:
            say(f"{failed}: {there} messages wait")
        return
    moved = 0
    while moved < there and (messages := _received(stack, url, there - moved)):
        for message in messages:
            _send(stack, source, message)
            stack.sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
            moved += 1
    if moved:
        say(f"{failed}: {moved} messages moved back to {name}")


def _received(stack: Stack, url: str, most: int) -> list[Event]:
    answer = stack.sqs.receive_message(
        QueueUrl=url,
        MaxNumberOfMessages=min(most, 10),
        WaitTimeSeconds=1,
        MessageAttributeNames=["All"],
        MessageSystemAttributeNames=["All"],
    )
    return list(answer.get("Messages", []))


def _send(stack: Stack, url: str, message: Event) -> None:
    beside: Event = {"MessageAttributes": message["MessageAttributes"]} if message.get("MessageAttributes") else {}
    if group := message.get("Attributes", {}).get("MessageGroupId"):  # a fair queue's
        beside["MessageGroupId"] = group
    stack.sqs.send_message(QueueUrl=url, MessageBody=message["Body"], **beside)


def of_aws(name: str) -> Stack:
    """Return what is deployed under a stack's name."""
    cloudformation, functions = boto3.client("cloudformation"), boto3.client("lambda", config=CONFIG)

    def resources(stack: str) -> dict[str, str]:
        pages = cloudformation.get_paginator("list_stack_resources").paginate(StackName=stack)
        listed = [one for page in pages for one in page["StackResourceSummaries"]]
        return {one["LogicalResourceId"]: one["PhysicalResourceId"] for one in listed}

    own = resources(name)
    names = {reader: own[reader] for reader in READERS}

    def invoke(function: str, event: Event) -> Any:
        answer = functions.invoke(FunctionName=names[function], Payload=json.dumps(event).encode())
        told = answer["Payload"].read().decode()
        if "FunctionError" in answer:
            raise FunctionFailed(told)
        return json.loads(told)

    bucket = resources(own["Failures"])["Failures"]
    by_name = {physical: logical for logical, physical in names.items()}
    return Stack(boto3.client("s3"), boto3.client("sqs"), bucket, resources(own["Queues"]), by_name, invoke)


def of_local(data: Path, instances: Callable[[dict[str, str]], Callable[[Function, Event], Any]]) -> Stack:
    """Return what `make run` runs with this folder; `instances` starts what calls functions with such variables."""
    try:
        port = int((data / PORT_FILE).read_text())
    except FileNotFoundError:
        raise CannotRun(f"Nothing runs with the data in {data}: start it with `make run`.") from None
    engine = local_engine.Engine(cast("Any", None), port)  # its process is that of the run
    outputs, secret = engine.deploy(), (data / "secret").read_text()
    template = Template(outputs=outputs, secret=secret, parameters={"MailFrom": local_engine.MAIL_FROM})
    return of_engine(engine, template, instances(engine.environment | LAPTOP))


def of_engine(engine: local_engine.Engine, template: Template, call: Callable[[Function, Event], Any]) -> Stack:
    """Return what is deployed to a local engine, and whose functions are called so."""
    readers = {function.name: function for function in template.functions if function.name in READERS}
    cloudformation = engine.client("cloudformation")

    def resources(stack: str) -> dict[str, str]:
        described = cloudformation.describe_stack_resources(StackName=f"pillarbox-{stack}")["StackResources"]
        return {one["LogicalResourceId"]: one["PhysicalResourceId"] for one in described}

    sqs, queues = engine.client("sqs"), resources("queues")
    urls = {name: sqs.get_queue_url(QueueName=place.rpartition("/")[2])["QueueUrl"] for name, place in queues.items()}
    return Stack(
        engine.client("s3"),
        sqs,
        resources("failures")["Failures"],
        urls,
        {name: name for name in readers},
        lambda name, event: call(readers[name], event),
    )


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description="Hand again what workers failed to act on.")
    parser.add_argument("--stage", choices=["local", *STACKS], required=True)
    parser.add_argument("--data", type=Path, default=ROOT / ".local", help="where `make run` keeps its data")
    parser.add_argument("--dry-run", action="store_true", help="say what there is, and change nothing")
    given = parser.parse_args(arguments)
    with ExitStack() as stop:

        def instances(variables: dict[str, str]) -> Callable[[Function, Event], Any]:
            made = Instances(variables, log=given.data / "functions.log")
            stop.callback(made.close)
            return made.invoke

        try:
            stack = of_local(given.data, instances) if given.stage == "local" else of_aws(STACKS[given.stage])
            return 0 if redrive(stack, dry_run=given.dry_run) else 1
        except CannotRun as problem:
            sys.stderr.write(f"{problem}\n")
            return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
