import time

from pillarbox import ids, table, tokens
from tests.people import SOMEWHERE

MAY = "signed in, account"


def made(person, **wanted):
    return tokens.create(person.account, tokens.Wanted(name="phone", **wanted), SOMEWHERE)


def test_lists_what_there_is_and_no_secret(owner):
    token = made(owner, scopes=["forms:read"], expires_in_days=30)

    answer = owner.get("/v1/tokens")

    assert answer.status_code == 200
    listed = answer.json()["tokens"]
    assert [one["name"] for one in listed] == ["phone", "tests"]
    assert listed[0] == token.model_dump(mode="json", exclude={"token"})
    assert answer.json()["next_cursor"] is None
    assert token.token not in answer.text


def test_tells_when_a_token_was_last_used(owner, visitor):
    token = made(owner)
    assert owner.get("/v1/tokens").json()["tokens"][0]["last_used_at"] is None

    visitor.get("/v1/forms", headers={"authorization": f"Bearer {token.token}"})

    assert owner.get("/v1/tokens").json()["tokens"][0]["last_used_at"] is not None


def test_a_token_that_has_expired_is_listed_no_more_and_opens_nothing(owner, visitor):
    token = made(owner, expires_in_days=1)
    key = table.key(f"TOKEN#{ids.digest(token.token)}", "TOKEN")
    table.update(key, {"expires_at": int(time.time()) - 1}, condition="attribute_exists(pk)")

    assert [one["name"] for one in owner.get("/v1/tokens").json()["tokens"]] == ["tests"]
    refused = visitor.get("/v1/forms", headers={"authorization": f"Bearer {token.token}"})
    assert refused.status_code == 401
    assert refused.json()["detail"] == "This token has expired."


def test_shows_nobody_elses(owner, stranger):
    made(stranger)

    assert len(owner.get("/v1/tokens").json()["tokens"]) == 1


def test_asks_for_the_scope_of_the_account(owner, visitor):
    token = made(owner, scopes=["forms:read", "forms:write", "submissions:read", "submissions:write"])

    assert visitor.get("/v1/tokens", headers={"authorization": f"Bearer {token.token}"}).status_code == 403


def test_asks_a_visitor_to_sign_in(visitor):
    assert visitor.get("/v1/tokens").status_code == 401
