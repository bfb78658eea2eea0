"""The preview: the draft as visitors would see it, for those who may change the form, and nothing is sent from it."""

import re

import pytest

from pillarbox import drafts, forms, ids

MAY = "manager"


@pytest.fixture
def path(form):
    return f"/forms/{form.id}/preview"


@pytest.fixture
def draft(owner, form):
    """Keep a draft of these sheets."""

    def draft(*sheets):
        numbered = [{"key": str(n), "type": "text", "name": f"field-{n}"} | sheet for n, sheet in enumerate(sheets)]
        return drafts.save(owner.account, form, drafts.of(form).changed(sheets=numbered))

    return draft


def test_shows_the_draft_and_not_what_is_published(owner, form, path, draft, visitor):
    draft({"label": "Not yet published", "help": "Some help", "required": "on"})

    page = owner.get(path).text

    assert "Not yet published" in page
    assert "Some help" in page
    assert "Not yet published" not in visitor.get(f"/f/{form.id}").text


def test_nothing_can_be_sent_from_it(owner, path):
    page = owner.get(path).text

    assert "This is a preview" in page
    assert re.findall("<button [^>]*data-send[^>]*>", page) == [
        '<button class="button main" data-send type="button" disabled>'
    ]
    assert "data-visits" not in page


def test_shows_a_version(owner, form, path):
    forms.update(owner.account, form.id, {"fields": [{"name": "then", "type": "text", "label": "As it was"}]})
    forms.update(owner.account, form.id, {"fields": []})

    assert "As it was" in owner.get(f"{path}?version=2").text
    assert "As it was" not in owner.get(path).text


@pytest.mark.parametrize("version", ["0", "99", "-1", "x", "9" * 30])
def test_a_version_that_never_was_is_not_found(owner, path, version):
    assert owner.get(f"{path}?version={version}").status_code == 404


@pytest.mark.parametrize(
    "sheet", [{"type": "choice"}, {"name": ""}, {"type": "number", "min": "x"}, {"pattern": "("}, {"label": "x" * 9999}]
)
def test_what_does_not_fit_yet_has_something_in_its_place(owner, path, draft, sheet):
    draft(sheet, {"label": "The next field"})

    page = owner.get(path)

    assert page.status_code == 200
    assert "has to be mended" in page.text
    assert "The next field" in page.text


def test_a_field_that_waits_for_one_that_does_not_fit_is_shown(owner, path, draft):
    draft({"type": "choice"}, {"label": "It waits", "show_field": "field-0", "show_value": "yes"})

    assert "It waits" in owner.get(path).text


def test_it_speaks_the_forms_own_language_and_wears_its_colour(owner, form, path):
    forms.update(owner.account, form.id, {"languages": ["de"], "appearance": {"accent": "#0044aa", "layout": "card"}})

    page = owner.get(path).text

    assert '<html lang="de"' in page
    assert f"/f/{form.id}/look/accent.css" in page
    assert "on-card" in page


def test_a_captcha_asks_nobody(owner, form, path):
    captcha = {"captcha": "turnstile", "captcha_site_key": "1x0-site", "captcha_secret": "1x0-very-secret"}
    forms.update(owner.account, form.id, {"spam": captcha})

    page = owner.get(path)

    assert "turnstile" not in page.text + page.headers["content-security-policy"]


def test_only_our_own_pages_may_frame_it(owner, path):
    assert owner.get(path).headers["content-security-policy"].endswith("frame-ancestors 'self'")


def test_an_editor_may_not_see_it(editor, path):
    assert editor.get(path).status_code == 403


def test_somebody_elses_form_is_not_found(stranger, path):
    assert stranger.get(path).status_code == 404


def test_a_form_that_is_not_there_is_not_found(owner):
    assert owner.get(f"/forms/{ids.short()}/preview").status_code == 404


def test_asks_somebody_who_is_not_signed_in_to_sign_in(visitor, path):
    assert visitor.get(path).headers["location"] == f"/sign-in?next={path}"
