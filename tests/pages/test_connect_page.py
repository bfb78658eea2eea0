import html
import re

import pytest

from pillarbox import connections, definitions, forms, moves

MAY = "viewer"

FORM_ID = "abcdefghjkmn"
ORIGIN = "https://pillarbox.test"
WAYS = [way.id for way in connections.ways(ORIGIN, FORM_ID)]
MOVES = [move.id for move in moves.moves(ORIGIN, FORM_ID)]


@pytest.fixture
def page(form):
    return f"/forms/{form.id}/connect"


def shown(response, part):
    """Return the words of the part of this id, as a person reads them."""
    found = re.search(rf'<div id="{part}">(.*?)</details>', response.text, re.DOTALL)
    assert found, f"There is no {part}."
    return html.unescape(re.sub(r"<[^>]+>", "", found[1]))


@pytest.mark.parametrize("way", WAYS)
def test_shows_each_way_with_the_address_of_this_form(owner, page, form, way):
    response = owner.get(page)

    assert response.status_code == 200
    words = shown(response, way)
    assert f"{ORIGIN}/f/{form.id}" in words or (form.id in words and f'"{ORIGIN}"' in words)


@pytest.mark.parametrize("service", MOVES)
def test_says_for_each_service_what_to_change(owner, page, form, service):
    words = shown(owner.get(page), f"from-{service}")

    assert ORIGIN in words
    assert form.id in words
    assert "Goes on working" in words


def test_snippets_have_the_fields_of_the_form(owner):
    declared = [{"name": "code", "label": "Your {code}", "type": "text", "pattern": "[A-Z]{3}", "max_length": 3}]
    form = forms.create(owner.account, definitions.Definition.model_validate({"name": "Contact", "fields": declared}))

    response = owner.get(f"/forms/{form.id}/connect")

    assert '<label>Your {code} <input name="code" maxlength="3" pattern="[A-Z]{3}"></label>' in shown(response, "html")
    in_jsx = '<label>Your &#123;code&#125; <input name="code" maxLength="3" pattern="[A-Z]&#123;3&#125;" /></label>'
    assert in_jsx in shown(response, "react")
    assert in_jsx in shown(response, "formspree-client")


@pytest.mark.parametrize(
    "name", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "{{ 7 * 7 }}", "FORM_ID ADDRESS"]
)
def test_a_hostile_name_is_only_words(owner, name):
    declared = [{"name": "a</script>\"'`${x}", "label": name, "type": "text"}]
    form = forms.create(owner.account, definitions.Definition.model_validate({"name": name, "fields": declared}))

    response = owner.get(f"/forms/{form.id}/connect")

    assert response.status_code == 200
    assert "<script>alert" not in response.text
    assert "<img" not in response.text
    assert "a</script>" not in response.text
    assert "49" not in re.findall("<h1.*?</h1>", response.text)[0]
    assert "script-src 'self'" in response.headers["content-security-policy"]


def test_leads_from_the_inbox_and_back(owner, form, page):
    assert f'href="{page}"' in owner.get(f"/forms/{form.id}").text
    assert f'href="/forms/{form.id}"' in owner.get(page).text


def test_keeps_somebody_elses_form_to_its_owner(stranger, page):
    response = stranger.get(page)

    assert response.status_code == 404
    assert "Contact" not in response.text


@pytest.mark.parametrize("form_id", ["abcdefghjkmn", "no-form", "%00"])
def test_knows_no_form_that_does_not_exist(owner, form_id):
    assert owner.get(f"/forms/{form_id}/connect").status_code == 404


def test_is_for_reading_only(owner, page):
    assert owner.post(page, data={"name": "x"}).status_code == 404


def test_asks_a_visitor_to_sign_in(visitor, page):
    response = visitor.get(page)

    assert response.status_code == 303
    assert response.headers["location"] == f"/sign-in?next={page}"


@pytest.mark.parametrize("way", ["inline", "popup", "frame", "link"])
def test_shows_how_to_put_the_hosted_form_into_a_page(owner, page, form, way):
    words = shown(owner.get(page), way)

    assert f"{ORIGIN}/f/{form.id}" in words
    assert ("/static/embed.js" in words) == (way in {"inline", "popup"})


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({}, "Every page may show it."),
        ({"allowed_origins": ["example.com"]}, "Only pages of <code>example.com</code> may show it."),
        (
            {"allowed_frames": ["a.example", "*.b.example"]},
            "<code>a.example</code>, <code>*.b.example</code> may show it.",
        ),
        ({"allowed_frames": []}, "No other page may show it at the moment."),
    ],
)
def test_says_whose_pages_may(owner, page, form, said, words):
    forms.update(owner.account, form.id, said)

    assert words in owner.get(page).text
