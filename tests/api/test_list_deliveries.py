import pytest

from pillarbox import ids, whereabouts

MAY = "viewer, submissions:read"


def listed(person, at, **asked):
    return person.get(f"{at}/deliveries", params=asked).json()


def test_lists_what_was_sent_the_newest_first_with_each_try(owner, form, hook, at, told):
    made = told("done", "failed", "pending")

    page = listed(owner, at)

    assert [one["id"] for one in page["deliveries"]] == made[::-1]
    assert [one["state"] for one in page["deliveries"]] == ["pending", "failed", "done"]
    assert page["next_cursor"] is None
    one = page["deliveries"][1]
    assert (one["form_id"], one["kind"], one["target"], one["to"]) == (form.id, "webhook", hook.id, hook.url)
    assert [(tried["ok"], tried["request"], tried["answer"]) for tried in one["log"]] == [(False, "POST …", "Thanks")]
    assert not {"lease", "change"} & set(one)


def test_page_by_page_none_is_left_out_or_shown_twice(owner, at, told):
    made, seen, cursor = told(*["done"] * 7), [], None

    for _ in range(4):
        page = listed(owner, at, limit=2, **({"cursor": cursor} if cursor else {}))
        seen += [one["id"] for one in page["deliveries"]]
        cursor = page["next_cursor"]

    assert seen == made[::-1]
    assert cursor is None


def test_those_in_a_state_come_alone(owner, at, told):
    made = told("failed", "done", "failed", "dropped", "done")

    assert [one["id"] for one in listed(owner, at, state="failed")["deliveries"]] == [made[2], made[0]]
    assert [one["id"] for one in listed(owner, at, state="dropped")["deliveries"]] == [made[3]]
    assert listed(owner, at, state="bounced") == {"deliveries": [], "next_cursor": None}


def test_few_in_a_state_among_many_are_found_by_following_the_cursor(owner, at, told):
    made, found, cursor = told("failed", *["done"] * 14, "failed"), [], None

    for _ in range(20):
        page = listed(owner, at, state="failed", limit=2, **({"cursor": cursor} if cursor else {}))
        found += [one["id"] for one in page["deliveries"]]
        if (cursor := page["next_cursor"]) is None:
            break

    assert found == [made[-1], made[0]]


def test_of_very_long_logs_the_newest_tries_are_whole(owner, at, told, monkeypatch):
    monkeypatch.setattr(whereabouts, "LOG_BYTES", 30)
    told(*["failed"] * 3)

    found = listed(owner, at)["deliveries"]

    assert [[tried["answer"] for tried in one["log"]] for one in found] == [["Thanks"], ["Thanks"], [None]]


@pytest.mark.parametrize(
    ("asked", "field"),
    [({"state": "lost"}, "state"), ({"limit": 0}, "limit"), ({"limit": 101}, "limit"), ({"cursor": "x"}, "cursor")],
)
def test_says_what_does_not_fit(owner, at, asked, field):
    answer = owner.get(f"{at}/deliveries", params=asked)

    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == [field]


def test_who_may_not_change_the_webhook_sees_no_address_and_no_answer(viewer, at, told):
    told("failed")

    (one,) = listed(viewer, at)["deliveries"]

    assert (one["log"][0]["request"], one["log"][0]["answer"]) == (None, None)
    assert one["to"] == "https://receiver.example.com/…"


def test_somebody_elses_is_not_found(stranger, visitor, owner, form, hook, at):
    assert stranger.get(f"{at}/deliveries").status_code == 404
    assert visitor.get(f"{at}/deliveries").status_code == 401
    assert owner.get(f"/v1/forms/{form.id}/webhooks/{ids.short()}/deliveries").status_code == 404
    other = owner.post("/v1/forms", json={"name": "Other"}).json()["id"]
    assert owner.get(f"/v1/forms/{other}/webhooks/{hook.id}/deliveries").status_code == 404
