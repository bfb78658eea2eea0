"""What each role may do with a form, over HTTP, and what the pages show it."""

import pytest

from tests.setting import seen

ROLES = ("stranger", "viewer", "editor", "manager", "owner")
# What is asked, and the answers for each of the roles above.
ACTIONS = {
    "read the form": (404, 200, 200, 200, 200),
    "read what came in": (404, 200, 200, 200, 200),
    "read one": (404, 200, 200, 200, 200),
    "mark one": (404, 403, 200, 200, 200),
    "change the form": (404, 403, 403, 200, 200),
    "delete one": (404, 403, 204, 204, 204),
    "delete the form": (404, 403, 403, 403, 204),
}


@pytest.fixture
def people(stranger, viewer, editor, manager, owner):
    return dict(zip(ROLES, (stranger, viewer, editor, manager, owner), strict=True))


def ask(person, action, form, submission):
    one, place = f"/v1/forms/{form.id}", f"/v1/forms/{form.id}/submissions"
    asked = {
        "read the form": ("GET", one, None),
        "read what came in": ("GET", place, None),
        "read one": ("GET", f"{place}/{submission}", None),
        "mark one": ("PATCH", f"{place}/{submission}", {"read": True}),
        "change the form": ("PATCH", one, {"name": "Changed"}),
        "delete one": ("DELETE", f"{place}/{submission}", None),
        "delete the form": ("DELETE", one, None),
    }
    method, path, sent = asked[action]
    return person.request(method, path, json=sent)


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("action", ACTIONS)
def test_a_role_may_what_the_table_says(people, visitor, form, action, role):
    submission = visitor.post(f"/f/{form.id}", json={"name": "Ada"}).json()["id"]

    answer = ask(people[role], action, form, submission)

    assert answer.status_code == ACTIONS[action][ROLES.index(role)]
    if answer.status_code == 403:
        assert "needs the role" in answer.json()["detail"]


def test_a_viewer_who_opens_a_submission_leaves_it_unread(viewer, editor, visitor, owner, form):
    submission = visitor.post(f"/f/{form.id}", json={"name": "Ada"}).json()["id"]
    place = f"/forms/{form.id}/submissions/{submission}"

    assert viewer.get(place).status_code == 200
    assert owner.get(f"/v1{place}").json()["read"] is False

    editor.get(place)
    assert owner.get(f"/v1{place}").json()["read"] is True


def test_pages_show_no_button_that_a_role_may_not_press(people, visitor, form):
    submission = visitor.post(f"/f/{form.id}", json={"name": "Ada"}).json()["id"]
    buttons = {
        role: (
            'value="trash"' in person.get(f"/forms/{form.id}/submissions/{submission}").text,
            'value="general"' in person.get(f"/forms/{form.id}/settings").text,
            "Delete the form for good" in person.get(f"/forms/{form.id}/settings").text,
        )
        for role, person in people.items()
    }

    assert buttons == {
        "stranger": (False, False, False),
        "viewer": (False, False, False),
        "editor": (True, False, False),
        "manager": (True, True, False),
        "owner": (True, True, True),
    }


@pytest.mark.parametrize(
    ("role", "what", "status"),
    [
        ("viewer", "spam", 403),
        ("editor", "spam", 303),
    ],
)
def test_the_inbox_page_asks_for_the_same_roles(people, visitor, form, role, what, status):
    submission = visitor.post(f"/f/{form.id}", json={"name": "Ada"}).json()["id"]
    sent = {"do": what, f"pick-{submission}": "on"}

    assert people[role].fill(f"/forms/{form.id}", sent).status_code == status


@pytest.mark.parametrize(
    ("role", "what", "status"),
    [("editor", "general", 403), ("manager", "general", 303), ("manager", "delete", 403), ("owner", "delete", 303)],
)
def test_the_settings_page_asks_for_the_same_roles(people, owner, form, role, what, status):
    path = f"/forms/{form.id}/settings"
    sent = {"do": what, "seen": seen(owner.get(path)), "name": "New", "active": "on", "confirm": form.name}

    assert people[role].fill("/dashboard", sent, to=path).status_code == status


def test_a_form_that_is_deleted_is_gone_from_everybodys_lists(owner, viewer, manager, form):
    assert len(viewer.get("/v1/forms").json()["forms"]) == 1

    owner.delete(f"/v1/forms/{form.id}")

    for person in (viewer, manager):
        assert person.get("/v1/forms").json()["forms"] == []
        assert person.get("/dashboard").status_code == 200
