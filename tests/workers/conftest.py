"""The table's stream, from the moment a test begins."""

import time
import uuid

import pytest

from infra.local import lambdas
from infra.local.pump import _plain, destination
from infra.local.streams import LONGEST_PAUSE, SHARD, Shard
from tests.outgoing import queued
from tests.posting import Post, verified


@pytest.fixture
def changes(engine, template):
    """Return a function that reads what has come into the stream since the last call, after the test began."""
    client = engine.client("dynamodbstreams")
    (arn,) = {
        source.properties["Stream"]
        for function in template.functions
        for source in function.sources
        if source.kind == "DynamoDB"
    }
    at = client.get_shard_iterator(StreamArn=arn, ShardId=SHARD, ShardIteratorType="LATEST")["ShardIterator"]

    def read(limit=1000):
        nonlocal at
        found = client.get_records(ShardIterator=at, Limit=limit)
        at = found["NextShardIterator"]
        return [_plain(one) for one in found["Records"]]

    return read


@pytest.fixture
def stream(engine, changes, tmp_path):
    """Return a function that makes one: it feeds a worker all that is in the stream, as template.yaml says."""

    def feeding(function):
        properties = function.sources[0].properties
        shard = Shard(
            properties,
            file=tmp_path / f"{function.name}.json",
            read=lambda _after, limit: changes(limit),
            invoke=lambda event: lambdas.invoke(function, event),
            on_failure=destination(engine, function, properties),  # the bucket of the template
        )

        def run():
            now = time.time()
            while shard.turn(now):
                now += LONGEST_PAUSE

        return run

    return feeding


@pytest.fixture
def fan_out(template):
    (function,) = [function for function in template.functions if function.name == "FanOut"]
    return function


@pytest.fixture
def pump(stream, fan_out):
    """Return a function that has fan-out read all that is in the stream."""
    queued("webhooks")
    return stream(fan_out)


@pytest.fixture
def post(template, monkeypatch):
    return Post(template, monkeypatch)


@pytest.fixture
def address(owner):
    """The owner's address, which has said yes."""
    return verified(owner)


@pytest.fixture
def counting(template):
    """The worker that counts."""
    (function,) = [function for function in template.functions if function.name == "Count"]
    return function


@pytest.fixture
def deliver(counting):
    """Hand it records over as Lambda does, in the name of a shard of the stream that only this test knows."""
    own = uuid.uuid4()

    def deliver(records, shard="shard", state=None):
        beside = {"shardId": f"{shard} {own}", "state": state or {}, "isFinalInvokeForWindow": False}
        return lambdas.invoke(counting, {"Records": records} | beside)

    return deliver


@pytest.fixture
def feed(stream, counting):
    """Return a function that feeds it all that is in the stream, as template.yaml says."""
    return stream(counting)
