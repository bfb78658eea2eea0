"""The analysis behind least privilege, on handlers made up to be wrong."""

from pathlib import Path

import pytest

from infra.local.template import Function
from tests.infra import privileges
from tests.infra.privileges import Grant, Unclear, granted, reachable, required

TABLE, QUEUE = "Data.Outputs.TableArn", "Queues.Outputs.PurgesArn"
ENVIRONMENT = {"TABLE_NAME": "Data.Outputs.TableName", "PURGES_QUEUE_URL": "Queues.Outputs.PurgesUrl"}


@pytest.fixture
def function(tmp_path, monkeypatch):
    """Make a function of a handler's source and of what its policy allows."""

    def made(handler: str, actions: list[str] | None = None, resource: str = TABLE) -> Function:
        monkeypatch.setattr(privileges, "ROOT", tmp_path)
        (tmp_path / "handler.py").write_text(handler)
        policy = {"Statement": [{"Effect": "Allow", "Action": actions or [], "Resource": resource}]}
        return Function("Made", Path(), 10, 512, ENVIRONMENT, [], [], {"Policies": [policy]})

    return made


def actions(handler: str) -> set[str]:
    return reachable(handler).actions


def test_a_call_to_the_table_needs_its_action_on_the_table(function):
    made = function("from pillarbox import table\ndef handler(event, context):\n    return table.get(event)")

    assert required(made) == {Grant("dynamodb:GetItem", TABLE)}


def test_a_missing_action_is_found(function):
    made = function(
        "from pillarbox import table\ndef handler(event, context):\n    table.put(table.get(event))",
        ["dynamodb:GetItem"],
    )

    assert required(made) - granted(made) == {Grant("dynamodb:PutItem", TABLE)}


def test_an_action_too_many_is_found(function):
    made = function(
        "from pillarbox import table\nhandler = lambda event, context: table.get(event)",
        ["dynamodb:GetItem", "dynamodb:DeleteItem"],
    )

    assert granted(made) - required(made) == {Grant("dynamodb:DeleteItem", TABLE)}


def test_a_right_on_everything_is_not_the_right_on_the_table(function):
    made = function("from pillarbox import table\nhandler = table.get", ["dynamodb:GetItem"], resource="*")

    assert granted(made) != required(made)


def test_a_message_needs_the_right_to_send_to_the_queue_that_the_settings_name(function):
    made = function(
        "from pillarbox import queues, settings\n"
        "def handler(event, context):\n    queues.send(settings.purges_queue_url(), event)"
    )

    assert required(made) == {Grant("sqs:SendMessage", QUEUE)}


def test_a_queue_that_no_setting_names_is_an_error(function):
    made = function("from pillarbox import queues\nhandler = lambda event, context: queues.send('url', event)")

    with pytest.raises(Unclear, match="sqs:SendMessage"):
        required(made)


def test_a_transaction_needs_the_actions_of_its_parts():
    used = "from pillarbox import table\nhandler = lambda e, c: table.transact(table.Put(e), table.Delete(e))"

    assert actions(used) == {"dynamodb:PutItem", "dynamodb:DeleteItem"}


def test_calls_are_followed_through_modules_callbacks_and_late_imports():
    called = "from pillarbox import forms\nhandler = lambda e, c: forms.exists(e)"
    handed_on = "from pillarbox import forms, workers\nhandler = workers.each_message(forms.exists)"
    late = "def handler(e, c):\n    from pillarbox.forms import exists\n    return exists(e)"
    another_name = "from pillarbox import forms as f\nhandler = lambda e, c: f.exists(e)"

    assert actions(called) == actions(handed_on) == actions(late) == actions(another_name) == {"dynamodb:GetItem"}


def test_the_submit_path_s_own_client_counts_too():
    one = "from pillarbox import aws\nhandler = lambda e, c: aws.call('dynamodb', 'PutItem', e, until=1)"
    other = "from pillarbox.aws import call\nhandler = lambda e, c: call('sqs', 'SendMessage', e, until=1)"

    assert actions(one) == {"dynamodb:PutItem"}
    assert actions(other) == {"sqs:SendMessage"}


def test_a_call_that_hides_its_operation_is_an_error():
    with pytest.raises(Unclear, match="literals"):
        actions("from pillarbox import aws\ndef handler(e, c):\n    aws.call('dynamodb', e['what'], {}, until=1)")


def test_annotations_and_local_names_reach_nothing():
    annotated = "from pillarbox import table\ndef handler(e: table.Put, c) -> table.Delete:\n    return None"
    local = "from pillarbox import table\ndef handler(table, c):\n    return table.get(1)"

    assert actions(annotated) == actions(local) == set()


def test_an_api_for_anybody_looks_nobody_up_and_one_with_a_scope_does():
    made = "from pillarbox.api import Api\napi = Api(scope={})\nhandler = api.handler"

    assert actions(made.format("None")) == set()
    assert "dynamodb:GetItem" in actions(made.format("'forms:read'"))


def test_a_name_that_is_not_there_is_an_error():
    with pytest.raises(Unclear, match="no verb"):
        actions("from pillarbox import table\nhandler = lambda e, c: table.verb(e)")
