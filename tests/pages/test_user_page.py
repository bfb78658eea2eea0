import time

import pytest

from pillarbox import accounts, forms, ids, settings, table
from tests.people import csrf_token

MAY = "operator"


@pytest.fixture
def path(owner):
    return f"/admin/users/{owner.account.id}"


def test_shows_the_account_its_forms_and_how_much_lies_in_them_and_not_what(operator, owner, visitor, form, path):
    visitor.post(f"/f/{form.id}", json={"name": "Ada", "message": "a secret message"})

    page = operator.get(path).text

    assert owner.account.email in page
    assert form.name in page
    assert form.id in page
    assert "a secret message" not in page
    assert operator.get(f"/forms/{form.id}").status_code == 404
    assert operator.get(f"/v1/forms/{form.id}/submissions").status_code == 404


def test_switched_off_nobody_signs_in_and_no_token_opens_anything(operator, owner, path):
    operator.fill(path, {"do": "off"})

    assert owner.get("/dashboard").status_code == 303
    assert owner.get("/v1/forms").status_code == 401
    assert "Switched off" in operator.get("/admin/users").text

    operator.fill(path, {"do": "on"})
    assert owner.get("/v1/forms").status_code == 200
    assert owner.get("/dashboard").status_code == 303  # sessions that ended stay so


def test_a_form_of_who_is_switched_off_loses_nothing_that_visitors_send(operator, visitor, form, path):
    operator.fill(path, {"do": "off"})

    assert visitor.post(f"/f/{form.id}", json={"name": "Ada"}).status_code == 200


def test_ends_all_sessions(operator, owner, path):
    operator.fill(path, {"do": "end"})

    assert owner.get("/dashboard").status_code == 303
    assert owner.get("/v1/forms").status_code == 200


def test_makes_an_operator_and_takes_it_back(operator, owner, path):
    operator.fill(path, {"do": "admin"})
    assert owner.get("/admin/users").status_code == 200

    operator.fill(path, {"do": "owner"})
    assert owner.get("/admin/users").status_code == 403


@pytest.mark.parametrize("what", ["off", "owner"])
def test_no_operator_locks_themselves_out(operator, what):
    path = f"/admin/users/{operator.account.id}"

    assert operator.fill(path, {"do": what}).status_code == 403
    assert accounts.get(operator.account.id).role == "admin"


def test_the_owner_reads_what_the_operator_did(operator, owner, path):
    operator.fill(path, {"do": "admin"})

    page = owner.get("/account/activity").text
    assert "made an operator" in page
    assert "By the operator" in page


def test_where_it_says_so_the_operator_may_look_and_the_owner_reads_that(operator, owner, form, path, monkeypatch):
    assert operator.fill(path, {"form": form.id}).status_code == 403
    assert operator.get(f"/forms/{form.id}").status_code == 404

    monkeypatch.setenv("OPERATOR_READS_FORMS", "yes")
    assert "Look into it" in operator.get(path).text
    assert operator.fill(path, {"form": form.id}).headers["location"] == f"/forms/{form.id}"

    assert operator.get(f"/forms/{form.id}").status_code == 200
    assert operator.patch(f"/v1/forms/{form.id}", json={"name": "Mine"}).status_code == 403
    assert f"made themselves a viewer of the form {form.name}" in owner.get("/account/activity").text
    assert forms.role_of(operator.account, form.id) == "viewer"


def test_a_button_that_is_unknown_does_nothing(operator, path):
    assert operator.fill(path, {"do": "everything"}).status_code == 400


def test_acting_asks_for_a_fresh_sign_in(operator, path, owner):
    key = table.key(f"SESSION#{ids.digest(operator.cookies[settings.session_cookie()])}", "SESSION")
    table.update(key, {"confirmed_at": int(time.time()) - 700}, condition="attribute_exists(pk)")

    assert operator.fill(path, {"do": "off"}).headers["location"].startswith("/confirm?next=")
    assert accounts.get(owner.account.id).active


@pytest.mark.parametrize("account_id", ["x" * 3000, "%C3%A9" * 12, "nobody000000"])
def test_an_id_that_is_none_is_not_found(operator, account_id):
    assert operator.get(f"/admin/users/{account_id}").status_code == 404


def test_an_account_that_is_not_there_is_not_found(operator):
    assert operator.get("/admin/users/nobody").status_code == 404


def test_everybody_else_is_told_that_it_is_not_for_them(owner, visitor, stranger, path):
    assert stranger.get(path).status_code == 403
    sent = {"do": "admin", "csrf_token": csrf_token(owner.get("/dashboard"))}
    assert owner.post(path, data=sent).status_code == 403
    assert visitor.get(path).headers["location"].startswith("/sign-in")
    assert accounts.get(owner.account.id).role == "owner"
