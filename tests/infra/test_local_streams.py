"""A stream handed to a function: order, checkpoint, partial batches, halving, retries, age, windows."""

import json

import pytest

from infra.local.filters import wanted
from infra.local.lambdas import FunctionFailed
from infra.local.streams import LONGEST_PAUSE, Shard

ARN = "arn:aws:dynamodb:eu-west-1:000000000000:table/forms/stream/2026"
PARTIAL = {"FunctionResponseTypes": ["ReportBatchItemFailures"]}
NOW = 1_790_000_000.0


def _record(number, created=NOW):
    return {
        "eventID": f"e{number}",
        "dynamodb": {"SequenceNumber": f"{number:04}", "ApproximateCreationDateTime": created},
    }


def _fail(numbers):
    return {"batchItemFailures": [{"itemIdentifier": f"{number:04}"} for number in numbers]}


class Stream:
    """A stream and a function that notes which batches it saw; `answers` says what it does to each."""

    def __init__(self, file, properties=None, answers=()):
        self.records = []
        self.calls = []
        self.events = []
        self.given_up = []
        self.answers = list(answers)
        self._file = file
        self._properties = {"Stream": ARN, "BatchSize": 10, **(properties or {})}
        self.restart()

    def restart(self):
        self.shard = Shard(
            self._properties,
            file=self._file,
            read=self._read,
            invoke=self._invoke,
            on_failure=lambda key, record: self.given_up.append((key, record)),
        )

    def put(self, *numbers, created=NOW):
        self.records += [_record(number, created) for number in numbers]

    def run(self, now=NOW):
        """Take turns until there is nothing more to do, the clock going on past every pause."""
        for _ in range(50):
            if not self.shard.turn(now):
                return
            now += LONGEST_PAUSE
        pytest.fail("The shard never came to rest.")

    def _read(self, after, limit):
        return [record for record in self.records if after is None or record["dynamodb"]["SequenceNumber"] > after][
            :limit
        ]

    def _invoke(self, event):
        self.events.append(event)
        self.calls.append([int(record["dynamodb"]["SequenceNumber"]) for record in event["Records"]])
        answer = self.answers.pop(0) if self.answers else None
        if callable(answer):
            answer = answer(self.calls[-1])
        if isinstance(answer, BaseException):
            raise answer
        return answer


@pytest.fixture
def stream(tmp_path):
    def make(properties=None, answers=()):
        return Stream(tmp_path / "shard.json", properties, answers)

    return make


def test_hands_on_records_in_order_and_in_batches(stream):
    told = stream({"BatchSize": 2})
    told.put(1, 2, 3)

    told.run()

    assert told.calls == [[1, 2], [3]]


def test_goes_on_after_a_restart_where_it_stood(stream):
    told = stream()
    told.put(1, 2)
    told.run()
    told.restart()
    told.put(3)

    told.run()

    assert told.calls == [[1, 2], [3]]


def test_keeps_what_the_engine_forgets_when_it_stops(stream):
    told = stream()
    told.put(1, 2)
    told.shard.keep_rest()
    told.records.clear()
    told.restart()

    told.run()

    assert told.calls == [[1, 2]]


def test_does_a_batch_again_that_was_under_way_when_everything_stopped(stream):
    told = stream(answers=[KeyboardInterrupt()])
    told.put(1)
    told.shard.keep_rest()
    with pytest.raises(KeyboardInterrupt):
        told.shard.turn(NOW)
    told.restart()

    told.run()

    assert told.calls == [[1], [1]]


def test_sends_a_failed_batch_again_after_a_pause(stream):
    told = stream(answers=[FunctionFailed("no")])
    told.put(1, 2)

    assert told.shard.turn(NOW)
    assert not told.shard.turn(NOW)
    told.run(NOW + LONGEST_PAUSE)

    assert told.calls == [[1, 2], [1, 2]]


def test_sends_again_from_the_first_record_that_failed(stream):
    told = stream(PARTIAL, [_fail([4, 3])])
    told.put(1, 2, 3, 4)

    told.run()

    assert told.calls == [[1, 2, 3, 4], [3, 4]]


@pytest.mark.parametrize("answer", [_fail([9]), {"batchItemFailures": [{}]}, {"batchItemFailures": [None]}])
def test_takes_a_failure_that_names_no_record_for_all(stream, answer):
    told = stream(PARTIAL, [answer])
    told.put(1, 2)

    told.run()

    assert told.calls == [[1, 2], [1, 2]]


@pytest.mark.parametrize("answer", [None, {}, {"batchItemFailures": []}, {"batchItemFailures": None}])
def test_takes_no_failures_for_success(stream, answer):
    told = stream(PARTIAL, [answer])
    told.put(1, 2)

    told.run()

    assert told.calls == [[1, 2]]


def test_does_not_read_failures_where_the_template_asks_for_none(stream):
    told = stream(answers=[_fail([1])])
    told.put(1)

    told.run()

    assert told.calls == [[1]]


def test_halves_a_failing_batch_until_the_poison_stands_alone_and_gives_that_up(stream):
    def poisoned(numbers):
        return FunctionFailed("poison") if 3 in numbers else None

    told = stream({"BisectBatchOnFunctionError": True, "MaximumRetryAttempts": 1}, [poisoned] * 20)
    told.put(1, 2, 3, 4)

    told.run()

    assert told.calls == [[1, 2, 3, 4], [1, 2], [3, 4], [3], [3], [4]]
    ((key, record),) = told.given_up
    assert key.startswith("aws/lambda/")
    assert record["requestContext"] == {"condition": "RetryAttemptsExhausted", "approximateInvokeCount": 2}
    assert record["DDBStreamBatchInfo"]["startSequenceNumber"] == "0003"
    assert json.loads(record["payload"])["Records"][0]["eventID"] == "e3"


def test_blocks_behind_a_failing_batch_while_retries_are_unbounded(stream):
    told = stream(answers=[FunctionFailed("no")] * 30)
    told.put(1)

    told.run()

    assert len(told.calls) == 31
    assert told.given_up == []


def test_counts_tries_anew_after_progress(stream):
    told = stream(PARTIAL | {"MaximumRetryAttempts": 1}, [_fail([1]), _fail([2]), _fail([2])])
    told.put(1, 2)

    told.run()

    assert told.calls == [[1, 2], [1, 2], [2], [2]]
    assert told.given_up == []


def test_gives_up_records_that_are_too_old(stream):
    told = stream({"MaximumRecordAgeInSeconds": 60})
    told.put(1, created=NOW - 61)
    told.run()
    told.put(2)

    told.run()

    assert told.calls == [[2]]
    assert told.given_up[0][1]["requestContext"]["condition"] == "RecordAgeExceeded"


def test_remembers_tries_across_a_restart(stream):
    told = stream({"MaximumRetryAttempts": 1}, [FunctionFailed("no")] * 2)
    told.put(1)
    told.shard.turn(NOW)
    told.restart()

    told.run()

    assert told.calls == [[1], [1]]
    assert len(told.given_up) == 1


def test_carries_state_through_a_window_and_closes_it_when_its_time_is_over(stream):
    told = stream({"TumblingWindowInSeconds": 60, "BatchSize": 1}, [{"state": {"n": 1}}, {"state": {"n": 2}}])
    told.put(1, 2, created=1_790_000_010)
    told.run(1_790_000_011)
    told.restart()

    told.run(1_790_000_100)

    assert told.calls == [[1], [2], []]
    assert [event["state"] for event in told.events] == [{}, {"n": 1}, {"n": 2}]
    assert [event["isFinalInvokeForWindow"] for event in told.events] == [False, False, True]
    assert told.events[0]["window"] == {"start": "2026-09-21T14:13:00Z", "end": "2026-09-21T14:14:00Z"}
    assert told.events[0]["shardId"].startswith("shardId-")
    assert told.events[0]["eventSourceARN"] == ARN


def test_puts_records_of_two_windows_in_two_batches(stream):
    told = stream({"TumblingWindowInSeconds": 60})
    told.put(1, 2, created=1_790_000_010)
    told.put(3, created=1_790_000_050)

    told.run(1_790_000_055)

    assert told.calls[:3] == [[1, 2], [], [3]]
    assert "state" not in told.events[0]["Records"][0]


def test_hands_on_only_what_a_filter_lets_through_and_looks_past_the_rest(stream):
    patterns = [{"eventID": [{"prefix": "e1"}]}, {"dynamodb": {"SequenceNumber": ["0003"]}}]
    filters = {"Filters": [{"Pattern": json.dumps(pattern)} for pattern in patterns]}
    told = stream({"BatchSize": 2, "FilterCriteria": filters})
    told.put(2, 3, 4, 5, 6, 7, 10, 11)

    told.run()

    assert told.calls == [[3], [10, 11]]


@pytest.mark.parametrize(
    ("rule", "with_it", "without"),
    [
        ({"exists": True}, True, False),
        ({"exists": False}, False, True),
        ({"prefix": "in"}, True, False),
        ({"prefix": "out"}, False, False),
        ({"anything-but": ["outbox"]}, True, False),
        ({"anything-but": ["inbox"]}, False, False),
        ("inbox", True, False),
        ("outbox", False, False),
    ],
)
def test_a_filter_s_rule_holds_or_not(rule, with_it, without):
    criteria = {"Filters": [{"Pattern": json.dumps({"image": {"folder": {"S": [rule]}}})}]}

    assert wanted(criteria, {"image": {"folder": {"S": "inbox"}}}) == with_it
    assert wanted(criteria, {"image": {}}) == without


def test_a_rule_that_is_unknown_is_an_error():
    with pytest.raises(NotImplementedError, match="numeric"):
        wanted({"Filters": [{"Pattern": '{"n": [{"numeric": [">", 1]}]}'}]}, {"n": 2})
