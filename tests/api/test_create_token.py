import pytest

from pillarbox import accounts, tokens
from tests.people import PASSWORD, SOMEWHERE

MAY = "anybody"


def sign_in(person, username, **changes):
    return person.post("/v1/tokens", json={"username": username, "password": PASSWORD, "name": "phone"} | changes)


def test_signs_a_program_in(visitor, owner):
    response = sign_in(visitor, owner.account.username)

    assert response.status_code == 201
    token = response.json()
    assert tokens.SHAPE.fullmatch(token["token"])
    assert token["name"] == "phone"
    assert token["scopes"] == list(tokens.SCOPES)
    listed = visitor.get("/v1/forms", headers={"authorization": f"Bearer {token['token']}"})
    assert listed.status_code == 200


def test_the_account_is_told_of_a_new_token_by_mail(visitor, owner, mailbox):
    accounts.change(owner.account, email_verified=True)

    visitor.post("/v1/tokens", json={"username": owner.account.username, "password": PASSWORD, "name": "phone"})

    assert any("The token phone was made" in mail["subject"] for mail in mailbox.of(owner.account.email))


def test_a_token_may_do_only_what_its_scopes_say(visitor, owner, form):
    token = sign_in(visitor, owner.account.email, scopes=["forms:read"]).json()["token"]
    headers = {"authorization": f"Bearer {token}"}

    assert visitor.get(f"/v1/forms/{form.id}", headers=headers).status_code == 200
    refused = visitor.get(f"/v1/forms/{form.id}/submissions", headers=headers)
    assert refused.status_code == 403
    assert refused.json()["type"] == "/docs/problems#not-allowed"
    assert "submissions:read" in refused.json()["detail"]


@pytest.mark.parametrize(
    ("username", "password"), [("nobody-here", PASSWORD), ("nobody@example.com", PASSWORD), (None, "wrong password")]
)
def test_an_unknown_name_and_a_wrong_password_are_told_in_the_same_words(visitor, owner, username, password):
    response = sign_in(visitor, username or owner.account.username, password=password)

    assert response.status_code == 401
    assert response.json()["detail"] == "This name and password don't go together."


@pytest.mark.parametrize(
    "changes", [{"name": ""}, {"name": "x" * 101}, {"scopes": []}, {"scopes": ["everything"]}, {"password": "x" * 257}]
)
def test_says_what_does_not_fit(visitor, owner, changes):
    response = sign_in(visitor, owner.account.username, **changes)

    assert response.status_code == 422
    assert response.json()["errors"][0]["field"].split(".")[0] in changes


@pytest.mark.parametrize(
    "token", ["", "pbx_", "pbx_" + "0" * 36, "Bearer", "pbx_" + "é" * 36, "pbx_" + "0" * 30 + "000000x"]
)
def test_a_token_that_is_none_of_ours_opens_nothing(visitor, token):
    response = visitor.get("/v1/forms", headers={"authorization": f"Bearer {token}".encode()})

    assert response.status_code == 401
    assert response.headers["www-authenticate"] == "Bearer"


def test_a_wrong_checksum_is_refused_without_a_read(visitor, owner, monkeypatch):
    token = tokens.create(owner.account, tokens.Wanted(name="phone"), SOMEWHERE).token
    wrong = token[:-1] + ("0" if token[-1] != "0" else "1")
    monkeypatch.setattr("pillarbox.table.get", None)  # a read would be a TypeError

    assert visitor.get("/v1/forms", headers={"authorization": f"Bearer {wrong}"}).status_code == 401


def test_a_well_made_token_that_nobody_was_given_opens_nothing(visitor):
    chance = "A" * 30
    token = f"pbx_{chance}{tokens._checksum(chance)}"  # noqa: SLF001  what a guesser would compute

    response = visitor.get("/v1/forms", headers={"authorization": f"Bearer {token}"})

    assert response.status_code == 401
    assert "unknown" in response.json()["detail"]
