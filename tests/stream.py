"""Records of the table's stream, as Lambda hands them over."""

import time
from typing import Any

from pillarbox import expressions, table

type Event = dict[str, Any]


def inserted(item: table.Item, number: int = 1) -> Event:
    return record(number, new=item)


def record(number: int, *, new: table.Item | None = None, old: table.Item | None = None, **more) -> Event:
    images = {"NewImage": new, "OldImage": old}
    item = new or old or {}
    change = {name: expressions.typed(image) for name, image in images.items() if image}
    name = "MODIFY" if new and old else "INSERT" if new else "REMOVE"
    keys = expressions.typed({"pk": item["pk"], "sk": item["sk"]})
    stamps = {"SequenceNumber": f"{number:030}", "ApproximateCreationDateTime": time.time()}
    return {"eventName": name, "dynamodb": {"Keys": keys, **stamps, **change}, **more}
