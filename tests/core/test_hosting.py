"""How a form's own page looks, in which languages, and who may frame it: as /v1 takes and shows it."""

import pytest


@pytest.fixture
def url(form):
    return f"/v1/forms/{form.id}"


def test_a_new_form_looks_like_ours_speaks_all_languages_and_is_framed_by_whoever_may_send(owner, url):
    form = owner.get(url).json()

    assert form["appearance"] == {"accent": None, "layout": "plain", "mark": True}
    assert (form["languages"], form["allowed_frames"]) == ([], None)


@pytest.mark.parametrize(
    ("typed", "kept"), [("#1F55A5", "#1f55a5"), ("1f55a5", "#1f55a5"), ("#F0a", "#ff00aa"), (" #000 ", "#000000")]
)
def test_a_colour_is_kept_as_six_digits(owner, url, typed, kept):
    assert owner.patch(url, json={"appearance": {"accent": typed}}).json()["appearance"]["accent"] == kept


@pytest.mark.parametrize(
    ("patch", "field"),
    [
        ({"appearance": {"accent": "red"}}, "appearance.accent"),
        ({"appearance": {"accent": "#12345"}}, "appearance.accent"),
        ({"appearance": {"accent": "#fff;} body{display:none"}}, "appearance.accent"),
        ({"appearance": {"layout": "wild"}}, "appearance.layout"),
        ({"appearance": {"font": "Comic Sans"}}, "appearance.font"),
        ({"languages": ["en", "tlh"]}, "languages.1"),
        ({"allowed_frames": ["not a host"]}, "allowed_frames.0"),
    ],
)
def test_what_doesnt_fit_is_told_by_its_place(owner, url, patch, field):
    answer = owner.patch(url, json=patch)

    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == [field]


def test_languages_are_kept_in_order_and_once(owner, url):
    assert owner.patch(url, json={"languages": ["de", "en", "de"]}).json()["languages"] == ["de", "en"]


def test_a_field_may_start_a_page_and_says_how_it_is_called(owner, url):
    fields = [{"name": "a", "type": "text"}, {"name": "b", "type": "text", "starts_page": "About you"}]

    assert [one["starts_page"] for one in owner.patch(url, json={"fields": fields}).json()["fields"]] == [
        None,
        "About you",
    ]
    fields[1]["starts_page"] = " "
    assert owner.patch(url, json={"fields": fields}).json()["errors"][0]["field"] == "fields.1.starts_page"
