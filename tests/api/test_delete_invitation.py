import pytest

from pillarbox import ids

MAY = "manager, forms:write"


@pytest.fixture
def invitation(owner, form, mailbox):
    email = f"{ids.short()}@example.com"
    made = owner.post(f"/v1/forms/{form.id}/invitations", json={"email": email, "role": "viewer"}).json()
    return made | {"link": mailbox.link(email)}


def test_withdraws_an_offer_whose_link_is_dead_from_then_on(owner, visitor, form, invitation):
    assert visitor.get(invitation["link"]).status_code == 200

    assert owner.delete(f"/v1/forms/{form.id}/invitations/{invitation['id']}").status_code == 204

    assert visitor.get(invitation["link"]).status_code == 404
    assert owner.get(f"/v1/forms/{form.id}/members").json()["invitations"] == []


@pytest.mark.parametrize("number", ["nothing", "x" * 300, "%00"])
def test_one_that_is_not_there_is_not_found(owner, form, number):
    assert owner.delete(f"/v1/forms/{form.id}/invitations/{number}").status_code == 404


def test_only_who_manages_the_form_withdraws(viewer, editor, stranger, visitor, form, invitation):
    path = f"/v1/forms/{form.id}/invitations/{invitation['id']}"

    assert [person.delete(path).status_code for person in (viewer, editor, stranger, visitor)] == [403, 403, 404, 401]
