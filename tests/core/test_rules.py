"""What visitors send, held against a form's rules."""

import json
import subprocess
import sys
from datetime import date, time
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Literal

import pytest
from annotated_types import Interval
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import StringConstraints, TypeAdapter, ValidationError

from pillarbox import fields, rules

CORE = Path(rules.__file__).parent.parent
DEFINITIONS = TypeAdapter(fields.Fields)


def compiled(*definitions, strict=False):
    """Return rules as the submit path gets them: through JSON."""
    made = fields.compile_rules(DEFINITIONS.validate_python(list(definitions)), strict=strict)
    return json.loads(json.dumps(made))


def field(kind, **more):
    options = [{"value": "red"}, {"value": "sky blue", "label": "Sky"}] if kind in ("choice", "choices") else None
    return {"name": "it", "label": "It", "type": kind, "options": options} | more


def check(definition, value):
    return rules.check(compiled(definition), {"it": value})


def accepted(definition, value):
    values, errors = check(definition, value)
    assert not errors
    return values["it"]


def refused(definition, value):
    """Return the codes and the sentences."""
    return [(error["code"], error["message"]) for error in check(definition, value)[1]]


@pytest.mark.parametrize(
    ("kind", "sent", "value"),
    [
        ("text", "  Ada ", "Ada"),
        ("text", "two\r\nlines\rthree", "two\nlines\nthree"),
        ("long_text", "\r\n  Dear all,\r\n\r\n  hello.\r\n", "Dear all,\n\n  hello."),
        ("hidden", "campaign-7", "campaign-7"),
        ("text", "Zoë 🎉", "Zoë 🎉"),
        ("email", "Ada.Lovelace@EXAMPLE.com", "Ada.Lovelace@example.com"),
        ("email", "o'hara+list@mail.example.co.uk", "o'hara+list@mail.example.co.uk"),
        ("email", "zoe\u0308@bu\u0308cher.example", "zoë@bücher.example"),
        ("email", "ada@XN--BCHER-KVA.example", "ada@bücher.example"),
        ("email", "ada@xn--ls8h.la", "ada@xn--ls8h.la"),  # an emoji: no letter
        ("email", "ada@xn--999999999.example", "ada@xn--999999999.example"),
        ("email", "अ@उदाहरण.भारत", "अ@उदाहरण.भारत"),
        ("email", f"{'a' * 64}@example.com", f"{'a' * 64}@example.com"),
        ("email", f"aa@{'bbbbbbb.' * 31}com", f"aa@{'bbbbbbb.' * 31}com"),
        ("url", "HTTPS://Example.COM/Path?Q=1#F", "https://example.com/Path?Q=1#F"),
        ("url", "http://localhost:3000", "http://localhost:3000"),
        ("url", "example.com", "https://example.com"),
        ("url", "www.example.com/?next=http://other.example", "https://www.example.com/?next=http://other.example"),
        ("url", "example.com:8080/x", "https://example.com:8080/x"),
        ("url", "http://192.0.2.1/", "http://192.0.2.1/"),
        ("url", "http://[2001:DB8::1]:8080/", "http://[2001:db8::1]:8080/"),
        ("url", "https://Bücher.example/straße", "https://bücher.example/straße"),
        ("phone", "+44 (0)20 7946-0958", "+442079460958"),
        ("phone", "(+49) 30 / 901 820", "+4930901820"),
        ("phone", "020 7946 0958", "02079460958"),
        ("phone", "٠٢٠ ٧٩٤٦ ٠٩٥٨", "02079460958"),
        ("phone", "12345", "12345"),
        ("phone", "+123456789012345", "+123456789012345"),
        ("number", "0.1", Decimal("0.1")),
        ("number", "-1.50", Decimal("-1.50")),
        ("number", "12345678901234567890.123456789", Decimal("12345678901234567890.123456789")),
        ("number", "1e3", Decimal("1e3")),
        ("number", "+7", 7),
        ("number", 7, 7),
        ("number", Decimal("0.10"), Decimal("0.10")),
        ("number", 0, 0),
        ("integer", "042", 42),
        ("integer", "5.0", 5),
        ("integer", "5e3", 5000),
        ("integer", Decimal("5.0"), 5),
        ("integer", "٤٢", 42),
        ("integer", "-0", 0),
        ("date", "2024-02-29", "2024-02-29"),
        ("time", "09:30", "09:30"),
        ("time", "23:59:59", "23:59:59"),
        ("choice", "sky blue ", "sky blue"),
        ("choices", "red", ["red"]),
        ("choices", ["sky blue", "red", "sky blue", ""], ["sky blue", "red"]),
        *((kind, sent, True) for kind in ("checkbox", "consent") for sent in ("on", "TRUE", "1", "yes", True)),
        *((kind, sent, False) for kind in ("checkbox", "consent") for sent in ("", "false", "0", "off", "no", False)),
    ],
)
def test_a_value_is_stored_typed_and_in_its_normal_form(kind, sent, value):
    found = accepted(field(kind), sent)

    assert (found, type(found)) == (value, type(value))
    assert str(found) == str(value)  # 1.50 keeps its nought
    assert accepted(field(kind), found) == found


REFUSED = [
    ("text long_text hidden", "TYPE_TEXT", [5, True, {}, ["a"], "a\0b"]),
    (
        "email",
        "TYPE_EMAIL",
        [
            "ada", "@example.com", "ada@", "ada@example", "ada@@example.com", "ada lovelace@example.com",
            "a..b@example.com", ".a@example.com", "a.@example.com", "ada@-example.com", "ada@example-.com",
            "ada@exam_ple.com", "ada@example..com", "ada@192.0.2.1", "ada@example.com\nbcc: all@example.com",
            '"ada"@example.com', "Ada <ada@example.com>", "ada@example.com, bob@example.com",
            f"{'a' * 65}@example.com", f"a@{'b' * 64}.com", f"aaa@{'bbbbbbb.' * 31}com", "ada@exa\u2028mple.com",
            "ada@xn--abc-.com", "ada@exam\u3002ple", "\ud800@example.com", "ada@\ud800.com", ["a@b.co"], 5, True, {},
        ],
    ),
    (
        "url",
        "TYPE_URL",
        [
            "ftp://example.com", "javascript:alert(1)", "mailto:ada@example.com", "//example.com", "https://",
            "https:///x", "word", "https://exa mple.com", "https://example.com/a b",
            "https://example.com\\@evil.example", "data:text/html,<b>", "https://ada:pw@example.com",
            "https://example.com:0", "https://example.com:65536", "https://example.com:x", "https://256.1.1.1",
            "https://1.2.3", "https://[::1", "https://[::1]x", "https://[nonsense]", "https://exa\tmple.com",
            "https://example.com/\ud800", f"https://example.com/{'a' * 2048}", ["https://a.example"], 5, {},
        ],
    ),
    (
        "phone",
        "TYPE_PHONE",
        [
            "1234", "1234567890123456", "+0201234567", "12+34567", "call me", "555-CALL-NOW", "++4412345", "+",
            "12345\n6", 123456, ["12345"],
        ],
    ),
    (
        "number integer",
        "TYPE_NUMERIC",
        [
            "five", "1,5", "1 000", "1_000", "NaN", "Infinity", "-inf", "0x10", "--5", "+", ".", "e5", "1e", "1e309",
            "1e-309", "²", "1e99999999999999999999", "9" * 101, 10**309, Decimal("1e400"), float("nan"), float("inf"),
            True, {}, ["5"], [5],
        ],
    ),
    ("integer", "TYPE_NUMERIC", ["5.5", Decimal("0.1")]),
    (
        "date",
        "TYPE_DATE",
        [
            "2026-02-29", "2026-13-01", "21.11.2026", "20261121", "2026-W47-6", "2026-11-21T09:30", "٢٠٢٦-11-21",
            20261121,
            ["2026-11-21"],
        ],
    ),
    ("time", "TYPE_TIME", ["24:00", "09:60", "9:30", "09:30:60", "09:30:00.5", "0930", "09:30Z", "٠٩:30", 930,
    ["09:30"]]),
    ("choice", "NOT_AN_OPTION", ["green", "Red", "Sky", 5, True, {}, ["red"], ["red", "red"]]),
    ("choices", "NOT_AN_OPTION", ["green", ["red", "green"], [5], 5, True, {}, [["red"]]]),
    ("checkbox consent", "TYPE_TEXT", ["maybe", 1, 0, ["on"], {}]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "code", "sent"),
    [
        pytest.param(kind, code, sent, id=f"{kind} {ascii(sent)[:50]}")
        for kinds, code, values in REFUSED
        for kind in kinds.split()
        for sent in values
    ],
)
def test_a_value_that_is_none_of_its_type_is_refused_with_the_type_s_code(kind, code, sent):
    values, errors = check(field(kind), sent)

    assert "it" not in values
    assert [(error["code"], error["field"]) for error in errors] == [(code, "it")]
    assert errors[0]["message"].startswith("It must be ")


@pytest.mark.parametrize(
    ("definition", "fits", "code", "crossed", "sentence"),
    [
        (field("integer", min=18), 18, "TOO_SMALL", 17, "It must be at least 18."),
        (field("integer", max=99), "99", "TOO_LARGE", "100", "It must be at most 99."),
        (field("number", min=0.1), "0.1", "TOO_SMALL", "0.0999999999999999999999", "It must be at least 0.1."),
        (
            field("number", max=0.3),
            Decimal("0.3"),
            "TOO_LARGE",
            Decimal("0.30000000000000001"),
            "It must be at most 0.3.",
        ),
        (field("number", min=-5), "-5", "TOO_SMALL", "-5.01", "It must be at least -5."),
        (field("date", min="2026-01-01"), "2026-01-01", "TOO_SMALL", "2025-12-31", "It must be 2026-01-01 or later."),
        (field("date", max="2026-12-31"), "2026-12-31", "TOO_LARGE", "2027-01-01", "It must be 2026-12-31 or earlier."),
        (field("time", min="09:00"), "09:00:00", "TOO_SMALL", "08:59:59", "It must be 09:00 or later."),
        (field("time", max="17:30:00"), "17:30", "TOO_LARGE", "17:30:01", "It must be 17:30:00 or earlier."),
        (field("text", min_length=2), "Al", "TOO_SHORT", "A", "It must have at least 2 characters."),
        (field("text", max_length=1), "é", "TOO_LONG", "éa", "It must have at most 1 character."),
        (field("text", max_length=2), "🎉🎉", "TOO_LONG", "🎉🎉🎉", "It must have at most 2 characters."),
        (field("long_text", max_length=3), "a\r\nb", "TOO_LONG", "a\r\nbc", "It must have at most 3 characters."),
        (
            field("hidden", max_length=1500),
            "a" * 1500,
            "TOO_LONG",
            "a" * 1501,
            "It must have at most 1,500 characters.",
        ),
        (field("email", max_length=10), "a@b.co", "TOO_LONG", "ada@example.com", "It must have at most 10 characters."),
        (field("phone", min_length=8), "+44 12345", "TOO_SHORT", "+4412345"[:7], "It must have at least 8 characters."),
        (
            field("text", pattern=r"[0-9]{5}", help="Five digits."),
            "12345",
            "PATTERN_MISMATCH",
            "1234",
            "It doesn't have the form asked for. Five digits.",
        ),
        (
            field("url", pattern=r"https:.*"),
            "https://a.example",
            "PATTERN_MISMATCH",
            "a.example",
            "It doesn't have the form asked for.",
        ),
        (
            field("phone", pattern=r"\d{3}-\d{4}"),
            "555-0100",
            "PATTERN_MISMATCH",
            "5550100",
            "It doesn't have the form asked for.",
        ),
        (field("text", required=True), "x", "REQUIRED_FIELD_EMPTY", " \r\n ", "It is required."),
        (field("integer", required=True), "0", "REQUIRED_FIELD_EMPTY", None, "It is required."),
        (field("choice", required=True), "red", "REQUIRED_FIELD_EMPTY", "", "It is required."),
        (field("choices", required=True), "red", "REQUIRED_FIELD_EMPTY", ["", ""], "It is required."),
        (field("consent", required=True), "on", "REQUIRED_FIELD_EMPTY", "false", "It must be ticked."),
        (field("checkbox", required=True), True, "REQUIRED_FIELD_EMPTY", False, "It must be ticked."),
    ],
)
def test_a_rule_holds_to_its_bound_and_names_it(definition, fits, code, crossed, sentence):
    assert not check(definition, fits)[1]
    assert refused(definition, crossed) == [(code, sentence)]


@pytest.mark.parametrize("kind", ["text", "email", "number", "date", "choice", "choices", "checkbox", "consent"])
def test_a_required_field_that_was_not_sent_is_missing(kind):
    _, [error] = rules.check(compiled(field(kind, required=True)), {"other": "x"})

    assert (error["code"], error["field"]) == ("REQUIRED_FIELD_MISSING", "it")


@pytest.mark.parametrize(
    ("kind", "nothing"),
    [
        *((kind, "") for kind in ("text", "long_text", "hidden", "email", "url", "phone", "choice")),
        *((kind, None) for kind in ("number", "integer", "date", "time")),
        ("choices", []),
        *((kind, False) for kind in ("checkbox", "consent")),
    ],
)
@pytest.mark.parametrize("sent", ["", "  ", None])
def test_an_optional_value_left_empty_is_its_type_s_nothing(kind, nothing, sent):
    bounds = {"min_length": 2, "pattern": "x+"} if kind in fields.PATTERNED else {}

    assert accepted(field(kind, **bounds), sent) == nothing


def test_what_a_browser_leaves_out_is_not_ticked_and_other_fields_take_their_default():
    form = compiled(
        field("checkbox", name="news", default=True),
        field("choices", name="days", default="red"),
        field("consent", name="terms"),
        field("integer", name="people", default=2),
        field("number", name="rate", default=0.5),
        field("text", name="plain"),
    )

    values, errors = rules.check(form, {"x": "1", "people": ""})

    assert not errors
    assert list(values.items()) == [
        ("x", "1"), ("people", None), ("news", False), ("days", []), ("terms", False), ("rate", Decimal("0.5"))
    ]  # fmt: skip


def test_all_errors_come_at_once_in_the_order_of_the_fields():
    form = compiled(
        field("email", name="email"),
        field("integer", name="age", min=18),
        field("text", name="code", min_length=3, pattern="[0-9]+"),
        field("text", name="name", required=True),
        strict=True,
    )

    _, errors = rules.check(form, {"b": 1, "code": "x", "age": "5", "email": "no", "a": 2})

    assert [(error["field"], error["code"]) for error in errors] == [
        ("email", "TYPE_EMAIL"), ("age", "TOO_SMALL"), ("code", "TOO_SHORT"), ("code", "PATTERN_MISMATCH"),
        ("name", "REQUIRED_FIELD_MISSING"), ("b", "UNKNOWN_FIELD"), ("a", "UNKNOWN_FIELD"),
    ]  # fmt: skip
    assert errors[-1]["message"] == "a is not a field of this form."


def test_names_that_are_not_declared_pass_untouched_and_in_their_place():
    sent = {"z": " as sent ", "it": "5", "a": {"deep": [1, None]}}

    values, errors = rules.check(compiled(field("integer")), sent)

    assert not errors
    assert list(values.items()) == [("z", " as sent "), ("it", 5), ("a", {"deep": [1, None]})]


@pytest.mark.parametrize("strict", [True, False])
def test_a_form_without_fields_takes_anything(strict):
    assert rules.check(compiled(strict=strict), {"a": ["1", "2"]}) == ({"a": ["1", "2"]}, [])


NEWS = field("checkbox", name="news")
OFTEN = field("choice", name="often", required=True, show_if={"field": "news", "equals": True})
WHY = field("text", name="why", required=True, show_if={"field": "often", "equals": "red"})


def test_a_field_that_show_if_hides_is_not_required_and_what_was_sent_for_it_is_dropped():
    values, errors = rules.check(compiled(NEWS, OFTEN), {"often": "nonsense", "news": "off"})

    assert (values, errors) == ({"news": False}, [])


def test_a_field_that_show_if_shows_is_held_to_its_rules():
    _, [error] = rules.check(compiled(NEWS, OFTEN), {"news": "on"})

    assert (error["field"], error["code"]) == ("often", "REQUIRED_FIELD_MISSING")


def test_what_hangs_on_a_hidden_field_is_hidden_with_it():
    assert rules.check(compiled(NEWS, OFTEN, WHY), {"often": "red"}) == ({"news": False}, [])


@pytest.mark.parametrize(
    ("other", "equals", "shows", "hides"),
    [
        (field("choices"), "red", ["sky blue", "red"], ["sky blue"]),
        (field("number"), 0.5, "0.50", "0.5000001"),
        (field("integer"), 5, "05", "6"),
        (field("text"), "Yes", " Yes ", "yes"),
        (field("checkbox"), False, "", "on"),
        (field("email"), "ada@EXAMPLE.com", "ada@Example.com", "bob@example.com"),
    ],
)
def test_show_if_compares_typed_values(other, equals, shows, hides):
    form = compiled(other, field("text", name="more", show_if={"field": "it", "equals": equals}))

    assert rules.check(form, {"it": shows, "more": "x"})[0]["more"] == "x"
    assert "more" not in rules.check(form, {"it": hides, "more": "x"})[0]


WORDS = st.text("abc é🎉-", max_size=12)
DAYS = st.dates(date(2020, 1, 1), date(2030, 12, 31)).map(str)
NOT_DAYS = st.sampled_from(["2026-02-29", "2026-00-10", "yesterday"])
CLOCK = st.builds("{:02}:{:02}".format, st.integers(0, 25), st.integers(0, 61))
NUMBERS = st.decimals(-100, 100, places=3).map(str) | st.integers(-100, 100).map(str)
LENGTHS = st.tuples(st.integers(0, 6), st.integers(6, 12))
COLOURS = ["red", "sky blue"]


def _between(values):
    return st.tuples(values, values).map(lambda pair: (min(pair), max(pair)))


@st.composite
def cases(draw) -> tuple[dict[str, Any], Any, Any]:
    """Draw a definition, what pydantic says of its type on its own, and a value near it."""
    kind = draw(
        st.sampled_from(["text", "long_text", "number", "integer", "date", "time", "choice", "choices", "checkbox"])
    )
    sent: Any
    if kind in ("text", "long_text"):
        least, most = draw(LENGTHS)
        rule, sent = {"min_length": least, "max_length": most}, draw(WORDS)
        oracle: Any = Annotated[str, StringConstraints(strip_whitespace=True, min_length=least, max_length=most)]
    elif kind in ("number", "integer"):
        low, high = draw(_between(st.integers(-100, 100)))
        rule, sent = {"min": low, "max": high}, draw(NUMBERS | st.integers(-110, 110) | WORDS)
        made: Any = Decimal if kind == "number" else int
        oracle = Annotated[made, Interval(ge=low, le=high)]
    elif kind in ("date", "time"):
        first, last = draw(_between(DAYS if kind == "date" else st.times().map(lambda moment: f"{moment:%H:%M}")))
        rule, sent = (
            {"min": first, "max": last},
            draw((DAYS | NOT_DAYS if kind == "date" else CLOCK) | st.sampled_from(["no"])),
        )
        made = date if kind == "date" else time
        oracle = Annotated[made, Interval(ge=made.fromisoformat(first), le=made.fromisoformat(last))]
    elif kind == "checkbox":
        rule, sent, oracle = {}, draw(st.sampled_from([*rules.TICKS, "maybe"]) | st.booleans()), bool
    else:
        one = st.sampled_from([*COLOURS, "green"])
        rule, sent = {}, draw(one if kind == "choice" else st.lists(one, unique=True))
        oracle = Literal["red", "sky blue"] if kind == "choice" else list[Literal["red", "sky blue"]]
    return field(kind, required=draw(st.booleans()), **rule), oracle, sent


@settings(max_examples=1000)
@given(cases())
def test_the_compiled_rules_and_pydantic_come_to_the_same_verdict_and_value(case):
    definition, oracle, sent = case
    values, errors = check(definition, sent)

    if not (sent.strip() if isinstance(sent, str) else sent or type(sent) is int):  # nothing was filled in
        assert bool(errors) == definition["required"]
        return
    try:
        expected = TypeAdapter(oracle).validate_python(sent)
    except ValidationError:
        assert errors
        return
    if expected is False and definition["required"]:
        assert errors[0]["code"] == "REQUIRED_FIELD_EMPTY"
        return
    assert not errors
    kept = values["it"]
    assert (type(expected).fromisoformat(kept) if isinstance(expected, date | time) else kept) == expected


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.decimals() | st.floats() | st.text(st.characters(codec=None)),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
)


@settings(max_examples=1000)
@given(st.sampled_from(list(rules.WRONG)), JSON | st.from_regex(r"[a-zäß:/.@\[\]0-9+-]{1,30}", fullmatch=True))
def test_whatever_is_sent_is_accepted_for_good_or_refused_in_words(kind, sent):
    values, errors = check(field(kind), sent)

    if errors:
        assert errors[0]["message"].startswith("It ")
    else:
        assert check(field(kind), values["it"]) == (values, [])  # a normal form is its own


def test_nothing_is_imported_until_a_value_needs_it():
    code = (
        "import sys; before = set(sys.modules); from pillarbox import rules; print(*sorted(set(sys.modules) - before))"
    )
    run = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True, cwd=CORE)

    assert run.stdout.split() == ["pillarbox", "pillarbox.rules", "pillarbox.values"]
