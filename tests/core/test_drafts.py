"""Drafts and what they are made of: sheets that come back as they were, edits, differences in words."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pillarbox import changes, drafts, field_edits, field_kinds, forms, sheets, table
from pillarbox.errors import Changed, Invalid
from pillarbox.fields import Field

LINES = st.text(st.characters(exclude_categories=["C", "Z"], include_characters=" |\\"), min_size=1, max_size=20)
OPTIONS = st.lists(
    st.builds(
        lambda value, label: {"value": value, "label": label}, LINES.map(lambda text: text.strip() or "x"), LINES
    ),
    min_size=1,
    unique_by=lambda option: option["value"],
)
FIELDS: list[dict[str, Any]] = [
    {"name": "note", "type": "text", "label": "A note", "help": "Two\nlines", "pattern": " ?[a-z ]+"},
    {"name": "long", "type": "long_text", "min_length": 0, "max_length": 65536, "starts_page": "More"},
    {"name": "share", "type": "number", "min": -0.5, "max": 1e22, "default": 0.25, "required": True},
    {"name": "when", "type": "time", "min": "09:30", "max": "17:00:30"},
    {
        "name": "one",
        "type": "choice",
        "options": [{"value": "a|b", "label": "A \\| B"}, {"value": "b"}],
        "default": "b",
    },
    {"name": "some", "type": "choices", "options": [{"value": "x"}, {"value": "y"}], "default": ["x", "y"]},
    {"name": "ticked", "type": "checkbox", "default": True},
    {"name": "unticked", "type": "checkbox", "default": False},
    {"name": "if_one", "type": "text", "show_if": {"field": "one", "equals": "a|b"}},
    {"name": "if_ticked", "type": "text", "show_if": {"field": "ticked", "equals": False}},
    {"name": "if_share", "type": "text", "show_if": {"field": "share", "equals": 0.25}},
]


def fields(*definitions):
    return [Field.model_validate(one) for one in definitions]


def test_every_field_comes_back_from_its_sheet_as_it_was():
    before = fields(*FIELDS)

    judged = sheets.judged(sheets.of(before))

    assert judged.fit
    assert judged.fields == before


@given(OPTIONS)
@settings(suppress_health_check=[HealthCheck.too_slow])
def test_every_list_of_options_comes_back_from_its_lines_as_it_was(options):
    (before,) = fields({"name": "one", "type": "choice", "options": options})

    (after,) = sheets.judged(sheets.of([before])).fields

    assert after is not None
    assert after.options == before.options


@pytest.mark.parametrize(
    ("label", "name"),
    [
        ("Your name", "your_name"),
        ("E-mail", "email"),
        ("E-Mail address", "email_address"),
        ("名前", "名前"),
        ("  ¿Qué? ", "qué"),
        ("???", "field"),
        ("_next", "next"),
        ("taken", "taken_2"),
        ("x" * 500, "x" * 90),
    ],
)
def test_a_name_follows_from_a_label(label, name):
    assert sheets.name_for(label, {"taken"}) == name


@pytest.mark.parametrize("old", field_kinds.KINDS)
@pytest.mark.parametrize("new", field_kinds.KINDS)
def test_a_field_fits_when_its_type_has_become_any_other(old, new):
    sheet = field_kinds.new(old) | {"key": "1", "name": "it"}

    (changed,), _ = field_edits.filled([sheet], sheet | {"type": new})

    assert sheets.judged([changed]).errors == {}
    assert changed.keys() <= {*field_kinds.inputs(new), "key", "auto"}


def test_moving_past_an_end_is_that_end():
    of = sheets.of(fields(*FIELDS[:3]))

    assert [one["key"] for one in field_edits.moved(of, "1", 99)] == ["2", "3", "1"]
    assert [one["key"] for one in field_edits.moved(of, "3", -5)] == ["3", "1", "2"]


def test_a_draft_that_nobody_began_is_what_is_published_and_is_not_stored(owner, form):
    forms.update(owner.account, form.id, {"fields": FIELDS})

    draft = drafts.of(forms.get(owner.account, form.id))

    assert (draft.revision, draft.based_on, len(draft.sheets)) == (0, 2, len(FIELDS))
    assert table.get(table.key(f"FORM#{form.id}", "DRAFT")) is None


def test_each_state_of_each_draft_has_a_token_of_its_own(owner, form):
    tokens = set()
    for _ in range(2):
        draft = drafts.of(form)
        for _ in range(2):
            draft = drafts.save(owner.account, form, draft)
            tokens.add(draft.token)
        drafts.discard(form, draft)

    assert len(tokens) == 4
    assert drafts.of(form).token not in tokens


def test_only_one_of_two_who_go_on_from_the_same_state_gets_in(owner, stranger, form):
    first = drafts.of(form)
    mine = drafts.save(owner.account, form, first.changed(strict=True))

    for late in (first, mine.changed(revision=0, at=None), mine.changed(revision=5)):
        with pytest.raises(drafts.Stale) as told:
            drafts.save(stranger.account, form, late)
        assert told.value.draft == mine
        with pytest.raises(drafts.Stale):
            drafts.discard(form, late)
    assert drafts.of(form) == mine


def test_a_draft_that_does_not_fit_is_kept_and_not_published(owner, form):
    sheet = {"key": "1", "name": "a", "type": "integer", "min": "many", "label": "x" * 10_000}
    draft = drafts.save(owner.account, form, drafts.of(form).changed(sheets=[sheet]))

    assert drafts.of(form).sheets == [sheet]
    with pytest.raises(Invalid) as refused:
        drafts.publish(owner.account, form, draft)
    assert {error["field"] for error in refused.value.errors} == {"1.min", "1.label"}


def test_publishing_over_fields_that_others_published_wants_the_version_that_was_seen(owner, form):
    draft = drafts.of(form).changed(sheets=[{"key": "1", "name": "mine", "type": "text"}])
    theirs = forms.update(owner.account, form.id, {"fields": FIELDS})

    for over in (None, 1, 3):
        with pytest.raises(Changed):
            drafts.publish(owner.account, theirs, draft, over=over)
    assert [one.name for one in drafts.publish(owner.account, theirs, draft, over=2).fields] == ["mine"]


def test_a_draft_that_was_changed_while_it_was_published_stays_and_knows_that_it_is_older(owner, form):
    read = drafts.save(owner.account, form, drafts.of(form).changed(sheets=[{"key": "1", "name": "a", "type": "text"}]))
    later = drafts.save(owner.account, form, read.changed(sheets=[{"key": "1", "name": "b", "type": "text"}]))

    published = drafts.publish(owner.account, form, read)

    assert [one.name for one in published.fields] == ["a"]
    assert drafts.of(published) == later
    assert drafts.drifted(published, later)


def test_fields_that_are_too_large_together_are_told_of_the_whole(owner, form):
    many = [{"key": str(n), "name": f"n{n}", "type": "text", "help": "h" * 900} for n in range(150)]

    with pytest.raises(Invalid, match="too large together"):
        drafts.publish(owner.account, form, drafts.of(form).changed(sheets=many))


def test_differences_are_told_in_words():
    old = fields(*FIELDS[:4])
    new = fields(
        {"name": "more", "type": "text"},
        FIELDS[2] | {"required": False, "max": 3},
        FIELDS[0] | {"label": "Your note", "type": "email", "pattern": None},
        FIELDS[3],
    )

    assert changes.of_fields(old, new) == [
        "“More” is new",
        "“Long” is removed",
        "“Share” is optional now",
        "“Share”: the most changed",
        "“A note” is called “Your note” now",
        "“Your note” was “Short text” and is “E-mail address” now",
        "“Your note”: the longest length, the pattern changed",
        "The order changed",
    ]


def test_of_many_differences_some_are_told_and_the_others_counted():
    told = changes.few([f"Change {n}" for n in range(9)])

    assert told == ["Change 0", "Change 1", "Change 2", "6 more changes"]
