"""Digests: what comes in within a period goes out together, once, when the period ends."""

import time
from datetime import datetime

import pytest

from pillarbox import deliveries, ids, pace, periods, recipients, submissions
from pillarbox.deliveries import Wanted
from tests.outgoing import due_now, due_rows, swept
from tests.posting import Post, html, log, subject, text


@pytest.fixture
def send(visitor, form):
    def send(**fields):
        return visitor.post(f"/f/{form.id}", json=fields or {"name": "Ada", "message": "Hello"}).json()["id"]

    return send


@pytest.fixture
def daily(owner, form):
    owner.patch(f"/v1/forms/{form.id}", json={"notify": {"every": "daily"}})
    return form


def whole(form):
    """Return the deliveries of lists that are still to go."""
    return [
        deliveries.get(form.id, row["sk"].partition("#")[2]) for row in due_rows(form.id) if row["kind"] == "digest"
    ]


def end_period(template, form, post):
    for one in whole(form):
        due_now(form.id, one.id)
    swept(template)
    return post.go()


def test_what_comes_within_a_period_goes_out_together_when_it_ends(template, daily, send, post, address):
    first, second = send(name="Ada"), send(name="Grace", message="Hi <b>")
    for submission_id in (first, second, first):
        post.tell(daily.id, submission_id)
    assert post.asked == []
    assert log(daily, first) == {("mail", address, "digest")}
    (one,) = whole(daily)
    assert one.due == periods.end("daily", time.time())

    end_period(template, daily, post)

    (mail,) = post.to(address)
    assert subject(mail) == "2 new · Contact"
    for body in (text(mail), html(mail)):
        assert "Ada" in body
        assert f"/forms/{daily.id}/submissions/{second}" in body
    assert "<b>" not in html(mail)
    assert log(daily, first) | log(daily, second) == {("mail", address, "done")}
    assert whole(daily) == []


def test_what_comes_after_the_list_was_closed_goes_onto_the_next(template, daily, send, post, address):
    post.tell(daily.id, send())
    (before,) = whole(daily)
    end_period(template, daily, post)

    post.tell(daily.id, late := send(name="Late"))

    assert log(daily, late) == {("mail", address, "digest")}
    (after,) = whole(daily)
    assert before.due is not None
    assert after.due == periods.end("daily", before.due)


def test_a_digest_that_goes_a_second_time_holds_nothing_and_is_dropped(template, daily, send, post, address):
    post.tell(daily.id, send())
    (one,) = whole(daily)
    end_period(template, daily, post)
    deliveries.replay(deliveries.get(daily.id, one.id))
    due_now(daily.id, one.id)
    swept(template)
    post.go()

    assert len(post.to(address)) == 1
    assert deliveries.get(daily.id, one.id).state == "dropped"


def test_a_digest_that_ses_refuses_for_good_fails_visibly_beside_each_submission(template, daily, send, post, address):
    post.tell(daily.id, submission_id := send())
    post.refuse("BadRequestException")

    end_period(template, daily, post)

    assert log(daily, submission_id) == {("mail", address, "failed")}


def test_what_was_deleted_or_is_spam_by_now_is_left_out(template, daily, send, post, address):
    kept, deleted, spam = send(name="Kept"), send(name="Deleted"), send(name="Spam")
    for submission_id in (kept, deleted, spam):
        post.tell(daily.id, submission_id)
    submissions.delete(daily.id, deleted)
    submissions.update(daily.id, spam, folder="spam")

    end_period(template, daily, post)

    (mail,) = post.to(address)
    assert subject(mail) == "Kept · Contact"
    assert "Deleted" not in text(mail)
    assert "Spam" not in text(mail)
    assert log(daily, kept) == {("mail", address, "done")}
    assert log(daily, spam) == {("mail", address, "dropped")}


def test_a_digest_to_who_has_unsubscribed_is_dropped_with_all_that_it_held(template, daily, send, post, address):
    post.tell(daily.id, submission_id := send())
    recipients.unsubscribe(daily.id, address)

    end_period(template, daily, post)

    assert post.to(address) == []
    assert log(daily, submission_id) == {("mail", address, "dropped")}


def test_of_a_long_list_the_newest_are_shown_and_the_rest_counted(template, daily, send, post, address, monkeypatch):
    monkeypatch.setattr("pillarbox.composing.MOST_IN_DIGEST", 2)
    for n in range(4):
        post.tell(daily.id, send(name=f"Person {n}"))

    end_period(template, daily, post)

    (mail,) = post.to(address)
    assert subject(mail) == "4 new · Contact"
    assert "And 2 more" in text(mail)
    assert "Person 3" in text(mail)
    assert "Person 0" not in text(mail)


def test_a_list_that_is_too_long_for_one_turn_is_marked_in_several(template, daily, send, post, address, monkeypatch):
    found = [send() for _ in range(3)]
    for submission_id in found:
        post.tell(daily.id, submission_id)
    monkeypatch.setattr("pillarbox.posting.MARK_SECONDS", -1)
    end_period(template, daily, post)
    monkeypatch.setattr("pillarbox.posting.MARK_SECONDS", 20)

    assert {state for one in found for _, _, state in log(daily, one)} == {"digest"}
    post.go()

    assert {state for one in found for _, _, state in log(daily, one)} == {"done"}
    assert len(post.to(address)) == 1


def test_a_delivery_that_was_made_and_not_listed_is_listed_by_the_repeat(daily, send, post, address):
    submission_id = send()
    deliveries.create(Wanted(daily.id, submission_id, "mail", "created", address, address), state="digest")
    assert whole(daily) == []

    post.tell(daily.id, submission_id)

    assert len(whole(daily)) == 1


def test_past_so_many_in_a_minute_mails_are_collected_by_themselves(
    owner, form, send, post, address, template, monkeypatch
):
    monkeypatch.setattr(pace, "now", lambda: 1_800_000_000)
    owner.patch(f"/v1/forms/{form.id}", json={"notify": {"most_per_minute": 2}})
    found = [send(name=f"Person {n}") for n in range(5)]

    for submission_id in found:
        post.tell(form.id, submission_id)

    assert len(post.to(address)) == 2
    assert [next(iter(log(form, one)))[2] for one in found] == ["done", "done", "digest", "digest", "digest"]
    (one,) = whole(form)
    assert one.due is not None
    assert one.due % (15 * 60) == 0
    end_period(template, form, post)
    assert subject(post.to(address)[0]) == "3 new · Contact"


def test_a_flood_whose_stream_repeats_itself_in_a_quieter_minute_loses_nothing(
    owner, form, send, post, address, monkeypatch
):
    monkeypatch.setattr(pace, "taken", lambda *_: False)
    post.tell(form.id, submission_id := send())
    monkeypatch.undo()
    post = Post(post._template, monkeypatch)  # noqa: SLF001 - with its stand-in again

    post.tell(form.id, submission_id)

    assert post.asked == []
    assert log(form, submission_id) == {("mail", address, "digest")}
    assert len(whole(form)) == 1
    assert owner


@pytest.mark.parametrize(
    ("every", "moment", "end"),
    [
        ("15m", "2026-11-27T10:07:00", "2026-11-27T10:15:00"),
        ("15m", "2026-11-27T10:15:00", "2026-11-27T10:30:00"),
        ("1h", "2026-11-27T10:07:00", "2026-11-27T11:00:00"),
        ("daily", "2026-11-27T06:59:59", "2026-11-27T07:00:00"),
        ("daily", "2026-11-27T07:00:00", "2026-11-28T07:00:00"),
        ("weekly", "2026-11-27T12:00:00", "2026-11-30T07:00:00"),
        ("weekly", "2026-11-30T06:00:00", "2026-11-30T07:00:00"),
        ("weekly", "2026-11-30T07:00:00", "2026-12-07T07:00:00"),
        ("daily", "2026-12-31T23:00:00", "2027-01-01T07:00:00"),
    ],
)
def test_a_period_ends_at_its_full_minutes_or_at_seven(every, moment, end):
    def seconds(text):
        return datetime.fromisoformat(f"{text}+00:00").timestamp()

    assert periods.end(every, seconds(moment)) == seconds(end)


def test_the_id_of_a_list_is_well_formed_and_tells_when_it_ends():
    made = ids.first_of(1_800_000_000)

    assert ids.is_ulid(made)
    assert ids.time_of(made) == 1_800_000_000
    assert made == ids.first_of(1_800_000_000)
