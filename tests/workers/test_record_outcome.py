"""What became of each try is written down once, and what follows from it happens once."""

import time
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pillarbox import accounts, deliveries, ids, notifications, outcomes, retries, table, webhooks
from pillarbox.deliveries import Attempt, Wanted
from pillarbox.errors import Unavailable
from tests.outgoing import due_rows, outcome, queued, swept, webhook, worked_on


@pytest.fixture
def told(visitor, form):
    """A submission, and the message about it that went to the sender."""
    queued("webhooks")
    hook = webhook(form.id, "created")
    submission_id = visitor.post(f"/f/{form.id}", json={"name": "Ada"}).json()["id"]
    wanted = Wanted(form.id, submission_id, "webhook", "created", hook.id, hook.url)
    assert deliveries.create(wanted)
    about = {"form_id": form.id, "submission_id": submission_id, "webhook_id": hook.id}
    return about | {"delivery_id": wanted.id, "lease": 1}


def now(message):
    return deliveries.get(message["form_id"], message["delivery_id"])


def test_a_success_is_the_end(template, form, told):
    worked_on(template, "RecordOutcome", outcome(told))

    delivery = now(told)
    assert (delivery.state, delivery.attempts, delivery.due) == ("done", 1, None)
    assert [one.status for one in delivery.log] == [200]
    assert due_rows(form.id) == []


def test_the_same_outcome_twice_is_one(template, told):
    failed = outcome(told, status=500)

    worked_on(template, "RecordOutcome", failed, failed)
    worked_on(template, "RecordOutcome", failed)

    assert now(told).attempts == 1


def test_a_first_failure_is_tried_again_in_seconds_and_later_ones_when_they_are_due(template, form, told, monkeypatch):
    monkeypatch.setattr(retries, "PAUSES", (0, *retries.PAUSES[1:]))
    worked_on(template, "RecordOutcome", outcome(told, status=500))

    (again,) = queued("webhooks")
    assert (again["delivery_id"], again["lease"]) == (told["delivery_id"], 2)

    worked_on(template, "RecordOutcome", outcome(again, status=500))
    assert queued("webhooks") == []
    (row,) = due_rows(form.id)
    assert 4 * 60 < int(row["sk"].partition("#")[0]) - time.time() < 6 * 60


def test_after_ten_failures_it_has_failed_and_says_so(template, form, told):
    for n in range(10):
        assert now(told).state == "pending"
        message = told | {"lease": now(told).lease}
        worked_on(template, "RecordOutcome", outcome(message, status=503) | {"webhook_id": f"another {n}"})

    assert now(told).state == "failed"
    assert len(now(told).log) == 10
    assert due_rows(form.id) == []
    assert [one for one in queued("webhooks") if one["lease"] > 10] == []


def test_a_success_that_is_told_late_counts_all_the_same(template, form, told):
    deliveries.lease(now(told))

    worked_on(template, "RecordOutcome", outcome(told))

    assert now(told).state == "done"
    assert due_rows(form.id) == []


def test_a_failure_that_is_told_late_is_noted_and_leaves_the_newer_try_its_time(template, told):
    later = deliveries.lease(now(told))
    assert later

    worked_on(template, "RecordOutcome", outcome(told, status=500))

    assert (now(told).state, now(told).due, len(now(told).log)) == ("pending", later.due, 1)


def test_nothing_that_comes_after_a_success_undoes_it(template, told):
    worked_on(template, "RecordOutcome", outcome(told), outcome(told, status=500))

    assert (now(told).state, len(now(told).log)) == ("done", 2)


def test_a_receiver_that_is_gone_is_never_called_again(template, form, told):
    worked_on(template, "RecordOutcome", outcome(told, status=410, gone=True))

    assert now(told).state == "failed"
    (hook,) = webhooks.of_form(form.id)
    assert (hook.active, hook.off_reason) == (False, outcomes.GONE)


def test_a_receiver_that_only_fails_for_five_days_is_switched_off(template, form, told):
    worked_on(template, "RecordOutcome", outcome(told, status=500))
    (hook,) = webhooks.of_form(form.id)
    assert hook.active
    long_ago = (datetime.now(UTC) - timedelta(days=5, seconds=1)).isoformat()
    table.update(webhooks.key(form.id, hook.id), {"failing_since": long_ago}, condition="attribute_exists(pk)")

    worked_on(template, "RecordOutcome", outcome(told, status=500))

    (hook,) = webhooks.of_form(form.id)
    assert (hook.active, hook.off_reason) == (False, outcomes.DEAD)


def test_one_success_between_makes_the_five_days_begin_anew(template, form, told):
    long_ago = (datetime.now(UTC) - timedelta(days=6)).isoformat()
    (hook,) = webhooks.of_form(form.id)
    table.update(webhooks.key(form.id, hook.id), {"failing_since": long_ago}, condition="attribute_exists(pk)")

    worked_on(template, "RecordOutcome", outcome(told), outcome(told, status=500))

    (hook,) = webhooks.of_form(form.id)
    assert hook.active
    assert hook.failing_since
    assert datetime.now(UTC) - hook.failing_since < timedelta(hours=1)


def test_what_is_told_of_a_deleted_delivery_is_no_error(template, told):
    deliveries.forget(told["form_id"], told["submission_id"])

    assert worked_on(template, "RecordOutcome", outcome(told)) == {"batchItemFailures": []}
    assert deliveries.of_submission(told["form_id"], told["submission_id"]) == []


def test_an_outcome_that_makes_no_sense_is_put_aside_alone(template, told):
    answer = worked_on(template, "RecordOutcome", {"delivery_id": "nonsense"}, outcome(told))

    assert answer == {"batchItemFailures": [{"itemIdentifier": "0"}]}
    assert now(told).state == "done"


def test_ten_tries_take_about_seventy_five_hours():
    pauses = [retries.pause(failed) for failed in range(1, 11)]

    assert pauses[-1] is None
    hours = sum(pause for pause in pauses if pause) / 3600
    assert 75 * 0.9 < hours < 76 * 1.1
    assert retries.pause(1) != retries.pause(1)  # jitter


@settings(max_examples=25)
@given(
    steps=st.lists(st.tuples(st.sampled_from(["ok", "fail", "late", "again", "lease", "replay"]), st.integers(0, 3)))
)
def test_whatever_comes_in_whatever_order_a_delivery_is_done_failed_or_due(steps, template):  # noqa: ARG001
    form_id, submission_id = ids.short(), ids.ulid()
    wanted = Wanted(form_id, submission_id, "webhook", "created", ids.short(), "https://example.com/")
    deliveries.create(wanted)
    moment = datetime.now(UTC)
    known: list[tuple[Attempt, int]] = []
    for n, (step, which) in enumerate(steps):
        delivery = deliveries.get(form_id, wanted.id)
        if step == "lease":
            deliveries.lease(delivery)
        elif step == "replay":
            deliveries.replay(delivery)
        elif step == "again" and known:
            attempt, lease = known[which % len(known)]
            deliveries.settle(form_id, wanted.id, attempt, lease=lease)
        else:
            lease = max(1, delivery.lease - which) if step == "late" else delivery.lease
            known.append((Attempt(at=moment + timedelta(seconds=n), ok=step == "ok"), lease))
            deliveries.settle(form_id, wanted.id, known[-1][0], lease=lease)

        after = deliveries.get(form_id, wanted.id)
        rows = [row["sk"] for row in due_rows(form_id)]
        assert rows == ([f"{after.due:010}#{wanted.id}"] if after.state == "pending" else [])
        assert (after.due is None) == (after.state in {"done", "failed"})


def test_the_sweep_takes_what_a_queue_lost(template, told):
    deliveries.postpone(now(told), int(time.time()) - 1)

    swept(template)

    assert [one["lease"] for one in queued("webhooks") if one["form_id"] == told["form_id"]] == [2]


def test_the_owner_is_told_by_mail_of_a_webhook_that_was_switched_off(template, owner, form, told, mailbox):
    accounts.change(owner.account, email_verified=True)

    worked_on(template, "RecordOutcome", outcome(told, status=410, gone=True))
    worked_on(template, "RecordOutcome", outcome(told, status=410, gone=True))

    (mail,) = mailbox.of(owner.account.email)
    assert form.name in mail["text"]
    assert "receiver.example.com" in mail["text"]
    assert outcomes.GONE in mail["text"]


def test_an_owner_who_could_not_be_told_that_a_webhook_is_off_is_told_when_the_outcome_comes_again(
    template, form, told, monkeypatch
):
    def out_of_reach(*_):
        raise Unavailable("The queue is out of reach.")

    gone, heard = outcome(told, status=410, gone=True), []
    monkeypatch.setattr(notifications, "webhook_off", out_of_reach)
    assert worked_on(template, "RecordOutcome", gone)["batchItemFailures"]
    monkeypatch.setattr(notifications, "webhook_off", lambda _form, webhook, reason: heard.append((webhook.id, reason)))

    for _ in range(2):
        worked_on(template, "RecordOutcome", gone)

    (hook,) = webhooks.of_form(form.id)
    assert (hook.active, hook.off_reason) == (False, outcomes.GONE)
    assert heard == [(hook.id, outcomes.GONE)]
