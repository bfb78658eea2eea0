"""What is deleted takes along what is known of whom it was passed on to."""

import json
import time
from datetime import UTC, datetime

import pytest

from infra.local import lambdas
from pillarbox import deliveries, erasures, forms, ids, places, retention, settings, submissions, table
from pillarbox.deliveries import Attempt, Wanted
from pillarbox.errors import NotFound
from tests.outgoing import due_rows
from tests.people import SOMEWHERE

DAY = 24 * 60 * 60


@pytest.fixture
def hand(template):
    (function,) = [function for function in template.functions if function.name == "PurgeDeleted"]

    def hand_over(message):
        body = {"messageId": "0", "body": json.dumps(message)}
        record = body | {"eventSource": "aws:sqs", "eventSourceARN": "arn:aws:sqs:::Purges"}
        assert lambdas.invoke(function, {"Records": [record]}) == {"batchItemFailures": []}

    return hand_over


@pytest.fixture
def url(form):
    return f"/v1/forms/{form.id}"


def put(form, *, folder="inbox", days_ago=0.0, passes=False):
    """Put a submission with a delivery that waits for its time and one that is done."""
    ulid = ids.ulid(now=time.time() - days_ago * DAY - 5)
    said = {
        "folder": folder,
        "read": False,
        "fields": '{"email": "ada@example.com"}',
        "source": "{}",
        "form_version": 1,
        "passes": passes,
    }
    table.put(table.key(places.partition(form.id, folder, 0), ulid) | said)
    made = [deliveries.create(Wanted(form.id, ulid, "webhook", "created", hook, "https://x.example")) for hook in "ab"]
    for one in made:
        assert one
        deliveries.settle(form.id, one.id, attempt(ok=one.target == "a"), lease=one.lease)
    return ulid


def attempt(*, ok):
    said = "ada@example.com"
    return Attempt(at=datetime.now(UTC), ok=ok, status=200 if ok else 500, request=said, answer=f"Thanks, {said}")


def left(form, ulid):
    return [*deliveries.of_submission(form.id, ulid), *(row for row in due_rows(form.id) if ulid in row["sk"])]


def test_they_are_there_while_it_is(form):
    ulid = put(form)

    assert len(left(form, ulid)) == 3, "two deliveries, one of which is due again"


def test_a_submission_that_its_owner_deletes(owner, form, url):
    gone, kept = put(form), put(form)

    assert owner.delete(f"{url}/submissions/{gone}").status_code == 204

    assert left(form, gone) == []
    assert len(left(form, kept)) == 3


def test_a_submission_that_is_deleted_on_its_page(owner, form):
    gone = put(form)

    owner.fill(f"/forms/{form.id}/submissions/{gone}", {"do": "delete"})

    assert left(form, gone) == []


def test_a_form_that_is_deleted(owner, form, url, hand):
    gone = [put(form), put(form, folder="trash"), put(form, folder="passing")]
    owner.delete(url)

    hand({"form_id": form.id})

    assert [left(form, ulid) for ulid in gone] == [[], [], []]


def test_what_a_form_keeps_no_longer(owner, form, hand):
    gone, kept = put(form, days_ago=8), put(form, days_ago=6)
    forms.update(owner.account, form.id, {"retention_days": 7})

    hand({"retention_of": form.id, "asked_at": int(time.time())})

    assert left(form, gone) == []
    assert len(left(form, kept)) == 3


def test_what_is_erased(owner, form, hand):
    gone = put(form)
    receipt = erasures.ask(owner.account, erasures.NewErasure(email="ada@example.com"), SOMEWHERE)

    hand({"erasure_id": receipt.id, "account_id": owner.account.id, "address": "ada@example.com"})

    assert left(form, gone) == []
    assert settings.purges_queue_url()


def test_an_erasure_that_dies_between_the_two_deletes_both_the_next_time(owner, form, hand, monkeypatch):
    gone, real = put(form), deliveries.forget
    receipt = erasures.ask(owner.account, erasures.NewErasure(email="ada@example.com"), SOMEWHERE)
    message = {"erasure_id": receipt.id, "account_id": owner.account.id, "address": "ada@example.com"}

    def dies(*which):
        monkeypatch.setattr(deliveries, "forget", real)
        real(*which)
        raise SystemExit

    monkeypatch.setattr(deliveries, "forget", dies)
    with pytest.raises(SystemExit):
        erasures.erase(message, seconds=30)
    hand(message)

    assert left(form, gone) == []
    assert erasures.get(owner.account, receipt.id).submissions == 1


def test_what_was_only_passed_on_leaves_a_log_of_when_and_whether_and_of_no_word_of_it(form):
    ulid = put(form, folder="passing", passes=True)
    (waiting,) = [one for one in deliveries.of_submission(form.id, ulid) if one.state == "pending"]
    deliveries.settle(form.id, waiting.id, attempt(ok=True), lease=waiting.lease)

    for _ in range(2):
        retention.passed(form.id, ulid)

    told = deliveries.of_submission(form.id, ulid)
    assert [one.state for one in told] == ["done", "done"]
    assert [one.ok for delivery in told for one in delivery.log].count(True) == 2
    assert "ada@" not in "".join(one.model_dump_json() for one in told)
    with pytest.raises(NotFound):
        submissions.get(form.id, ulid)


def test_the_log_of_what_is_stored_stays_whole(form):
    ulid = put(form)

    retention.passed(form.id, ulid)

    assert "ada@" in "".join(one.model_dump_json() for one in deliveries.of_submission(form.id, ulid))
