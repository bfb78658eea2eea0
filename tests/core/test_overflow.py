import pytest

from pillarbox import ids, overflow, places, table


@pytest.mark.usefixtures("strict_table")
def test_the_strict_engine_takes_what_it_writes():
    ulid = ids.ulid(shard=3)
    item = table.key(places.partition("a23456789bcd", "inbox", 3), ulid) | {
        "folder": "inbox",
        "read": False,
        "fields": "{}",
    }
    table.put(places.form("a23456789bcd") | {"shards": 4})
    for _ in range(2):
        overflow.store({"item": item, "busy": True, "shards": 4})
    assert table.get(table.key(item["pk"], ulid)) == item
    assert table.get(places.form("a23456789bcd")) == places.form("a23456789bcd") | {"shards": 8}
    table.delete(table.key(item["pk"], ulid))
    overflow.store({"item": item, "busy": True, "shards": 4})
    assert table.get(table.key(item["pk"], ulid)) is None
