"""What an owner may declare of a form's fields, and what is made of it."""

import json
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from pillarbox import fields, rules, validation

FIELDS = TypeAdapter(fields.Fields)
OPTIONS = [{"value": "red"}, {"value": "blue", "label": "Sky"}]


def made(*definitions):
    return FIELDS.validate_python(list(definitions))


def one(**definition):
    return made({"name": "it", "type": "text"} | definition)[0]


def refusals(*definitions):
    """Return where and why, as the API says it."""
    with pytest.raises(ValidationError) as refusal:
        made(*definitions)
    return {error["field"]: error["message"] for error in validation.errors(refusal.value.errors())}


def refusal(**definition):
    [(place, sentence)] = refusals({"name": "it", "type": "text"} | definition).items()
    return place, sentence


def test_a_name_and_a_type_make_a_field():
    assert one().model_dump() == {
        "name": "it", "label": "It", "type": "text", "required": False, "help": None, "default": None,
        "min": None, "max": None, "min_length": None, "max_length": None, "pattern": None,
        "options": None, "show_if": None, "starts_page": None,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("first_name", "First name"),
        ("firstName", "First name"),
        ("first-name", "First name"),
        ("e-mail", "E-mail"),
        ("t-shirt size", "T-shirt size"),
        ("URL", "URL"),
        ("homeURL", "Home URL"),
        ("address[street]", "Address street"),
        ("größe", "Größe"),
        ("2nd", "2nd"),
        ("___", "___"),
    ],
)
@pytest.mark.parametrize("given", [{}, {"label": ""}, {"label": None}])
def test_a_label_is_made_from_the_name_when_there_is_none(name, label, given):
    assert one(name=name, **given).label == label


def test_an_option_s_label_is_its_value_when_there_is_none():
    assert [option.label for option in one(type="choice", options=OPTIONS).options] == ["red", "Sky"]


def test_spaces_around_texts_go_but_those_of_a_pattern_stay():
    field = one(name=" it ", label=" A label ", pattern="a ")

    assert (field.name, field.label, field.pattern) == ("it", "A label", "a ")


@pytest.mark.parametrize(
    ("definition", "place", "sentence"),
    [
        ({"name": ""}, "name", "can't be empty"),
        ({"name": "a" * 101}, "name", "At most 100"),
        ({"name": "a\nb"}, "name", "line breaks"),
        ({"name": "_gotcha"}, "name", "_gotcha tells Pillarbox what to do"),
        ({"name": "_email.from"}, "name", "another name"),
        ({"label": "a" * 201}, "label", "At most 200"),
        ({"label": "a\r\nb"}, "label", "line breaks"),
        ({"help": "a" * 1001}, "help", "At most 1000"),
        ({"help": "a\0"}, "help", "NUL"),
        ({"default": "\ud800"}, "default", "halves"),
        ({"type": "file"}, "type", "text"),
        ({"required": "perhaps"}, "required", "true or false"),
        ({"placeholder": "x"}, "placeholder", "no such property"),
        ({"min": 1}, "min", "Only number, integer, date and time"),
        ({"type": "choice", "options": OPTIONS, "max": 1}, "max", "Only number, integer, date and time"),
        ({"type": "integer", "min": 0.5}, "min", "min must be a whole number"),
        ({"type": "number", "min": "5"}, "min", "min must be a number"),
        ({"type": "number", "max": True}, "max", "max must be a number"),
        ({"type": "number", "max": float("inf")}, "max", "must be text, a number"),
        ({"type": "number", "min": 2, "max": 1}, "max", "max must be at least 2"),
        ({"type": "number", "min": [1]}, "min", "must be text, a number"),
        ({"type": "date", "min": "1.1.2026"}, "min", "min must be a date"),
        ({"type": "date", "min": 2026}, "min", "min must be a date"),
        ({"type": "date", "min": ""}, "min", "min is required"),
        ({"type": "date", "min": "2026-01-02", "max": "2026-01-01"}, "max", "max must be 2026-01-02 or later"),
        ({"type": "time", "min": "17:00", "max": "09:00"}, "max", "max must be 17:00 or later"),
        ({"type": "integer", "min_length": 1}, "min_length", "Only text, long_text"),
        ({"type": "date", "max_length": 1}, "max_length", "Only text, long_text"),
        ({"min_length": 3, "max_length": 2}, "max_length", "max_length must be at least min_length"),
        ({"min_length": -1}, "min_length", "At least 0"),
        ({"max_length": 0}, "max_length", "At least 1"),
        ({"max_length": 65537}, "max_length", "At most 65536"),
        ({"type": "long_text", "pattern": "a"}, "pattern", "Only text, hidden, email, url and phone"),
        ({"type": "integer", "pattern": "a"}, "pattern", "Only text, hidden, email, url and phone"),
        ({"pattern": ""}, "pattern", "can't be empty"),
        ({"pattern": "(a"}, "pattern", "never closed"),
        ({"pattern": "a", "max_length": 1001}, "pattern", "at most 1,000 characters"),
        ({"pattern": "a", "min_length": 1001}, "pattern", "at most 1,000 characters"),
        ({"type": "choice"}, "options", "needs options"),
        ({"type": "choices", "options": []}, "options", "needs options"),
        ({"options": OPTIONS}, "options", "Only choice and choices"),
        ({"type": "choice", "options": [*OPTIONS, {"value": " red"}]}, "options", "same value"),
        ({"type": "choice", "options": [{"value": " "}]}, "options.0.value", "can't be empty"),
        ({"type": "choice", "options": [{"value": "a" * 201}]}, "options.0.value", "At most 200"),
        ({"type": "choice", "options": [{"value": "a\nb"}]}, "options.0.value", "line breaks"),
        ({"type": "choice", "options": [{"value": str(n)} for n in range(501)]}, "options", "At most 500"),
        ({"type": "integer", "default": "five"}, "", "It must be a whole number"),
        ({"type": "integer", "default": 5, "min": 6}, "", "It must be at least 6"),
        ({"type": "choice", "options": OPTIONS, "default": "green"}, "", "It must be one of its options"),
        ({"type": "choices", "options": OPTIONS, "default": ["red", "green"]}, "", "It must be some of its options"),
        ({"default": "abc", "max_length": 2}, "", "It must have at most 2"),
        ({"default": "abc", "pattern": "[0-9]+"}, "", "the form asked for"),
        ({"default": ["a"]}, "", "It must be text"),
        ({"default": {"a": 1}}, "default", "must be text, a number"),
        ({"type": "consent", "default": True}, "", "Nobody can consent in advance"),
    ],
)  # fmt: skip
def test_a_definition_that_makes_no_sense_is_refused_where_it_does_not(definition, place, sentence):
    where, why = refusal(**definition)

    assert where == f"0.{place}".rstrip(".")
    assert sentence in why


def test_bounds_that_just_hold_are_taken():
    long = one(name="a" * 100, label="b" * 200, help="c" * 1000, min_length=65536, max_length=65536)
    assert (len(long.name), len(long.label), len(long.help), long.min_length) == (100, 200, 1000, 65536)
    exact = one(type="number", min=1, max=1)
    assert exact.min == exact.max == 1
    assert len(one(type="choice", options=[{"value": str(n)} for n in range(500)], default="499").options) == 500
    assert one(pattern="a", max_length=1000).max_length == 1000
    assert len(made(*({"name": str(n), "type": "text"} for n in range(200)))) == 200


def test_all_that_is_wrong_with_a_field_is_said_at_once():
    assert set(refusals({"name": "_next", "type": "choice", "min": 1, "min_length": 1, "x": 1})) == {
        "0.name", "0.min", "0.min_length", "0.options", "0.x"
    }  # fmt: skip


def test_a_form_has_at_most_two_hundred_fields_with_names_of_their_own():
    assert "At most 200" in refusals(*({"name": str(n), "type": "text"} for n in range(201)))[""]
    assert "Two fields are named a" in refusals({"name": "a", "type": "text"}, {"name": "a", "type": "email"})[""]


def test_fields_that_would_not_fit_the_form_s_item_are_refused():
    large = [{"name": str(n), "type": "text", "help": "h" * 1000} for n in range(100)]

    assert "at most 100,000 bytes" in refusals(*large)[""]
    assert made(*large[:90])


def test_patterns_that_are_too_much_together_are_refused():
    large = [{"name": str(n), "type": "text", "pattern": "a{299}"} for n in range(11)]

    assert "too large together" in refusals(*large)[""]
    assert made(*large[:10])


@pytest.mark.parametrize(
    ("show_if", "sentence"),
    [
        ({"field": "later", "equals": "x"}, "can only wait for a field that stands before it"),
        ({"field": "it", "equals": "x"}, "can only wait for a field that stands before it"),
        ({"field": "colour", "equals": "green"}, "it waits for a value that colour can't have: Colour must be some"),
        ({"field": "colour", "equals": ""}, "Colour is required"),
        ({"field": "age", "equals": 17}, "Age must be at least 18"),
        ({"field": "news", "equals": "perhaps"}, "News must be ticked or not"),
    ],
)  # fmt: skip
def test_show_if_waits_for_an_earlier_field_and_a_value_it_can_have(show_if, sentence):
    before = [
        {"name": "colour", "type": "choices", "options": OPTIONS},
        {"name": "age", "type": "integer", "min": 18},
        {"name": "news", "type": "checkbox"},
    ]

    assert (
        sentence
        in refusals(*before, {"name": "it", "type": "text", "show_if": show_if}, {"name": "later", "type": "text"})[""]
    )


@pytest.mark.parametrize(
    ("other", "equals", "typed"),
    [
        ({"type": "checkbox", "required": True}, "no", False),
        ({"type": "consent"}, "on", True),
        ({"type": "integer"}, "05", 5),
        ({"type": "number"}, Decimal("0.5"), 0.5),
        ({"type": "choices", "options": OPTIONS}, "red", "red"),
        ({"type": "email"}, "ada@EXAMPLE.com", "ada@example.com"),
    ],
)
def test_show_if_keeps_the_typed_value(other, equals, typed):
    _, field = made(
        {"name": "other"} | other, {"name": "it", "type": "text", "show_if": {"field": "other", "equals": equals}}
    )

    assert (field.show_if.equals, type(field.show_if.equals)) == (typed, type(typed))


@pytest.mark.parametrize(
    ("definition", "default"),
    [
        ({"type": "integer", "default": "5"}, 5),
        ({"type": "number", "default": "0.5"}, 0.5),
        ({"type": "number", "default": Decimal("0.5")}, 0.5),
        ({"type": "number", "default": Decimal(7)}, 7),
        ({"type": "checkbox", "default": "yes"}, True),
        ({"type": "choices", "options": OPTIONS, "default": "red"}, ["red"]),
        ({"type": "email", "default": "ada@EXAMPLE.com"}, "ada@example.com"),
        ({"type": "text", "default": ""}, None),
        ({"type": "choices", "options": OPTIONS, "default": []}, None),
    ],
)
def test_a_default_is_kept_typed(definition, default):
    assert (one(**definition).default, type(one(**definition).default)) == (default, type(default))


def test_a_pattern_brings_the_length_up_to_which_it_is_read():
    assert one(pattern="a+").max_length == 1000
    assert one(pattern="a+", max_length=10).max_length == 10


def test_the_rules_hold_no_more_than_the_submit_path_needs():
    compiled = fields.compile_rules(
        made(
            {"name": "a", "type": "text", "help": "Not needed."},
            {"name": "b", "type": "text", "required": True, "pattern": "a+", "help": "As"},
            {"name": "c", "type": "choice", "options": OPTIONS, "show_if": {"field": "a", "equals": "x"}},
        ),
        strict=True,
    )

    assert compiled == {
        "fields": [
            {"name": "a", "label": "A", "type": "text"},
            {"name": "b", "label": "B", "type": "text", "help": "As", "max_length": 1000,
             "pattern": "a+", "required": True},
            {"name": "c", "label": "C", "type": "choice", "options": ["red", "blue"], "show_if": ["a", "x"]},
        ],
        "strict": True,
    }  # fmt: skip


def test_a_form_without_fields_has_no_rules():
    assert fields.compile_rules([], strict=True) == {}


NUMBER = st.integers(-1000, 1000) | st.floats(-1000, 1000)
DEFINITIONS = st.fixed_dictionaries(
    {"name": st.text(min_size=1, max_size=10), "type": st.sampled_from(list(rules.WRONG))},
    optional={
        "label": st.text(max_size=5),
        "required": st.booleans(),
        "default": NUMBER | st.text(max_size=5) | st.booleans() | st.just(["red"]),
        "min": NUMBER | st.dates().map(str) | st.text(max_size=3),
        "max": NUMBER | st.dates().map(str),
        "min_length": st.integers(-1, 10),
        "max_length": st.integers(0, 10),
        "pattern": st.text("ab[]+*(){}1,", max_size=5),
        "options": st.just(OPTIONS),
        "show_if": st.just({"field": "a", "equals": "x"}),
    },
)


@settings(max_examples=1000)
@given(st.lists(DEFINITIONS, max_size=3))
def test_what_is_taken_survives_being_stored_and_read_and_takes_its_own_defaults(definitions):
    try:
        taken = made(*definitions)
    except ValidationError:
        return
    stored = json.loads(json.dumps([field.model_dump(mode="json") for field in taken]))
    compiled = fields.compile_rules(taken, strict=False)

    assert made(*stored) == taken
    assert json.loads(json.dumps(compiled)) == compiled
    assert not [error for error in rules.check(compiled, {})[1] if error["code"] != "REQUIRED_FIELD_MISSING"]
