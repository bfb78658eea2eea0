"""Logos: which files are pictures, and how a form's item and the row of its logo stay one."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from pillarbox import forms, ids, logos, pictures, places, table
from pillarbox.errors import Changed, Invalid, NotFound
from tests import drawings

pytestmark = pytest.mark.usefixtures("engine")


def named(form):
    """Return which logo the form's item says there is."""
    return (table.get(places.form(form.id)) or {}).get("logo")


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (drawings.png(300, 200), "image/png"),
        (drawings.gif(300, 200), "image/gif"),
        (drawings.jpeg(300, 200), "image/jpeg"),
        *((drawings.webp(300, 200, kind), "image/webp") for kind in ("lossy", "lossless", "extended")),
    ],
)
def test_a_picture_says_by_its_first_bytes_what_it_is_and_how_large(content, kind):
    assert pictures.measured(content) == (kind, 300, 200)
    for broken in range(24):
        assert pictures.measured(content[:broken]) is None


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "Choose a picture"),
        (b'<?xml version="1.0"?><SVG onload="alert(1)"/>', "An SVG can hold code"),
        (b"<script>alert(1)</script>", "PNG, JPEG, WebP or GIF"),
        (b"\xff\xd8\xff" + b"\xff" * 50, "isn't a picture"),
        (b"RIFF\x00\x00\x00\x00WEBPVP9 " + bytes(30), "isn't a picture"),
        (drawings.png(0, 10), "isn't a picture"),
        (drawings.png(2001, 10), "2,001 by 10 pixels"),
        (drawings.png(10, 10) + bytes(64 * 1024), "more than 64 KB"),
    ],
)
def test_what_is_no_small_picture_is_refused_with_the_reason(content, said):
    with pytest.raises(Invalid, match=said) as refused:
        logos.checked(content)
    assert refused.value.errors[0]["field"] == "logo"


def test_it_is_kept_and_found_and_the_forms_item_says_which_there_is(form):
    assert logos.get(form.id) is None

    logo = logos.checked(drawings.png(300, 200))
    logos.put(form.id, logo, seen=None)
    assert logos.get(form.id) == logo
    assert named(form) == logo.sha

    other = logos.checked(drawings.gif(20, 20))
    logos.put(form.id, other, seen=logo.sha)
    assert logos.get(form.id) == other

    logos.delete(form.id, seen=other.sha)
    assert logos.get(form.id) is None
    assert named(form) is None


def test_a_change_of_the_form_leaves_it_where_it_is(owner, form):
    logo = logos.checked(drawings.png(3, 3))
    logos.put(form.id, logo, seen=None)

    assert forms.update(owner.account, form.id, {"name": "Other"}).version == 2
    assert named(form) == logo.sha


def test_of_two_who_choose_one_at_once_the_second_is_told(form):
    def put(side):
        try:
            logos.put(form.id, logos.checked(drawings.png(side, side)), seen=None)
        except Changed:
            return "told"
        return "kept"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(put, (5, 6))) == ["kept", "told"]
    kept = logos.get(form.id)
    assert kept
    assert kept.sha == named(form)

    with pytest.raises(Changed):
        logos.delete(form.id, seen=None)


def test_a_form_that_is_not_there_gets_none():
    form_id = ids.short()

    with pytest.raises(NotFound):
        logos.put(form_id, logos.checked(drawings.png(3, 3)), seen=None)
    assert logos.get(form_id) is None
    assert logos.get("../etc") is None


def test_it_goes_with_its_form(form):
    logos.put(form.id, logos.checked(drawings.png(3, 3)), seen=None)

    assert table.key(f"FORM#{form.id}", "LOGO") in forms.keys_of(form.id)
