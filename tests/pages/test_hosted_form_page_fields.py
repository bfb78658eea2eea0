"""A hosted form of several pages, with fields that wait for others, filled in by its address."""

import re
from urllib.parse import quote, urlencode

import pytest

from pillarbox import forms

OPTIONS = [{"value": "red", "label": "Red"}, {"value": "blue", "label": "Blue"}]
FIELDS = [
    {"name": "name", "label": "Name", "type": "text", "max_length": 20, "required": True},
    {"name": "colour", "label": "Colour", "type": "choice", "options": OPTIONS, "starts_page": "Taste"},
    {"name": "others", "label": "Others", "type": "choices", "options": OPTIONS, "required": True},
    {
        "name": "why",
        "label": "Why?",
        "type": "long_text",
        "required": True,
        "show_if": {"field": "colour", "equals": "red"},
    },
    {"name": "seats", "label": "Seats", "type": "integer", "starts_page": "The <b>end</b>"},
    {"name": "news", "label": "News", "type": "checkbox"},
    {"name": "agreed", "label": "Agreed", "type": "consent"},
    {"name": "campaign", "label": "Campaign", "type": "hidden"},
]


@pytest.fixture
def page(owner, form):
    forms.update(owner.account, form.id, {"fields": FIELDS})
    return f"/f/{form.id}"


def test_pages_stand_one_below_the_other_each_with_its_title(visitor, page):
    shown = visitor.get(page).text

    steps = re.split(r'<div class="step" role="group"[^>]* data-step>', shown)[1:]
    assert [re.findall(r'name="([^"]+)"', step)[0] for step in steps] == ["name", "colour", "seats"]
    assert [re.findall(r"<h2[^>]*>(.*?)</h2>", step) for step in steps] == [
        [],
        ["Taste"],
        ["The &lt;b&gt;end&lt;/b&gt;"],
    ]
    assert shown.count("data-send>Send</button>") == 1


def test_a_form_of_one_page_has_no_steps(visitor, owner, form):
    forms.update(owner.account, form.id, {"fields": FIELDS[:1]})

    shown = visitor.get(f"/f/{form.id}").text

    assert "data-step" not in shown
    assert "data-next" not in shown


def test_a_field_that_waits_says_for_what_and_is_required_only_by_who_knows_that_it_is_asked(visitor, page):
    shown = visitor.get(page).text

    (why,) = re.findall(r'<div class="field" data-if="colour" data-is="&#34;red&#34;">(.*?)</div>', shown, re.DOTALL)
    assert " required" not in why
    assert "data-required" in why
    assert "Only if “Colour” is “Red”." in why


def test_without_a_script_what_isn_t_asked_needs_no_answer(visitor, page):
    sent = {"name": "Ada", "colour": "blue", "others": "red", "why": "typed all the same"}

    assert visitor.post(page, data=sent, headers={"accept": "text/html"}).status_code == 303


def value(shown, name):
    (found,) = re.findall(rf'<input id="[^"]*" name="{name}" value="([^"]*)"', shown)
    return found


def test_an_address_fills_in_what_the_form_declares(visitor, page):
    query = urlencode(
        {"name": "Ada & Bob", "colour": "blue", "others": ["red", "blue"], "why": "one\ntwo", "seats": "2"}
        | {"news": "on", "campaign": "spring"},
        doseq=True,
    )

    shown = visitor.get(f"{page}?{query}").text

    assert value(shown, "name") == "Ada &amp; Bob"
    assert value(shown, "seats") == "2"
    assert 'value="blue" checked' in shown
    assert re.findall(r'name="others" value="(\w+)" checked', shown) == ["red", "blue"]
    assert ">\none\ntwo</textarea>" in shown
    assert re.search(r'name="news" value="true" checked', shown)
    assert '<input type="hidden" name="campaign" value="spring">' in shown


@pytest.mark.parametrize(
    "query",
    [
        "agreed=true",  # nobody consents by following a link
        "_gotcha=x&_next=https://evil.example&_subject=x&_loaded=1&altcha=x&undeclared=x",
        "colour=green&others=green",
        f"name={'x' * 21}",
        "name=a%00b&seats=1%0d%0a2",
        "lang=de&embed=1&name=",
        "%ff=%ff&=&&;name",
    ],
)
def test_and_nothing_else(visitor, page, query):
    bare = visitor.get(page).text
    filled = visitor.get(f"{page}?{query}").text

    inputs = r"<(?:input|textarea)[^>]*>"
    kept = [one for one in re.findall(inputs, filled) if "_loaded" not in one]
    assert kept == [one for one in re.findall(inputs, bare) if "_loaded" not in one]


def test_hostile_values_are_only_values(visitor, page):
    hostile = '"><script>a</script>'

    shown = visitor.get(f"{page}?name={quote(hostile)}&why={quote('</textarea>' + hostile)}").text

    assert "<script>a" not in shown
    assert "</textarea>&#34;" not in shown
    assert value(shown, "name") == "&#34;&gt;&lt;script&gt;a&lt;/script&gt;"


def test_a_form_without_declared_fields_is_filled_in_too(visitor, form):
    shown = visitor.get(f"/f/{form.id}?email=ada%40example.com&message=Hello").text

    assert value(shown, "email") == "ada@example.com"
    assert ">\nHello</textarea>" in shown


def test_a_mistake_keeps_what_was_typed_and_leads_to_it(visitor, page):
    sent = {"name": "Ada", "colour": "red", "others": "blue", "why": "", "seats": "x", "more": "extra"}

    response = visitor.post(page, data=sent, headers={"accept": "text/html"})

    assert response.status_code == 422
    assert response.text.count("Why? is required.") == 2  # in the summary, and beside the field
    assert response.text.count("Seats must be a whole number.") == 2
    assert value(response.text, "seats") == "x"
    assert 'value="extra"' in response.text
    (first,) = re.findall(r"<textarea[^>]* autofocus>", response.text)
    assert 'name="why"' in first
    assert response.text.count(" autofocus") == 1


def test_what_no_field_asks_for_is_told_beside_it_and_has_the_focus_once(visitor, owner, form, page):
    forms.update(owner.account, form.id, {"strict": True})
    sent = {"name": "Ada", "others": "red", "more": ["one", "two"]}

    response = visitor.post(page, data=sent, headers={"accept": "text/html"})

    assert response.status_code == 422
    first, second = re.findall(r'<input id="([^"]*)" readonly([^>]*)>', response.text)
    assert f'aria-invalid="true" aria-describedby="{first[0]}-error" autofocus' in first[1]
    assert "aria-invalid" not in second[1]
    assert f'<a href="#{first[0]}">more is not a field of this form.</a>' in response.text
    assert response.text.count("more is not a field of this form.") == 2  # in the summary, and beside the first
    assert response.text.count(" autofocus") == 1
    assert 'value="two"' in response.text
    assert 'name="more"' not in response.text  # or whoever sends it again would be refused again


def test_our_own_page_is_shown_again_although_the_owner_has_one_for_errors(visitor, owner, form, page):
    forms.update(owner.account, form.id, {"error_url": "https://ada.example.com/wrong"})
    elsewhere = {"accept": "text/html", "origin": "https://ada.example.com"}

    assert visitor.post(page, data={"seats": "x"}, headers=elsewhere).status_code == 303
    ours = visitor.post(page, data={"seats": "x"}, headers=elsewhere | {"origin": "https://pillarbox.test"})
    assert ours.status_code == 422
    assert value(ours.text, "seats") == "x"


def test_two_hundred_fields_are_a_page_like_any(visitor, owner, form):
    many = [{"name": f"f{n}", "label": "<i>" * 20, "type": "text"} for n in range(200)]
    forms.update(owner.account, form.id, {"fields": many})

    response = visitor.get(f"/f/{form.id}")

    assert response.text.count("<label ") == 201  # and the trap's
    assert "<i>" not in response.text
    assert len(response.content) < 200_000


def test_a_visit_is_told_of_only_by_a_page_that_was_just_opened(visitor, page):
    assert f'data-visits="{page}/visit"' in visitor.get(page).text
    assert "data-visits" not in visitor.post(page, data={"seats": "x"}, headers={"accept": "text/html"}).text
