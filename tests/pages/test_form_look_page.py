"""What its owner gave a form's pages: an accent and a logo."""

import re
from base64 import b64decode

import pytest

from pillarbox import forms, logos

MAY = "anybody"

PICTURE = b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==")
NOT_SHOWN = "There is nothing here"


def address(response, file):
    """Return where the page says that the file is."""
    (found,) = re.findall(rf'(?:href|src)="(/f/\w+/look/{file}[^"]*)"', response.text)
    return found.replace("&amp;", "&")


@pytest.fixture
def green(owner, form):
    return forms.update(owner.account, form.id, {"appearance": {"accent": "#1b6e45"}})


def test_the_accent_is_a_stylesheet_of_its_own_that_browsers_keep(visitor, green):
    where = address(visitor.get(f"/f/{green.id}"), "accent.css")

    sheet = visitor.get(where)

    assert sheet.status_code == 200
    assert sheet.headers["content-type"] == "text/css; charset=utf-8"
    assert "immutable" in sheet.headers["cache-control"]
    assert "--theme: #1b6e45" in sheet.text
    assert "prefers-color-scheme: dark" in sheet.text


def test_another_accent_has_another_address_and_the_old_one_is_soon_forgotten(visitor, owner, green):
    before = address(visitor.get(f"/f/{green.id}"), "accent.css")
    forms.update(owner.account, green.id, {"appearance": {"accent": "#1f55a5"}})

    assert address(visitor.get(f"/f/{green.id}"), "accent.css") != before
    assert visitor.get(before).headers["cache-control"] == "public, max-age=300"


@pytest.mark.parametrize(("scheme", "media"), [("light", "not all"), ("dark", "all")])
def test_in_a_frame_it_has_the_scheme_of_the_page_around(visitor, green, scheme, media):
    page = visitor.get(f"/f/{green.id}?embed={scheme}")

    assert f"@media {media} {{" in visitor.get(address(page, "accent.css")).text
    (shared,) = re.findall(rf'href="(/static/{scheme}.css[^"]*)"', page.text)
    sheet = visitor.get(shared).text
    assert f"color-scheme: {scheme}" in sheet
    assert "prefers-color-scheme: dark" not in sheet


def test_all_of_its_pages_wear_it(visitor, green):
    for page in (visitor.get(f"/f/{green.id}/thanks"), visitor.post(f"/f/{green.id}", data={"message": " "})):
        assert address(page, "accent.css")


def test_a_logo_stands_at_the_head_and_is_kept(visitor, form):
    logos.put(form.id, logos.checked(PICTURE), seen=None)

    where = address(visitor.get(f"/f/{form.id}"), "logo")
    logo = visitor.get(where)

    assert logo.status_code == 200
    assert logo.content == PICTURE
    assert logo.headers["content-type"] == "image/png"
    assert logo.headers["x-content-type-options"] == "nosniff"
    assert "immutable" in logo.headers["cache-control"]


def test_the_layout_and_the_mark_are_the_owner_s(visitor, owner, form):
    plain = visitor.get(f"/f/{form.id}").text
    assert "Received by Pillarbox" in plain
    assert "on-card" not in plain

    forms.update(owner.account, form.id, {"appearance": {"layout": "card", "mark": False}})

    card = visitor.get(f"/f/{form.id}").text
    assert "Received by Pillarbox" not in card
    assert '<body class="visitor on-card">' in card


@pytest.mark.parametrize("file", ["accent.css", "logo", "nothing", "..%2f..%2fforms.py", "%00"])
def test_what_the_form_has_not_is_404(visitor, form, file):
    response = visitor.get(f"/f/{form.id}/look/{file}")

    assert response.status_code == 404
    assert NOT_SHOWN in response.text


@pytest.mark.parametrize("form_id", ["zzzzzzzzzzzz", "nothing"])
def test_a_form_that_is_not_there_is_404(visitor, form_id):
    assert visitor.get(f"/f/{form_id}/look/accent.css").status_code == 404


def test_it_is_there_for_everybody(stranger, green):
    assert stranger.get(f"/f/{green.id}/look/accent.css").status_code == 200


def test_a_form_without_an_accent_asks_for_no_other_file(visitor, form):
    assert "/look/" not in visitor.get(f"/f/{form.id}").text
