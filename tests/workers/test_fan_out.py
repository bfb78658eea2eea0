"""Of what comes in, each webhook that wants to know is told once, whatever the stream repeats."""

import pytest
from botocore.exceptions import EndpointConnectionError

from infra.local import lambdas
from infra.local.lambdas import FunctionFailed
from pillarbox import deliveries, forms, queues, submissions, table
from tests.outgoing import due_rows, item_of, queued, swept, webhook
from tests.stream import inserted, record

SPAM = {"name": "Ada", "_gotcha": "a robot filled this in"}


def sent(visitor, form, data=None):
    return visitor.post(f"/f/{form.id}", json=data or {"name": "Ada"}).json()["id"]


def told(form, submission_id):
    return [(one.event, one.target) for one in deliveries.of_submission(form.id, submission_id)]


def move(owner, form, submission_id, **change):
    assert owner.patch(f"/v1/forms/{form.id}/submissions/{submission_id}", json=change).status_code == 200


def test_what_came_in_goes_to_each_webhook_that_wants_it(visitor, form, pump):
    hook, _ = webhook(form.id, "created"), webhook(form.id, "spam", "updated")
    submission_id = sent(visitor, form)

    pump()

    assert told(form, submission_id) == [("created", hook.id)]
    (message,) = queued("webhooks")
    assert message["delivery_id"].startswith(f"{submission_id}-")
    assert message["url"] == hook.url
    assert '"name":"Ada"' in message["body"].replace(": ", ":")


def test_spam_is_told_only_to_who_wants_spam(visitor, form, pump):
    webhook(form.id, "created", "updated")
    curious = webhook(form.id, "spam")
    submission_id = sent(visitor, form, SPAM)

    pump()

    assert told(form, submission_id) == [("spam", curious.id)]


def test_what_is_saved_from_spam_is_told_as_if_it_had_just_come_and_only_once(owner, visitor, form, pump):
    hook = webhook(form.id, "created")
    submission_id = sent(visitor, form, SPAM)
    pump()
    assert told(form, submission_id) == []

    for folder in ("inbox", "spam", "archive", "trash", "inbox"):
        move(owner, form, submission_id, folder=folder)
        pump()

    assert told(form, submission_id) == [("created", hook.id)]
    assert len(queued("webhooks")) == 1


def test_what_was_never_spam_isnt_told_again_when_it_comes_back_from_there(owner, visitor, form, pump):
    hook = webhook(form.id, "created")
    submission_id = sent(visitor, form)
    pump()
    deliveries.forget(form.id, submission_id)  # as if its log had expired

    for folder in ("spam", "inbox"):
        move(owner, form, submission_id, folder=folder)
    pump()

    assert told(form, submission_id) == []
    assert hook.active


def test_each_change_is_told_once_and_none_that_changes_nothing(owner, visitor, form, pump):
    hook = webhook(form.id, "updated")
    submission_id = sent(visitor, form)

    for change in ({"read": True}, {"read": True}, {"folder": "archive"}, {"folder": "archive"}, {"read": False}):
        move(owner, form, submission_id, **change)
        pump()

    assert told(form, submission_id) == [("updated", hook.id)] * 3


def test_a_webhook_that_is_off_is_told_nothing(visitor, form, pump):
    webhook(form.id, "created", active=False)
    submission_id = sent(visitor, form)

    pump()

    assert told(form, submission_id) == []


def test_a_record_that_comes_again_makes_nothing_again(visitor, form, fan_out, pump):
    webhook(form.id, "created")
    submission_id = sent(visitor, form)
    again = inserted(item_of(form.id, submission_id))

    for _ in range(3):
        lambdas.invoke(fan_out, {"Records": [again, again]})
    pump()

    assert len(told(form, submission_id)) == 1
    assert len(queued("webhooks")) == 1


def test_a_change_that_has_nothing_to_tell_makes_nothing(visitor, form, fan_out):
    webhook(form.id, "created", "updated")
    item = item_of(form.id, sent(visitor, form))

    lambdas.invoke(fan_out, {"Records": [record(1, old=item, new=item | {"expires_at": 9_999_999_999})]})

    assert told(form, item["sk"]) == []


def test_a_form_that_tells_nobody_costs_two_reads(visitor, owner, form, fan_out, monkeypatch):
    forms.update(owner.account, form.id, {"notify": {"every": "never"}})
    item = item_of(form.id, sent(visitor, form))
    asked, call = [], getattr(type(table.client), "_make_api_call")  # noqa: B009 - what every call passes

    def noted(client, operation, parameters):
        asked.append(operation)
        return call(client, operation, parameters)

    monkeypatch.setattr(type(table.client), "_make_api_call", noted)
    lambdas.invoke(fan_out, {"Records": [inserted(item)]})

    assert sorted(asked) == ["GetItem", "Query"]


def test_what_was_deleted_meanwhile_is_told_to_nobody(owner, visitor, form, pump):
    webhook(form.id, "created")
    submission_id = sent(visitor, form)
    owner.delete(f"/v1/forms/{form.id}/submissions/{submission_id}")

    pump()

    assert told(form, submission_id) == []


def test_a_record_that_fails_holds_no_other_up(visitor, form, fan_out):
    hook = webhook(form.id, "created")
    good = [item_of(form.id, sent(visitor, form)) for _ in range(3)]
    poison = good[1] | {"announce": "nonsense", "change": "x"}

    answer = lambdas.invoke(fan_out, {"Records": [inserted(good[0], 1), inserted(poison, 2), inserted(good[2], 3)]})

    assert [failed["itemIdentifier"] for failed in answer["batchItemFailures"]] == [f"{2:030}"]
    assert told(form, good[2]["sk"]) == [("created", hook.id)]
    later = item_of(form.id, sent(visitor, form))
    with pytest.raises(FunctionFailed, match="nonsense"):
        lambdas.invoke(fan_out, {"Records": [inserted(poison, 2), inserted(later, 3)]})
    assert told(form, later["sk"]) == [("created", hook.id)]


def test_what_cant_be_queued_is_due_at_once(visitor, form, fan_out, monkeypatch, template):
    webhook(form.id, "created")
    item = item_of(form.id, sent(visitor, form))
    queued("webhooks")

    def out_of_reach(**_):
        raise EndpointConnectionError(endpoint_url="")

    with monkeypatch.context() as patched:
        patched.setattr(queues.client, "send_message", out_of_reach)
        lambdas.invoke(fan_out, {"Records": [inserted(item)]})
    swept(template)

    (message,) = [one for one in queued("webhooks") if one["form_id"] == form.id]
    assert message["lease"] == 2
    assert len(due_rows(form.id)) == 1


def test_a_form_that_cant_be_put_into_words_is_a_failed_try_and_no_poison(visitor, form, fan_out, monkeypatch):
    webhook(form.id, "created")
    item = item_of(form.id, sent(visitor, form))

    def broken(*_, **__):
        raise LookupError

    monkeypatch.setattr("pillarbox.webhooks.body", broken)
    lambdas.invoke(fan_out, {"Records": [inserted(item)]})

    (delivery,) = deliveries.of_submission(form.id, item["sk"])
    assert delivery.state == "pending"
    assert delivery.log[0].error == "It could not be written: LookupError."


def test_a_form_that_is_gone_tells_nothing(owner, visitor, form, fan_out):
    webhook(form.id, "created")
    item = item_of(form.id, sent(visitor, form))
    forms.delete(owner.account, form.id)

    assert lambdas.invoke(fan_out, {"Records": [inserted(item)]}) == {"batchItemFailures": []}
    assert submissions.get(form.id, item["sk"])
