"""Queues, streams and schedules of a small template, pumped out of the real local engine."""

import json
import threading
import time
import uuid
from contextlib import contextmanager

import pytest

from infra.local.lambdas import FunctionFailed, TooLarge
from infra.local.pump import Pump
from tests.infra.small import Application

PATIENCE = 20  # seconds


class Worker:
    """Stands in for functions: notes events, answers what it was told to."""

    def __init__(self):
        self.events = []
        self.answers = []
        self._came = threading.Condition()

    def __call__(self, _function, event):
        with self._came:
            self.events.append(event)
            answer = self.answers.pop(0) if self.answers else None
            self._came.notify_all()
        if isinstance(answer, Exception):
            raise answer
        return answer(event) if callable(answer) else answer

    def wait(self, until):
        with self._came:
            assert self._came.wait_for(lambda: until(self.events), PATIENCE), self.events

    @property
    def bodies(self):
        return sorted(record["body"] for event in self.events for record in event["Records"])


@pytest.fixture
def worker():
    return Worker()


@pytest.fixture
def pumping(tmp_path, engine, worker):
    """Pump the events that a function has, while a block runs."""
    application = Application(tmp_path)

    @contextmanager
    def pumping(kind, **properties):
        application.function("Work", {"Source": {"Type": kind, "Properties": properties}})
        pump = Pump(application.template(), engine, worker, tmp_path / "pump")
        pump.start()
        try:
            yield
        finally:
            pump.stop()

    return pumping


@pytest.fixture
def sqs(engine):
    return engine.client("sqs")


@pytest.fixture
def queue(sqs):
    """Return a new queue's URL and ARN."""

    def make(**attributes):
        url = sqs.create_queue(QueueName=f"test-{uuid.uuid4()}", Attributes=attributes)["QueueUrl"]
        return url, sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]

    return make


def _left(sqs, url):
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    return sum(int(n) for n in sqs.get_queue_attributes(QueueUrl=url, AttributeNames=names)["Attributes"].values())


def _wait(condition):
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, "It never came about."
        time.sleep(0.05)


def test_hands_on_a_message_as_lambda_does_and_deletes_it(pumping, queue, sqs, worker):
    url, arn = queue()
    attributes = {
        "kind": {"DataType": "String", "StringValue": "mail"},
        "raw": {"DataType": "Binary", "BinaryValue": b"\0"},
    }
    sqs.send_message(QueueUrl=url, MessageBody="hello", MessageAttributes=attributes)

    with pumping("SQS", Queue=arn):
        worker.wait(bool)
        _wait(lambda: _left(sqs, url) == 0)

    (record,) = worker.events[0]["Records"]
    assert record["body"] == "hello"
    assert record["attributes"]["ApproximateReceiveCount"] == "1"
    assert (record["eventSource"], record["eventSourceARN"]) == ("aws:sqs", arn)
    assert record["messageAttributes"]["kind"]["stringValue"] == "mail"
    assert record["messageAttributes"]["raw"]["binaryValue"] == "AA=="
    assert record["md5OfBody"] == "5d41402abc4b2a76b9719d911017c592"


def test_sends_only_the_failed_message_of_a_batch_again(pumping, queue, sqs, worker):
    url, arn = queue(VisibilityTimeout="1")
    for body in ("good", "bad"):
        sqs.send_message(QueueUrl=url, MessageBody=body)

    def fail_once(event):
        bad = [record["messageId"] for record in event["Records"] if record["body"] == "bad"]
        return {"batchItemFailures": [{"itemIdentifier": name} for name in bad]}

    worker.answers = [fail_once]
    with pumping("SQS", Queue=arn, FunctionResponseTypes=["ReportBatchItemFailures"]):
        worker.wait(lambda events: len(events) > 1)
        _wait(lambda: _left(sqs, url) == 0)

    assert worker.bodies == ["bad", "bad", "good"]


def test_a_slow_message_delays_no_other_where_the_template_counts_on_many_at_once(pumping, queue, sqs, worker):
    url, arn = queue()
    for body in ("slow", "quick", "quick"):
        sqs.send_message(QueueUrl=url, MessageBody=body)

    def slow(event):
        if event["Records"][0]["body"] == "slow":
            worker.wait(lambda events: len(events) == 3)  # else the others waited for the slow one

    worker.answers = [slow] * 3
    with pumping("SQS", Queue=arn, BatchSize=1, ScalingConfig={"MaximumConcurrency": 50}):
        _wait(lambda: _left(sqs, url) == 0)

    assert worker.bodies == ["quick", "quick", "slow"]


@pytest.mark.parametrize("answer", [FunctionFailed("no"), {"batchItemFailures": [{"itemIdentifier": "nobody"}]}])
def test_moves_a_message_that_always_fails_aside(pumping, queue, sqs, worker, answer):
    aside, aside_arn = queue()
    redrive = json.dumps({"deadLetterTargetArn": aside_arn, "maxReceiveCount": 2})
    url, arn = queue(VisibilityTimeout="1", RedrivePolicy=redrive)
    sqs.send_message(QueueUrl=url, MessageBody="poison")

    worker.answers = [answer] * 5
    with pumping("SQS", Queue=arn, FunctionResponseTypes=["ReportBatchItemFailures"]):
        _wait(lambda: _left(sqs, aside) == 1)

    assert worker.bodies == ["poison", "poison"]


def test_takes_no_more_messages_at_once_than_the_template_says(pumping, queue, sqs, worker):
    url, arn = queue()
    for number in range(5):
        sqs.send_message(QueueUrl=url, MessageBody=str(number))

    with pumping("SQS", Queue=arn, BatchSize=2):
        worker.wait(lambda events: sum(len(event["Records"]) for event in events) == 5)

    assert max(len(event["Records"]) for event in worker.events) <= 2


def test_splits_a_batch_that_lambda_would_not_take(pumping, queue, sqs, worker):
    url, arn = queue()
    for number in range(4):
        sqs.send_message(QueueUrl=url, MessageBody=str(number))

    def refuse_more_than_two(event):
        if len(event["Records"]) > 2:
            raise TooLarge

    worker.answers = [refuse_more_than_two] * 10
    with pumping("SQS", Queue=arn):
        _wait(lambda: _left(sqs, url) == 0)

    taken = [{record["body"] for record in event["Records"]} for event in worker.events]
    assert any(len(bodies) > 2 for bodies in taken)
    assert set().union(*(bodies for bodies in taken if len(bodies) <= 2)) == {"0", "1", "2", "3"}


@pytest.fixture
def table(engine):
    """Return a new table's name and the ARN of its stream."""
    name = f"test-{uuid.uuid4()}"
    made = engine.client("dynamodb").create_table(
        TableName=name,
        AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
        BillingMode="PAY_PER_REQUEST",
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
    )["TableDescription"]
    return name, made["LatestStreamArn"]


def test_hands_on_changes_of_a_table_with_both_images(pumping, engine, table, worker):
    name, arn = table
    dynamodb = engine.client("dynamodb")
    dynamodb.put_item(TableName=name, Item={"pk": {"S": "a"}, "n": {"N": "1"}, "raw": {"B": b"\0"}})
    dynamodb.put_item(TableName=name, Item={"pk": {"S": "a"}, "n": {"N": "2"}})

    with pumping("DynamoDB", Stream=arn, StartingPosition="TRIM_HORIZON"):
        worker.wait(lambda events: sum(len(event["Records"]) for event in events) == 2)

    first, second = (record for event in worker.events for record in event["Records"])
    assert (first["eventName"], first["eventSourceARN"]) == ("INSERT", arn)
    assert first["dynamodb"]["NewImage"] == {"pk": {"S": "a"}, "n": {"N": "1"}, "raw": {"B": "AA=="}}
    assert second["eventName"] == "MODIFY"
    assert second["dynamodb"]["OldImage"]["n"] == {"N": "1"}
    assert isinstance(second["dynamodb"]["ApproximateCreationDateTime"], float)
    assert json.dumps(worker.events)


def test_hands_on_each_change_once_although_the_pump_was_stopped_in_between(pumping, engine, table, worker):
    name, arn = table
    dynamodb = engine.client("dynamodb")
    for number in range(3):
        dynamodb.put_item(TableName=name, Item={"pk": {"S": str(number)}})
        with pumping("DynamoDB", Stream=arn, StartingPosition="TRIM_HORIZON"):
            worker.wait(lambda events, number=number: len(events) > number)

    keys = [record["dynamodb"]["Keys"]["pk"]["S"] for event in worker.events for record in event["Records"]]
    assert keys == ["0", "1", "2"]


def test_files_what_it_gives_up_in_the_bucket_that_the_template_names(pumping, engine, table, worker):
    name, arn = table
    s3 = engine.client("s3")
    bucket = f"test-{uuid.uuid4()}"
    s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    engine.client("dynamodb").put_item(TableName=name, Item={"pk": {"S": "poison"}})

    worker.answers = [FunctionFailed("no")]
    destination = {"OnFailure": {"Type": "S3", "Destination": f"arn:aws:s3:::{bucket}"}}
    with pumping("DynamoDB", Stream=arn, MaximumRetryAttempts=0, DestinationConfig=destination):
        _wait(lambda: s3.list_objects_v2(Bucket=bucket)["KeyCount"] == 1)

    (filed,) = s3.list_objects_v2(Bucket=bucket)["Contents"]
    record = json.load(s3.get_object(Bucket=bucket, Key=filed["Key"])["Body"])
    assert json.loads(record["payload"])["Records"][0]["dynamodb"]["Keys"] == {"pk": {"S": "poison"}}


def test_calls_a_function_on_its_schedule(pumping, worker, tmp_path):
    folder = tmp_path / "pump"
    folder.mkdir()
    (folder / "Work-Source.json").write_text(json.dumps(time.time() - 3600))

    with pumping("Schedule", Schedule="rate(1 hour)"):
        worker.wait(bool)

    assert worker.events[0]["detail-type"] == "Scheduled Event"


def test_gives_a_schedule_the_input_that_the_template_names(pumping, worker, tmp_path):
    folder = tmp_path / "pump"
    folder.mkdir()
    (folder / "Work-Source.json").write_text("0")

    with pumping("ScheduleV2", ScheduleExpression="rate(1 hour)", Input='{"task": "digest"}'):
        worker.wait(bool)

    assert worker.events == [{"task": "digest"}]


@pytest.mark.parametrize("off", [{"Enabled": False}, {"State": "DISABLED"}])
def test_leaves_a_source_alone_that_is_switched_off(pumping, queue, sqs, off):
    url, arn = queue()
    sqs.send_message(QueueUrl=url, MessageBody="hello")

    with pumping("SQS", Queue=arn, **off):
        assert not [thread for thread in threading.enumerate() if thread.name == "Source"]

    assert _left(sqs, url) == 1


def test_a_topic_is_known_and_fed_nothing_since_no_mail_comes_back_here(pumping, worker, caplog):
    with pumping("SNS", Topic="arn:aws:sns:eu-west-1:000000000000:Returns"):
        pass

    assert worker.events == []
    assert caplog.text == ""
