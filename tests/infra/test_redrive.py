"""What workers failed to act on is handed to them again, and nothing of it is done twice."""

import json
import time
import uuid
from typing import Any
from urllib.parse import urlsplit

import boto3
import pytest

from infra import redrive
from infra.local import lambdas
from infra.local.cloudformation import REGION
from infra.local.lambdas import FunctionFailed
from infra.local.pump import destination
from infra.local.streams import SHARD, Shard
from pillarbox import counting, counts, definitions, deliveries, exact, forms, ids, places, table
from tests.outgoing import queued, webhook
from tests.stream import inserted

SECONDS_OF_A_DAY = 86_400


@pytest.fixture
def data(engine, tmp_path):
    """The folder of a `make run` whose engine is the tests'."""
    (tmp_path / "engine.port").write_text(str(urlsplit(engine.url).port))
    (tmp_path / "secret").write_text("secret")
    return tmp_path


@pytest.fixture
def stack(template, data):  # noqa: ARG001 - the engine has to have what the templates describe
    stack = redrive.of_local(data, lambda _variables: lambdas.invoke)
    for key in objects(stack):
        stack.s3.delete_object(Bucket=stack.bucket, Key=key)
    for name in stack.queues:
        stack.sqs.purge_queue(QueueUrl=stack.queues[name])
    return stack


@pytest.fixture
def give_up(template, engine, tmp_path):
    """Have a function fail on records until they are put aside as the mapping does, and return the object's key."""

    def give_up(name, *records, **properties):
        (function,) = [function for function in template.functions if function.name == name]
        own = function.sources[0].properties | {"MaximumRetryAttempts": 0, "BisectBatchOnFunctionError": False}
        batches, keys = [list(records)], []
        put = destination(engine, function, own)  # the bucket of the template

        def fails(_event):
            raise FunctionFailed("no")

        def on_failure(key, filed):
            keys.append(key)
            put(key, filed)

        shard = Shard(
            own | properties,
            file=tmp_path / uuid.uuid4().hex,
            read=lambda _after, _limit: batches.pop() if batches else [],
            invoke=fails,
            on_failure=on_failure,
        )
        shard.turn(time.time())
        (key,) = keys
        return key

    return give_up


def objects(stack):
    found = stack.s3.list_objects_v2(Bucket=stack.bucket).get("Contents", [])
    return [one["Key"] for one in found]


def run(stack, **how):
    said: list[str] = []
    done = redrive.redrive(stack, say=said.append, dry_run=how.get("dry_run", False))
    return done, said


def submission(form, number, **more):
    item = table.key(places.partition(form.id, "inbox", 0), ids.ulid())
    said = {"folder": "inbox", "read": False, "fields": exact.dumps({"name": "Ada"}), "source": "{}", "form_version": 1}
    return inserted(item | said | more, number)


def total(form):
    return counts.of([form.id])[form.id]["inbox"]["total"]


def test_nothing_that_failed_is_nothing_to_do(stack):
    assert run(stack) == (True, [])


@pytest.fixture
def far_on(form):
    """The stream's own shard, counted up to far behind what these tests put aside."""
    key = table.key(f"SHARD#{SHARD}", "COUNT")
    before = table.get(key)
    table.delete(key)
    counting.count(SHARD, [counting.Change("9" * 30, form.id, {}, None, None, None)], {})
    yield
    table.put(before) if before else table.delete(key)


@pytest.mark.usefixtures("far_on")
def test_what_couldnt_be_counted_is_counted_though_the_shard_has_gone_on(stack, form, give_up):
    give_up("Count", submission(form, 1), submission(form, 2))

    assert run(stack) == (True, ["Count done: 2 changes"])

    assert total(form) == 2
    assert objects(stack) == []


def test_twice_the_same_object_is_counted_once(stack, form, give_up):
    key = give_up("Count", submission(form, 1), submission(form, 2))
    filed = stack.s3.get_object(Bucket=stack.bucket, Key=key)["Body"].read()
    run(stack)

    stack.s3.put_object(Bucket=stack.bucket, Key=key, Body=filed)  # as if it hadn't been deleted
    run(stack)

    assert total(form) == 2


def test_whoever_is_stopped_between_counting_and_deleting_counts_nothing_twice(stack, form, give_up):
    give_up("Count", submission(form, 1))
    give_up("Count", submission(form, 2))

    class Dies:
        def __getattr__(self, name):
            return getattr(stack.s3, name)

        def delete_object(self, **_):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(stack._replace(s3=Dies()))
    assert len(objects(stack)) == 2
    assert run(stack)[0]

    assert total(form) == 2


def test_a_worker_that_dies_half_way_through_an_object_counts_the_rest_the_next_time(
    stack, owner, give_up, monkeypatch
):
    several = [forms.create(owner.account, definitions.Definition(name="One")) for _ in range(3)]
    give_up("Count", *(submission(form, number) for number, form in enumerate(several, 1)))
    monkeypatch.setattr(counting, "MOST_WRITES", 5)  # a transaction each
    written: list[Any] = []
    real = table.transact

    def dies(*writes):
        if len(written) == 1:
            raise SystemExit
        written.append(writes)
        real(*writes)

    monkeypatch.setattr(table, "transact", dies)
    done, said = run(stack)
    assert not done
    assert said[-1] == "Count failed again: 3 changes"
    monkeypatch.setattr(table, "transact", real)
    assert run(stack) == (True, ["Count done: 3 changes"])

    assert [total(form) for form in several] == [1, 1, 1]


def test_what_was_counted_of_a_batch_before_it_failed_is_not_in_what_was_put_aside(
    stack, template, engine, owner, tmp_path, monkeypatch
):
    several = [forms.create(owner.account, definitions.Definition(name="One")) for _ in range(3)]
    batches = [[submission(form, number) for number, form in enumerate(several, 1)]]
    (function,) = [function for function in template.functions if function.name == "Count"]
    shard = Shard(
        function.sources[0].properties | {"MaximumRetryAttempts": 1},
        file=tmp_path / "shard",
        read=lambda _after, _limit: batches.pop() if batches else [],
        invoke=lambda event: lambdas.invoke(function, event | {"shardId": f"shard {tmp_path}"}),
        on_failure=destination(engine, function, function.sources[0].properties),
    )
    monkeypatch.setattr(counting, "MOST_WRITES", 5)  # a transaction each
    with monkeypatch.context() as broken:
        real, second = table.transact, several[1].id

        def fails(*writes):
            if any(second in json.dumps(write.write) for write in writes):
                raise RuntimeError("no")
            real(*writes)

        broken.setattr(table, "transact", fails)
        for n in range(30):
            shard.turn(time.time() + 60 * n)

    assert [total(form) for form in several] == [1, 0, 1]
    assert run(stack) == (True, ["Count done: 1 changes"])
    assert [total(form) for form in several] == [1, 1, 1]


def test_a_record_that_is_poison_still_stays_and_holds_up_no_other(stack, form, give_up):
    poison = submission(form, 2)
    del poison["dynamodb"]["NewImage"]["read"]
    key = give_up("Count", submission(form, 1), poison, submission(form, 3))
    give_up("Count", submission(form, 4))

    for _ in range(2):
        done, said = run(stack)
        assert not done
        assert any(line.startswith(f"{key}: Count failed again") for line in said)

    assert objects(stack) == [key]
    assert total(form) == 3, "those before and after the poison, once, and the other object's"


def test_once_it_is_no_poison_any_more_all_of_it_is_done(stack, form, give_up, monkeypatch):
    poison = submission(form, 2)
    give_up("Count", submission(form, 1), poison, submission(form, 3))
    with monkeypatch.context() as broken:
        broken.setattr("functions.workers.count.handler.handler", _refuses_words)
        assert not run(stack)[0]

    assert run(stack)[0]

    assert total(form) == 3


def _refuses_words(event, _context):
    raise ValueError(event["Records"][0]["dynamodb"]["SequenceNumber"])


def test_what_couldnt_be_told_is_told_once(stack, visitor, form, give_up):
    hook = webhook(form.id, "created")
    submission_id = visitor.post(f"/f/{form.id}", json={"name": "Ada"}).json()["id"]
    item = table.get(table.key(places.partition(form.id, "inbox", ids.shard_of(submission_id)), submission_id))
    assert item
    queued("webhooks")
    key = give_up("FanOut", inserted(item))
    filed = stack.s3.get_object(Bucket=stack.bucket, Key=key)["Body"].read()

    assert run(stack) == (True, ["FanOut done: 1 changes"])
    stack.s3.put_object(Bucket=stack.bucket, Key=key, Body=filed)
    run(stack)

    assert [one.target for one in deliveries.of_submission(form.id, submission_id)] == [hook.id]
    assert len(queued("webhooks")) == 1


def test_what_is_so_old_that_nobody_knows_whether_it_was_told_stays(stack, form, give_up):
    old = submission(form, 1, announce="created")
    old["dynamodb"]["ApproximateCreationDateTime"] -= 30 * SECONDS_OF_A_DAY
    key = give_up("FanOut", old, MaximumRecordAgeInSeconds=-1)

    assert run(stack) == (False, ["FanOut too old: 1 changes"])
    assert objects(stack) == [key]


def test_counting_knows_an_object_for_as_long_as_it_is_kept():
    assert counting.CURSOR_DAYS > 90
    assert redrive.OLDEST_DELIVERY < deliveries.KEPT_SECONDS


@pytest.mark.parametrize(
    "body",
    [
        b"not json",
        b"[]",
        b"{}",
        b'{"payload": "{}", "requestContext": {"functionArn": "arn:aws:lambda:eu-west-1:0:function:Count"}}',
        b'{"payload": {"Records": []}, "requestContext": {"functionArn": "arn:aws:lambda:eu-west-1:0:function:X"}}',
        b'{"payload": null, "requestContext": {}}',
    ],
)
def test_what_isnt_such_an_object_is_told_and_stays(stack, form, give_up, body):
    give_up("Count", submission(form, 1))
    stack.s3.put_object(Bucket=stack.bucket, Key="aws/lambda/a", Body=body)

    done, said = run(stack)

    assert not done
    assert said[0].startswith("aws/lambda/a: can't be read, and stays")
    assert said[-1] == "unreadable: 1 objects"
    assert objects(stack) == ["aws/lambda/a"]
    assert total(form) == 1


def test_reads_the_event_of_aws_whose_functions_have_names_of_the_stack(stack, form):
    arn = f"arn:aws:lambda:{REGION}:123456789012:function:pillarbox-dev-Count-1A2b3C4d:$LATEST"
    event = {"Records": [submission(form, 1)], "window": {}, "shardId": "shardId-1", "state": {}}
    filed = {"version": "1.0", "requestContext": {"requestId": "1", "functionArn": arn}, "payload": json.dumps(event)}
    stack.s3.put_object(Bucket=stack.bucket, Key="aws/lambda/mapping/shard/2026/11/27/1", Body=json.dumps(filed))
    named = stack._replace(functions={"pillarbox-dev-Count-1A2b3C4d": "Count"})

    assert run(named) == (True, ["Count done: 1 changes"])
    assert total(form) == 1


def test_messages_go_back_to_the_queue_that_they_came_from(stack):
    url = stack.queues["MailsFailed"]
    beside = {"MessageAttributes": {"kind": {"DataType": "String", "StringValue": "x"}}}
    for n in range(12):
        stack.sqs.send_message(QueueUrl=url, MessageBody=json.dumps({"kind": "nothing", "n": n}), **beside)

    assert run(stack) == (True, ["MailsFailed: 12 messages moved back to Mails"])
    assert run(stack) == (True, [])

    found = []
    while some := stack.sqs.receive_message(
        QueueUrl=stack.queues["Mails"], MaxNumberOfMessages=10, MessageAttributeNames=["All"]
    ).get("Messages"):
        found += some
    assert sorted(json.loads(one["Body"])["n"] for one in found) == list(range(12))
    assert {one["MessageAttributes"]["kind"]["StringValue"] for one in found} == {"x"}


def test_a_message_that_fails_again_at_once_isnt_moved_for_ever(stack):
    url = stack.queues["PurgesFailed"]
    for n in range(3):
        stack.sqs.send_message(QueueUrl=url, MessageBody=json.dumps({"n": n}))

    class Back:
        """Puts what is moved back aside at once."""

        def __getattr__(self, name):
            return getattr(stack.sqs, name)

        def send_message(self, **sent):
            return stack.sqs.send_message(**sent | {"QueueUrl": url})

    assert run(stack._replace(sqs=Back())) == (True, ["PurgesFailed: 3 messages moved back to Purges"])


def test_whoever_is_stopped_between_sending_and_deleting_loses_no_message(stack):
    stack.sqs.send_message(QueueUrl=stack.queues["OverflowFailed"], MessageBody="{}")

    class Dies:
        def __getattr__(self, name):
            return getattr(stack.sqs, name)

        def delete_message(self, **_):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(stack._replace(sqs=Dies()))

    assert stack.sqs.receive_message(QueueUrl=stack.queues["Overflow"])["Messages"][0]["Body"] == "{}"


def test_a_dry_run_says_what_there_is_and_changes_nothing(stack, form, give_up):
    key = give_up("Count", submission(form, 1), submission(form, 2))
    stack.sqs.send_message(QueueUrl=stack.queues["MailsFailed"], MessageBody="{}")

    assert run(stack, dry_run=True) == (True, ["Count waits: 2 changes", "MailsFailed: 1 messages wait"])

    assert objects(stack) == [key]
    assert total(form) == 0
    assert stack.sqs.receive_message(QueueUrl=stack.queues["Mails"]).get("Messages", []) == []


def test_every_queue_that_takes_what_failed_belongs_to_another(stack):
    failed = [name for name in stack.queues if name.endswith("Failed")]

    assert failed
    assert all(name.removesuffix("Failed") in stack.queues for name in failed)


def test_where_nothing_runs_it_says_how_to_start_it(tmp_path, capsys):
    assert redrive.main(["--stage", "local", "--data", str(tmp_path)]) == 1

    assert "make run" in capsys.readouterr().err


def test_the_command_works_on_the_engine_of_a_run(stack, form, give_up, data, capsys):
    give_up("Count", submission(form, 1))

    assert redrive.main(["--stage", "local", "--data", str(data)]) == 0

    assert capsys.readouterr().out == "Count done: 1 changes\n"
    assert total(form) == 1
    assert objects(stack) == []


def test_what_is_deployed_is_found_by_the_stacks_resources(monkeypatch):
    stacks = {
        "pillarbox-dev": {"Count": "dev-Count-1", "FanOut": "dev-FanOut-2", "Queues": "arn:q", "Failures": "arn:f"},
        "arn:q": {"Mails": "https://sqs/Mails", "MailsFailed": "https://sqs/MailsFailed"},
        "arn:f": {"Failures": "bucket"},
    }
    asked = []

    class Client:
        def __init__(self, service, **_):
            self.service = service

        def get_paginator(self, _):
            return self

        def paginate(self, *, StackName):  # noqa: N803 - as boto3 has it
            listed = stacks[StackName].items()
            some = [{"LogicalResourceId": logical, "PhysicalResourceId": physical} for logical, physical in listed]
            return [{"StackResourceSummaries": some[:1]}, {"StackResourceSummaries": some[1:]}]

        def invoke(self, **what):
            asked.append(what)
            broken = {"FunctionError": "Unhandled"} if what["FunctionName"] == "dev-FanOut-2" else {}
            return {"Payload": Body(b'{"batchItemFailures": []}')} | broken

    monkeypatch.setattr(boto3, "client", Client)
    stack = redrive.of_aws("pillarbox-dev")

    assert (stack.bucket, stack.queues["Mails"]) == ("bucket", "https://sqs/Mails")
    assert stack.functions == {"dev-Count-1": "Count", "dev-FanOut-2": "FanOut"}
    assert stack.invoke("Count", {"Records": []}) == {"batchItemFailures": []}
    assert asked == [{"FunctionName": "dev-Count-1", "Payload": b'{"Records": []}'}]
    with pytest.raises(FunctionFailed):
        stack.invoke("FanOut", {"Records": []})


class Body(bytes):
    def read(self):
        return bytes(self)
