MAY = "viewer, forms:read"


def test_lists_the_owner_first_and_everybody_else(owner, viewer, manager, form):
    answer = owner.get(f"/v1/forms/{form.id}/members")

    assert answer.status_code == 200
    members = answer.json()["members"]
    assert members[0]["role"] == "owner"
    assert {one["username"]: one["role"] for one in members} == {
        owner.account.username: "owner",
        viewer.account.username: "viewer",
        manager.account.username: "manager",
    }
    assert answer.json()["invitations"] == []


def test_a_viewer_sees_who_else_sees_it(viewer, form):
    assert viewer.get(f"/v1/forms/{form.id}/members").status_code == 200


def test_shows_no_addresses_of_members(owner, viewer, form):
    assert viewer.account.email not in owner.get(f"/v1/forms/{form.id}/members").text


def test_somebody_else_s_form_is_not_found(stranger, form):
    assert stranger.get(f"/v1/forms/{form.id}/members").status_code == 404


def test_one_that_is_not_there_is_not_found(owner):
    assert owner.get("/v1/forms/000000000000/members").status_code == 404


def test_asks_a_visitor_to_sign_in(visitor, form):
    assert visitor.get(f"/v1/forms/{form.id}/members").status_code == 401
