import pytest

from pillarbox import forms, versions
from pillarbox.starters import STARTERS

MAY = "signed in"


def test_shows_what_a_form_can_begin_as(owner):
    response = owner.get("/forms/new")

    assert response.status_code == 200
    for starter in STARTERS.values():
        assert f'name="starter" value="{starter.key}"' in response.text
        assert f'<span class="starter-name">{starter.name}</span>' in response.text


@pytest.mark.parametrize("starter", STARTERS.values(), ids=STARTERS)
def test_makes_a_form_of_a_template_with_one_click_and_shows_it(owner, starter):
    response = owner.fill("/forms/new", {"name": "", "starter": starter.key})

    (form,) = forms.every(owner.account)
    assert response.status_code == 303
    assert response.headers["location"] == f"/forms/{form.id}"
    assert form.name == starter.name
    assert [field.name for field in form.fields] == [field["name"] for field in starter.fields]
    assert versions.get(form.id, 1).definition.fields == form.fields


def test_a_template_takes_the_name_that_was_given(owner):
    owner.fill("/forms/new", {"name": "  Say hello ", "starter": "contact"})

    assert [form.name for form in forms.every(owner.account)] == ["Say hello"]


def test_makes_a_blank_form_that_takes_whatever_is_sent(owner):
    owner.fill("/forms/new", {"name": "Guest book", "starter": ""})
    owner.fill("/forms/new", {"name": "By a script"})

    made = forms.every(owner.account)
    assert {form.name for form in made} == {"Guest book", "By a script"}
    assert [form.fields for form in made] == [[], []]


@pytest.mark.parametrize("starter", ["", "contact"])
def test_says_beside_the_name_what_does_not_fit(owner, starter):
    response = owner.fill("/forms/new", {"name": "x" * 101, "starter": starter})

    assert response.status_code == 422
    assert "At most 100 characters" in response.text.partition('id="name-error"')[2].partition("</p>")[0]
    assert f'value="{"x" * 101}"' in response.text
    assert forms.every(owner.account) == []


def test_a_blank_form_without_a_name_is_untitled(owner):
    owner.fill("/forms/new", {"name": " ", "starter": ""})

    assert [form.name for form in forms.every(owner.account)] == ["Untitled form"]


@pytest.mark.parametrize("name", ["\u200b" * 3, "\u202e", "\u00a0\u2060"], ids=ascii)
def test_a_name_that_nobody_sees_is_none(owner, name):
    response = owner.fill("/forms/new", {"name": name, "starter": ""})

    assert response.status_code == 422
    assert "This can&#39;t be empty." in response.text


def test_a_template_that_there_is_not_makes_nothing(owner):
    response = owner.fill("/forms/new", {"name": "Hello", "starter": "<script>"})

    assert response.status_code == 400
    assert "There is no such template." in response.text
    assert forms.every(owner.account) == []


def test_hostile_names_stay_text(owner):
    response = owner.fill("/forms/new", {"name": '"><script>alert(1)</script>' + "x" * 100, "starter": ""})

    assert response.status_code == 422
    assert "<script>alert" not in response.text


def test_is_no_form_of_somebody_called_new(owner, form):
    assert owner.get("/forms/new").text != owner.get(f"/forms/{form.id}").text
    assert owner.get("/v1/forms/new").status_code == 404


def test_asks_a_visitor_to_sign_in(visitor):
    for response in (visitor.get("/forms/new"), visitor.post("/forms/new", data={"name": "Mine"})):
        assert response.status_code == 303
        assert response.headers["location"] == "/sign-in?next=/forms/new"
