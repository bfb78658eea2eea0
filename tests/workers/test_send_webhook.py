"""The worker that calls other people's servers: once a message, and with no way to anything but its outcomes."""

import json
import time

import pytest
from standardwebhooks import Webhook

from infra.local import lambdas
from infra.local.template import Template
from pillarbox import deliveries, signing
from tests.infra.privileges import granted
from tests.outgoing import item_of, queued, webhook, worked_on
from tests.receiver import receiving
from tests.stream import inserted


@pytest.fixture(autouse=True)
def _here(monkeypatch, template):  # noqa: ARG001 - the queues have to be there
    monkeypatch.setenv("HTTP_RECEIVERS", "yes")
    queued("webhooks")
    queued("outcomes")


@pytest.fixture
def send_webhook(template):
    (function,) = [function for function in template.functions if function.name == "SendWebhook"]
    return function


def told(visitor, form, template, url):
    """Send something, and return the webhook and the message that came of it."""
    hook = webhook(form.id, "created", url=url)
    item = item_of(form.id, visitor.post(f"/f/{form.id}", json={"name": "Ada"}).json()["id"])
    (fan_out,) = [function for function in template.functions if function.name == "FanOut"]
    lambdas.invoke(fan_out, {"Records": [inserted(item)]})
    (message,) = queued("webhooks")
    return hook, message


def test_what_a_visitor_sent_reaches_the_receiver_and_the_log(visitor, form, template):
    with receiving(200) as receiver:
        hook, message = told(visitor, form, template, receiver.url)
        assert worked_on(template, "SendWebhook", message) == {"batchItemFailures": []}

    (call,) = receiver.calls
    sent = Webhook(signing.secret(hook.id, 1)).verify(call.body, call.headers)
    assert sent["data"]["fields"] == {"name": "Ada"}

    worked_on(template, "RecordOutcome", *queued("outcomes"))
    (delivery,) = deliveries.of_submission(form.id, message["submission_id"])
    assert (delivery.state, delivery.log[0].answer) == ("done", "thank you")


def test_a_message_that_comes_again_calls_nobody(visitor, form, template, send_webhook):
    with receiving(200) as receiver:
        _, message = told(visitor, form, template, receiver.url)
        again = {"messageId": "1", "body": json.dumps(message), "attributes": {"ApproximateReceiveCount": "2"}}
        answer = lambdas.invoke(send_webhook, {"Records": [again | {"eventSource": "aws:sqs"}]})

    assert answer == {"batchItemFailures": []}
    assert (receiver.calls, queued("outcomes")) == ([], [])


def test_a_message_that_is_too_late_calls_nobody(visitor, form, template):
    with receiving(200) as receiver:
        _, message = told(visitor, form, template, receiver.url)
        worked_on(template, "SendWebhook", message | {"until": time.time() - 1})

    assert (receiver.calls, queued("outcomes")) == ([], [])


def test_its_role_reaches_nothing_but_the_queue_of_outcomes_and_its_secret():
    (function,) = [function for function in Template().functions if function.name == "SendWebhook"]

    assert {(grant.action, grant.resource) for grant in granted(function)} == {
        ("sqs:SendMessage", "Queues.Outputs.OutcomesArn")
    }
    assert function.environment["SECRET_KEY"] == ""
    assert function.environment["WEBHOOK_KEY"]


def test_the_key_of_webhooks_is_known_to_nobody_who_needs_it_not():
    knows = {function.name for function in Template().functions if "WEBHOOK_KEY" in function.environment}

    assert "SendWebhook" in knows
    assert knows <= {"SendWebhook", "CreateWebhook", "RotateWebhook", "WebhooksPage"}
