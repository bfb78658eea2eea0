"""Usernames of any script, and none that could be taken for somebody else's."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pillarbox import usernames
from tests.people import PASSWORD

CYRILLIC_ADA = "\u0430d\u0430"  # its first and last letters are Cyrillic
ALL_CYRILLIC = "\u0441\u043e\u0440\u0430"  # looks like copa


@pytest.mark.parametrize(
    "name",
    [
        "ada",
        "Ada.Lovelace",
        "a1",
        "j\u00f8rgen",
        "\u0414\u0436\u043e\u043d",
        "\u5c0f\u6797",
        "\u30c6\u30b9\u30c8-abc",
        "\u0645\u0631\u064a\u0645",
        "R2_d2",
    ],
)
def test_a_name_of_one_script_is_taken(name):
    assert usernames.read(name) == unicodedata.normalize("NFKC", name)


@pytest.mark.parametrize(
    "name",
    [
        "",
        "-ada",
        "ada-",
        ".ada",
        "ada lovelace",
        "ada@example.com",
        "ada\n",
        "a\u202eda",
        "\U0001f4ee",
        "a\u200bda",
        "\u0301ada",
    ],
)
def test_what_is_no_name_is_refused_with_a_sentence(name):
    with pytest.raises(ValueError, match="letters, digits, dots"):
        usernames.read(name)


@pytest.mark.parametrize("name", [CYRILLIC_ADA, "\u03c1aul", "ab\u0431", "\u0e01a"])
def test_letters_of_different_scripts_are_not_mixed(name):
    with pytest.raises(ValueError, match="one script"):
        usernames.read(name)


def test_full_width_letters_are_the_letters_that_they_stand_for():
    assert usernames.read("\uff41\uff44\uff41") == "ada"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("paypal", "paypa1"),
        ("Ian", "lan"),
        ("modern", "rnodern"),
        ("bob", "b0b"),
        ("copa", ALL_CYRILLIC),
        ("ADA", "ada"),
        ("stra\u00dfe", "strasse"),
    ],
)
def test_names_that_look_alike_are_the_same(one, other):
    assert usernames.lookalike(one) == usernames.lookalike(other) or usernames.folded(one) == usernames.folded(other)


@pytest.mark.parametrize(("one", "other"), [("ada", "eda"), ("lan", "ian"), ("anna", "ana"), ("user5", "users")])
def test_names_that_can_be_told_apart_are_not(one, other):
    assert usernames.lookalike(one) != usernames.lookalike(other)


@given(st.text(max_size=40))
def test_any_text_is_a_name_or_a_sentence_and_is_folded_once_and_for_all(text):
    try:
        name = usernames.read(text)
    except ValueError as error:
        name = str(error).removesuffix(".")
        if name + "." in {usernames.CHARACTERS, usernames.SCRIPTS}:
            return
    assert usernames.read(name) == name
    assert usernames.folded(usernames.folded(name)) == usernames.folded(name)
    assert usernames.folded(name.upper()) == usernames.folded(name.upper().lower())


def test_nobody_signs_up_under_a_name_that_looks_like_the_owners(visitor, owner):
    taken = owner.account.username
    alike = taken.replace("o", "0", 1)
    assert alike != taken

    sent = {"username": alike, "email": "alike@example.com", "password": PASSWORD}
    response = visitor.post("/v1/accounts", json=sent)

    assert response.status_code == 409
    (error,) = response.json()["errors"]
    assert (error["field"], error["code"]) == ("username", "taken")
    assert "looks too much like" in error["message"]
