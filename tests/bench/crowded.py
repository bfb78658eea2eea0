"""`make bench-crowded`: what pages of a form with 100,000 submissions read, beside those of one with a hundred.

python -m tests.bench.crowded [SUBMISSIONS]

Both lie in one table of the local engine, which gets slower the more lies there, as DynamoDB doesn't. So what is told
is what DynamoDB is asked for, in requests and items, and not how long that took here.
"""

import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config

from infra.local.engine import Engine, running
from tests.surroundings import PORT, deployed

from pillarbox import ids, places, settings, table  # isort: skip - they read the environment
from tests.people import Person, new_account  # isort: skip

FEW, MANY = 100, 100_000
PATIENCE_SECONDS = 300  # for one query
SPAN_SECONDS = 365 * 86_400
PATHS = {
    "inbox": "/forms/{form}",
    "search that finds nothing": "/forms/{form}?q=zirconium",
    "search by a field": "/forms/{form}?field=name&value=Ada",
    "one submission": "/forms/{form}/submissions/{one}",
    "insights, 12 months": "/forms/{form}/insights?by=month",
    "dashboard": "/dashboard",
    "/v1, a page of 50": "/v1/forms/{form}/submissions?limit=50",
}


@dataclass
class Reads:
    requests: int = 0
    items: int = 0


def main(many: int) -> None:
    with tempfile.TemporaryDirectory() as folder, running(log=Path(folder) / "engine.log", port=PORT) as engine:
        template = deployed(engine)
        table.client = boto3.client("dynamodb", config=Config(read_timeout=PATIENCE_SECONDS))
        people = [Person(template, new_account()) for _ in range(2)]
        known = [filled(engine, person, number) for person, number in zip(people, (FEW, many), strict=True)]
        print(f"{'':30}{f'{FEW} submissions':>28}{f'{many:,} submissions':>28}")
        for words, path in PATHS.items():
            line = f"{words:30}"
            for person, ids_of in zip(people, known, strict=True):
                with counted() as reads:
                    answer = person.get(path.format(**ids_of))
                assert answer.status_code == 200, answer.text
                line += f"{reads.requests:>13} reads, {reads.items:>5} items"
            print(line, flush=True)


@contextmanager
def counted() -> Iterator[Reads]:
    """Count what is read of the table meanwhile."""
    reads = Reads()

    def count(model: Any, parsed: dict[str, Any], **_: Any) -> None:
        if model.name in {"Query", "GetItem", "BatchGetItem"}:
            found = [len(items) for items in parsed.get("Responses", {}).values()]
            reads.requests += 1
            reads.items += parsed.get("ScannedCount", sum(found) + ("Item" in parsed))

    table.client.meta.events.register("after-call.dynamodb", count)
    try:
        yield reads
    finally:
        table.client.meta.events.unregister("after-call.dynamodb", count)


def filled(engine: Engine, person: Person, number: int) -> dict[str, str]:
    """Make a form with so many submissions of the last year, and return the ids of both and of the newest of them."""
    form = person.post("/v1/forms", json={"name": f"With {number:,}"}).json()["id"]
    told = {"name": "Grace", "email": "grace@example.com", "message": "Is there parking for a van? " * 8}
    person.post(f"/f/{form}", json=told).raise_for_status()
    (newest,) = person.get(f"/v1/forms/{form}/submissions").json()["submissions"]
    copy(engine, form, newest["id"], number - 1)
    return {"form": form, "one": newest["id"]}


def copy(engine: Engine, form: str, one: str, times: int) -> None:
    """Write the submission so often again, each at its own time of the last year."""
    dynamodb, name = engine.client("dynamodb"), settings.table_name()
    key = {"pk": {"S": places.partition(form, "inbox", ids.shard_of(one))}, "sk": {"S": one}}
    item, now = dynamodb.get_item(TableName=name, Key=key)["Item"], time.time()
    requests: list[Any] = [
        {"PutRequest": {"Item": item | {"sk": {"S": ids.ulid(now=now - 60 - n * SPAN_SECONDS / times)}}}}
        for n in range(times)
    ]
    for begin in range(0, times, 25):
        rest: Any = {name: requests[begin : begin + 25]}
        while rest:
            rest = dynamodb.batch_write_item(RequestItems=rest).get("UnprocessedItems")


if __name__ == "__main__":
    main(int(sys.argv[1]) if sys.argv[1:] else MANY)
