import pytest

from pillarbox import ids
from tests.people import PASSWORD

MAY = "anybody"


def new(**changes):
    name = f"ada-{ids.short()}"
    return {"username": name, "email": f"{name}@example.com", "password": PASSWORD} | changes


def test_makes_an_account_and_never_shows_its_password(visitor):
    wanted = new()
    response = visitor.post("/v1/accounts", json=wanted)

    assert response.status_code == 201
    account = response.json()
    assert (account["username"], account["email"]) == (wanted["username"], wanted["email"])
    assert set(account) == {"id", "username", "email", "email_verified", "role", "second_factor", "created_at"}
    assert account["role"] == "owner"


def test_the_account_can_sign_in_by_either_name(visitor):
    wanted = new()
    visitor.post("/v1/accounts", json=wanted)

    for name in (wanted["username"], wanted["email"], wanted["username"].upper()):
        signed_in = visitor.post("/v1/tokens", json={"username": name, "password": PASSWORD, "name": "phone"})
        assert signed_in.status_code == 201


@pytest.mark.parametrize("taken", ["username", "email"])
def test_refuses_a_name_that_somebody_has_whatever_its_case(visitor, taken):
    first = new()
    visitor.post("/v1/accounts", json=first)

    response = visitor.post("/v1/accounts", json=new(**{taken: first[taken].upper()}))

    assert response.status_code == 409
    assert response.headers["content-type"] == "application/problem+json"
    problem = response.json()
    assert problem["type"] == "/docs/problems#taken"
    assert [error["field"] for error in problem["errors"]] == [taken]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("username", ""),
        ("username", "a"),
        ("username", "a" * 41),
        ("username", "ada@example.com"),
        ("username", "ada lovelace"),
        ("username", "-ada"),
        ("username", "ada\n"),
        ("username", "\u0430da"),  # its first letter is Cyrillic
        ("username", 7),
        ("email", ""),
        ("email", "ada"),
        ("email", "ada@"),
        ("email", "ada@example.com\nbcc: all@example.com"),
        ("email", "a" * 250 + "@example.com"),
        ("password", "1234567"),
        ("password", "x" * 257),
        ("password", None),
        ("role", "admin"),
    ],
)
def test_says_beside_the_field_what_does_not_fit(visitor, field, value):
    response = visitor.post("/v1/accounts", json=new(**{field: value}))

    assert response.status_code == 422
    assert response.json()["type"] == "/docs/problems#invalid"
    assert [error["field"] for error in response.json()["errors"]] == [field]
    assert response.json()["errors"][0]["message"].endswith(".")


def test_names_every_missing_field_at_once(visitor):
    response = visitor.post("/v1/accounts", json={})

    assert sorted(error["field"] for error in response.json()["errors"]) == ["email", "password", "username"]


@pytest.mark.parametrize("body", ["", "{", "[]", '"ada"', "null", "\x00"])
def test_refuses_a_body_that_is_no_object(visitor, body):
    response = visitor.post("/v1/accounts", content=body, headers={"content-type": "application/json"})

    assert response.status_code in {400, 422}
    assert response.headers["content-type"] == "application/problem+json"
