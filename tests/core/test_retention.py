"""How long a form keeps what is sent to it: `store` and `retention_days`."""

import json
import time

import pytest

from pillarbox import exports, forms, ids, overflow, places, table


@pytest.fixture
def url(form):
    return f"/v1/forms/{form.id}"


def test_a_new_form_keeps_everything(owner, url):
    form = owner.get(url).json()

    assert (form["store"], form["retention_days"]) == (True, None)


@pytest.mark.parametrize("keeping", [{"retention_days": 1}, {"retention_days": 3650}, {"store": False}])
def test_it_may_be_set_and_taken_back(owner, url, keeping):
    assert keeping.items() <= owner.patch(url, json=keeping).json().items()
    assert keeping.items() <= owner.get(url).json().items()

    back = owner.patch(url, json=dict.fromkeys(keeping)).json()

    assert (back["store"], back["retention_days"]) == (True, None)


@pytest.mark.parametrize(
    ("keeping", "sentence"),
    [
        ({"retention_days": 0}, "At least 1, please."),
        ({"retention_days": -30}, "At least 1, please."),
        ({"retention_days": 3651}, "At most 3650, please."),
        ({"retention_days": 10**30}, "At most 3650, please."),
        ({"retention_days": True}, "This must be a whole number of days, or null to keep everything."),
        ({"retention_days": "soon"}, "This must be a whole number."),
        ({"retention_days": [30]}, "This must be a whole number."),
        ({"store": "perhaps"}, "This must be true or false."),
        ({"store": []}, "This must be true or false."),
    ],
)
def test_what_is_no_time_is_refused_with_a_sentence_and_changes_nothing(owner, url, keeping, sentence):
    before = owner.get(url).json()

    response = owner.patch(url, json=keeping)

    assert response.status_code == 422
    assert response.json()["errors"][0] == {
        "field": next(iter(keeping)),
        "code": response.json()["errors"][0]["code"],
        "message": sentence,
    }
    assert owner.get(url).json() == before


def test_a_form_is_made_with_it(owner):
    made = owner.post("/v1/forms", json={"name": "Contact", "store": False, "retention_days": 30})

    assert made.status_code == 201
    assert (made.json()["store"], made.json()["retention_days"]) == (False, 30)


def test_the_submit_path_finds_it_beside_the_policy(owner, form, url):
    owner.patch(url, json={"retention_days": 30})

    item = table.get(places.form(form.id))
    assert item
    policy = json.loads(item["policy"])
    assert (policy["store"], policy["retention_days"]) == (True, 30)


DAY = 24 * 60 * 60


def put(form_id, *, folder="inbox", days_ago=0.0, **more):
    """Put a submission that came so long ago, and return its id."""
    ulid = ids.ulid(now=time.time() - days_ago * DAY)
    said = {"folder": folder, "read": False, "fields": '{"name": "Ada"}', "source": "{}", "form_version": 1}
    table.put(table.key(places.partition(form_id, folder, 0), ulid) | said | more)
    return ulid


def stored(form_id, submission_id, folder="inbox"):
    item = table.get(table.key(places.partition(form_id, folder, 0), submission_id))
    assert item
    return item


def listed(owner, url, folder="inbox"):
    found = owner.get(f"{url}/submissions", params={"folder": folder}).json()["submissions"]
    return [submission["id"] for submission in found]


def test_what_comes_says_when_it_is_over(owner, visitor, form, url):
    kept = visitor.post(f"/f/{form.id}", json={"name": "Ada"}).json()["id"]
    owner.patch(url, json={"retention_days": 40})
    ends = visitor.post(f"/f/{form.id}", json={"name": "Ada"}).json()["id"]
    spam = visitor.post(f"/f/{form.id}", json={"name": "Bob", "_gotcha": "x"}).json()["id"]
    owner.patch(url, json={"retention_days": 10})
    sooner = visitor.post(f"/f/{form.id}", json={"name": "Bob", "_gotcha": "x"}).json()["id"]

    assert "expires_at" not in stored(form.id, kept)
    assert stored(form.id, ends)["expires_at"] == int(ids.time_of(ends)) + 40 * DAY
    assert stored(form.id, spam, "spam")["expires_at"] == pytest.approx(ids.time_of(spam) + 30 * DAY, abs=2)
    assert stored(form.id, sooner, "spam")["expires_at"] == int(ids.time_of(sooner)) + 10 * DAY


def test_the_trash_keeps_nothing_longer_than_the_form_and_a_restore_counts_from_when_it_came(owner, form, url):
    owner.patch(url, json={"retention_days": 40})
    old, new = put(form.id, days_ago=35), put(form.id, days_ago=1)

    for submission_id in (old, new):
        owner.patch(f"{url}/submissions/{submission_id}", json={"folder": "trash"})

    assert stored(form.id, old, "trash")["expires_at"] == int(ids.time_of(old)) + 40 * DAY
    assert stored(form.id, new, "trash")["expires_at"] == pytest.approx(time.time() + 30 * DAY, abs=60)

    owner.patch(f"{url}/submissions/{new}", json={"folder": "archive"})

    restored = stored(form.id, new, "archive")
    assert restored["expires_at"] == int(ids.time_of(new)) + 40 * DAY
    assert "folder_ends" not in restored


def test_a_form_that_keeps_less_from_now_on_shows_it_at_once(owner, form, url):
    old, new = put(form.id, days_ago=8), put(form.id, days_ago=6)
    assert listed(owner, url) == [new, old]

    owner.patch(url, json={"retention_days": 7})

    assert listed(owner, url) == [new]
    assert owner.get(f"{url}/submissions/{old}").status_code == 404
    assert owner.patch(f"{url}/submissions/{old}", json={"folder": "archive"}).status_code == 404
    assert owner.delete(f"{url}/submissions/{old}").status_code == 404
    assert owner.get(f"/forms/{form.id}/submissions/{old}").status_code == 404
    assert old not in owner.get(f"/forms/{form.id}").text
    assert owner.get(f"{url}/submissions/{new}").status_code == 200


def test_a_form_that_keeps_longer_from_now_on_brings_nothing_back(owner, form, url):
    owner.patch(url, json={"retention_days": 7})
    gone = put(form.id, days_ago=8, expires_at=int(time.time()) - DAY)
    owner.patch(url, json={"retention_days": None})

    assert listed(owner, url) == []
    assert owner.get(f"{url}/submissions/{gone}").status_code == 404


def test_pages_of_a_list_are_whole_though_much_of_it_is_over(owner, form, url):
    owner.patch(url, json={"retention_days": 7})
    for _ in range(7):
        put(form.id, days_ago=8)
    fresh = [put(form.id, days_ago=day) for day in (3, 2, 1)]
    found, cursor = [], None

    while True:
        asked = {"limit": 2} | ({"cursor": cursor} if cursor else {})
        page = owner.get(f"{url}/submissions", params=asked).json()
        found += [submission["id"] for submission in page["submissions"]]
        if (cursor := page["next_cursor"]) is None:
            break

    assert found == fresh[::-1]


def test_a_copy_of_everything_holds_what_the_form_keeps(owner, form, url):
    put(form.id, days_ago=8)
    new = put(form.id, days_ago=6)
    owner.patch(url, json={"retention_days": 7})

    (kept,) = exports._submissions(forms.get(owner.account, form.id))  # noqa: SLF001 - the copy itself takes a worker

    assert kept.id == new


def test_what_waited_in_the_queue_ends_as_the_form_says_when_it_is_stored(owner, form, url):
    owner.patch(url, json={"retention_days": 3})
    ulid = ids.ulid(now=time.time() - 2 * DAY)
    item = table.key(places.partition(form.id, "inbox", 0), ulid)
    said = {"folder": "inbox", "read": False, "fields": "{}", "source": "{}", "form_version": 1}

    overflow.store({"item": item | said, "busy": False, "shards": 1})

    assert stored(form.id, ulid)["expires_at"] == int(ids.time_of(ulid)) + 3 * DAY
