import json

import boto3
import pytest

from pillarbox import attempts, ids, settings, table

MAY = "signed in, submissions:write"

PATH = "/v1/erasures"


@pytest.fixture
def queue(template):  # noqa: ARG001 - it tells the environment which queue
    sqs = boto3.client("sqs")
    sqs.purge_queue(QueueUrl=settings.purges_queue_url())
    return sqs


def messages(queue):
    found = queue.receive_message(QueueUrl=settings.purges_queue_url(), MaxNumberOfMessages=10).get("Messages", [])
    return [body for message in found if "erasure_id" in (body := json.loads(message["Body"]))]


def test_asks_for_it_and_gives_the_receipt_to_look_at(owner, queue):
    answer = owner.post(PATH, json={"email": "Ada@Example.com"})

    assert answer.status_code == 202
    receipt = answer.json()
    assert (receipt["state"], receipt["submissions"], receipt["forms"]) == ("running", 0, [])
    assert receipt["email_sha256"] == ids.digest("ada@example.com")
    assert owner.get(f"{PATH}/{receipt['id']}").json() == receipt
    (message,) = messages(queue)
    assert message == {
        "erasure_id": receipt["id"],
        "account_id": owner.account.id,
        "address": "ada@example.com",
    }


@pytest.mark.usefixtures("queue")
def test_the_address_is_kept_neither_in_the_receipt_nor_in_the_log(owner):
    receipt = owner.post(PATH, json={"email": "ada@example.com"})

    kept = table.get(table.key(f"ACCOUNT#{owner.account.id}", f"ERASURE#{receipt.json()['id']}"))
    assert "ada@" not in f"{kept} {receipt.text} {list(table.query_all(f'EVENTS#{owner.account.id}'))}"
    page = owner.get("/account/activity").text
    assert "Everything that one e-mail address sent was asked to be erased." in page


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({}, "email"),
        ({"email": ""}, "email"),
        ({"email": "ada"}, "email"),
        ({"email": "@example.com"}, "email"),
        ({"email": ["ada@example.com"]}, "email"),
        ({"email": "ada@example.com\n.*"}, "email"),
        ({"email": "a" * 300 + "@example.com"}, "email"),
        ({"email": "ada@example.com", "account": "another"}, "account"),
    ],
)
def test_refuses_what_is_no_address_and_asks_for_nothing(owner, queue, sent, field):
    answer = owner.post(PATH, json=sent)

    assert answer.status_code == 422
    assert {error["field"] for error in answer.json()["errors"]} == {field}
    assert messages(queue) == []


@pytest.mark.usefixtures("queue", "slow_pauses")
def test_is_done_a_few_times_and_not_for_ever(owner, monkeypatch):
    monkeypatch.setitem(attempts.LIMITS, "erasure", attempts.LIMITS["erasure"]._replace(free=1))

    told = [owner.post(PATH, json={"email": "ada@example.com"}).status_code for _ in range(3)]

    assert told == [202, 202, 429]


def test_asks_a_visitor_to_sign_in(visitor):
    assert visitor.post(PATH, json={"email": "ada@example.com"}).status_code == 401
