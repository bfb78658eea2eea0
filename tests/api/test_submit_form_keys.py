"""Idempotency-Key: what is sent again after an answer was lost is stored once."""

import hashlib
import threading
import time

import httpx
import pytest

from pillarbox import places, table
from tests.proxy import BROKEN, LOST, THROTTLE
from tests.sent import BROWSER, JSON, inbox, only

SENT = {"message": "Hello"}
KEY = JSON | {"idempotency-key": "8e03978e-40d5-43dd-bc93-6894a57f9324"}


def test_the_same_again_is_the_same_submission(owner, visitor, form):
    first, *again = (visitor.post(f"/f/{form.id}", data=SENT, headers=KEY) for _ in range(3))
    assert first.status_code == 200
    assert [answer.json() for answer in again] == [first.json()] * 2
    assert only(owner, form)["id"] == first.json()["id"]


def test_the_same_again_from_a_browser_leads_to_the_same_page(owner, visitor, form):
    headers = BROWSER | {"idempotency-key": "a"}
    first, again = (visitor.post(f"/f/{form.id}", data=SENT, headers=headers) for _ in range(2))
    assert first.status_code == again.status_code == 303
    assert first.headers["location"] == again.headers["location"]
    assert len(inbox(owner, form)) == 1


def test_the_same_in_another_kind_of_body_is_the_same(owner, visitor, form):
    ways = (
        {"data": SENT},
        {"json": SENT},
        {"files": {"message": (None, "Hello")}},
        {"files": {"message": (None, "Hello")}},
    )
    told = [visitor.post(f"/f/{form.id}", **way, headers=KEY).json()["id"] for way in ways]
    assert set(told) == {only(owner, form)["id"]}


@pytest.mark.parametrize("token", ["g-recaptcha-response", "cf-turnstile-response", "h-captcha-response"])
def test_a_new_token_of_a_captcha_makes_it_no_other(owner, visitor, form, token):
    for value in ("first", "second"):
        assert visitor.post(f"/f/{form.id}", data=SENT | {token: value}, headers=KEY).status_code == 200
    assert len(inbox(owner, form)) == 1


@pytest.mark.parametrize("other", [{"message": "Bye"}, SENT | {"name": "Ada"}, SENT | {"_subject": "Hi"}], ids=str)
def test_the_key_with_something_else_is_refused(owner, visitor, form, other):
    visitor.post(f"/f/{form.id}", data=SENT, headers=KEY)
    told = visitor.post(f"/f/{form.id}", data=other, headers=KEY)
    sentence = "This Idempotency-Key came before, with something else in the form."
    assert told.status_code == 422
    assert told.json()["errors"] == [{"code": "KEY_REUSED", "message": sentence}]
    shown = visitor.post(f"/f/{form.id}", data=other, headers=KEY | BROWSER)
    assert (shown.status_code, sentence in shown.text) == (422, True)
    assert only(owner, form)["fields"] == SENT


def test_the_key_of_another_form_is_another_key(owner, visitor, form):
    other = owner.post("/v1/forms", json={"name": "Other"}).json()["id"]
    ids = {visitor.post(f"/f/{form_id}", data=SENT, headers=KEY).json()["id"] for form_id in (form.id, other)}
    assert len(ids) == 2


def test_another_key_is_another_submission(owner, visitor, form):
    for key in ("a", "b", "B", " a"):
        visitor.post(f"/f/{form.id}", data=SENT, headers=KEY | {"idempotency-key": key})
    assert len(inbox(owner, form)) == 3


@pytest.mark.parametrize("key", ["a", "a" * 255, '"8e03978e-40d5"', "~!@#"])
def test_a_key_of_up_to_255_characters_is_taken(visitor, form, key):
    assert visitor.post(f"/f/{form.id}", data=SENT, headers=KEY | {"idempotency-key": key}).status_code == 200


@pytest.mark.parametrize("key", ["a" * 256, " ", "a\tb"], ids=ascii)
def test_a_key_that_is_none_is_malformed(owner, visitor, form, key):
    answer = visitor.post(f"/f/{form.id}", data=SENT, headers=KEY | {"idempotency-key": key})
    sentence = "An Idempotency-Key has 1 to 255 visible characters."
    assert (answer.status_code, answer.json()["errors"]) == (400, [{"code": "MALFORMED", "message": sentence}])
    assert inbox(owner, form) == []


def test_what_was_refused_leaves_the_key_free(owner, visitor, form):
    assert visitor.post(f"/f/{form.id}", data={"message": ""}, headers=KEY).status_code == 422
    assert visitor.post(f"/f/{form.id}", data=SENT, headers=KEY).status_code == 200
    assert len(inbox(owner, form)) == 1


def test_a_key_is_free_again_after_a_day(visitor, form, monkeypatch):
    first = visitor.post(f"/f/{form.id}", data=SENT, headers=KEY).json()["id"]
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 24 * 60 * 60 - 60)
    assert visitor.post(f"/f/{form.id}", data=SENT, headers=KEY).json()["id"] == first
    monkeypatch.setattr(time, "time", lambda: now + 24 * 60 * 60 + 60)
    second = visitor.post(f"/f/{form.id}", data={"message": "Bye"}, headers=KEY)
    assert (second.status_code, second.json()["id"] != first) == (200, True)
    assert visitor.post(f"/f/{form.id}", data=SENT, headers=KEY).status_code == 422


def test_spam_that_is_sent_again_is_stored_once_too(owner, visitor, form):
    for _ in range(2):
        assert visitor.post(f"/f/{form.id}", data=SENT | {"_gotcha": "x"}, headers=KEY).status_code == 200
    assert len(inbox(owner, form, folder="spam")) == 1


def test_a_submission_that_was_moved_since_is_not_brought_back(owner, visitor, form):
    first = visitor.post(f"/f/{form.id}", data=SENT, headers=KEY).json()["id"]
    owner.patch(f"/v1/forms/{form.id}/submissions/{first}", json={"folder": "trash"})
    assert visitor.post(f"/f/{form.id}", data=SENT, headers=KEY).json()["id"] == first
    assert inbox(owner, form) == []


# What it costs, and what happens when AWS falters.


def test_only_who_sends_a_key_pays_for_it(visitor, form, faults):
    visitor.post(f"/f/{form.id}", data=SENT)
    assert faults.calls == {"GetItem": 1, "PutItem": 1}
    visitor.post(f"/f/{form.id}", data=SENT, headers=KEY)
    assert faults.calls == {"GetItem": 3, "PutItem": 1, "TransactWriteItems": 1}
    visitor.post(f"/f/{form.id}", data=SENT, headers=KEY)
    assert faults.calls == {"GetItem": 5, "PutItem": 1, "TransactWriteItems": 1}


def test_what_races_itself_is_one_submission(owner, form, live):
    def send():
        with httpx.Client(timeout=30) as client:
            start.wait()
            told.append(client.post(f"{live}/f/{form.id}", data=SENT, headers=KEY))

    told: list[httpx.Response] = []
    start = threading.Barrier(8)
    threads = [threading.Thread(target=send) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {answer.status_code for answer in told} == {200}
    assert {answer.json()["id"] for answer in told} == {only(owner, form)["id"]}


def test_what_races_with_something_else_is_one_submission_and_refusals(owner, form, live):
    def send(n):
        with httpx.Client(timeout=30) as client:
            start.wait()
            told.append(client.post(f"{live}/f/{form.id}", data={"n": str(n)}, headers=KEY).status_code)

    told: list[int] = []
    start = threading.Barrier(4)
    threads = [threading.Thread(target=send, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(told) == [200, 422, 422, 422]
    assert len(inbox(owner, form)) == 1


def test_an_answer_that_was_lost_does_not_store_twice(owner, visitor, form, faults):
    faults.answer("TransactWriteItems", LOST, times=2)
    answer = visitor.post(f"/f/{form.id}", data=SENT, headers=KEY)
    assert (answer.status_code, answer.json()["id"]) == (200, only(owner, form)["id"])
    assert faults.calls["TransactWriteItems"] == 3


@pytest.mark.parametrize("fault", [THROTTLE, BROKEN], ids=str)
@pytest.mark.parametrize("operation", ["TransactWriteItems", "GetItem"])
def test_a_table_out_of_reach_is_told_and_the_key_serves_later(visitor, form, faults, monkeypatch, operation, fault):
    monkeypatch.setenv("FORM_CACHE_SECONDS", "60")
    visitor.post(f"/f/{form.id}", data={"name": "Ada"})
    faults.answer(operation, fault, times=3)
    answer = visitor.post(f"/f/{form.id}", data=SENT, headers=KEY)
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    first = visitor.post(f"/f/{form.id}", data=SENT, headers=KEY)
    assert first.status_code == 200
    assert visitor.post(f"/f/{form.id}", data=SENT, headers=KEY).json() == first.json()
    assert faults.calls["SendMessage"] == 0


def test_what_is_kept_of_a_key_tells_neither_it_nor_what_was_sent(visitor, form):
    sent = visitor.post(f"/f/{form.id}", data=SENT, headers=KEY).json()
    digest = hashlib.sha256(KEY["idempotency-key"].encode()).hexdigest()
    marker = table.get(places.idempotency(form.id, digest)) or {}
    assert marker.keys() == {"pk", "sk", "sent", "submission_id", "expires_at"}
    assert marker["submission_id"] == sent["id"]
    assert KEY["idempotency-key"] not in str(marker)
    assert "Hello" not in str(marker)
    assert 0 < marker["expires_at"] - time.time() <= 24 * 60 * 60
