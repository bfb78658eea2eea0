import pytest

from pillarbox import csrf, settings
from tests.site import URL

MAY = "signed in, forms:write"


def test_makes_a_form_with_an_address_to_send_to(owner):
    response = owner.post("/v1/forms", json={"name": "  Contact "})

    assert response.status_code == 201
    form = response.json()
    assert form["name"] == "Contact"
    assert form["url"] == f"{URL}/f/{form['id']}"
    assert (form["active"], form["fields"], form["strict"], form["version"]) == (True, [], False, 1)
    assert form["redirect_url"] is None
    assert owner.get(f"/v1/forms/{form['id']}").json() == form


def test_shows_nothing_of_how_it_is_stored(owner):
    form = owner.post("/v1/forms", json={"name": "Contact"}).json()

    assert not {"shards", "rules", "document", "account", "pk", "sk"} & set(form)


def test_a_form_may_declare_its_fields(owner):
    field = {"name": "email", "label": "Your e-mail", "type": "email", "required": True}

    response = owner.post("/v1/forms", json={"name": "Contact", "fields": [field], "strict": True})

    assert response.status_code == 201
    assert field.items() <= response.json()["fields"][0].items()


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "   "}, "name"),
        ({"name": "x" * 101}, "name"),
        ({"name": 7}, "name"),
        ({"colour": "red"}, "colour"),
        ({"id": "mine"}, "id"),
        ({"redirect_url": "javascript:alert(1)"}, "redirect_url"),
        ({"redirect_url": "//evil.example"}, "redirect_url"),
        ({"redirect_url": "/thanks"}, "redirect_url"),
        ({"thanks": {"title": ""}}, "thanks.title"),
        ({"fields": [{"name": "a", "type": "colour"}]}, "fields.0.type"),
        ({"fields": {}}, "fields"),
    ],
)
def test_says_beside_the_field_what_does_not_fit(owner, change, field):
    response = owner.post("/v1/forms", json={"name": "Contact"} | change)

    assert response.status_code == 422
    assert field in [error["field"] for error in response.json()["errors"]]
    assert field.split(".")[-1] == "name" or owner.get("/v1/forms").json()["forms"] == []


def test_a_browser_s_session_may_too_with_its_csrf_token_only(owner):
    del owner.headers["authorization"]

    refused = owner.post("/v1/forms", json={"name": "Contact"})
    assert refused.status_code == 403

    token = csrf.token(owner.cookies[settings.session_cookie()])
    made = owner.post("/v1/forms", json={"name": "Contact"}, headers={"x-csrf-token": token})
    assert made.status_code == 201

    from_elsewhere = {"x-csrf-token": token, "origin": "https://evil.test"}
    assert owner.post("/v1/forms", json={"name": "Contact"}, headers=from_elsewhere).status_code == 403


def test_asks_a_visitor_to_sign_in_before_it_looks_at_the_body(visitor):
    for body in ({"name": "Contact"}, {"nonsense": True}):
        response = visitor.post("/v1/forms", json=body)

        assert response.status_code == 401
        assert response.json()["type"] == "/docs/problems#not-signed-in"
