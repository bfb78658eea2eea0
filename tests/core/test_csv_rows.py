"""CSV for spreadsheets: whatever was sent comes back out of it, and nothing of it is calculated."""

import csv
import io
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pillarbox.csv_rows import FORMULAS, MOST, OURS, Columns, cell, inert

TEXTS = st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\0"))


def record(**fields):
    ours = dict.fromkeys(OURS, "") | {"tags": [], "read": True}
    return ours | {"spam": {"score": 0.5}, "fields": fields}


def read(columns, *records):
    for one in records:
        columns.note(one["fields"])
    lines = "".join(columns.rows(records))
    return list(csv.reader(io.StringIO(lines.removeprefix("\ufeff"), newline="")))


@given(st.dictionaries(TEXTS, TEXTS, max_size=5), st.dictionaries(TEXTS, TEXTS, max_size=5))
def test_every_row_has_every_column_and_all_text_comes_back(one, other):
    heads, *rows = read(Columns([]), record(**one), record(**other))

    names = list(dict.fromkeys([*one, *other]))
    assert heads[len(OURS) :] == [inert(name) for name in names]
    for fields, row in zip((one, other), rows, strict=True):
        assert row[len(OURS) :] == [inert(fields.get(name, "")) for name in names]


@given(st.sampled_from([*FORMULAS, " =", "\t=", "\r\n@", "\u00a0+"]), TEXTS)
def test_no_text_begins_a_formula(begins, rest):
    assert cell(begins + rest) == f"'{begins}{rest}"
    assert cell([begins + rest, "more"]).startswith("'")


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (None, ""),
        (True, "true"),
        (-5, "-5"),
        (Decimal("-1.10"), "-1.10"),
        ("Hello = goodbye", "Hello = goodbye"),
        (["red", "blue"], "red; blue"),
        ([], ""),
        ([1, "a"], '[1,"a"]'),
        ({"deep": [Decimal("1.0")]}, '{"deep":[1.0]}'),
    ],
)
def test_a_value_is_written_as_what_it_is(value, written):
    assert cell(value) == written


def test_declared_fields_come_first_and_what_is_past_the_bound_in_one_last_column():
    many = {f"made-up {n}": n for n in range(MOST + 2)}

    heads, first, second = read(Columns(["email"]), record(**many), record(email="ada@example.com"))

    assert heads[len(OURS) :] == ["email", *list(many)[: MOST - 1], "others"]
    assert first[-1] == '{"made-up 499":499,"made-up 500":500,"made-up 501":501}'
    assert (second[len(OURS)], second[-1]) == ("ada@example.com", "")
