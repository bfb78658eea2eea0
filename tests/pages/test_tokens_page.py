import re
import time

import pytest

from pillarbox import ids, settings, table, tokens
from tests.people import SOMEWHERE

MAY = "signed in"

PATH = "/account/tokens"


def make(person, **fields):
    scopes = {f"scope-{scope}": "on" for scope in tokens.SCOPES}
    return person.fill(PATH, {"name": "backup", "expires": "90", **scopes} | fields)


def test_shows_a_new_token_once(owner, visitor):
    answer = make(owner)

    assert answer.status_code == 200
    (token,) = re.findall(r"pbx_[0-9A-Za-z]{36}", answer.text)
    assert visitor.get("/v1/forms", headers={"authorization": f"Bearer {token}"}).status_code == 200
    assert token not in owner.get(PATH).text
    assert "backup" in owner.get(PATH).text


def test_a_token_may_do_what_was_ticked_and_ends_when_it_was_said(owner):
    owner.fill(PATH, {"name": "reader", "scope-forms:read": "on", "expires": "30"})

    (made,) = [token for token in tokens.of(owner.account) if token.name == "reader"]
    assert made.scopes == ["forms:read"]
    assert made.expires_at is not None
    assert made.expires_at.timestamp() == pytest.approx(time.time() + 30 * 86400, abs=60)


def test_one_for_good_has_no_end(owner):
    make(owner, expires="")

    assert tokens.of(owner.account)[0].expires_at is None


@pytest.mark.parametrize(
    ("fields", "field"), [({"name": " "}, "name"), ({"name": "x" * 101}, "name"), ({"expires": "0"}, "expires")]
)
def test_what_does_not_fit_is_told_beside_its_field(owner, fields, field):
    answer = make(owner, **fields)

    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert len(tokens.of(owner.account)) == 1


def test_a_token_that_may_do_nothing_is_none(owner):
    answer = owner.fill(PATH, {"name": "nothing", "expires": "30"})

    assert answer.status_code == 422
    assert 'id="scopes-error"' in answer.text


def test_an_account_has_so_many_and_no_more(owner, monkeypatch):
    monkeypatch.setattr(tokens, "MOST", 2)
    assert make(owner).status_code == 200

    assert make(owner).status_code == 422
    assert len(tokens.of(owner.account)) == 2


def test_revokes_one(owner):
    made = tokens.create(owner.account, tokens.Wanted(name="phone"), SOMEWHERE)

    assert owner.fill(PATH, {"revoke": made.id}).headers["location"] == f"{PATH}?done=revoked"

    assert "phone" not in [token.name for token in tokens.of(owner.account)]


def test_somebody_elses_stays(owner, stranger):
    theirs = tokens.of(stranger.account)[0]

    assert owner.fill(PATH, {"revoke": theirs.id}).status_code == 404
    assert tokens.of(stranger.account) == [theirs]


def test_making_one_asks_for_a_fresh_sign_in(owner):
    session = table.key(f"SESSION#{ids.digest(owner.cookies[settings.session_cookie()])}", "SESSION")
    table.update(session, {"confirmed_at": int(time.time()) - 700}, condition="attribute_exists(pk)")

    answer = owner.fill(PATH, {"name": "backup", "scope-forms:read": "on"}, to=PATH)

    assert answer.headers["location"] == f"/confirm?next={PATH}"
    assert len(tokens.of(owner.account)) == 1


def test_asks_somebody_who_is_not_signed_in_to_sign_in(visitor):
    assert visitor.get(PATH).headers["location"] == f"/sign-in?next={PATH}"
