"""The engine holds what the templates describe, and holds it across a restart."""

import json
import re
import shutil

import pytest

from infra.local import engine as local_engine
from infra.local.engine import EngineFailed
from infra.local.template import ROOT, Template


def test_makes_the_table_with_its_key_stream_and_expiry(engine, template):
    name = template.functions[0].environment["TABLE_NAME"]
    dynamodb = engine.client("dynamodb")

    table = dynamodb.describe_table(TableName=name)["Table"]

    assert [key["AttributeName"] for key in table["KeySchema"]] == ["pk", "sk"]
    assert table["StreamSpecification"] == {"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"}
    assert table["BillingModeSummary"]["BillingMode"] == "PAY_PER_REQUEST"
    expiry = dynamodb.describe_time_to_live(TableName=name)["TimeToLiveDescription"]
    assert expiry == {"TimeToLiveStatus": "ENABLED", "AttributeName": "expires_at"}


def test_makes_queues_with_their_timeouts_and_dead_letter_queues(engine, template):
    (submit,) = (function for function in template.functions if function.name == "SubmitForm")
    sqs = engine.client("sqs")
    described = Template(ROOT / "infra" / "queues.yaml").resources["Overflow"]["Properties"]

    url = submit.environment["OVERFLOW_QUEUE_URL"]
    made = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]

    assert url.startswith(engine.url)
    assert made["VisibilityTimeout"] == str(described["VisibilityTimeout"])
    redrive = json.loads(made["RedrivePolicy"])
    assert redrive["maxReceiveCount"] == described["RedrivePolicy"]["maxReceiveCount"]
    assert "OverflowFailed" in redrive["deadLetterTargetArn"]


@pytest.fixture
def application(tmp_path):
    """A copy of the templates, which a test may change."""
    for file in (ROOT / "template.yaml", *(ROOT / "infra").glob("*.yaml")):
        copy = tmp_path / file.relative_to(ROOT)
        copy.parent.mkdir(exist_ok=True)
        shutil.copy(file, copy)
    return tmp_path


def test_keeps_data_across_a_restart_and_takes_up_changes_of_the_templates(application, tmp_path):
    file, kept = application / "template.yaml", {"log": tmp_path / "log", "state": tmp_path / "state"}
    with local_engine.running(**kept) as engine:
        outputs = engine.deploy(file)
        table = outputs["Data"]["TableName"]
        engine.client("dynamodb").put_item(TableName=table, Item={"pk": {"S": "a"}, "sk": {"S": "b"}})
        engine.client("sqs").send_message(QueueUrl=outputs["Queues"]["OverflowUrl"], MessageBody="hello")

    queues = application / "infra" / "queues.yaml"
    queues.write_text(re.sub(r"VisibilityTimeout: \d+", "VisibilityTimeout: 90", queues.read_text()))
    with local_engine.running(**kept) as engine:
        again = engine.deploy(file)

        assert again["Data"] == outputs["Data"]
        assert engine.client("dynamodb").scan(TableName=table)["Count"] == 1
        url = again["Queues"]["OverflowUrl"]
        assert url.startswith(engine.url)
        sqs = engine.client("sqs")
        assert sqs.receive_message(QueueUrl=url)["Messages"][0]["Body"] == "hello"
        timeout = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["VisibilityTimeout"])
        assert timeout["Attributes"] == {"VisibilityTimeout": "90"}


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        ("Type: AWS::SQS::Queue", "Type: AWS::SQS::Quark", "AWS::SQS::Quark"),
        (r"VisibilityTimeout: \d+", "VisibilityTimeout: many", "Overflow: "),
    ],
)
def test_says_which_template_could_not_be_made_and_makes_it_once_it_is_right(application, tmp_path, right, wrong, said):
    queues = application / "infra" / "queues.yaml"
    good = queues.read_text()
    queues.write_text(re.sub(right, wrong, good, count=1))

    with local_engine.running(log=tmp_path / "log") as engine:
        with pytest.raises(EngineFailed, match=rf"queues\.yaml.*{said}"):
            engine.deploy(application / "template.yaml")
        queues.write_text(good)
        assert engine.deploy(application / "template.yaml")["Queues"]


def test_listens_on_loopback_only_and_leaves_no_process(tmp_path):
    with local_engine.running(log=tmp_path / "log") as engine:
        assert engine.url.startswith("http://127.0.0.1:")

    assert engine.process.poll() is not None


def test_says_so_when_the_engine_is_not_installed(tmp_path, monkeypatch):
    monkeypatch.setattr(local_engine, "COMMAND", tmp_path / "nothing")

    with pytest.raises(EngineFailed, match="make install"):
        local_engine.start(log=tmp_path / "log")
