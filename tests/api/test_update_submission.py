from concurrent.futures import ThreadPoolExecutor

import pytest

MAY = "editor, submissions:write"

FOLDERS = ("inbox", "spam", "archive", "trash")


@pytest.mark.parametrize("folder", FOLDERS)
def test_moves_a_submission(owner, sent, folder):
    response = owner.patch(sent, json={"folder": folder})

    assert response.status_code == 200
    assert response.json()["folder"] == folder
    assert owner.get(sent).json() == response.json()


def test_marks_it_read_and_unread(owner, sent):
    assert owner.patch(sent, json={"read": True}).json()["read"] is True
    assert owner.patch(sent, json={"read": False}).json()["read"] is False


def test_moves_and_marks_in_one_go_and_keeps_all_else(owner, sent):
    before = owner.get(sent).json()

    after = owner.patch(sent, json={"folder": "archive", "read": True}).json()

    assert after == before | {"folder": "archive", "read": True}


def test_an_empty_change_changes_nothing(owner, sent):
    before = owner.get(sent).json()

    assert owner.patch(sent, json={}).json() == before


def test_moves_that_race_leave_it_in_exactly_one_folder(owner, racing_owner, sent):
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda n: racing_owner.patch(sent, json={"folder": FOLDERS[n % 4]}), range(32)))

    assert {answer.status_code for answer in answers} <= {200, 409, 503}
    assert any(answer.status_code == 200 for answer in answers)
    form_url = sent.rsplit("/", 1)[0]
    places = [owner.get(form_url, params={"folder": folder}).json()["submissions"] for folder in FOLDERS]
    assert sum(len(place) for place in places) == 1


def test_a_mark_made_during_a_move_is_not_lost(owner, racing_owner, sent):
    for n in range(6):
        with ThreadPoolExecutor(2) as pool:
            marked = pool.submit(racing_owner.patch, sent, json={"read": n % 2 == 0})
            moved = pool.submit(racing_owner.patch, sent, json={"folder": FOLDERS[(n + 1) % 4]})
        assert (marked.result().status_code, moved.result().status_code) == (200, 200)

        submission = owner.get(sent).json()
        assert (submission["read"], submission["folder"]) == (n % 2 == 0, FOLDERS[(n + 1) % 4])


@pytest.mark.parametrize("change", [{"folder": "drafts"}, {"read": "perhaps"}, {"fields": {}}])
def test_refuses_what_does_not_fit_and_changes_nothing(owner, sent, change):
    before = owner.get(sent).json()

    response = owner.patch(sent, json=change)

    assert response.status_code == 422
    assert [error["field"] for error in response.json()["errors"]] == list(change)
    assert owner.get(sent).json() == before


def test_hides_it_from_others_and_under_other_forms(owner, stranger, sent, of_another_form):
    assert stranger.patch(sent, json={"folder": "trash"}).status_code == 404
    assert owner.patch(of_another_form, json={"folder": "trash"}).status_code == 404
    assert owner.get(sent).json()["folder"] == "inbox"


def test_a_submission_that_is_not_there_is_not_found(owner, form):
    missing = f"/v1/forms/{form.id}/submissions/01ARZ3NDEKTSV4RRFFQ69G5FAV"

    assert owner.patch(missing, json={"read": True}).status_code == 404


def test_asks_a_visitor_to_sign_in(visitor, sent):
    assert visitor.patch(sent, json={"folder": "trash"}).status_code == 401


def test_tags_and_a_note_are_kept_through_moves(owner, sent):
    after = owner.patch(sent, json={"tags": [" VIP ", "Order", "vip"], "note": "Called back.\r\nWants two."}).json()

    assert (after["tags"], after["note"]) == (["VIP", "Order"], "Called back.\nWants two.")
    for folder in ("spam", "trash", "inbox"):
        moved = owner.patch(sent, json={"folder": folder, "read": True}).json()
        assert (moved["tags"], moved["note"]) == (after["tags"], after["note"])
    assert owner.patch(sent, json={"tags": []}).json()["note"] == after["note"]
    assert owner.patch(sent, json={"note": ""}).json() | {"read": False} == owner.get(sent).json() | {"read": False}


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"tags": ["x"] * 21}, "tags"),
        ({"tags": ["x" * 41]}, "tags.0"),
        ({"tags": ["good", ""]}, "tags.1"),
        ({"tags": ["one, two"]}, "tags.0"),
        ({"tags": ["two\nlines"]}, "tags.0"),
        ({"tags": ["\u202egpj.exe"]}, "tags.0"),
        ({"tags": "vip"}, "tags"),
        ({"tags": [7]}, "tags.0"),
        ({"note": "x" * 5001}, "note"),
        ({"note": "\0"}, "note"),
        ({"note": 7}, "note"),
    ],
)
def test_refuses_tags_and_notes_that_do_not_fit(owner, sent, change, field):
    response = owner.patch(sent, json=change)

    assert response.status_code == 422
    assert [error["field"] for error in response.json()["errors"]] == [field]
    assert owner.get(sent).json()["tags"] == []


def test_a_change_can_be_held_to_the_tags_and_note_that_were_seen(owner, sent):
    seen = owner.get(sent).headers["etag"]
    after = owner.patch(sent, json={"note": "First"}, headers={"if-match": seen})
    assert after.status_code == 200

    late = owner.patch(sent, json={"note": "Second"}, headers={"if-match": seen})

    assert (late.status_code, late.json()["type"]) == (412, "/docs/problems#outdated")
    assert owner.get(sent).json()["note"] == "First"
    assert owner.get(sent).headers["etag"] == after.headers["etag"] != seen
    owner.patch(sent, json={"folder": "archive", "read": True})
    assert owner.get(sent).headers["etag"] == after.headers["etag"], "moving says nothing of tags and note"


def test_a_tag_added_during_a_move_is_not_lost(owner, racing_owner, sent):
    for n in range(4):
        with ThreadPoolExecutor(2) as pool:
            tagged = pool.submit(racing_owner.patch, sent, json={"tags": [f"tag {n}"]})
            moved = pool.submit(racing_owner.patch, sent, json={"folder": FOLDERS[(n + 1) % 4]})
        assert (tagged.result().status_code, moved.result().status_code) == (200, 200)

        submission = owner.get(sent).json()
        assert (submission["tags"], submission["folder"]) == ([f"tag {n}"], FOLDERS[(n + 1) % 4])


def test_a_viewer_writes_no_note(viewer, sent):
    assert viewer.patch(sent, json={"note": "Hi"}).status_code == 403
