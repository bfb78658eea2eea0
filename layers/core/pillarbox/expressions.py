"""Expressions: how a write is spelt for DynamoDB, and how values go to it and come back."""

import re
from typing import Any

from boto3.dynamodb.types import TypeDeserializer, TypeSerializer

from pillarbox import settings

type Item = dict[str, Any]

_serialize = TypeSerializer().serialize
_deserialize = TypeDeserializer().deserialize


def put(item: Item, condition: str | None, values: Item | None) -> dict[str, Any]:
    return {"TableName": settings.table_name(), "Item": typed(item)} | conditional(condition, values)


def keyed(key: Item, condition: str | None, values: Item | None) -> dict[str, Any]:
    return {"TableName": settings.table_name(), "Key": typed(key)} | conditional(condition, values)


def update(key: Item, changes: Item, condition: str, values: Item | None) -> dict[str, Any]:
    """Return an update that sets attributes, and removes those whose value is None."""
    set_ = [name for name, value in changes.items() if value is not None]
    remove = [name for name, value in changes.items() if value is None]
    expression = "SET " + ", ".join(f"#{name} = :set_{name}" for name in set_) if set_ else ""
    if remove:
        expression += " REMOVE " + ", ".join(f"#{name}" for name in remove)
    asked = keyed(key, condition, {**(values or {}), **{f":set_{name}": changes[name] for name in set_}})
    names = asked.get("ExpressionAttributeNames", {}) | {f"#{name}": name for name in changes}
    return asked | {"UpdateExpression": expression.strip(), "ExpressionAttributeNames": names}


def add(key: Item, amounts: dict[str, int], condition: str | None = None, values: Item | None = None) -> dict[str, Any]:
    asked = keyed(key, condition, {**(values or {}), **{f":a{n}": amount for n, amount in enumerate(amounts.values())}})
    names = asked.get("ExpressionAttributeNames", {}) | {f"#a{n}": name for n, name in enumerate(amounts)}
    expression = "ADD " + ", ".join(f"#a{n} :a{n}" for n in range(len(amounts)))  # short: it has 4 KB at most
    return asked | {"UpdateExpression": expression, "ExpressionAttributeNames": names}


def conditional(condition: str | None, values: Item | None) -> dict[str, Any]:
    said: dict[str, Any] = {"ConditionExpression": condition} if condition else {}
    if names := {f"#{name}": name for name in re.findall(r"#(\w+)", condition or "")}:
        said["ExpressionAttributeNames"] = names  # `#read` stands for the attribute `read`, a word of DynamoDB's
    return said | ({"ExpressionAttributeValues": typed(values)} if values else {})


def typed(item: Item) -> dict[str, Any]:
    return {name: _serialize(value) for name, value in item.items()}


def plain(item: dict[str, Any]) -> Item:
    """Return plain values; the table's numbers are integers all, so they come back as int and not Decimal."""
    values = {name: _deserialize(value) for name, value in item.items()}
    return {name: int(value) if "N" in item[name] else value for name, value in values.items()}
