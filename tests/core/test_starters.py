import re

import pytest

from pillarbox import definitions, forms, rules, starters, validation, visitor_inputs
from pillarbox.fields import compile_rules
from pillarbox.starters import STARTERS

EACH = pytest.mark.parametrize("starter", STARTERS.values(), ids=STARTERS)
# What a visitor might send who fills in all that is asked.
SENT = {
    "text": "Ada",
    "long_text": "Some words",
    "email": "ada@example.com",
    "url": "https://example.com",
    "phone": "+44 20 7946 0958",
    "integer": "1",
    "date": "2027-01-15",
    "checkbox": "on",
    "consent": "on",
}


def made(starter):
    return validation.parse(definitions.Definition, {"name": starter.name, **starter.definition})


def test_there_are_the_eight_that_people_look_for():
    assert list(STARTERS) == ["contact", "feedback", "sign-up", "rsvp", "job", "bug", "order", "survey"]
    assert all(key == starter.key for key, starter in STARTERS.items())


@EACH
def test_each_makes_a_form(owner, starter):
    form = forms.create(owner.account, made(starter))

    assert [field.name for field in form.fields] == [field["name"] for field in starter.fields]
    assert form.thanks.title == starter.definition["thanks"]["title"]


@EACH
def test_each_words_every_field_itself_and_ends_in_a_sentence(starter):
    assert all(field["label"] for field in starter.fields)
    assert len({field["name"] for field in starter.fields}) == len(starter.fields)
    assert re.search(r"\.$", starter.words)


@EACH
def test_each_takes_what_a_visitor_types_who_answers_everything(starter):
    sent = {
        field["name"]: field["options"][0]["value"] if "options" in field else SENT[field["type"]]
        for field in starter.fields
    }
    if starter.key == "order":
        sent["delivery"] = "post"  # for which the address is asked

    typed, errors = rules.check(compile_rules(made(starter).fields, strict=True), sent)

    assert errors == []
    assert set(typed) == set(sent)


@EACH
def test_each_asks_for_something_before_it_can_be_sent(starter):
    _, errors = rules.check(compile_rules(made(starter).fields, strict=True), {})

    assert errors
    assert all(error["code"].startswith("REQUIRED_FIELD_") for error in errors)


@EACH
def test_each_shows_as_a_page_of_its_own(starter):
    controls = visitor_inputs.inputs(starter.fields)

    assert [control.label for control in controls] == [field["label"] for field in starter.fields]


def test_those_with_conditions_ask_less_of_whoever_says_no():
    rsvp = compile_rules(made(STARTERS["rsvp"]).fields, strict=True)

    _, errors = rules.check(rsvp, {"name": "Ada", "coming": "no"})

    assert errors == []


def test_long_ones_come_in_pages():
    pages = {
        key: [field["starts_page"] for field in starter.fields if "starts_page" in field]
        for key, starter in STARTERS.items()
    }

    assert {key for key, titles in pages.items() if titles} == {"job", "order", "survey"}
    assert all("starts_page" in STARTERS[key].fields[0] for key, titles in pages.items() if titles)


def test_nothing_of_a_starter_is_shared_with_the_forms_made_of_it():
    first, second = made(STARTERS["contact"]), made(STARTERS["contact"])

    first.fields[0].label = "Changed"

    assert second.fields[0].label == starters.NAME["label"]
