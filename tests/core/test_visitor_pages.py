import json
import re
import subprocess
import sys
from html.parser import HTMLParser

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from infra.local.template import ROOT
from pillarbox import controls, fields, visitor_inputs, visitor_pages

HOSTILE = "\"><script>alert(1)</script><b x='y'>\u202e"


def form(*declared, name="Contact"):
    """Return a form's item as it lies in the table."""
    shown = [fields.Field(**field).model_dump(mode="json") for field in declared]
    document = {"fields": shown, "thanks": {"title": "Thanks a lot", "text": "We write back soon."}}
    return {"id": "abcdefghjkmn", "name": name, "document": json.dumps(document)}


def hosted(*declared, typed=None, errors=()):
    return visitor_pages.form_page(form(*declared), typed=typed or {}, errors=errors, action="/f/abcdefghjkmn")


class Seen(HTMLParser):
    """The inputs of a page by name, and every tag in it."""

    def __init__(self, page):
        super().__init__()
        self.inputs, self.tags, self.texts, self.scripts = {}, [], [], []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        if tag == "script":
            self.scripts.append(str(attrs))
        if tag in {"input", "textarea", "select"}:
            self.inputs.setdefault(dict(attrs)["name"], []).append(dict(attrs) | {"tag": tag})

    def handle_data(self, data):
        self.texts.append(data)
        if self.tags[-1:] == ["script"]:
            self.scripts.append(data.strip())


def only(page, name):
    (one,) = Seen(page).inputs[name]
    return one


def test_a_form_without_declared_fields_asks_for_name_address_and_message():
    page = hosted()

    assert list(Seen(page).inputs) == ["name", "email", "message", "_gotcha"]
    assert only(page, "email")["type"] == "email"
    assert only(page, "message")["tag"] == "textarea"
    assert '<form method="post" action="/f/abcdefghjkmn"' in page
    assert '<h1 dir="auto">Contact</h1>' in page


@pytest.mark.parametrize(
    ("field", "attributes"),
    [
        ({"type": "text", "min_length": 2, "max_length": 9}, {"type": "text", "minlength": "2", "maxlength": "9"}),
        ({"type": "text", "pattern": "[A-Z]{3}"}, {"pattern": "[A-Z]{3}"}),
        ({"type": "text", "required": True}, {"required": ""}),
        ({"type": "email"}, {"type": "email"}),
        ({"type": "phone"}, {"type": "tel"}),
        ({"type": "url"}, {"type": "text", "inputmode": "url"}),
        ({"type": "number", "min": 1}, {"type": "text", "inputmode": "decimal"}),
        ({"type": "integer"}, {"type": "text", "inputmode": "numeric"}),
        (
            {"type": "date", "min": "2026-01-01", "max": "2026-12-31"},
            {"type": "date", "min": "2026-01-01", "max": "2026-12-31"},
        ),
        ({"type": "time"}, {"type": "time", "step": "1"}),
        ({"type": "hidden", "default": "spring"}, {"type": "hidden", "value": "spring"}),
        ({"type": "long_text", "max_length": 500}, {"tag": "textarea", "maxlength": "500"}),
        ({"type": "text", "default": "as before"}, {"value": "as before"}),
    ],
)
def test_a_browser_is_told_the_rules_of_a_field(field, attributes):
    shown = only(hosted(field | {"name": "it"}), "it")

    assert shown | attributes == shown


@pytest.mark.parametrize(
    ("name", "filled_in"),
    [("email", "email"), ("first_name", "given-name"), ("Post-Code", "postal-code"), ("colour", None)],
)
def test_a_browser_is_told_what_it_may_fill_in(name, filled_in):
    assert only(hosted({"name": name, "type": "text"}), name).get("autocomplete") == filled_in


OPTIONS = [{"value": value, "label": value.upper()} for value in "abc"]


def test_a_choice_of_few_shows_them_all_and_keeps_the_chosen_one():
    shown = Seen(hosted({"name": "it", "type": "choice", "options": OPTIONS}, typed={"it": "b"})).inputs["it"]

    assert [(one["type"], one["value"], "checked" in one) for one in shown] == [
        ("radio", "a", False),
        ("radio", "b", True),
        ("radio", "c", False),
    ]


def test_a_choice_of_many_is_a_list():
    many = [{"value": str(n), "label": f"Number {n}"} for n in range(9)]

    page = hosted({"name": "it", "type": "choice", "options": many}, typed={"it": "4"})

    assert only(page, "it")["tag"] == "select"
    assert '<option value="4" selected>Number 4</option>' in page


def test_several_choices_are_boxes_of_one_name_of_which_none_alone_is_required():
    field = {"name": "it", "type": "choices", "options": OPTIONS, "required": True}

    shown = Seen(hosted(field, typed={"it": ["a", "c"]})).inputs["it"]

    assert [("checked" in one, "required" in one) for one in shown] == [(True, False), (False, False), (True, False)]


@pytest.mark.parametrize(
    ("typed", "ticked"), [({}, False), ({"it": "on"}, True), ({"it": "true"}, True), ({"it": ""}, False)]
)
def test_a_box_stays_as_it_was_ticked(typed, ticked):
    assert ("checked" in only(hosted({"name": "it", "type": "consent"}, typed=typed), "it")) is ticked


def test_a_box_starts_as_its_default_and_comes_back_as_it_was_left():
    box = {"name": "it", "type": "checkbox", "default": True}
    wrong = [{"code": "REQUIRED_FIELD_EMPTY", "field": "name", "message": "Name is required."}]

    assert "checked" in only(hosted(box), "it")
    assert "checked" not in only(hosted(box, typed={"name": ""}, errors=wrong), "it")


def test_an_error_stands_beside_its_field_and_in_a_summary_that_leads_there():
    declared = {"name": "age", "label": "Your age", "type": "integer", "help": "In years."}
    errors = [{"code": "TYPE_NUMERIC", "field": "age", "message": "Your age must be a whole number."}]

    page = hosted(declared, typed={"age": "many"}, errors=errors)

    shown = only(page, "age")
    assert (shown["value"], shown["aria-invalid"]) == ("many", "true")
    assert shown["aria-describedby"].split() == [f"{shown['id']}-hint", f"{shown['id']}-error"]
    assert f'<a href="#{shown["id"]}">Your age must be a whole number.</a>' in page
    assert 'role="alert"' in page


def test_an_error_of_the_whole_form_stands_in_the_summary():
    page = hosted(errors=[{"code": "EMPTY", "message": "Nothing was filled in."}])

    assert '<li dir="auto">Nothing was filled in.</li>' in page


def test_nothing_that_was_typed_is_lost_when_the_form_does_not_know_its_name():
    page = hosted({"name": "email", "type": "email"}, typed={"email": "a@b.example", "Colour": ["red", "blue"]})

    assert [one["value"] for one in Seen(page).inputs["Colour"]] == ["red", "blue"]


def test_a_page_to_send_again_keeps_everything_in_sight():
    page = visitor_pages.retry_page(
        heading="Not stored",
        message="Please send it again.",
        action="/f/abcdefghjkmn",
        typed={"name": "Ada", "message": "one\ntwo", "nested": {"a": [1, None]}, "repeated": ["1", "2"]},
    )

    seen = Seen(page)
    assert seen.inputs["name"][0]["value"] == "Ada"
    assert seen.inputs["message"][0]["tag"] == "textarea"
    assert "one\ntwo" in "".join(seen.texts)
    assert seen.inputs["nested"][0]["value"] == '{"a":[1,null]}'
    assert [one["value"] for one in seen.inputs["repeated"]] == ["1", "2"]
    assert all(one.get("type") != "hidden" for shown in seen.inputs.values() for one in shown)
    assert "Send again" in page


def test_the_thanks_are_the_owner_s():
    page = visitor_pages.thanks_page(form())

    assert "Thanks a lot" in page
    assert "We write back soon." in page


def test_hostile_text_stays_text_wherever_it_stands():
    declared = [
        {"name": "one", "label": HOSTILE[:-1], "type": "text", "help": HOSTILE[:-1]},
        {"name": "two", "label": "Two", "type": "choice", "options": [{"value": HOSTILE[:-1], "label": HOSTILE[:-1]}]},
    ]
    errors = [{"code": "X", "field": "one", "message": HOSTILE}, {"code": "X", "message": HOSTILE}]
    typed = {"one": HOSTILE, "two": HOSTILE, HOSTILE: HOSTILE}
    pages = [
        visitor_pages.form_page(form(*declared, name=HOSTILE), typed=typed, errors=errors, action="/f/x"),
        visitor_pages.retry_page(heading=HOSTILE, message=HOSTILE, action="/f/x", typed=typed),
        visitor_pages.message_page(heading=HOSTILE, message=HOSTILE),
    ]

    for page in pages:
        seen = Seen(page)
        assert "b" not in seen.tags
        assert "alert" not in "".join(seen.scripts)


@given(
    st.dictionaries(st.text(min_size=1, max_size=20), st.one_of(st.text(), st.lists(st.text(), min_size=1, max_size=3)))
)
@example({"_replyto": "\n", "_next": ["a" * 100, "b"], "name": "Ada", "message": "two\nlines"})
def test_whatever_was_typed_comes_back_exactly(typed):
    page = visitor_pages.retry_page(heading="Again", message="", action="/f/x", typed=typed)

    values = [
        (name, value) for name, given in typed.items() for value in (given if isinstance(given, list) else [given])
    ]
    in_attributes = [
        value
        for name, value in values
        if controls.is_hidden(name) or (len(value) <= visitor_inputs.LONG and "\n" not in value)
    ]
    shown = Seen(page)
    assert [one["value"] for given in shown.inputs.values() for one in given if "value" in one] == in_attributes


def test_a_label_names_its_input_and_no_code_is_inline():
    page = hosted({"name": "it", "type": "text"})

    assert '<label for="field-0"' in page
    assert not re.search(r"<style|<script(?! src=)|\sstyle=|\son\w+=", page)


def test_visitors_do_not_wait_for_what_owners_need():
    loaded = subprocess.run(
        [sys.executable, "-c", "import sys, pillarbox.visitor_pages; print(*sys.modules)"],
        env={"PYTHONPATH": str(ROOT / "layers" / "core")},
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()

    assert not {"boto3", "botocore", "pydantic", "starlette", "aws_lambda_powertools"} & set(loaded)
