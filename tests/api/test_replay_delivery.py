import json

import pytest

from pillarbox import deliveries, ids, webhooks
from pillarbox.deliveries import Wanted
from tests.outgoing import outcome, queued, webhook, worked_on

MAY = "manager, forms:write"
GONE = "01MCC5RM000000000000000000"  # no submission's id


@pytest.fixture
def failed(form, hook, sent):
    """The id of a delivery of what was sent that failed for good."""
    submission_id = sent.rsplit("/", 1)[1]
    delivery = deliveries.create(Wanted(form.id, submission_id, "webhook", "created", hook.id, hook.url))
    assert delivery
    deliveries.mark(delivery, "failed")
    queued("webhooks")
    return delivery.id


def test_sends_it_again_under_the_id_that_it_has(owner, form, hook, at, failed):
    answer = owner.post(f"{at}/deliveries/{failed}/replay")

    assert answer.status_code == 202
    assert (answer.json()["id"], answer.json()["state"], answer.json()["attempts"]) == (failed, "pending", 0)
    (message,) = queued("webhooks")
    assert (message["delivery_id"], message["url"]) == (failed, hook.url)
    assert json.loads(message["body"])["type"] == "submission.created"
    assert json.loads(message["body"])["data"]["url"].startswith(f"https://pillarbox.test/forms/{form.id}/")


def test_when_it_succeeds_it_is_done(owner, at, failed, template):
    owner.post(f"{at}/deliveries/{failed}/replay")
    (message,) = queued("webhooks")

    worked_on(template, "RecordOutcome", outcome(message))

    (one,) = owner.get(f"{at}/deliveries").json()["deliveries"]
    assert (one["state"], [tried["ok"] for tried in one["log"]]) == ("done", [True])


def test_one_that_is_off_is_sent_nothing(owner, form, hook, at, failed):
    webhooks.switch_off(form.id, hook.id, "Gone.")

    answer = owner.post(f"{at}/deliveries/{failed}/replay")

    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, "off")
    assert queued("webhooks") == []
    assert deliveries.get(form.id, failed).state == "failed"


def test_what_was_deleted_is_not_sent_again(owner, at, failed, sent):
    owner.delete(sent)

    status = owner.post(f"{at}/deliveries/{failed}/replay").status_code

    assert status in {202, 404}
    assert queued("webhooks") == []


def test_only_who_manages_the_form_sends_again(viewer, editor, manager, stranger, visitor, at, failed):
    people = (visitor, stranger, viewer, editor, manager)

    statuses = [person.post(f"{at}/deliveries/{failed}/replay").status_code for person in people]

    assert statuses == [401, 404, 403, 403, 202]


@pytest.mark.parametrize(
    "wrong", ["x", "x-0123456789abcdef", f"{GONE}-0123456789abcdef", f"{GONE}-", f"{GONE}-%00123456789abcde"]
)
def test_one_that_isnt_there_is_not_found(owner, at, wrong):
    assert owner.post(f"{at}/deliveries/{wrong}/replay").status_code == 404


def test_one_of_another_webhook_or_of_mail_is_not_found(owner, form, at, failed):
    other = webhook(form.id)
    mail = Wanted(form.id, ids.ulid(), "mail", "created", "ada@example.com", "ada@example.com")
    assert deliveries.create(mail)

    assert owner.post(f"/v1/forms/{form.id}/webhooks/{other.id}/deliveries/{failed}/replay").status_code == 404
    assert owner.post(f"{at}/deliveries/{mail.id}/replay").status_code == 404
    assert queued("webhooks") == []
