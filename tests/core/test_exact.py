from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pillarbox import exact

characters = st.characters(exclude_categories=["Cs"])
scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.decimals(allow_nan=False, allow_infinity=False),
    st.text(characters),
)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner) | st.dictionaries(st.text(characters), inner),
    max_leaves=30,
)


@given(values)
def test_what_is_written_is_read_back_as_it_was(value):
    assert exact.loads(exact.dumps(value)) == value


@pytest.mark.parametrize(
    "text",
    [
        '{"z":1,"a":2,"m":3}',
        '{"price":19.90,"long":0.1000000000000000055511151231257827,"big":123456789012345678901234567890}',
        '{"nested":{"list":[1,[2,{"three":null}],[]],"empty":{}}}',
        '["é","日本","😀","\\u0001","\\"\\\\"]',
        "[true,false,null,-0.0]",
    ],
)
def test_order_nesting_and_digits_stay(text):
    assert exact.dumps(exact.loads(text)) == text


def test_a_number_with_an_exponent_keeps_its_value():
    assert exact.loads("[1e5, 1.50E-3]") == [Decimal("1e5"), Decimal("0.00150")]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[NaN]", "NaN isn't a number that JSON knows."),
        ("[-Infinity]", "-Infinity isn't a number that JSON knows."),
        ('{"a":1,"b":2,"a":3}', "The JSON gives “a” twice in one object."),
        ('["\\ud800"]', "The JSON holds half a character (an unpaired surrogate)."),
        ('{"\\udc00":1}', "The JSON holds half a character (an unpaired surrogate)."),
        ("[" * 33 + "]" * 33, "The JSON is nested deeper than 32 levels."),
        ("[" * 1000 + "]" * 1000, "The JSON is nested deeper than 32 levels."),
        ("[" * 2_000_000, "The JSON is nested deeper than 32 levels."),
        ('{"a":' * 100_000, "The JSON is nested deeper than 32 levels."),
        ("9" * 4301, "The JSON holds a number that is too long."),
        ("[1e9999999999999999999]", "The JSON holds a number that is too long."),
        ('{"a":1', "The JSON can't be read at line 1, column 7: Expecting ',' delimiter."),
        ("", "The JSON can't be read at line 1, column 1: Expecting value."),
    ],
    ids=lambda text: f"{text[:20]}x{len(text)}",
)
def test_what_would_be_lost_or_would_hurt_is_refused_with_a_sentence(text, sentence):
    with pytest.raises(ValueError, match="JSON") as refused:
        exact.loads(text)
    assert str(refused.value) == sentence


def test_32_levels_pass():
    text = "[" * 32 + "]" * 32
    assert exact.dumps(exact.loads(text)) == text


def test_an_integer_of_4300_digits_passes():
    assert exact.dumps(exact.loads("9" * 4300)) == "9" * 4300


def test_a_float_is_written_as_json_would():
    assert exact.dumps({"score": 2.5}) == '{"score":2.5}'


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_a_float_that_is_no_number_is_not_written(value):
    with pytest.raises(ValueError, match="not JSON compliant"):
        exact.dumps(value)


def test_what_is_not_json_is_not_written():
    with pytest.raises(TypeError, match="set isn't JSON"):
        exact.dumps({1})


@given(st.dictionaries(st.text(), st.one_of(st.text(), st.integers(), st.booleans(), st.none())))
def test_a_flat_object_is_written_as_one_with_something_nested_is(flat):
    assert exact.dumps([flat]) == f"[{exact.dumps(flat)}]"
