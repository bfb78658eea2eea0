import json

import pytest

from pillarbox import attempts, deliveries, ids, webhooks
from tests.outgoing import outcome, queued, worked_on

MAY = "manager, forms:write"


@pytest.fixture(autouse=True)
def _nothing_waits(form):
    assert form
    queued("webhooks")


def test_sends_the_newest_submission_as_a_test(owner, form, at, sent):
    answer = owner.post(f"{at}/test")

    assert answer.status_code == 202
    assert {name: answer.json()[name] for name in ("event", "state", "kind")} == {
        "event": "test",
        "state": "pending",
        "kind": "webhook",
    }
    (message,) = queued("webhooks")
    body = json.loads(message["body"])
    assert message["delivery_id"] == answer.json()["id"]
    assert body["type"] == "submission.test"
    assert body["data"]["fields"] == {"name": "Ada", "message": "Hi"}
    assert body["data"]["url"] == f"https://pillarbox.test/forms/{form.id}/submissions/{sent.rsplit('/', 1)[1]}"


def test_where_nothing_came_in_yet_something_is_made_up(owner, at):
    answer = owner.post(f"{at}/test")

    assert answer.status_code == 202
    (message,) = queued("webhooks")
    assert json.loads(message["body"])["data"]["fields"]["message"] == "This is a test. Nobody sent it."


def test_the_log_tells_what_came_of_it(owner, at, template):
    owner.post(f"{at}/test")
    (message,) = queued("webhooks")

    worked_on(template, "RecordOutcome", outcome(message, status=500))

    (delivery,) = owner.get(f"{at}/deliveries").json()["deliveries"]
    assert (delivery["event"], delivery["state"], delivery["log"][0]["status"]) == ("test", "pending", 500)


def test_one_that_is_off_can_be_tried_before_it_is_on(owner, form, hook, at):
    webhooks.switch_off(form.id, hook.id, "Gone.")

    assert owner.post(f"{at}/test").status_code == 202
    assert len(queued("webhooks")) == 1


def test_each_test_is_one_of_its_own(owner, form, at, sent):
    for _ in range(3):
        owner.post(f"{at}/test")

    assert len(queued("webhooks")) == 3
    assert len(deliveries.of_submission(form.id, sent.rsplit("/", 1)[1])) == 3


@pytest.mark.usefixtures("slow_pauses")
def test_nobody_elses_server_is_flooded_with_tests(owner, at, monkeypatch):
    monkeypatch.setitem(attempts.LIMITS, "webhook-test", attempts.LIMITS["webhook-test"]._replace(free=2))

    assert [owner.post(f"{at}/test").status_code for _ in range(4)] == [202, 202, 202, 429]


def test_only_who_manages_the_form_tests_it(viewer, editor, manager, stranger, visitor, at):
    statuses = [person.post(f"{at}/test").status_code for person in (visitor, stranger, viewer, editor, manager)]

    assert statuses == [401, 404, 403, 403, 202]


def test_one_that_isnt_there_is_not_tested(owner, form):
    assert owner.post(f"/v1/forms/{form.id}/webhooks/{ids.short()}/test").status_code == 404
