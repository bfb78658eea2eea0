"""What the table's verbs promise, on the stricter of the two engines where nothing races."""

import socket
import time
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from pillarbox import table
from pillarbox.errors import Unavailable

KEY = table.key("THING#1", "THING")


@pytest.mark.usefixtures("strict_table")
def test_what_was_put_comes_back_with_whole_numbers_as_int():
    item = KEY | {"text": "é", "count": 7, "flag": True, "list": ["a"]}
    table.put(item)

    found = table.get(KEY)

    assert found == item
    assert found is not None
    assert type(found["count"]) is int


@pytest.mark.usefixtures("strict_table")
def test_what_is_not_there_is_none():
    assert table.get(KEY) is None


@pytest.mark.usefixtures("strict_table")
def test_an_update_sets_and_removes_whatever_the_attributes_are_called():
    table.put(KEY | {"read": False, "name": "old", "status": "x"})

    table.update(
        KEY,
        {"read": True, "name": "new", "status": None},
        condition="#read = :seen AND #name = :old",
        values={":seen": False, ":old": "old"},
    )

    assert table.get(KEY) == KEY | {"read": True, "name": "new"}


@pytest.mark.usefixtures("strict_table")
def test_an_update_of_what_is_gone_does_not_bring_it_back():
    with pytest.raises(table.Refused):
        table.update(KEY, {"read": True}, condition="attribute_exists(pk)")

    assert table.get(KEY) is None


@pytest.mark.usefixtures("strict_table")
def test_adding_begins_with_zeros_and_makes_the_item():
    for _ in range(2):
        table.transact(table.Add(KEY, {"inbox_total": 3, "spam_total": -1}))

    assert table.get(KEY) == KEY | {"inbox_total": 6, "spam_total": -2}


@pytest.mark.usefixtures("strict_table")
def test_a_transaction_writes_all_or_nothing_and_tells_which_write_refused():
    other = table.key("THING#2", "THING")
    table.put(other)

    with pytest.raises(table.Refused) as refused:
        table.transact(
            table.Put(KEY, condition="attribute_not_exists(pk)"),
            table.Put(other, condition="attribute_not_exists(pk)"),
        )

    assert refused.value.failed == [1]
    assert table.get(KEY) is None


@pytest.mark.usefixtures("strict_table")
def test_more_keys_than_one_request_takes_are_read_and_deleted_all_the_same():
    keys = [table.key("MANY", f"{n:03}") for n in range(230)]
    for key in keys:
        table.put(key)

    assert sorted(item["sk"] for item in table.get_many(keys)) == [key["sk"] for key in keys]
    table.delete_many(keys)
    assert table.get_many(keys) == []


@pytest.mark.usefixtures("strict_table")
def test_a_partition_is_read_page_by_page_in_either_direction():
    for n in range(5):
        table.put(table.key("LIST", f"A{n}"))
    table.put(table.key("LIST", "B0"))

    first = table.query("LIST", prefix="A", limit=3, descending=True)
    second = table.query("LIST", prefix="A", limit=3, descending=True, after=first.last)

    assert [item["sk"] for item in first.items + second.items] == ["A4", "A3", "A2", "A1", "A0"]
    assert second.last is None
    assert [item["sk"] for item in table.query_all("LIST")] == ["A0", "A1", "A2", "A3", "A4", "B0"]


@pytest.mark.parametrize(
    ("item", "answer"),
    [({}, False), ({"expires_at": time.time() + 3600}, False), ({"expires_at": time.time() - 1}, True)],
)
def test_an_item_has_expired_when_its_time_is_past(item, answer):
    assert table.expired(item) is answer


def refusing(error):
    def call(**_request):
        raise error

    return call


def test_a_write_that_met_a_transaction_is_refused_so_that_its_caller_looks_anew(strict_table, monkeypatch):
    error = ClientError({"Error": {"Code": "TransactionConflictException", "Message": ""}}, "UpdateItem")
    monkeypatch.setattr(strict_table, "update_item", refusing(error))

    with pytest.raises(table.Refused):
        table.update(KEY, {"read": True}, condition="attribute_exists(pk)")


@pytest.mark.parametrize("code", ["ThrottlingException", "InternalServerError", "RequestLimitExceeded"])
def test_a_table_that_is_too_busy_is_unavailable_not_broken(strict_table, monkeypatch, code):
    error = ClientError({"Error": {"Code": code, "Message": ""}}, "GetItem")
    monkeypatch.setattr(strict_table, "get_item", refusing(error))

    with pytest.raises(Unavailable):
        table.get(KEY)


def test_a_table_out_of_reach_is_unavailable(strict_table, monkeypatch):
    monkeypatch.setattr(strict_table, "get_item", refusing(EndpointConnectionError(endpoint_url="http://x")))

    with pytest.raises(Unavailable):
        table.get(KEY)


def test_what_no_later_try_can_help_is_raised_as_it_is(strict_table, monkeypatch):
    error = ClientError({"Error": {"Code": "AccessDeniedException", "Message": ""}}, "GetItem")
    monkeypatch.setattr(strict_table, "get_item", refusing(error))

    with pytest.raises(ClientError):
        table.get(KEY)


def test_a_transaction_that_met_another_is_tried_again(strict_table, monkeypatch):
    calls = []
    real = strict_table.transact_write_items

    def met_twice(**request):
        calls.append(request)
        if len(calls) <= 2:
            reasons = [{"Code": "TransactionConflict"}]
            met: Any = {
                "Error": {"Code": "TransactionCanceledException", "Message": ""},
                "CancellationReasons": reasons,
            }
            raise ClientError(met, "TransactWriteItems")
        return real(**request)

    monkeypatch.setattr(strict_table, "transact_write_items", met_twice)

    table.transact(table.Put(KEY))

    assert len(calls) == 3
    assert table.get(KEY) == KEY


def test_a_table_that_hangs_is_given_up_before_the_function_is(monkeypatch, template):
    """The engine stopped, not gone: connections are taken and nothing is ever answered."""
    shortest = min(function.timeout for function in template.functions)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        monkeypatch.setattr(table, "client", boto3.client("dynamodb", config=table.CONFIG, endpoint_url=url))
        began = time.monotonic()
        with pytest.raises(Unavailable):
            table.get(KEY)

    assert time.monotonic() - began < 0.6 * shortest


def test_what_a_busy_table_keeps_leaving_undone_is_given_up_after_some_tries(strict_table, monkeypatch):
    asked = []

    def undone(RequestItems):  # noqa: N803  boto3's own name
        asked.append(RequestItems)
        name = next(iter(RequestItems))
        return {"Responses": {}, "UnprocessedKeys": RequestItems, "UnprocessedItems": {name: RequestItems[name]}}

    monkeypatch.setattr(strict_table, "batch_get_item", undone)
    monkeypatch.setattr(strict_table, "batch_write_item", undone)

    with pytest.raises(Unavailable):
        table.get_many([KEY])
    with pytest.raises(Unavailable):
        table.delete_many([KEY])

    assert len(asked) == 2 * table.TRIES
