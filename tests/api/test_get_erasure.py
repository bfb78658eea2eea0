import time

import pytest

from pillarbox import erasures, table
from tests.people import SOMEWHERE

MAY = "signed in, submissions:read"


@pytest.fixture
def receipt(owner):
    return erasures.ask(owner.account, erasures.NewErasure(email="ada@example.com"), SOMEWHERE)


def key(owner, receipt):
    return table.key(f"ACCOUNT#{owner.account.id}", f"ERASURE#{receipt.id}")


def test_tells_how_far_it_is_and_what_was_deleted(owner, receipt):
    done = {"state": "done", "done_at": receipt.asked_at.timestamp().__int__() + 5}
    counted = {"deleted_abcdefgh2345": 3, "deleted_abcdefgh2346": 1}
    table.update(key(owner, receipt), done | counted, condition="attribute_exists(pk)")

    told = owner.get(f"/v1/erasures/{receipt.id}").json()

    assert (told["state"], told["submissions"]) == ("done", 4)
    assert told["forms"] == [
        {"form_id": "abcdefgh2345", "submissions": 3},
        {"form_id": "abcdefgh2346", "submissions": 1},
    ]
    assert told["done_at"] > told["asked_at"]


def test_a_receipt_is_kept_for_90_days(owner, receipt):
    assert (receipt.expires_at - receipt.asked_at).days == 90
    table.update(key(owner, receipt), {"expires_at": int(time.time()) - 1}, condition="attribute_exists(pk)")

    assert owner.get(f"/v1/erasures/{receipt.id}").status_code == 404
    assert "Receipts" not in owner.get("/account/data").text


def test_hides_somebody_elses(stranger, receipt):
    assert stranger.get(f"/v1/erasures/{receipt.id}").status_code == 404


@pytest.mark.parametrize("erasure_id", ["none", "01ARZ3NDEKTSV4RRFFQ69G5FAV", "%00", "x" * 3000])
def test_one_that_is_not_there_is_not_found(owner, erasure_id):
    assert owner.get(f"/v1/erasures/{erasure_id}").status_code == 404


def test_asks_a_visitor_to_sign_in(visitor, receipt):
    assert visitor.get(f"/v1/erasures/{receipt.id}").status_code == 401
