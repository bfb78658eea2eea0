"""Forms that store nothing tell of what comes as others do. What the table deletes by its time takes its log along."""

import time
from datetime import UTC, datetime

import pytest

from infra.local import lambdas
from infra.local.filters import wanted
from pillarbox import deliveries, ids, outcomes, places, submissions, table
from pillarbox.deliveries import Attempt, Wanted
from pillarbox.errors import NotFound
from tests.outgoing import queued, webhook
from tests.stream import record


@pytest.fixture
def through(owner, form):
    owner.patch(f"/v1/forms/{form.id}", json={"store": False})
    return f"/f/{form.id}"


def told(form, submission_id):
    return [(one.event, one.target) for one in deliveries.of_submission(form.id, submission_id)]


def test_what_is_only_passed_on_goes_out_as_anything_else_does(visitor, form, through, pump):
    hook = webhook(form.id, "created")
    submission_id = visitor.post(through, json={"name": "Ada"}).json()["id"]

    pump()

    assert told(form, submission_id) == [("created", hook.id)]
    (message,) = queued("webhooks")
    assert '"name":"Ada"' in message["body"].replace(": ", ":")


@pytest.mark.parametrize("way", [["inbox"], ["archive"], ["trash", "inbox"]])
def test_spam_of_such_a_form_goes_out_once_somebody_says_that_it_is_none(owner, visitor, form, through, pump, way):
    hook = webhook(form.id, "created")
    submission_id = visitor.post(through, json={"name": "Ada", "_gotcha": "x"}).json()["id"]
    pump()
    assert told(form, submission_id) == []

    for folder in way:
        owner.patch(f"/v1/forms/{form.id}/submissions/{submission_id}", json={"folder": folder})
    pump()

    assert told(form, submission_id) == [("created", hook.id)]
    assert len(queued("webhooks")) == 1


def test_what_nobody_is_told_of_does_not_stay(visitor, form, through, pump):
    submission_id = visitor.post(through, json={"name": "Ada"}).json()["id"]

    pump()

    with pytest.raises(NotFound):
        submissions.get(form.id, submission_id)


def test_what_was_just_saved_from_spam_does_not_go_before_anybody_was_told(owner, visitor, form, through, pump):
    hook = webhook(form.id, "created", "spam")
    submission_id = visitor.post(through, json={"name": "Ada", "_gotcha": "x"}).json()["id"]
    pump()
    owner.patch(f"/v1/forms/{form.id}/submissions/{submission_id}", json={"folder": "inbox"})
    (of_spam,) = deliveries.of_submission(form.id, submission_id)
    outcomes.record(form.id, of_spam.id, Attempt(at=datetime.now(UTC), ok=True), lease=of_spam.lease)

    pump()

    assert sorted(told(form, submission_id)) == [("created", hook.id), ("spam", hook.id)]


def test_a_change_of_how_long_a_form_keeps_things_is_no_news_of_them(owner, visitor, form, pump):
    hook = webhook(form.id, "created", "updated")
    submission_id = visitor.post(f"/f/{form.id}", json={"name": "Ada"}).json()["id"]
    owner.patch(f"/v1/forms/{form.id}/submissions/{submission_id}", json={"read": True})
    pump()
    before = told(form, submission_id)
    later = webhook(form.id, "created", "updated")

    key = table.key(places.partition(form.id, "inbox", ids.shard_of(submission_id)), submission_id)
    table.update(key, {"expires_at": int(time.time()) + 60}, condition="attribute_exists(pk)")  # as the walk does
    pump()

    assert told(form, submission_id) == before
    assert {target for _, target in before} == {hook.id} != {later.id}


BY_TTL = {"userIdentity": {"type": "Service", "principalId": "dynamodb.amazonaws.com"}}


def removed(form, folder, **more):
    """Return the record of a submission's removal, and its id; it has a delivery."""
    ulid = ids.ulid()
    deliveries.create(Wanted(form.id, ulid, "webhook", "created", "hook", "https://receiver.example.com"))
    item = table.key(places.partition(form.id, folder, 0), ulid) | {"folder": folder, "read": True}
    return ulid, record(1, old=item | {"announce": "created"}, **more)


@pytest.mark.parametrize("folder", places.FOLDERS)
def test_what_the_table_deletes_by_its_time_takes_its_deliveries_along(form, fan_out, folder):
    ulid, gone = removed(form, folder, **BY_TTL)

    for _ in range(2):
        assert lambdas.invoke(fan_out, {"Records": [gone]}) == {"batchItemFailures": []}

    assert told(form, ulid) == []


def test_a_move_takes_nothing_along_and_what_was_passed_on_in_vain_stays_visible(form, fan_out):
    moved, move = removed(form, "inbox")
    vain, over = removed(form, places.PASSING, **BY_TTL)

    lambdas.invoke(fan_out, {"Records": [move, over]})

    assert len(told(form, moved)) == len(told(form, vain)) == 1


def test_the_filter_lets_removals_by_time_through_and_no_others(fan_out):
    criteria = fan_out.sources[0].properties["FilterCriteria"]
    item = table.key(places.partition("0" * 12, "inbox", 0), ids.ulid()) | {"folder": "inbox", "announce": "created"}

    assert wanted(criteria, record(1, old=item, **BY_TTL))
    assert not wanted(criteria, record(1, old=item))
    assert not wanted(criteria, record(1, old=table.key("DUE#1", "x") | {"folder": "inbox"}, **BY_TTL))


def test_what_could_not_be_passed_on_stays_to_be_sent_again(visitor, form, through, pump):
    webhook(form.id, "created")
    submission_id = visitor.post(through, json={"name": "Ada"}).json()["id"]
    pump()
    (one,) = deliveries.of_submission(form.id, submission_id)

    outcomes.record(form.id, one.id, Attempt(at=datetime.now(UTC), ok=False), lease=one.lease, final=True)
    assert submissions.get(form.id, submission_id).fields == {"name": "Ada"}

    again = deliveries.replay(deliveries.get(form.id, one.id))
    outcomes.record(form.id, one.id, Attempt(at=datetime.now(UTC), ok=True), lease=again.lease)
    with pytest.raises(NotFound):
        submissions.get(form.id, submission_id)
