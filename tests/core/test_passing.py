"""Forms that store nothing: `store: false` passes on what comes, and nobody finds it here."""

import json
import time
import zipfile

import pytest

from pillarbox import exports, ids, links, overflow, places, retention, retries, submissions, table
from pillarbox.errors import NotFound

DAY = 24 * 60 * 60


@pytest.fixture
def url(form):
    return f"/v1/forms/{form.id}"


@pytest.fixture
def through(owner, url, form):
    """The address of a form that stores nothing."""
    owner.patch(url, json={"store": False})
    return f"/f/{form.id}"


def sent(visitor, through, **fields):
    answer = visitor.post(through, json={"name": "Ada"} | fields)
    assert answer.status_code == 200
    return answer.json()["id"]


def lies(form, submission_id):
    """Return the folders that hold it."""
    shard = ids.shard_of(submission_id)
    keys = {folder: table.key(places.partition(form.id, folder, shard), submission_id) for folder in places.EVERYWHERE}
    return [folder for folder, key in keys.items() if table.get(key)]


def item(form, submission_id, folder):
    found = table.get(table.key(places.partition(form.id, folder, ids.shard_of(submission_id)), submission_id))
    assert found
    return found


def test_nobody_is_shown_what_is_only_passed_on(owner, visitor, form, url, through):
    submission_id = sent(visitor, through)

    for folder in places.FOLDERS:
        assert owner.get(f"{url}/submissions", params={"folder": folder}).json()["submissions"] == []
    assert owner.get(f"{url}/submissions", params={"folder": "passing"}).status_code == 422
    assert owner.get(f"{url}/submissions/{submission_id}").status_code == 404
    assert owner.patch(f"{url}/submissions/{submission_id}", json={"read": True}).status_code == 404
    assert owner.patch(f"{url}/submissions/{submission_id}", json={"folder": "inbox"}).status_code == 404
    assert owner.delete(f"{url}/submissions/{submission_id}").status_code == 404
    assert owner.get(f"/forms/{form.id}/submissions/{submission_id}").status_code == 404
    assert owner.get(f"/forms/{form.id}?folder=passing").status_code == 404
    assert lies(form, submission_id) == ["passing"]


def test_nobody_may_move_something_to_where_it_would_be_gone(owner, visitor, form, url):
    submission_id = sent(visitor, f"/f/{form.id}")

    assert owner.patch(f"{url}/submissions/{submission_id}", json={"folder": "passing"}).status_code == 422
    assert owner.get(f"{url}/submissions/{submission_id}").json()["folder"] == "inbox"


def test_who_passes_it_on_finds_it_as_if_it_had_come_to_the_inbox(visitor, form, through):
    submission_id = sent(visitor, through, message="Hello")

    found = submissions.get(form.id, submission_id)

    assert (found.id, found.folder, found.fields) == (submission_id, "inbox", {"name": "Ada", "message": "Hello"})


def test_once_it_is_passed_on_it_is_gone_and_saying_so_twice_does_no_harm(visitor, form, through):
    submission_id = sent(visitor, through)

    for _ in range(2):
        retention.passed(form.id, submission_id, fanned_out=True)

    assert lies(form, submission_id) == []
    with pytest.raises(NotFound):
        submissions.get(form.id, submission_id)


def test_what_is_stored_stays_when_it_has_been_passed_on(visitor, form):
    submission_id = sent(visitor, f"/f/{form.id}")

    retention.passed(form.id, submission_id)

    assert lies(form, submission_id) == ["inbox"]


def test_what_nobody_could_be_told_of_is_gone_after_eleven_days(owner, visitor, form, url, through):
    owner.patch(url, json={"retention_days": 1})
    submission_id = sent(visitor, through)

    assert item(form, submission_id, "passing")["expires_at"] == pytest.approx(time.time() + 11 * DAY, abs=60)


def test_a_link_to_confirm_an_address_leads_to_nothing_that_is_gone_before_it_could_be_told():
    tried = sum(retries.PAUSES) * (1 + retries.JITTER)

    assert places.KEPT_SECONDS[places.PASSING] > links.INVITED_SECONDS + tried


def test_spam_waits_to_be_looked_at_and_is_passed_on_when_it_was_none(owner, visitor, form, url, through):
    submission_id = sent(visitor, through, _gotcha="x")
    assert lies(form, submission_id) == ["spam"]
    assert item(form, submission_id, "spam")["expires_at"] == pytest.approx(time.time() + 30 * DAY, abs=60)

    moved = owner.patch(f"{url}/submissions/{submission_id}", json={"folder": "inbox"})

    assert (moved.status_code, moved.json()["folder"]) == (200, "inbox")
    assert lies(form, submission_id) == ["passing"]
    passing = item(form, submission_id, "passing")
    assert passing["expires_at"] == pytest.approx(time.time() + 11 * DAY, abs=60)
    assert passing["lesson"] == 1, "that it is no spam is a lesson"
    assert owner.get(f"{url}/submissions/{submission_id}").status_code == 404


@pytest.mark.parametrize("folder", ["inbox", "archive"])
def test_what_came_when_nothing_was_stored_never_is_not_even_by_way_of_the_trash(
    owner, visitor, form, url, through, folder
):
    submission_id = sent(visitor, through, _gotcha="x")
    owner.patch(f"{url}/submissions/{submission_id}", json={"folder": "trash"})
    owner.patch(url, json={"store": True})

    owner.patch(f"{url}/submissions/{submission_id}", json={"folder": folder})

    assert lies(form, submission_id) == ["passing"]


def test_what_was_stored_before_stays_and_comes_back_from_spam(owner, visitor, form, url):
    submission_id = sent(visitor, f"/f/{form.id}")
    owner.patch(url, json={"store": False})

    for folder in ("spam", "inbox"):
        assert owner.patch(f"{url}/submissions/{submission_id}", json={"folder": folder}).json()["folder"] == folder

    assert lies(form, submission_id) == ["inbox"]


def test_a_copy_of_everything_does_not_hold_it(owner, visitor, form, through, tmp_path):
    sent(visitor, through)

    with zipfile.ZipFile(tmp_path / "copy.zip", "w") as archive:
        exports._fill(archive, owner.account)  # noqa: SLF001 - the copy itself takes a worker
        assert archive.read(f"forms/{form.id}/submissions.jsonl") == b""


def test_a_repeat_out_of_the_queue_is_not_stored_beside_it(visitor, form, through):
    submission_id = sent(visitor, through)
    stored = item(form, submission_id, "passing")

    overflow.store({"item": json.loads(json.dumps(stored)), "busy": False, "shards": 1})
    retention.passed(form.id, submission_id, fanned_out=True)
    overflow.store({"item": stored, "busy": False, "shards": 1})

    assert lies(form, submission_id) == []


def test_an_idempotency_key_passes_on_once(visitor, form, through):
    told = [visitor.post(through, json={"name": "Ada"}, headers={"idempotency-key": "one"}).json() for _ in range(2)]

    assert told[0]["id"] == told[1]["id"]
    assert lies(form, told[0]["id"]) == ["passing"]


def test_a_form_that_is_deleted_takes_along_what_passes_through(visitor, form, through):
    submission_id = sent(visitor, through)

    assert submissions.purge(form.id, seconds=30)

    assert lies(form, submission_id) == []


def test_the_pages_say_in_words_what_becomes_of_it(owner, visitor, form, through):
    spam = sent(visitor, through, _gotcha="x")

    inbox = owner.get(f"/forms/{form.id}").text
    page = owner.get(f"/forms/{form.id}/submissions/{spam}").text

    assert "This form keeps nothing: what comes is passed on by mail and webhooks, and then deleted." in inbox
    assert "Pass it on" in page
    assert "as if it had just come, and is then deleted here" in page
    assert 'value="archive"' not in page.partition("letter-head")[0].rpartition("letter-actions")[2]


def test_the_button_that_passes_on_leads_back_to_the_folder(owner, visitor, form, through):
    spam = sent(visitor, through, _gotcha="x")

    response = owner.fill(f"/forms/{form.id}/submissions/{spam}", {"do": "inbox"})

    assert response.headers["location"].startswith(f"/forms/{form.id}?folder=spam&done=")
    assert lies(form, spam) == ["passing"]
