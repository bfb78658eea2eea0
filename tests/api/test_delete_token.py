import pytest

from pillarbox import audit, ids, table, tokens
from tests.people import SOMEWHERE

MAY = "signed in, account"


@pytest.fixture
def phone(owner):
    return tokens.create(owner.account, tokens.Wanted(name="phone"), SOMEWHERE)


def uses(person, token):
    return person.get("/v1/forms", headers={"authorization": f"Bearer {token.token}"}).status_code


def test_revokes_a_token_at_once(owner, visitor, phone):
    assert uses(visitor, phone) == 200

    assert owner.delete(f"/v1/tokens/{phone.id}").status_code == 204

    assert uses(visitor, phone) == 401
    assert [one.name for one in tokens.of(owner.account)] == ["tests"]
    assert "The token phone was revoked." in [one.sentence for one in audit.page(owner.account.id, limit=9).events]


def test_a_token_may_revoke_itself(visitor, phone):
    headers = {"authorization": f"Bearer {phone.token}"}

    assert visitor.delete(f"/v1/tokens/{phone.id}", headers=headers).status_code == 204
    assert uses(visitor, phone) == 401


def test_a_use_that_was_under_way_does_not_bring_it_back(owner, visitor, phone, monkeypatch):
    key, get = table.key(f"TOKEN#{ids.digest(phone.token)}", "TOKEN"), table.get
    read = get(key)
    owner.delete(f"/v1/tokens/{phone.id}")
    monkeypatch.setattr(table, "get", lambda asked: read if asked == key else get(asked))

    assert uses(visitor, phone) == 401
    monkeypatch.undo()
    assert table.get(key) is None


def test_somebody_elses_is_not_found_and_stays(stranger, visitor, phone):
    assert stranger.delete(f"/v1/tokens/{phone.id}").status_code == 404

    assert uses(visitor, phone) == 200


@pytest.mark.parametrize("token_id", ["nothing", "x" * 500, "%00"])
def test_one_that_is_not_there_is_not_found(owner, token_id):
    assert owner.delete(f"/v1/tokens/{token_id}").status_code == 404


def test_asks_a_visitor_to_sign_in(visitor, phone):
    assert visitor.delete(f"/v1/tokens/{phone.id}").status_code == 401
