import pytest

MAY = "editor, submissions:write"


@pytest.mark.parametrize("folder", ["inbox", "spam", "archive", "trash"])
def test_deletes_it_for_good_whichever_folder_it_is_in(owner, sent, folder):
    owner.patch(sent, json={"folder": folder})

    response = owner.delete(sent)

    assert (response.status_code, response.content) == (204, b"")
    assert owner.get(sent).status_code == 404
    listed = owner.get(sent.rsplit("/", 1)[0], params={"folder": folder})
    assert listed.json()["submissions"] == []


def test_what_is_gone_is_not_found_and_no_change_brings_it_back(owner, sent):
    owner.delete(sent)

    assert owner.delete(sent).status_code == 404
    assert owner.patch(sent, json={"read": True}).status_code == 404
    assert owner.patch(sent, json={"folder": "inbox"}).status_code == 404
    assert owner.get(sent).status_code == 404


def test_hides_it_from_others_and_under_other_forms(owner, stranger, sent, of_another_form):
    assert stranger.delete(sent).status_code == 404
    assert owner.delete(of_another_form).status_code == 404
    assert owner.get(sent).status_code == 200


def test_asks_a_visitor_to_sign_in(visitor, owner, sent):
    assert visitor.delete(sent).status_code == 401
    assert owner.get(sent).status_code == 200
