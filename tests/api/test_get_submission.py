import pytest

MAY = "viewer, submissions:read"


def test_shows_the_submission(owner, sent, form):
    response = owner.get(sent)

    assert response.status_code == 200
    submission = response.json()
    assert submission["fields"] == {"name": "Ada", "message": "Hi"}
    assert submission["spam"] == {"score": 0, "signals": []}
    assert submission["source"]["user_agent"].startswith("python-httpx")
    assert submission["form_version"] == form.version


def test_the_visitor_s_address_is_kept_as_a_hash_only(owner, sent):
    response = owner.get(sent)

    assert response.json()["source"]["address_hash"]
    assert "192.0.2.1" not in response.text


def test_reading_through_the_api_marks_nothing_as_read(owner, sent):
    owner.get(sent)

    assert owner.get(sent).json()["read"] is False


@pytest.mark.parametrize("submission_id", ["x", "0" * 26, "%00", "01ARZ3NDEKTSV4RRFFQ69G5FAV", "a" * 3000])
def test_an_id_of_nothing_is_not_found(owner, form, submission_id):
    assert owner.get(f"/v1/forms/{form.id}/submissions/{submission_id}").status_code == 404


def test_hides_it_from_others_and_under_other_forms(owner, stranger, sent, of_another_form):
    assert stranger.get(sent).status_code == 404
    assert owner.get(of_another_form).status_code == 404


def test_asks_a_visitor_to_sign_in(visitor, sent):
    assert visitor.get(sent).status_code == 401
