"""What happens at once, against the real engine, each request in a process of its own."""

from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from infra.local.streams import SHARD
from pillarbox import definitions, forms, ids, submissions
from pillarbox.places import partition
from pillarbox.policies import Limits
from tests.people import PASSWORD

CLIENTS = 8
SENT = 1000


@pytest.mark.parametrize("shared", ["username", "email"])
def test_of_fifty_sign_ups_at_once_with_the_same_name_one_makes_an_account(live, shared):
    def sign_up(_number):
        new = {"username": ids.short(), "email": f"{ids.short()}@example.com", "password": PASSWORD} | same
        return httpx.post(f"{live}/v1/accounts", json=new, timeout=60)

    same = {"username": ids.short()} if shared == "username" else {"email": f"{ids.short()}@example.com"}
    with ThreadPoolExecutor(50) as threads:
        answers = [*threads.map(sign_up, range(50))]

    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 49
    assert {answer.json()["errors"][0]["field"] for answer in answers if answer.status_code == 409} == {shared}


def test_a_thousand_submissions_of_eight_clients_are_stored_once_each_by_one_write_each(live, engine, template, owner):
    limits = Limits(per_address_per_minute=None)
    form = forms.create(owner.account, definitions.Definition(name="Race", limits=limits))

    def send(numbers):
        with httpx.Client(headers={"accept": "application/json"}, timeout=60) as client:
            return [client.post(f"{live}/f/{form.id}", data={"n": str(number)}).json()["id"] for number in numbers]

    with ThreadPoolExecutor(CLIENTS) as threads:
        shares = [range(first, SENT, CLIENTS) for first in range(CLIENTS)]
        answered = [submission_id for share in threads.map(send, shares) for submission_id in share]

    stored, cursor = [], None
    while page := submissions.page(form.id, "inbox", shards=form.shards, retention_days=None, limit=100, cursor=cursor):
        stored += page.submissions
        if (cursor := page.next_cursor) is None:
            break
    assert sorted(submission.id for submission in stored) == sorted(answered)
    assert sorted(int(submission.fields["n"]) for submission in stored) == [*range(SENT)]
    assert _writes(engine, template, partition(form.id, "inbox", 0)) == SENT


def _writes(engine, template, pk):
    """Return how many changes of a partition the table's stream tells of."""
    streams = engine.client("dynamodbstreams")
    table = template.functions[0].environment["TABLE_NAME"]
    (stream,) = streams.list_streams(TableName=table)["Streams"]
    asked = {"StreamArn": stream["StreamArn"], "ShardId": SHARD, "ShardIteratorType": "TRIM_HORIZON"}
    iterator, count = streams.get_shard_iterator(**asked)["ShardIterator"], 0
    while records := (page := streams.get_records(ShardIterator=iterator))["Records"]:
        count += sum(record["dynamodb"]["Keys"]["pk"]["S"] == pk for record in records)
        iterator = page["NextShardIterator"]
    return count
