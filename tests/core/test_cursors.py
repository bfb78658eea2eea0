import pytest
from hypothesis import given
from hypothesis import strategies as st

from pillarbox import cursors
from pillarbox.errors import Invalid


@given(of=st.text(), place=st.text(min_size=1))
def test_a_cursor_gives_back_its_place(of, place):
    assert cursors.read(of, cursors.seal(of, place)) == place


def test_no_cursor_is_the_beginning():
    assert cursors.read("inbox of a", None) is None


@given(st.text())
def test_what_was_not_sealed_is_refused(cursor):
    with pytest.raises(Invalid, match="next_cursor"):
        cursors.read("inbox of a", cursor)


def test_a_cursor_of_another_list_is_refused():
    with pytest.raises(Invalid):
        cursors.read("inbox of a", cursors.seal("inbox of b", "01ARZ3NDEKTSV4RRFFQ69G5FAV"))


@given(st.integers(0, 40), st.characters(codec="ascii"))
def test_a_changed_character_is_seen(index, character):
    cursor = cursors.seal("inbox of a", "01ARZ3NDEKTSV4RRFFQ69G5FAV")
    changed = cursor[:index] + character + cursor[index + 1 :]

    if changed != cursor:
        with pytest.raises(Invalid):
            cursors.read("inbox of a", changed)
