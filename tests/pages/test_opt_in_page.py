import pytest

from pillarbox import answering, definitions, forms, ids, links, submissions
from tests.outgoing import item_of

MAY = "anybody"


@pytest.fixture
def submission_id(visitor, form):
    return visitor.post(f"/f/{form.id}", json={"email": "ada@example.com"}).json()["id"]


@pytest.fixture
def secret(form, submission_id):
    about = {"form": form.id, "submission": submission_id, "email": "ada@example.com"}
    return links.create("opt-in", seconds=60, **about)


@pytest.fixture
def path(form):
    return f"/f/{form.id}/confirm"


def test_looking_confirms_nothing_and_the_button_does(visitor, form, path, secret, submission_id):
    page = visitor.get(f"{path}?token={secret}")
    assert page.status_code == 200
    assert "ada@example.com" in page.text
    assert not submissions.get(form.id, submission_id).confirmed

    done = visitor.fill(f"{path}?token={secret}", {"token": secret}, to=path)

    assert done.status_code == 200
    assert form.thanks.title in done.text
    assert submissions.get(form.id, submission_id).confirmed


def test_a_link_works_once(visitor, form, path, secret, submission_id):
    visitor.fill(f"{path}?token={secret}", {"token": secret}, to=path)
    change = item_of(form.id, submission_id)["change"]

    assert visitor.get(f"{path}?token={secret}").status_code == 404
    answering.note(form.id, submission_id)
    assert item_of(form.id, submission_id)["change"] == change


def test_what_was_deleted_meanwhile_is_thanked_for_all_the_same(visitor, form, path, secret, submission_id):
    submissions.delete(form.id, submission_id)

    assert visitor.fill(f"{path}?token={secret}", {"token": secret}, to=path).status_code == 200


@pytest.mark.parametrize("token", ["", "nothing", "x" * 5000])
def test_a_link_that_never_was_is_dead(visitor, path, token):
    assert visitor.get(path, params={"token": token}).status_code == 404


def test_a_link_of_another_form_is_dead_here(visitor, owner, secret):
    other = forms.create(owner.account, definitions.Definition(name="Other"))

    assert visitor.get(f"/f/{other.id}/confirm?token={secret}").status_code == 404
    assert visitor.get(f"/f/{ids.short()}/confirm?token={secret}").status_code == 404


def test_a_form_sent_from_elsewhere_is_refused(visitor, path, secret):
    assert visitor.post(path, data={"token": secret}).status_code == 403
