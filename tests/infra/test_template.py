"""template.yaml, its nested stacks, the folders and the tests tell one story, within the limits of AWS."""

import json
import os
import re
import subprocess
from functools import cache
from typing import Any

import pytest

from infra.local.build import TOOLS
from infra.local.cloudformation import load
from infra.local.template import ROOT, Function, Template
from pillarbox import forms
from tests.infra.privileges import PLACE, granted, reachable, required, source

TEMPLATE = Template()
FUNCTIONS = TEMPLATE.functions
NESTED = {stack.name: Template(stack.file, parameters=stack.parameters) for stack in TEMPLATE.stacks}
FOLDERS = {str(file.parent.relative_to(ROOT)) for file in ROOT.glob("functions/*/*/handler.py")}
QUEUE_READERS = [(function, feed) for function in FUNCTIONS for feed in function.sources if feed.kind == "SQS"]

KNOWN_TYPES = {
    "AWS::ApiGatewayV2::Api",
    "AWS::ApiGatewayV2::Stage",
    "AWS::CloudFormation::Stack",
    "AWS::DynamoDB::Table",
    "AWS::IAM::Role",
    "AWS::Lambda::EventSourceMapping",
    "AWS::Lambda::Function",
    "AWS::Lambda::LayerVersion",
    "AWS::Lambda::Permission",
    "AWS::Logs::LogGroup",
    "AWS::S3::Bucket",
    "AWS::SES::ConfigurationSet",
    "AWS::SES::ConfigurationSetEventDestination",
    "AWS::SES::EmailIdentity",
    "AWS::SNS::Subscription",
    "AWS::SNS::Topic",
    "AWS::SNS::TopicPolicy",
    "AWS::SQS::Queue",
    "AWS::Scheduler::Schedule",
    "AWS::SecretsManager::Secret",
}
# What a policy may name: one table, one queue, the objects of one bucket, one sender of mail.
RESOURCE = r"(Data|Queues)\.Outputs\.[A-Za-z]+Arn|Exports\.Outputs\.BucketArn/\*|arn:aws:ses:[^*]+"
FOUR_DAYS = 4 * 24 * 60 * 60  # seconds: how long a queue keeps a message unless told
# Infra/local and the tests set these; in AWS they would take off a guard or lead elsewhere.
LOCAL_ONLY = ("PLAIN_HTTP", "FORM_CACHE_SECONDS", "AWS_ENDPOINT_URL", "CAPTCHA_URL", "HTTP_RECEIVERS")
FEEDS = {"SNS": "Topic", "SQS": "Queue", "DynamoDB": "Stream", "ScheduleV2": "Schedule"}
STREAM_READERS = [(function, feed) for function in FUNCTIONS for feed in function.sources if feed.kind == "DynamoDB"]

each_function = pytest.mark.parametrize("function", FUNCTIONS, ids=lambda function: function.name)
each_queue_reader = pytest.mark.parametrize(
    ("function", "feed"), QUEUE_READERS, ids=[f"{function.name}-{feed.name}" for function, feed in QUEUE_READERS]
)
each_stream_reader = pytest.mark.parametrize(
    ("function", "feed"), STREAM_READERS, ids=[f"{function.name}-{feed.name}" for function, feed in STREAM_READERS]
)


@cache
def transformed() -> list[dict[str, Any]]:
    """Return the template and its nested stacks as CloudFormation gets them from SAM's own translator."""
    code = (
        "import json, sys; from samtranslator.translator.transform import transform\n"
        "print(json.dumps(transform(json.load(sys.stdin), {'Stage': 'prod'}, type('', (), {'load': dict})())))"
    )
    document = load(ROOT / "template.yaml")
    for resource in document["Resources"].values():
        for name in resource.get("Properties", {}).keys() & {"CodeUri", "ContentUri", "Location"}:
            resource["Properties"][name] = "s3://bucket/key"
    done = subprocess.run(
        [str(TOOLS / "sam" / "bin" / "python"), "-c", code],
        input=json.dumps(document),
        env={**os.environ, "AWS_DEFAULT_REGION": "eu-west-1"},
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    return [json.loads(done.stdout), *(nested.document for nested in NESTED.values())]


def types() -> list[str]:
    return [resource["Type"] for document in transformed() for resource in document["Resources"].values()]


# ── Folders, names, tests ────────────────────────────────────────────────────


def test_every_folder_is_deployed_and_every_function_has_a_folder():
    assert {str(function.folder) for function in FUNCTIONS} == FOLDERS


@each_function
def test_a_function_is_called_like_its_folder(function):
    assert re.sub(r"(?<!^)(?=[A-Z])", "_", function.name).lower() == function.folder.name


@each_function
def test_a_function_has_a_test_file_of_its_name(function):
    assert (ROOT / "tests" / function.kind / f"test_{function.folder.name}.py").is_file()


@pytest.mark.parametrize("kind", ["api", "pages", "workers"])
def test_a_test_file_belongs_to_a_function_or_to_the_module_that_several_share(kind):
    names = {function.folder.name for function in FUNCTIONS if function.kind == kind}
    modules = {file.stem for file in (ROOT / "layers/core/pillarbox").glob("*.py")}

    for file in (ROOT / "tests" / kind).glob("test_*.py"):  # one with much to show has a file for each theme
        name = file.stem.removeprefix("test_")
        assert name in modules or any(f"{name}_".startswith(f"{function}_") for function in names), file


@each_function
def test_a_handler_opens_with_what_calls_it(function):
    first_line = source(function).splitlines()[0]

    for route in function.routes:
        if route.path != "$default":
            assert route.method in first_line
            assert re.search(rf" {re.escape(route.path)}(:|,| and )", first_line)
    for feed in function.sources:
        assert first_line.startswith(f'"""{FEEDS[feed.kind]} {feed.name}: ')


@each_function
def test_a_function_is_reached_one_way(function):
    if function.name == "SubmitForm":  # it takes what is sent to other services' addresses too
        return
    assert len({route.path for route in function.routes}) + len(function.sources) == 1
    assert {route.method for route in function.routes} <= {"GET", "POST", "PATCH", "DELETE"}
    assert len(function.routes) <= (2 if function.kind == "pages" else 1)


# ── Limits ───────────────────────────────────────────────────────────────────


def test_resources_and_routes_stay_clear_of_the_limits_of_aws():
    for document in transformed():
        assert len(document["Resources"]) <= 450
    assert len(types()) <= 450

    paths = transformed()[0]["Resources"]["Api"]["Properties"]["Body"]["paths"]
    routes = sum(len(methods) for methods in paths.values())
    assert routes == sum(len(function.routes) for function in FUNCTIONS)
    assert routes <= 300


def test_only_known_types_of_resources_are_made():
    assert set(types()) - KNOWN_TYPES == set()


@each_function
def test_an_answer_never_comes_later_than_the_http_api_waits(function):
    if function.routes:
        assert function.timeout < 30


@each_queue_reader
def test_a_queue_hides_a_message_for_six_times_as_long_as_its_worker_may_take(function, feed):
    assert queue_of(feed)["VisibilityTimeout"] >= 6 * function.timeout


@each_queue_reader
def test_a_worker_returns_only_what_failed_and_its_queue_puts_aside_what_fails_again(function, feed):
    assert function.properties["Runtime"] == "python3.13"
    assert feed.properties["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    queue = queue_of(feed)
    aside = stack_of(feed)[queue["RedrivePolicy"]["deadLetterTargetArn"].removesuffix(".Arn")]["Properties"]
    kept = queue.get("MessageRetentionPeriod", FOUR_DAYS)
    assert tried_for(queue) < kept
    assert aside["MessageRetentionPeriod"] >= kept


def test_what_overflowed_is_tried_for_days():
    (feed,) = [feed for _, feed in QUEUE_READERS if feed.name == "Overflow"]

    assert tried_for(queue_of(feed)) >= FOUR_DAYS


def tried_for(queue):
    """Return the seconds that a message is tried for, at least, before it is put aside."""
    return queue["RedrivePolicy"]["maxReceiveCount"] * queue["VisibilityTimeout"]


def stack_of(feed):
    return NESTED[feed.properties["Queue"].partition(".Outputs.")[0]].resources


@each_stream_reader
def test_a_reader_of_the_stream_gives_up_in_time_and_puts_aside_what_fails(function, feed):
    hours = feed.properties["MaximumRecordAgeInSeconds"] / 3600
    assert 0 < hours < 24  # a stream forgets after a day
    assert 0 < feed.properties["MaximumRetryAttempts"] < 100
    assert feed.properties["BisectBatchOnFunctionError"] is True
    assert feed.properties["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert feed.properties["DestinationConfig"]["OnFailure"] == {
        "Type": "S3",  # SAM lets the function write there
        "Destination": "Failures.Outputs.BucketArn",
    }
    assert function.timeout < forms.PURGE_DELAY_SECONDS


def test_the_stream_has_two_readers_at_most():
    assert 1 <= len(STREAM_READERS) <= 2


def test_a_shard_s_batches_are_counted_one_after_the_other():
    (feed,) = [feed for function, feed in STREAM_READERS if function.name == "Count"]
    assert feed.properties.get("ParallelizationFactor", 1) == 1
    assert feed.properties["StartingPosition"] == "TRIM_HORIZON"


def test_what_failed_is_kept_where_nobody_else_looks():
    (bucket,) = NESTED["Failures"].resources.values()

    assert set(bucket["Properties"]["PublicAccessBlockConfiguration"].values()) == {True}
    assert bucket["Properties"]["LifecycleConfiguration"]["Rules"][0]["ExpirationInDays"] == 90


def queue_of(feed):
    stack, _, output = feed.properties["Queue"].partition(".Outputs.")
    name = NESTED[stack].document["Outputs"][output]["Value"]["Fn::GetAtt"][0]
    return stack_of(feed)[name]["Properties"]


@each_function
def test_who_hashes_passwords_has_the_processor_for_it(function):
    if "pillarbox.passwords" in reachable(source(function)).modules:
        assert function.memory >= 1024


# ── Settings and rights ──────────────────────────────────────────────────────


@pytest.mark.parametrize("file", [ROOT / "template.yaml", *sorted((ROOT / "infra").glob("*.yaml"))], ids=str)
def test_what_only_a_laptop_may_set_stands_in_no_template(file):
    assert [name for name in LOCAL_ONLY if name in file.read_text()] == []


@each_function
def test_a_function_is_told_where_the_things_are_that_it_uses_and_no_other_queue(function):
    told = {name for name in function.environment if PLACE.fullmatch(name)}

    assert told | {"TABLE_NAME"} == reachable(source(function)).variables | {"TABLE_NAME"}


@each_function
def test_a_function_may_do_what_its_code_calls_and_no_more(function):
    assert granted(function) == required(function)


@each_function
def test_a_policy_names_each_action_and_one_resource(function: Function):
    for grant in granted(function):
        assert "*" not in grant.action
        assert re.fullmatch(RESOURCE, grant.resource)
