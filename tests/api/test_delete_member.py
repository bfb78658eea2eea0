from pillarbox import forms

MAY = "manager, forms:write"


def remove(person, form, who):
    return person.delete(f"/v1/forms/{form.id}/members/{who.account.id}")


def test_a_member_that_is_removed_sees_nothing_of_it_any_more(owner, viewer, form):
    assert viewer.get(f"/v1/forms/{form.id}").status_code == 200

    assert remove(owner, form, viewer).status_code == 204

    assert viewer.get(f"/v1/forms/{form.id}").status_code == 404
    assert viewer.get("/v1/forms").json()["forms"] == []
    assert [one["role"] for one in owner.get(f"/v1/forms/{form.id}/members").json()["members"]] == ["owner"]


def test_everybody_may_leave(viewer, form):
    assert remove(viewer, form, viewer).status_code == 204
    assert forms.role_of(viewer.account, form.id) is None


def test_the_owner_stays(owner, manager, form):
    assert remove(manager, form, owner).status_code == 403
    assert remove(owner, form, owner).status_code == 403
    assert owner.get(f"/v1/forms/{form.id}").status_code == 200


def test_somebody_who_is_no_member_is_not_found(owner, stranger, form):
    assert remove(owner, form, stranger).status_code == 404


def test_only_who_manages_the_form_removes_others(viewer, editor, stranger, visitor, manager, form):
    people = (viewer, stranger, visitor, manager)

    assert [remove(person, form, editor).status_code for person in people] == [403, 404, 401, 204]
