"""Folders over many shards: every submission once, newest first, whatever the size of a page."""

import json
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pillarbox import ids, submissions, table
from pillarbox.errors import Invalid, NotFound
from pillarbox.places import FOLDERS, partition


def put(form_id, *, shard=0, folder="inbox", now=None, text="Hi", **more):
    ulid = ids.ulid(shard=shard, now=now)
    table.put(
        {
            **table.key(partition(form_id, folder, shard), ulid),
            "fields": json.dumps({"message": text}),
            "source": "{}",
            "form_version": 1,
            "read": False,
            "folder": folder,
            **more,
        }
    )
    return ulid


def read_through(form_id, *, shards, limit, folder="inbox"):
    cursor, found = None, []
    while True:
        page = submissions.page(form_id, folder, shards=shards, retention_days=None, limit=limit, cursor=cursor)
        assert len(page.submissions) <= limit
        found += [one.id for one in page.submissions]
        if (cursor := page.next_cursor) is None:
            return found


@pytest.mark.usefixtures("template")
@settings(max_examples=25)
@given(
    sent=st.lists(st.tuples(st.integers(0, 3), st.integers(0, 30)), max_size=25),
    limit=st.integers(1, 10),
)
def test_pages_of_any_size_show_each_submission_once_and_newest_first(sent, limit):
    form_id = ids.short()
    put_ids = [put(form_id, shard=shard, now=1_700_000_000 + second) for shard, second in sent]

    assert read_through(form_id, shards=4, limit=limit) == sorted(put_ids, reverse=True)


@pytest.mark.usefixtures("strict_table")
def test_a_shard_whose_answer_was_cut_off_at_1_mb_hides_nothing():
    form_id = ids.short()
    large = [put(form_id, shard=0, now=1_700_000_000 + n, text="x" * 300_000) for n in range(8)]
    small = [put(form_id, shard=1, now=1_700_000_000 + n) for n in range(8)]

    assert read_through(form_id, shards=2, limit=50) == sorted(large + small, reverse=True)


@pytest.mark.usefixtures("strict_table")
def test_a_page_stops_by_bytes_before_lambda_does():
    form_id = ids.short()
    for shard in range(16):
        put(form_id, shard=shard, text="x" * 250_000)

    page = submissions.page(form_id, "inbox", shards=16, retention_days=None, limit=100)

    assert 1 <= len(page.submissions) <= 4
    assert page.next_cursor


@pytest.mark.usefixtures("strict_table")
def test_a_single_submission_larger_than_a_page_is_still_shown():
    form_id = ids.short()
    large = put(form_id, text="x" * 350_000)

    assert read_through(form_id, shards=1, limit=5) == [large]


@pytest.mark.usefixtures("strict_table")
def test_what_has_expired_is_gone_even_while_the_table_still_holds_it():
    form_id = ids.short()
    old = put(form_id, folder="trash", expires_at=int(time.time()) - 1)
    kept = put(form_id, folder="trash", expires_at=int(time.time()) + 60)

    assert read_through(form_id, shards=1, limit=5, folder="trash") == [kept]
    with pytest.raises(NotFound):
        submissions.get(form_id, old)


@pytest.mark.usefixtures("strict_table")
def test_a_move_takes_the_submission_out_of_one_folder_and_puts_it_into_the_other():
    form_id = ids.short()
    moved = put(form_id, shard=3)

    submissions.update(form_id, moved, folder="trash")

    assert read_through(form_id, shards=4, limit=5) == []
    assert read_through(form_id, shards=4, limit=5, folder="trash") == [moved]
    assert submissions.get(form_id, moved).folder == "trash"


@pytest.mark.usefixtures("strict_table")
def test_the_trash_keeps_30_days_and_a_restored_submission_is_kept_for_good():
    form_id = ids.short()
    moved = put(form_id)

    submissions.update(form_id, moved, folder="trash")
    item = table.get(table.key(partition(form_id, "trash", 0), moved))
    assert item is not None
    assert item["expires_at"] == pytest.approx(time.time() + 30 * 86_400, abs=60)

    submissions.update(form_id, moved, folder="inbox")
    assert "expires_at" not in (table.get(table.key(partition(form_id, "inbox", 0), moved)) or {})


@pytest.mark.usefixtures("strict_table")
def test_a_purge_leaves_no_submission_of_the_form_and_all_of_the_others():
    form_id, other = ids.short(), ids.short()
    for folder in ("inbox", "spam", "archive", "trash"):
        for shard in (0, 15):
            put(form_id, shard=shard, folder=folder)
    kept = put(other)

    assert submissions.purge(form_id, seconds=30)

    assert [read_through(form_id, shards=16, limit=50, folder=folder) for folder in FOLDERS] == [[]] * 4
    assert read_through(other, shards=1, limit=5) == [kept]


@pytest.mark.usefixtures("strict_table")
def test_a_purge_that_runs_out_of_time_says_so_and_goes_on_the_next_time():
    form_id = ids.short()
    for _ in range(120):
        put(form_id)

    assert not submissions.purge(form_id, seconds=0)
    while not submissions.purge(form_id, seconds=0):
        pass

    assert read_through(form_id, shards=1, limit=50) == []


@pytest.mark.usefixtures("strict_table")
def test_a_cursor_of_one_folder_does_not_open_another():
    form_id = ids.short()
    for _ in range(3):
        put(form_id)
    cursor = submissions.page(form_id, "inbox", shards=1, retention_days=None, limit=1).next_cursor

    with pytest.raises(Invalid):
        submissions.page(form_id, "trash", shards=1, retention_days=None, limit=1, cursor=cursor)
