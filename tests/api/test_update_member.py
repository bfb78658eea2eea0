from concurrent.futures import ThreadPoolExecutor

import pytest

from pillarbox import forms

MAY = "manager, forms:write"


def change(person, form, who, **sent):
    return person.patch(f"/v1/forms/{form.id}/members/{who.account.id}", json=sent or {"role": "editor"})


def test_gives_a_member_another_role_at_once(owner, viewer, form):
    answer = change(owner, form, viewer, role="manager")

    assert answer.status_code == 200
    assert answer.json()["role"] == "manager"
    assert viewer.patch(f"/v1/forms/{form.id}", json={"name": "Mine too"}).status_code == 200


@pytest.mark.parametrize("sent", [{"role": "owner"}, {"role": ""}, {"role": "editor", "more": 1}, {}])
def test_says_what_does_not_fit(owner, viewer, form, sent):
    answer = owner.patch(f"/v1/forms/{form.id}/members/{viewer.account.id}", json=sent)

    assert answer.status_code == 422
    assert forms.role_of(viewer.account, form.id) == "viewer"


def test_the_owners_role_stays(owner, manager, form):
    assert change(manager, form, owner).status_code == 403
    assert change(owner, form, owner).status_code == 403
    assert forms.role_of(owner.account, form.id) == "owner"


def test_nobody_raises_themselves(viewer, editor, form):
    assert change(viewer, form, viewer, role="manager").status_code == 403
    assert change(editor, form, editor, role="manager").status_code == 403


def test_somebody_who_is_no_member_is_not_found(owner, stranger, form):
    assert change(owner, form, stranger).status_code == 404


def test_only_who_manages_the_form_changes_roles(viewer, editor, stranger, visitor, manager, form):
    people = (viewer, editor, stranger, visitor, manager)

    assert [change(person, form, editor).status_code for person in people] == [403, 403, 404, 401, 200]


def test_two_changes_at_once_leave_both_rows_alike(racing_owner, owner, viewer, form):
    path = f"/v1/forms/{form.id}/members/{viewer.account.id}"
    with ThreadPoolExecutor(2) as threads:
        statuses = list(
            threads.map(lambda role: racing_owner.patch(path, json={"role": role}).status_code, ["editor", "manager"])
        )

    assert 200 in statuses
    assert set(statuses) <= {200, 409}
    shown = {one["account_id"]: one["role"] for one in owner.get(f"/v1/forms/{form.id}/members").json()["members"]}
    assert shown[viewer.account.id] == forms.role_of(viewer.account, form.id)
