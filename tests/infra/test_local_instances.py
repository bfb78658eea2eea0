"""Instances: one event at a time each, fresh after a change, gone after a timeout."""

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest

from infra.local.instances import MOST, Instances
from infra.local.lambdas import FunctionFailed, TooLarge
from tests.infra.small import Application

CODE = """
    import os, time

    calls = 0

    def handler(event, context):
        global calls
        calls += 1
        print("called with", event)
        if "begun" in event:
            open(event["begun"], "x").close()
        time.sleep(event.get("sleep", 0))
        if "raise" in event:
            raise ValueError(event["raise"])
        if "die" in event:
            os._exit(1)
        return {"pid": os.getpid(), "calls": calls, "environment": dict(os.environ)}
"""


@pytest.fixture
def application(tmp_path):
    return Application(tmp_path)


@pytest.fixture
def log(tmp_path):
    return tmp_path / "functions.log"


@pytest.fixture
def instances(application, log):
    with closing(Instances({"PLAIN_HTTP": "yes"}, log=log, root=application.root)) as instances:
        yield instances


@pytest.fixture
def function(application):
    application.function("Work", {}, CODE, Timeout=3, Environment={"Variables": {"TABLE_NAME": "forms"}})
    (function,) = application.template().functions
    return function


def test_keeps_a_process_warm_for_the_next_event(instances, function):
    first, second = instances.invoke(function, {}), instances.invoke(function, {})

    assert first["pid"] == second["pid"]
    assert (first["calls"], second["calls"]) == (1, 2)


def test_gives_a_function_its_own_variables_and_none_of_ours(instances, function, monkeypatch):
    monkeypatch.setenv("AWS_PROFILE", "somebody")

    environment = instances.invoke(function, {})["environment"]

    assert environment["TABLE_NAME"] == "forms"
    assert environment["PLAIN_HTTP"] == "yes"
    assert environment["AWS_LAMBDA_FUNCTION_NAME"] == "Work"
    assert "AWS_PROFILE" not in environment


def test_gives_each_event_under_way_a_process_of_its_own(instances, function):
    with ThreadPoolExecutor(2 * MOST) as threads:
        answers = [*threads.map(lambda _: instances.invoke(function, {"sleep": 1}), range(2 * MOST))]

    assert len({answer["pid"] for answer in answers}) == MOST


def test_ends_a_process_that_takes_longer_than_the_function_may(instances, function):
    pid = instances.invoke(function, {})["pid"]

    with pytest.raises(FunctionFailed, match="Work timed out after 3 seconds"):
        instances.invoke(function, {"sleep": 30})

    assert instances.invoke(function, {})["pid"] != pid


def test_goes_on_after_a_process_died(instances, function):
    with pytest.raises(FunctionFailed, match="its process ended"):
        instances.invoke(function, {"die": True})

    assert instances.invoke(function, {})["calls"] == 1


def test_says_where_a_handler_raised_and_keeps_the_process(instances, function):
    with pytest.raises(FunctionFailed, match=r"(?s)ValueError: oh.*Traceback.*handler\.py"):
        instances.invoke(function, {"raise": "oh"})

    assert instances.invoke(function, {})["calls"] == 2


def test_refuses_an_event_that_lambda_would_not_take(instances, function):
    with pytest.raises(TooLarge):
        instances.invoke(function, {"body": "a" * 7_000_000})


def test_meets_changed_code_after_a_renewal_and_lets_the_old_finish(instances, function, application, tmp_path):
    begun = tmp_path / "begun"
    with ThreadPoolExecutor() as threads:
        under_way = threads.submit(instances.invoke, function, {"sleep": 0.5, "begun": str(begun)})
        while not (begun.exists() or under_way.done()):  # until it has read the code that is about to change
            time.sleep(0.01)
        old = instances.invoke(function, {})
        application.write(function.folder, "def handler(event, context): return 'changed'")
        instances.renew()

        assert instances.invoke(function, {}) == "changed"
        assert under_way.result()["pid"] != old["pid"]
    assert instances.invoke(function, {}) == "changed"


def test_keeps_what_handlers_print_in_a_file(instances, function, log):
    instances.invoke(function, {"a": 1})

    assert "called with {'a': 1}" in log.read_text()
