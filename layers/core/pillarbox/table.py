"""The one DynamoDB table; places.py lists every shape of key in it.

`expires_at` (seconds since 1970) is the table's TTL attribute. DynamoDB deletes up to days late: who reads such an item
asks `expired` too. Errors of botocore end here: Refused for a condition, Unavailable for what may pass a little later.
"""

import random
import time
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from pillarbox import expressions, settings
from pillarbox.errors import Unavailable

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

type Item = expressions.Item

# Twice 2 s and a pause, so that a table that hangs is told of within the 10 s of a function, by a 503 and not a 500.
CONFIG = Config(connect_timeout=1, read_timeout=2, retries={"mode": "standard", "total_max_attempts": 2})
KEYS_A_READ = 100  # BatchGetItem's bound
KEYS_A_WRITE = 25  # BatchWriteItem's bound
TRIES = 4  # of a transaction that met another one, and of what a busy table left undone

client: "DynamoDBClient" = boto3.client("dynamodb", config=CONFIG)


class Refused(Exception):
    """A condition did not hold; nothing was written. `failed` says which writes of a transaction refused."""

    def __init__(self, failed: list[int]) -> None:
        super().__init__("A condition did not hold.")
        self.failed = failed


class Page(NamedTuple):
    items: list[Item]
    last: str | None  # the sort key to read on after; None at the end


def key(pk: str, sk: str) -> Item:
    return {"pk": pk, "sk": sk}


def key_of(item: Item) -> Item:
    return key(item["pk"], item["sk"])


def expired(item: Item) -> bool:
    return bool(item.get("expires_at", float("inf")) <= time.time())


def get(key: Item) -> Item | None:
    """Return the item as it is now (a strong read), or None."""
    with _translated():
        found = client.get_item(TableName=settings.table_name(), Key=expressions.typed(key), ConsistentRead=True)
    return expressions.plain(found["Item"]) if "Item" in found else None


def get_many(keys: Iterable[Item]) -> list[Item]:
    """Return the items that exist, by strong reads of up to 100 keys, in no order."""
    name = settings.table_name()
    wanted: list[Any] = [expressions.typed(key) for key in keys]
    items: list[Item] = []
    attempt = 0
    while wanted:
        now, wanted = wanted[:KEYS_A_READ], wanted[KEYS_A_READ:]
        with _translated():
            found = client.batch_get_item(RequestItems={name: {"Keys": now, "ConsistentRead": True}})
        items += [expressions.plain(item) for item in found["Responses"].get(name, [])]
        if name in found["UnprocessedKeys"]:  # more than 16 MB in one answer, or a table that is too busy
            wanted += found["UnprocessedKeys"][name]["Keys"]
            _pause(attempt := attempt + 1)
    return items


def query(  # noqa: PLR0913  as many as DynamoDB's own
    pk: str,
    *,
    after: str | None = None,
    before: str = "",
    since: str = "",
    prefix: str = "",
    descending: bool = False,
    limit: int | None = None,
) -> Page:
    """Return one page of a partition in the order of sort keys; DynamoDB ends a page at 1 MB whatever the limit."""
    asked: dict[str, Any] = {} if limit is None else {"Limit": limit}
    if after is not None:
        asked["ExclusiveStartKey"] = expressions.typed(key(pk, after))
    condition, values = "pk = :pk", {":pk": pk}
    if prefix:
        condition, values = f"{condition} AND begins_with(sk, :prefix)", {**values, ":prefix": prefix}
    elif before:
        condition, values = f"{condition} AND sk < :before", {**values, ":before": before}
    elif since:
        condition, values = f"{condition} AND sk >= :since", {**values, ":since": since}
    with _translated():
        found = client.query(
            TableName=settings.table_name(),
            KeyConditionExpression=condition,
            ExpressionAttributeValues=expressions.typed(values),
            ScanIndexForward=not descending,
            ConsistentRead=True,  # who has just moved something must not see it in its old place
            **asked,
        )
    last = found.get("LastEvaluatedKey")
    return Page([expressions.plain(item) for item in found["Items"]], last["sk"]["S"] if last else None)


def query_all(pk: str, *, before: str = "", prefix: str = "") -> Iterator[Item]:
    after = None
    while True:
        page = query(pk, before=before, prefix=prefix, after=after)
        yield from page.items
        if (after := page.last) is None:
            return


def put(item: Item, *, condition: str | None = None, values: Item | None = None) -> None:
    with _translated():
        client.put_item(**expressions.put(item, condition, values))


def update(key: Item, changes: Item, *, condition: str, values: Item | None = None) -> None:
    """Set attributes, and remove those whose value is None; the condition keeps a late write from making the item."""
    with _translated():
        client.update_item(**expressions.update(key, changes, condition, values))


def add(key: Item, amounts: dict[str, int], *, condition: str, values: Item | None = None) -> None:
    """Add to numbers of an item, whoever else does so at the same time."""
    with _translated():
        client.update_item(**expressions.add(key, amounts, condition, values))


def delete(key: Item, *, condition: str | None = None, values: Item | None = None) -> None:
    with _translated():
        client.delete_item(**expressions.keyed(key, condition, values))


def delete_many(keys: Iterable[Item]) -> None:
    """Delete items, 25 a request; those that are gone already cost nothing to name."""
    name, wanted = settings.table_name(), [{"DeleteRequest": {"Key": expressions.typed(key)}} for key in keys]
    attempt = 0
    while wanted:
        now, wanted = wanted[:KEYS_A_WRITE], wanted[KEYS_A_WRITE:]
        with _translated():
            done = client.batch_write_item(RequestItems={name: now})  # type: ignore[dict-item]
        if left := done["UnprocessedItems"].get(name):
            wanted += left  # type: ignore[arg-type]
            _pause(attempt := attempt + 1)


class Put:
    def __init__(self, item: Item, *, condition: str | None = None, values: Item | None = None) -> None:
        self.write = {"Put": expressions.put(item, condition, values)}


class Update:
    def __init__(self, key: Item, changes: Item, *, condition: str, values: Item | None = None) -> None:
        self.write = {"Update": expressions.update(key, changes, condition, values)}


class Add:
    def __init__(self, key: Item, amounts: dict[str, int], *, condition: str | None = None) -> None:
        """Add to numbers of an item; one that isn't there begins with zeros."""
        self.write = {"Update": expressions.add(key, amounts, condition)}


class Delete:
    def __init__(self, key: Item, *, condition: str | None = None, values: Item | None = None) -> None:
        self.write = {"Delete": expressions.keyed(key, condition, values)}


class Check:
    def __init__(self, key: Item, *, condition: str, values: Item | None = None) -> None:
        self.write = {"ConditionCheck": expressions.keyed(key, condition, values)}


type Write = Put | Update | Add | Delete | Check


def transact(*writes: Write) -> None:
    """Do all of the writes or none; one that met another transaction is tried again with growing pauses."""
    for attempt in range(1, TRIES + 1):
        try:
            with _translated():
                client.transact_write_items(TransactItems=[write.write for write in writes])  # type: ignore[misc]
        except _Met:
            _pause(attempt)
        else:
            return


def _pause(attempt: int) -> None:
    """Wait before the next attempt, longer each time, or raise Unavailable after the last."""
    if attempt == TRIES:
        raise Unavailable("The table is busy with somebody else's changes. Please try again.")
    time.sleep(random.uniform(0, 0.05 * 2**attempt))  # noqa: S311  jitter is no secret


class _Met(Exception):
    """Another transaction held one of the items."""


@contextmanager
def _translated() -> Generator[None]:
    try:
        yield
    except ClientError as error:
        code = error.response["Error"]["Code"]
        if code in {"ConditionalCheckFailedException", "TransactionConflictException"}:
            raise Refused([0]) from error  # the latter: a transaction was about the same item just then
        if code == "TransactionCanceledException":
            reasons = [reason.get("Code", "None") for reason in error.response["CancellationReasons"]]
            if failed := [n for n, reason in enumerate(reasons) if reason == "ConditionalCheckFailed"]:
                raise Refused(failed) from error
            if "TransactionConflict" in reasons:
                raise _Met from error
        if code in {"ValidationException", "AccessDeniedException", "ResourceNotFoundException"}:
            raise  # a bug or a wrong template: no later try helps
        raise Unavailable("The table is too busy. Please try again.") from error
    except BotoCoreError as error:
        raise Unavailable("The table is out of reach. Please try again.") from error
