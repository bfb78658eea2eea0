from datetime import UTC, datetime

import pytest

from pillarbox import deliveries, ids, resending, webhooks
from tests.outgoing import queued

MAY = "manager, forms:write"
BEGAN = 1_790_000_000


@pytest.fixture(autouse=True)
def _everything_can_be_sent(monkeypatch, form):
    """The deliveries of these tests are about no submission that there is: what is made up goes out in its place."""

    def made_up(_, submission_id):
        return webhooks.sample(form, submission_id)

    monkeypatch.setattr("pillarbox.senders.submissions.get", made_up)
    queued("webhooks")


def moment(minutes):
    return datetime.fromtimestamp(BEGAN + 60 * minutes, UTC).isoformat()


def replay(person, at, **which):
    return person.post(f"{at}/replay", json=which)


def sent_again():
    return sorted(message["delivery_id"] for message in queued("webhooks"))


def test_sends_all_again_that_failed_and_nothing_else(owner, form, at, told):
    made = told("failed", "done", "pending", "failed", "dropped")

    answer = replay(owner, at, state="failed")

    assert (answer.status_code, answer.json()) == (202, {"replayed": 2, "next_cursor": None})
    assert sent_again() == [made[0], made[3]]
    assert deliveries.get(form.id, made[0]).state == "pending"
    assert replay(owner, at, state="failed").json()["replayed"] == 0


def test_sends_again_what_came_in_a_span_but_not_what_is_under_way(owner, at, told):
    made = told("done", "done", "failed", "pending", "dropped", "done", since=BEGAN)

    answer = replay(owner, at, since=moment(1), until=moment(5))

    assert answer.json() == {"replayed": 3, "next_cursor": None}
    assert sent_again() == [made[1], made[2], made[4]]


@pytest.mark.parametrize(("which", "expected"), [({"since": 2}, [2, 3]), ({"until": 2}, [0, 1])])
def test_a_span_may_have_one_end(owner, at, told, which, expected):
    made = told(*["done"] * 4, since=BEGAN)

    replay(owner, at, **{name: moment(minutes) for name, minutes in which.items()})

    assert sent_again() == [made[n] for n in expected]


def test_a_state_in_a_span_is_both(owner, at, told):
    made = told("failed", "failed", "done", "failed", since=BEGAN)

    replay(owner, at, state="failed", since=moment(1))

    assert sent_again() == [made[1], made[3]]


def test_many_are_sent_again_in_several_calls(owner, at, told, monkeypatch):
    monkeypatch.setattr(resending, "MOST", 3)
    made = told(*["failed"] * 8)

    answers = [replay(owner, at, state="failed").json()]
    while cursor := answers[-1]["next_cursor"]:
        answers.append(replay(owner, at, state="failed", cursor=cursor).json())

    assert [answer["replayed"] for answer in answers] == [3, 3, 2]
    assert sent_again() == made


def test_a_call_ends_when_its_time_is_over_and_tells_where_to_go_on(owner, at, told, monkeypatch):
    monkeypatch.setattr(resending, "SECONDS", 0)
    made = told(*["failed"] * 3)

    first = replay(owner, at, state="failed").json()
    second = replay(owner, at, state="failed", cursor=first["next_cursor"]).json()

    assert (first["replayed"], second["replayed"]) == (1, 1)
    assert sent_again() == made[:2]


@pytest.mark.parametrize(
    "which",
    [
        {},
        {"state": "pending"},
        {"state": "lost"},
        {"since": "yesterday"},
        {"since": "2026-11-27T12:00:00"},
        {"since": "2026-11-27T12:00:00Z", "until": "2026-11-27T12:00:00Z"},
        {"state": "failed", "cursor": "x"},
        {"state": "failed", "more": 1},
    ],
)
def test_says_what_does_not_fit(owner, at, told, which):
    told("failed")

    answer = replay(owner, at, **which)

    assert answer.status_code == 422
    assert all(error["message"] for error in answer.json()["errors"])
    assert sent_again() == []


def test_times_far_away_are_taken(owner, at, told):
    told("done")

    answer = replay(owner, at, since="0001-01-01T00:00:00Z", until="9999-12-31T23:59:59Z")

    assert answer.json()["replayed"] == 1


def test_a_span_within_a_millisecond_holds_nothing(owner, at, told):
    told("done", since=BEGAN)

    answer = replay(owner, at, since="2026-11-27T12:00:00.000100Z", until="2026-11-27T12:00:00.000900Z")

    assert answer.json() == {"replayed": 0, "next_cursor": None}


def test_a_cursor_of_another_replay_is_refused(owner, at, told, monkeypatch):
    monkeypatch.setattr(resending, "MOST", 1)
    told("failed", "failed")
    cursor = replay(owner, at, state="failed").json()["next_cursor"]

    assert replay(owner, at, state="done", cursor=cursor).status_code == 422


def test_one_that_is_off_is_sent_nothing(owner, form, hook, at, told):
    told("failed")
    webhooks.switch_off(form.id, hook.id, "Gone.")

    assert replay(owner, at, state="failed").status_code == 422
    assert sent_again() == []


def test_only_who_manages_the_form_sends_again(viewer, editor, manager, stranger, visitor, at):
    people = (visitor, stranger, viewer, editor, manager)

    assert [replay(person, at, state="failed").status_code for person in people] == [401, 404, 403, 403, 202]


def test_one_that_isnt_there_is_not_found(owner, form):
    assert replay(owner, f"/v1/forms/{form.id}/webhooks/{ids.short()}", state="failed").status_code == 404
