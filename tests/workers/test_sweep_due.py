"""Each minute, what is due goes out: once, bounded, and whoever else sweeps at the same time."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from pillarbox import deliveries, ids, sweeping, table, webhooks
from pillarbox.deliveries import Wanted
from tests.outgoing import due_now, due_rows, queued, swept, webhook


@pytest.fixture
def sent(visitor, form):
    queued("webhooks")

    def send():
        return visitor.post(f"/f/{form.id}", json={"name": "Ada"}).json()["id"]

    return send


def made(form, hook, submission_id, *, due=True):
    delivery = deliveries.create(Wanted(form.id, submission_id, "webhook", "created", hook.id, hook.url))
    assert delivery
    if due:
        due_now(form.id, delivery.id)
    return delivery


def waiting(form):
    return [one for one in queued("webhooks") if one["form_id"] == form.id]


def test_what_is_due_is_queued_once_and_what_isnt_stays(template, form, sent):
    hook, submission_id = webhook(form.id), sent()
    delivery = made(form, hook, submission_id)
    made(form, webhook(form.id), submission_id, due=False)

    swept(template)
    swept(template)

    (message,) = waiting(form)
    assert message["delivery_id"] == delivery.id
    assert len(due_rows(form.id)) == 2


def test_a_lease_ends_and_begins_anew_until_there_is_an_outcome(template, form, sent):
    delivery = made(form, webhook(form.id), sent())

    for lease in (2, 3, 4):
        swept(template)
        (message,) = waiting(form)
        assert message["lease"] == lease
        assert time.time() < message["until"] < deliveries.get(form.id, delivery.id).due
        due_now(form.id, delivery.id)


def test_a_sender_that_never_tells_isnt_asked_for_ever(template, form, sent, monkeypatch):
    monkeypatch.setattr(sweeping, "MOST_LEASES", 3)
    delivery = made(form, webhook(form.id), sent())

    for _ in range(3):
        swept(template)
        due_now(form.id, delivery.id)

    after = deliveries.get(form.id, delivery.id)
    assert (after.state, after.note, due_rows(form.id)) == ("failed", sweeping.SILENT, [])
    assert len(waiting(form)) == 2


def test_two_sweeps_at_once_queue_nothing_twice(template, form, sent):
    hook = webhook(form.id)
    for _ in range(8):
        made(form, hook, sent())

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(lambda _: sweeping.sweep(), range(3)))

    messages = waiting(form)
    assert len({message["delivery_id"] for message in messages}) == 8
    assert len(messages) == 8
    assert template


def test_one_receiver_gets_no_more_than_its_share_of_a_sweep(template, form, sent, monkeypatch):
    monkeypatch.setattr(sweeping, "MOST_A_TARGET", 2)
    hook, other = webhook(form.id), webhook(form.id)
    for _ in range(5):
        made(form, hook, sent())
    made(form, other, sent())

    swept(template)
    first = [message["webhook_id"] for message in waiting(form)]
    assert (first.count(hook.id), first.count(other.id)) == (2, 1)

    swept(template)
    swept(template)
    assert [message["webhook_id"] for message in waiting(form)] == [hook.id] * 3


def test_a_row_whose_delivery_is_gone_goes_too(template, form):
    delivery = made(form, webhook(form.id), ids.ulid())
    table.delete(deliveries.key(form.id, delivery.id))

    swept(template)

    assert due_rows(form.id) == []


def test_a_webhook_that_was_switched_off_meanwhile_is_told_no_more(template, form, sent):
    hook = webhook(form.id)
    delivery = made(form, hook, sent())
    webhooks.switch_off(form.id, hook.id, "Enough.")

    swept(template)

    after = deliveries.get(form.id, delivery.id)
    assert (after.state, waiting(form), due_rows(form.id)) == ("dropped", [], [])
    assert after.note == "The webhook was off or gone when it was to be told."


def test_a_submission_that_was_deleted_meanwhile_is_told_to_nobody(template, owner, form, sent):
    submission_id = sent()
    delivery = made(form, webhook(form.id), submission_id)
    owner.delete(f"/v1/forms/{form.id}/submissions/{submission_id}")

    swept(template)

    assert waiting(form) == []
    assert not any(row["sk"].endswith(delivery.id) for row in due_rows(form.id))
