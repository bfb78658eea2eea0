"""Searching: what fits and what doesn't, each fit once, and the same bounded number of reads however much there is."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pillarbox import forms, ids, searching, table
from pillarbox.errors import Invalid
from pillarbox.fields import Field
from pillarbox.places import partition

SINCE = 1_700_000_000  # 14 November 2023, 22:13:20 UTC
MADE = datetime.fromtimestamp(SINCE, UTC)


def form_of(shards=1, **definition):
    made = {"id": ids.short(), "created_at": MADE, "updated_at": MADE, "version": 1, "shards": shards}
    return forms.Form(name="Contact", **made, **definition)


def item(form, n, fields, *, shard=0, **more):
    ulid = ids.ulid(shard=shard, now=SINCE + n)
    said = {"fields": json.dumps(fields, ensure_ascii=False), "source": "{}", "form_version": 1, "read": False}
    return table.key(partition(form.id, "inbox", shard), ulid) | said | {"folder": "inbox"} | more


def put(form, n, fields, **more):
    table.put(made := item(form, n, fields, **more))
    return made["sk"]


def found(form, limit=50, cursor=None, **asked):
    return searching.page(form, "inbox", searching.sought(**asked), limit=limit, cursor=cursor)


def read_through(form, limit=50, **asked):
    cursor, seen = None, []
    while True:
        page = found(form, limit, cursor, **asked)
        assert len(page.submissions) <= limit
        assert (page.searched_to is None) == (page.next_cursor is None)
        seen += [one.id for one in page.submissions]
        if (cursor := page.next_cursor) is None:
            return seen


@pytest.fixture
def queries(strict_table, monkeypatch):
    """What was asked of the table."""
    asked, query = [], strict_table.query

    def counted(**what):
        asked.append(what)
        return query(**what)

    monkeypatch.setattr(strict_table, "query", counted)
    return asked


FIELDS = {
    "name": "Zoë Ångström",
    "message": 'Die STRASSE ist gesperrt.\nPlease "call" me',
    "price": 1499.5,
    "seats": 3,
    "newsletter": True,
    "nothing": None,
    "address": {"city": "Kraków", "tags": ["ﬁne", {"deep": "treasure"}]},
    "plan": "l",
}


@pytest.mark.usefixtures("strict_table")
@pytest.mark.parametrize(
    ("asked", "fits"),
    [
        ({"q": "zoe"}, True),
        ({"q": "ZOË angstrom"}, True),
        ({"q": "straße"}, True),
        ({"q": "treasure fine"}, True),
        ({"q": "krakow  zoe\tcall"}, True),
        ({"q": '"call"'}, True),
        ({"q": "1499.5"}, True),
        ({"q": "vip"}, True),
        ({"q": "ring back"}, True),
        ({"q": "large"}, True),
        ({"q": "zoe nobody"}, False),
        ({"q": "message"}, False),
        ({"q": "\\n"}, False),
        ({"q": "true"}, False),
        ({"read": False}, True),
        ({"read": True}, False),
        ({"tag": "vip"}, True),
        ({"tag": "vi"}, False),
        ({"field": "seats", "value": "3"}, True),
        ({"field": "seats", "value": "3.0"}, True),
        ({"field": "seats", "value": "4"}, False),
        ({"field": "seats", "value": "sNaN"}, False),
        ({"field": "price", "value": "1499.50"}, True),
        ({"field": "name", "value": "ang"}, True),
        ({"field": "name"}, True),
        ({"field": "nothing"}, False),
        ({"field": "missing"}, False),
        ({"field": "newsletter", "value": "Yes"}, True),
        ({"field": "newsletter", "value": "no"}, False),
        ({"field": "address.city", "value": "krakow"}, True),
        ({"field": "address.tags", "value": "fine"}, True),
        ({"field": "plan", "value": "large"}, True),
        ({"field": "plan", "value": "small"}, False),
        ({"q": "zoe", "read": True}, False),
    ],
)
def test_finds_what_all_of_it_holds_for(asked, fits):
    options = [{"value": "s", "label": "Small"}, {"value": "l", "label": "Large"}]
    form = form_of(fields=[Field.model_validate({"name": "plan", "type": "choice", "options": options})])
    one = put(form, 0, FIELDS, tags=["VIP"], note="Ring her back")

    assert [each.id for each in found(form, **asked).submissions] == ([one] if fits else [])


@pytest.mark.usefixtures("template")
@settings(max_examples=20)
@given(
    sent=st.lists(st.tuples(st.integers(0, 3), st.integers(0, 30), st.booleans()), max_size=25), limit=st.integers(1, 9)
)
def test_pages_of_any_size_show_each_that_fits_once_and_newest_first(sent, limit):
    form = form_of(shards=4)
    made = [(put(form, n, {"m": "yes" if fits else "no"}, shard=shard), fits) for shard, n, fits in sent]

    assert read_through(form, limit, q="yes") == sorted((one for one, fits in made if fits), reverse=True)


@pytest.mark.usefixtures("strict_table")
def test_dates_are_bounds_of_the_keys_to_the_millisecond():
    form = form_of()
    made = [put(form, n, {"n": n}) for n in range(5)]
    at = [datetime.fromtimestamp(SINCE + n, UTC) for n in range(6)]

    assert read_through(form, after=at[1], before=at[3]) == made[2:0:-1]
    assert read_through(form, 1, after=at[1], before=at[3]) == made[2:0:-1]
    assert read_through(form, after=at[3]) == made[:2:-1]
    assert read_through(form, before=at[2]) == made[1::-1]
    assert read_through(form, after=at[3], before=at[2]) == []
    assert (
        read_through(form, after=datetime(1, 1, 1, tzinfo=UTC), before=datetime(9999, 1, 1, tzinfo=UTC)) == made[::-1]
    )


@pytest.mark.parametrize("shards", [1, 2, 4, 16])
@pytest.mark.parametrize("asked", [{"q": "nowhere"}, {"field": "n", "value": "x"}, {"tag": "none"}, {"read": True}])
def test_a_page_costs_the_same_number_of_reads_however_much_there_is(queries, monkeypatch, shards, asked):
    form, other = form_of(shards=shards), form_of(shards=shards)
    monkeypatch.setattr(searching, "MOST_ITEMS", 80)
    for n in range(100):
        put(form, n, {"n": n}, shard=n % shards)
    for n in range(600):
        put(other, n, {"n": n}, shard=n % shards)

    few, bound = found(form, **asked), len(queries)
    queries.clear()
    many = found(other, **asked)

    assert len(queries) == bound <= searching.MOST_QUERIES
    assert sum(asked["Limit"] for asked in queries) <= 80
    assert many.submissions == few.submissions == []
    assert few.searched_to
    assert many.searched_to
    assert many.searched_to > MADE


def test_what_is_outside_the_dates_is_not_read(queries):
    form = form_of()
    for n in range(50):
        put(form, n, {"n": n})

    asked = {"q": "nowhere", "after": datetime.fromtimestamp(SINCE + 40, UTC)}
    assert found(form, **asked).searched_to is None

    assert len(queries) == 1


@pytest.mark.usefixtures("strict_table")
def test_says_how_far_it_looked_and_goes_on_from_there(monkeypatch):
    monkeypatch.setattr(searching, "MOST_ITEMS", 40)
    form = form_of()
    oldest = put(form, 0, {"m": "needle"})
    for n in range(1, 100):
        put(form, n, {"m": "hay"})

    first = found(form, q="needle")
    assert first.submissions == []
    assert first.searched_to == datetime.fromtimestamp(SINCE + 60, UTC)
    assert read_through(form, q="needle") == [oldest]


@pytest.mark.usefixtures("strict_table")
def test_no_round_begins_once_much_was_read(queries):
    form = form_of(shards=4)
    for n in range(40):
        put(form, n, {"m": "x" * 390_000}, shard=n % 4)

    assert found(form, q="y").searched_to

    assert 0 < len(queries) < searching.MOST_ROUNDS * form.shards
    assert read_through(form, q="y") == []


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"q": "x" * 201}, "q"),
        ({"q": "a " * 11}, "q"),
        ({"value": "x"}, "value"),
        ({"tag": "x" * 41}, "tag"),
        ({"after": "yesterday"}, "after"),
    ],
)
def test_refuses_what_is_no_search(asked, field):
    with pytest.raises(Invalid) as refused:
        searching.sought(**asked)

    assert [error["field"] for error in refused.value.errors] == [field]
