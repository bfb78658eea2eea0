import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pillarbox import ids


@given(shard=st.integers(0, ids.MAX_SHARDS - 1), now=st.floats(0, 2**47 / 1000))
def test_a_ulid_tells_its_shard_and_its_time_to_the_millisecond(shard, now):
    ulid = ids.ulid(shard=shard, now=now)

    assert ids.is_ulid(ulid)
    assert ids.shard_of(ulid) == shard
    assert ids.time_of(ulid) == round(now * 1000) / 1000


@given(st.lists(st.integers(0, 2**47), min_size=2, max_size=50))
def test_ulids_sort_as_their_times_do(moments):
    ulids = [ids.ulid(now=moment / 1000) for moment in moments]

    assert [ids.time_of(ulid) for ulid in sorted(ulids)] == [moment / 1000 for moment in sorted(moments)]


def test_a_ulid_without_a_time_is_of_now():
    before = time.time()

    assert before - 0.001 <= ids.time_of(ids.ulid()) <= time.time() + 0.001


@pytest.mark.parametrize("text", ["", "01", "8" + "0" * 25, "0" * 25 + "U", "0" * 27, "0" * 25 + "a", "\x00" * 26])
def test_what_is_no_ulid_is_told_from_one(text):
    assert not ids.is_ulid(text)


def test_ids_and_secrets_do_not_repeat():
    assert len({ids.short() for _ in range(10_000)}) == 10_000
    assert len({ids.secret() for _ in range(10_000)}) == 10_000


def test_short_ids_are_12_unambiguous_lower_case_characters():
    found = {character for _ in range(2_000) for character in ids.short()}

    assert found == set(ids.CROCKFORD.lower())
    assert not found & set("ilou")
    assert {len(ids.short()) for _ in range(100)} == {12}
