"""The field editor: what its buttons do, without a script, and what two people who use it at once are told."""

import re
import time
from concurrent.futures import ThreadPoolExecutor
from html import unescape
from http import HTTPStatus
from typing import Any

import pytest

from pillarbox import definitions, drafts, field_kinds, forms, ids, starters, versions
from tests.people import csrf_token

MAY = "manager"
LONG = "x" * 10_000
RACERS = 3
HOSTILE = '"><script>alert(1)</script>\u202e'
FIELDS: list[dict[str, Any]] = [
    {"name": "name", "type": "text", "required": True},
    {"name": "coming", "type": "choice", "options": [{"value": "yes", "label": "Yes, gladly"}, {"value": "no"}]},
    {"name": "people", "type": "integer", "min": 1, "show_if": {"field": "coming", "equals": "yes"}},
]


@pytest.fixture
def path(form):
    return f"/forms/{form.id}/fields"


@pytest.fixture
def declared(owner, form):
    return forms.update(owner.account, form.id, {"fields": FIELDS})


@pytest.fixture
def now(owner, form):
    return lambda: forms.get(owner.account, form.id)


@pytest.fixture
def draft(now):
    return lambda: drafts.of(now())


@pytest.fixture
def names(draft):
    return lambda: [sheet.get("name") for sheet in draft().sheets]


def found(pattern, text):
    """Return the only group of the pattern where it is found first."""
    match = re.search(pattern, text, re.DOTALL)
    assert match, pattern
    return match[1]


def held(page):
    """Return what a browser would send of the page's form: its inputs as they stand."""
    form = found(r'(<form class="editor".*</form>)', page.text)
    fields = {}
    for tag in re.findall(r"<input[^>]*>", form):
        value = re.search(r'value="([^"]*)"', tag)
        if 'type="checkbox"' not in tag or " checked" in tag:
            fields[found(r'name="([^"]+)"', tag)] = unescape(value[1]) if value else "on"
    for name, text in re.findall(r'<textarea[^>]*name="([^"]+)"[^>]*>\n(.*?)</textarea>', form, re.DOTALL):
        fields[name] = unescape(text)
    for name, options in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', form, re.DOTALL):
        chosen = r'value="([^"]*)" selected' if " selected" in options else r'value="([^"]*)"'
        fields[name] = unescape(found(chosen, options))
    return fields


def press(person, page, do, **typed):
    """Press a button of a page that was opened, with something typed into the inputs of its chosen field."""
    fields = held(page) | {f"f-{name}": text for name, text in typed.items()} | {"do": do}
    sent = {name: text for name, text in fields.items() if text is not None}
    return person.post(page.url.path, data=sent, headers={"origin": str(person.base_url).rstrip("/")})


def pressed(person, page, do, **typed):
    """Press a button, and return the page that it leads to."""
    answer = press(person, page, do, **typed)
    assert answer.status_code == 303, answer.text
    return person.get(answer.headers["location"])


def opened(person, path, n):
    """Open the settings of the field in place n, from 0."""
    page = person.get(path)
    return pressed(person, page, re.findall(r'value="(open:[^"]+)"', page.text)[n])


# ── Building a form ──────────────────────────────────────────────────────────


def test_a_form_without_fields_says_that_it_takes_anything(owner, path, draft):
    page = owner.get(path)

    assert "takes whatever is sent" in page.text
    assert all(kind.words in page.text for kind in field_kinds.KINDS.values())
    assert all(starter.name in page.text for starter in starters.STARTERS.values())
    assert draft().revision == 0


@pytest.mark.parametrize("kind", field_kinds.KINDS)
def test_a_field_of_each_type_is_added_and_fits_at_once(owner, path, draft, now, kind):
    page = pressed(owner, owner.get(path), f"add:{kind}")

    assert draft().judged().errors == {}
    assert [sheet["type"] for sheet in draft().sheets] == [kind]
    assert 'id="f-label"' in page.text
    assert owner.get(f"/forms/{now().id}/preview").status_code == 200
    assert now().fields == []


def test_a_form_is_built_changed_and_published(owner, path, names, now, visitor):
    page = pressed(owner, owner.get(path), "add:email")
    page = pressed(owner, page, "add:text", label="Your address", required="on")
    page = pressed(owner, page, "save", label="Your name")
    assert names() == ["your_address", "your_name"]
    page = pressed(owner, page, f"up:{held(page)['key']}")
    page = pressed(owner, page, "publish", help="As we should write it", max_length="50")

    assert "Published." in page.text
    assert [(one.name, one.type, one.required) for one in now().fields] == [
        ("your_name", "text", False),
        ("your_address", "email", True),
    ]
    assert (now().fields[0].help, now().fields[0].max_length) == ("As we should write it", 50)
    assert "As we should write it" in visitor.get(f"/f/{now().id}").text


@pytest.mark.usefixtures("declared")
def test_what_was_typed_goes_along_with_every_button(owner, path, draft):
    for n, do in enumerate(("open", "add:date", "open:2", "down:1", "duplicate:3")):
        page = opened(owner, path, 0)
        pressed(owner, page, do, label=f"Label {n}")
        assert f"Label {n}" in [sheet["label"] for sheet in draft().sheets]


@pytest.mark.usefixtures("declared")
def test_looking_begins_no_draft(owner, path, draft):
    for n in range(3):
        opened(owner, path, n)

    assert draft().revision == 0


@pytest.mark.usefixtures("declared")
def test_fields_are_moved_duplicated_removed_and_brought_back(owner, path, names):
    page = opened(owner, path, 1)
    page = pressed(owner, page, "down:2")
    assert names() == ["name", "people", "coming"]
    assert "number 3 of 3" in page.text
    page = pressed(owner, page, "place:2:0")
    assert names() == ["coming", "name", "people"]
    page = pressed(owner, page, "place:2:999999")
    page = pressed(owner, page, "up:2")
    page = pressed(owner, page, "duplicate:2")
    assert names() == ["name", "coming", "coming_2", "people"]
    page = pressed(owner, page, "remove:2")
    assert names() == ["name", "coming_2", "people"]
    assert "Bring back Coming" in page.text
    pressed(owner, page, "restore")
    assert names() == ["name", "coming", "coming_2", "people"]


def test_a_page_that_began_with_a_removed_field_begins_with_the_next(owner, path, form, draft):
    forms.update(owner.account, form.id, {"fields": [FIELDS[0] | {"starts_page": "You"}, FIELDS[1]]})
    pages = lambda: [sheet.get("starts_page") for sheet in draft().sheets]  # noqa: E731

    page = pressed(owner, owner.get(path), "remove:1")
    assert pages() == ["You"]
    pressed(owner, page, "restore")
    assert pages() == ["You", None]


def test_a_name_follows_the_label_until_it_is_published_and_then_stays(owner, path, names):
    page = pressed(owner, owner.get(path), "add:text")
    page = pressed(owner, page, "save", label="Größe (in cm)")
    assert names() == ["größe_in_cm"]
    pressed(owner, page, "publish")
    page = opened(owner, path, 0)
    assert "keeps the old name" in page.text
    pressed(owner, page, "save", label="Height")
    assert names() == ["größe_in_cm"]


@pytest.mark.usefixtures("declared")
def test_a_name_that_was_typed_stays_and_whoever_waits_for_the_field_learns_it(owner, path, draft):
    page = opened(owner, path, 1)
    page = pressed(owner, page, "save", name="rsvp")
    pressed(owner, page, "save", label="Another label")

    assert [sheet.get("show_field") for sheet in draft().sheets] == [None, None, "rsvp"]
    assert draft().judged().fit


def test_another_type_keeps_what_fits_and_tells_what_it_dropped(owner, path, form, draft):
    field = {"name": "age", "type": "text", "pattern": "[0-9]+", "max_length": 3, "default": "18", "help": "In years"}
    forms.update(owner.account, form.id, {"fields": [field]})

    page = pressed(owner, opened(owner, path, 0), "save", type="integer")

    assert "were dropped: the longest length, the pattern" in page.text
    assert draft().sheets[0] == {
        "key": "1",
        "name": "age",
        "label": "Age",
        "type": "integer",
        "help": "In years",
        "default": "18",
    }
    page = pressed(owner, page, "save", type="date")
    assert "what it begins with" in page.text
    page = pressed(owner, page, "save", type="choice")
    assert draft().judged().fit


def test_options_with_bars_and_labels_come_back_as_they_were(owner, path, form, now):
    options = [{"value": "a|b", "label": "A | B"}, {"value": "c\\", "label": "C"}, {"value": "\\|", "label": "\\|"}]
    forms.update(owner.account, form.id, {"fields": [{"name": "pick", "type": "choice", "options": options}]})
    before = now().fields

    page = pressed(owner, opened(owner, path, 0), "publish", label="Pick one")

    assert "Published" in page.text
    assert now().fields[0].options == before[0].options


@pytest.mark.usefixtures("declared")
def test_a_field_that_waits_chooses_its_value_from_a_list(owner, path, draft):
    page = opened(owner, path, 2)
    assert "Yes, gladly</option>" in page.text
    page = pressed(owner, page, "save", show_field="name")
    assert 'name="f-show_value" value="yes"' in page.text
    page = pressed(owner, page, "save", show_field="coming", show_value="Ada")
    assert draft().sheets[2]["show_value"] == "yes"
    pressed(owner, page, "save", show_field="")
    assert "show_value" not in draft().sheets[2]


@pytest.mark.usefixtures("declared")
def test_what_is_no_field_is_refused_when_the_owner_says_so(owner, path, now, visitor):
    page = owner.get(path)
    sent = held(page) | {"strict": "on", "do": "publish"}
    owner.post(path, data=sent)

    assert now().strict
    answer = visitor.post(f"/f/{now().id}", json={"name": "Ada", "coming": "no", "other": "x"})
    assert answer.json()["errors"][0]["code"] == "UNKNOWN_FIELD"


# ── What doesn't fit ─────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("n", "typed", "input_", "said"),
    [
        (0, {"label": LONG}, "label", "At most 200"),
        (0, {"name": LONG}, "name", "At most 100"),
        (0, {"name": "_next"}, "name", "is never data"),
        (0, {"name": "coming"}, "name", ""),
        (0, {"pattern": "(a"}, "pattern", ""),
        (0, {"help": LONG}, "help", "At most 1000"),
        (0, {"min_length": "9", "max_length": "3"}, "max_length", "This must be at least the shortest"),
        (0, {"max_length": "many"}, "max_length", "whole number"),
        (0, {"starts_page": LONG}, "starts_page", "At most 200"),
        (0, {"label": "a\x07b"}, "label", "control characters"),
        (1, {"options": ""}, "options", "needs options"),
        (1, {"options": "a\na | other"}, "options", "same value"),
        (1, {"options": f"a\n{LONG}"}, "options", "Option 2: At most 200"),
        (1, {"default": "maybe"}, "default", "one of its options"),
        (2, {"min": "many"}, "min", "This must be a number"),
        (2, {"min": "9", "max": "3"}, "max", "at least 9"),
        (2, {"show_value": "maybe"}, "show_value", "can't have"),
    ],
)
def test_what_does_not_fit_is_kept_told_at_its_place_and_not_published(
    owner, path, declared, now, n, typed, input_, said
):
    page = pressed(owner, opened(owner, path, n), "save", **typed)
    at = page if input_ != "name" or typed["name"] != "coming" else opened(owner, path, 1)

    assert said in unescape(found(rf'id="f-{input_}-error">.*?<span>(.*?)</span>', at.text))
    assert all(text in held(page).values() for name, text in typed.items() if name != "label" or "\x07" not in text)

    refused = press(owner, page, "publish")
    assert refused.status_code == 422
    assert re.search(rf'href="{path}\?field=\w+#f-{input_}"', refused.text)
    assert now().version == declared.version
    assert owner.get(f"/forms/{now().id}/preview").status_code == 200


def test_after_a_refusal_to_publish_the_page_shows_the_draft_and_a_name_follows_its_label_on(owner, path, draft):
    page = pressed(owner, owner.get(path), "add:text")

    refused = press(owner, page, "publish", label="Your name", max_length="many")
    assert refused.status_code == 422
    assert (held(refused)["f-name"], held(refused)["f-max_length"]) == ("your_name", "many")

    pressed(owner, refused, "save", label="Your full name")
    assert (draft().sheets[0]["name"], "auto" in draft().sheets[0]) == ("your_full_name", True)


def test_a_draft_that_was_overtaken_by_a_publication_shows_what_was_typed_and_stored(owner, path, declared, draft):
    page = pressed(owner, owner.get(path), "add:text")
    forms.update(owner.account, declared.id, {"fields": FIELDS[:1]})

    refused = press(owner, page, "publish", label="Your name")

    assert refused.status_code == 409
    assert held(refused)["f-name"] == "your_name"
    pressed(owner, refused, "save", label="Your full name")
    assert [sheet["name"] for sheet in draft().sheets][-1] == "your_full_name"


@pytest.mark.usefixtures("declared")
def test_all_errors_stand_in_one_summary(owner, path):
    page = pressed(owner, opened(owner, path, 0), "save", label=LONG)
    page = pressed(owner, opened(owner, path, 1), "save", options="")

    refused = press(owner, page, "publish")

    assert len(re.findall(r"#f-(label|options)\"", refused.text)) == 2
    assert "2 fields have" in refused.text


@pytest.mark.usefixtures("declared")
def test_a_field_that_stands_before_the_one_it_waits_for_is_told(owner, path):
    page = pressed(owner, opened(owner, path, 2), "place:3:0")

    assert 'id="f-show_field-error"' in page.text


def test_more_fields_than_a_form_takes_are_refused_and_nothing_typed_is_lost(owner, path, form, draft):
    fields = [{"name": f"f{n}", "type": "text"} for n in range(200)]
    forms.update(owner.account, form.id, {"fields": fields})
    page = opened(owner, path, 7)

    refused = press(owner, page, "add:text", label="Typed and not lost")

    assert refused.status_code == 422
    assert "at most 200 fields" in refused.text
    assert held(refused)["f-label"] == "Typed and not lost"
    assert len(draft().sheets) == 200


@pytest.mark.usefixtures("declared")
def test_a_draft_that_is_too_large_is_refused_and_what_was_typed_stays_in_the_page(owner, path, draft):
    pressed(owner, opened(owner, path, 0), "save", help="x" * 200_000)

    refused = press(owner, opened(owner, path, 1), "save", help="y" * 200_000)

    assert refused.status_code == 422
    assert "too much for one form" in refused.text
    assert held(refused)["f-help"] == "y" * 200_000
    assert draft().revision == 1


def test_a_form_of_two_hundred_fields_has_a_page_of_bounded_weight(owner, path, form):
    fields = [{"name": f"field-{n}", "type": "text", "label": "L" * 200, "help": "H" * 100} for n in range(200)]
    forms.update(owner.account, form.id, {"fields": fields})

    page = owner.get(path)

    assert len(page.text) < 400_000
    assert page.text.count('class="field-row"') == 200
    assert page.text.count("H" * 100) == 0


@pytest.mark.parametrize("do", ["", "everything", "place:1:x"])
@pytest.mark.usefixtures("declared")
def test_a_button_that_is_unknown_does_nothing(owner, path, draft, do):
    assert press(owner, owner.get(path), do).status_code == 400
    assert draft().revision == 0


@pytest.mark.parametrize("do", ["add:years", "up:999", "remove:", "duplicate:x", "restore", "starter:x", "version:99"])
@pytest.mark.usefixtures("declared")
def test_what_is_not_there_is_not_found(owner, path, do):
    assert press(owner, owner.get(path), do).status_code == 404


def test_hostile_words_stay_text(owner, path, draft):
    page = pressed(owner, owner.get(path), "add:choice")
    typed = dict.fromkeys(("label", "name", "help", "starts_page", "default"), HOSTILE)
    page = pressed(owner, page, "save", options=f"{HOSTILE} | {HOSTILE}", **typed)
    page = pressed(owner, page, "add:text")
    page = pressed(owner, page, "save", show_field=HOSTILE, pattern=HOSTILE)
    pages = [page, press(owner, page, "publish"), owner.get(path), owner.get(path.replace("fields", "preview"))]

    assert len(draft().sheets) == 2
    for shown in pages:
        assert "<script>alert" not in shown.text
    rows = found(r'<ol class="field-rows">(.*?)</ol>', owner.get(path).text)
    assert "\u202e" not in rows


# ── Starting ─────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("key", starters.STARTERS)
def test_a_template_is_the_draft_of_a_form_without_fields_and_can_be_published(owner, path, now, key):
    page = pressed(owner, owner.get(path), f"starter:{key}")
    pressed(owner, page, "publish")

    assert [field.name for field in now().fields] == [field["name"] for field in starters.STARTERS[key].fields]


@pytest.mark.usefixtures("declared")
def test_a_template_replaces_fields_only_after_a_question(owner, path, draft):
    asks = pressed(owner, owner.get(path), "starter:contact")
    assert "replaces the 3 fields" in asks.text
    assert draft().revision == 0

    token = {"csrf_token": csrf_token(asks), "seen": draft().token, "replace": "on", "do": "starter:contact"}
    answer = owner.post(path, data=token)

    assert answer.status_code == 303
    assert [sheet["name"] for sheet in draft().sheets] == ["name", "email", "message"]


def test_fields_are_read_off_what_came_in(owner, path, send, draft):
    values = {
        "Full name": "Ada",
        "email": "ada@example.com",
        "phone": "",
        "age": 36,
        "weight": 5.5,
        "day": "2026-11-21",
    }
    values |= {"site": "https://example.com/a", "message": "Hello", "colours": ["red", "blue"], "yes": True}
    send(**values, nested={"a": 1}, _subject="Hi")

    page = pressed(owner, owner.get(path), "came-in")

    assert "Here is a draft" in page.text
    assert {sheet["name"]: sheet["type"] for sheet in draft().sheets} == {
        "Full name": "text",
        "email": "email",
        "phone": "phone",
        "age": "integer",
        "weight": "number",
        "day": "date",
        "site": "url",
        "message": "long_text",
        "colours": "choices",
        "yes": "checkbox",
    }
    assert draft().judged().fit


@pytest.mark.parametrize(
    "odd",
    [
        {"many": [str(n) for n in range(600)]},
        {" _next": "https://example.com"},
        {"many": ["x" * 201]},
        {"mixed": ["a", {"b": 1}]},
        {"a\u2028b": "line"},
    ],
    ids=["too many options", "a control", "a long option", "a mixed list", "a name of two lines"],
)
def test_what_no_field_can_be_is_left_out_of_what_came_in(owner, path, send, draft, odd):
    send(**odd, name="Ada")

    pressed(owner, owner.get(path), "came-in")

    assert "name" in [sheet["name"] for sheet in draft().sheets]
    assert draft().judged().fit


def test_where_nothing_came_in_nothing_is_read(owner, path, draft):
    page = pressed(owner, owner.get(path), "came-in")

    assert "Nothing has come in yet" in page.text
    assert draft().revision == 0


# ── Two people ───────────────────────────────────────────────────────────────


@pytest.mark.usefixtures("declared")
def test_a_draft_that_somebody_else_changed_is_told_and_what_was_typed_stays(owner, manager, path, draft):
    mine = opened(owner, path, 0)
    pressed(manager, opened(manager, path, 0), "save", label="Theirs")

    told = press(owner, mine, "save", label="Mine")

    assert told.status_code == 409
    assert f"{manager.account.username} changed this draft".lower() in told.text.lower()
    assert "Theirs" in told.text
    assert held(told)["f-label"] == "Mine"
    assert draft().sheets[0]["label"] == "Theirs"

    pressed(owner, told, "save")
    assert draft().sheets[0]["label"] == "Mine"


def test_what_is_sent_again_after_a_lost_answer_is_nobody_elses_change(owner, path, draft):
    page = pressed(owner, owner.get(path), "add:text")
    pressed(owner, page, "save", label="Your name")

    again = pressed(owner, page, "save", label="Your name")

    assert "Somebody else" not in again.text
    assert (held(again)["f-label"], held(again)["f-name"]) == ("Your name", "your_name")
    pressed(owner, again, "save", label="Your full name")
    assert [(sheet["label"], sheet["name"]) for sheet in draft().sheets] == [("Your full name", "your_full_name")]
    assert press(owner, page, "save", label="Another name").status_code == 409


@pytest.mark.usefixtures("declared")
def test_who_changes_another_field_meanwhile_is_told_and_both_changes_are_kept(owner, manager, path, draft):
    mine = opened(owner, path, 0)
    pressed(manager, opened(manager, path, 1), "save", label="Theirs")

    page = pressed(owner, mine, "save", label="Mine")

    assert "Somebody else changes this draft too" in page.text
    assert [sheet["label"] for sheet in draft().sheets][:2] == ["Mine", "Theirs"]


@pytest.mark.parametrize("do", ["remove:1", "up:2", "add:text", "publish", "discard", "version:1"])
def test_a_step_from_an_old_page_is_not_taken(owner, manager, path, declared, draft, now, do):
    mine = opened(owner, path, 0)
    pressed(manager, opened(manager, path, 1), "save", label="Theirs")
    before = draft()

    told = press(owner, mine, do, label="Mine")

    assert told.status_code == 409
    assert held(told)["f-label"] == "Mine"
    assert draft() == before
    assert now().version == declared.version


@pytest.mark.usefixtures("declared")
def test_a_field_that_somebody_removed_is_put_back_with_what_was_typed(owner, manager, path, draft, names):
    mine = opened(owner, path, 0)
    pressed(manager, manager.get(path), "remove:1")

    told = press(owner, mine, "save", label="Mine", help="Typed at length")
    assert told.status_code == 409
    assert "Put it back with mine" in told.text
    assert held(told)["f-help"] == "Typed at length"

    pressed(owner, told, "save")
    assert names() == ["coming", "people", "name"]
    assert draft().sheets[2]["help"] == "Typed at length"


@pytest.mark.usefixtures("declared")
def test_a_form_that_others_published_meanwhile_is_not_overwritten_silently(owner, manager, path, now):
    page = pressed(owner, opened(owner, path, 0), "save", label="Mine")
    manager.patch(f"/v1/forms/{now().id}", json={"fields": [FIELDS[0] | {"label": "Theirs", "required": False}]})

    told = press(owner, page, "publish")
    assert told.status_code == 409
    for words in (manager.account.username, "“Theirs” is optional now", "Publish mine over it", "Throw mine away"):
        assert words in told.text
    assert now().fields[0].label == "Theirs"

    manager.patch(f"/v1/forms/{now().id}", json={"fields": [FIELDS[0] | {"label": "Theirs again"}]})
    over = found(r'value="(over:\d+)"', told.text)
    again = press(owner, told, over)
    assert again.status_code == 409
    assert now().fields[0].label == "Theirs again"

    pressed(owner, again, found(r'value="(over:\d+)"', again.text))
    assert [field.label for field in now().fields] == ["Mine", "Coming", "People"]
    assert versions.get(now().id, now().version - 1).definition.fields[0].label == "Theirs again"


@pytest.mark.usefixtures("declared")
def test_settings_that_were_changed_meanwhile_are_nothing_to_a_draft_and_stay(owner, manager, path, now):
    page = pressed(owner, opened(owner, path, 0), "save", label="Mine")
    manager.patch(f"/v1/forms/{now().id}", json={"thanks": {"title": "Theirs"}})

    pressed(owner, page, "publish")

    assert (now().fields[0].label, now().thanks.title) == ("Mine", "Theirs")


@pytest.mark.usefixtures("declared")
def test_a_draft_can_be_thrown_away(owner, path, draft):
    page = pressed(owner, opened(owner, path, 0), "save", label="Mine")
    page = pressed(owner, page, "discard")

    assert "thrown away" in page.text
    assert draft().revision == 0
    assert draft().sheets[0]["label"] == "Name"


def test_publishing_what_is_published_already_makes_no_version(owner, path, declared, draft, now):
    page = pressed(owner, opened(owner, path, 0), "save", label="Mine")
    page = pressed(owner, page, "save", label="Name")
    pressed(owner, page, "publish")

    assert now().version == declared.version
    assert draft().revision == 0


@pytest.fixture
def racers(racing_browser, owner, declared):
    """Three who have opened the same field at the same time, each served by an instance of their own."""
    browsers = [racing_browser(owner.account) for _ in range(RACERS)]

    def opened():
        with ThreadPoolExecutor(RACERS) as threads:
            return [*threads.map(lambda browser: browser.get(f"/forms/{declared.id}/fields?field=1"), browsers)]

    until = time.monotonic() + 120
    while any(page.status_code != HTTPStatus.OK for page in opened()):  # an instance is yet to start
        assert time.monotonic() < until
    return browsers, opened


def test_of_several_who_save_the_same_field_at_once_one_gets_in_and_nobody_loses_a_word(racers, draft):
    browsers, opened = racers
    pages = opened()

    def save(n):
        return press(browsers[n], pages[n], "save", label=f"Label {n}")

    with ThreadPoolExecutor(RACERS) as threads:
        answers = [*threads.map(save, range(RACERS))]

    (won,) = [n for n, answer in enumerate(answers) if answer.status_code == 303]
    assert draft().sheets[0]["label"] == f"Label {won}"
    assert draft().revision == 1
    for n, answer in enumerate(answers):
        if n != won:
            assert answer.status_code == 409
            assert held(answer)["f-label"] == f"Label {n}"


def test_of_several_who_publish_at_once_one_makes_a_version(racers, owner, path, declared, now, draft):
    browsers, open_again = racers
    pressed(owner, opened(owner, path, 0), "save", label="Mine")
    pages = open_again()

    with ThreadPoolExecutor(RACERS) as threads:
        answers = [*threads.map(lambda n: press(browsers[n], pages[n], "publish"), range(RACERS))]

    assert {answer.status_code for answer in answers} <= {303, 409}
    assert now().version == declared.version + 1
    assert (now().fields[0].label, draft().revision) == ("Mine", 0)


def test_who_publishes_a_draft_that_is_published_by_then_is_told(owner, manager, path, declared, now):
    pressed(owner, opened(owner, path, 0), "save", label="Mine")
    mine, theirs = opened(owner, path, 0), opened(manager, path, 0)
    assert press(manager, theirs, "publish").status_code == 303

    answer = press(owner, mine, "publish")

    assert answer.status_code == 409
    assert "Somebody changed this draft" in answer.text
    assert "published or thrown away since you opened it" in answer.text
    assert now().version == declared.version + 1


# ── Versions ─────────────────────────────────────────────────────────────────


@pytest.mark.usefixtures("declared")
def test_versions_tell_who_when_and_what_in_words(owner, manager, path, now):
    manager.patch(f"/v1/forms/{now().id}", json={"thanks": {"title": "Ta"}})
    manager.patch(f"/v1/forms/{now().id}", json={"fields": [FIELDS[1], FIELDS[0] | {"required": False}]})

    page = owner.get(f"{path}?versions=").text

    for words in ("3 fields added", "Settings", "“People” is removed", "“Name” is optional now", "The order changed"):
        assert words in page
    assert manager.account.username in page
    assert "The form was made" in page


def test_versions_come_page_by_page(owner, path, now):
    for n in range(12):
        owner.patch(f"/v1/forms/{now().id}", json={"name": f"Name {n}"})

    first = owner.get(f"{path}?versions=").text
    older = unescape(found(r'href="([^"]*cursor=[^"]+)"', first))

    assert "Version 13" in first
    assert "Version 3<" not in first
    assert "Version 3<" in owner.get(older).text
    assert owner.get(f"{path}?versions=&cursor=nonsense").status_code == 200


def test_a_version_is_shown_and_made_the_draft_again(owner, path, declared, now, names):
    owner.patch(f"/v1/forms/{now().id}", json={"fields": []})

    page = owner.get(f"{path}?version={declared.version}")
    assert "Coming" in page.text
    assert f"/preview?version={declared.version}" in page.text
    token = {"csrf_token": csrf_token(page), "seen": found(r'name="seen" value="([^"]+)"', page.text)}
    answer = owner.post(path, data=token | {"do": f"version:{declared.version}"})

    assert answer.status_code == 303
    assert names() == ["name", "coming", "people"]
    assert now().fields == []


@pytest.mark.parametrize("version", ["0", "99", "-1", "x", "9" * 30])
def test_a_version_that_never_was_is_not_found(owner, path, version):
    assert owner.get(f"{path}?version={version}").status_code == 404


# ── Who may ──────────────────────────────────────────────────────────────────


@pytest.mark.usefixtures("declared")
def test_a_field_that_is_gone_shows_the_list(owner, path):
    assert owner.get(f"{path}?field=nothing").status_code == 200


def test_a_draft_goes_with_its_form(owner, path, declared):
    pressed(owner, opened(owner, path, 0), "save", label="Mine")

    assert {"pk": f"FORM#{declared.id}", "sk": "DRAFT"} in forms.keys_of(declared.id)


def test_an_editor_may_neither_see_nor_change_it(editor, path):
    assert editor.get(path).status_code == 403
    assert editor.fill("/dashboard", {"do": "add:text"}, to=path).status_code == 403


def test_somebody_elses_form_is_not_found(stranger, path):
    assert stranger.get(path).status_code == 404


def test_a_form_that_is_not_there_is_not_found(owner):
    assert owner.get(f"/forms/{ids.short()}/fields").status_code == 404


def test_asks_somebody_who_is_not_signed_in_to_sign_in(visitor, path):
    assert visitor.get(path).headers["location"] == f"/sign-in?next={path}"


def test_the_page_may_hold_our_own_pages_in_frames_and_no_others(owner, path):
    assert "frame-src 'self';" in owner.get(path).headers["content-security-policy"]


def test_a_honeypot_that_is_also_a_field_is_told_when_it_is_published(owner, path, form):
    forms.update(owner.account, form.id, {"spam": {"honeypot": "nick"}})
    page = pressed(owner, owner.get(path), "add:text")
    page = pressed(owner, page, "save", name="nick")

    refused = press(owner, page, "publish")

    assert refused.status_code == 422
    assert "honeypot" in refused.text


def test_the_form_of_a_definition_is_made_with_its_fields_in_the_editor(owner):
    made = forms.create(owner.account, definitions.Definition.model_validate({"name": "Made", "fields": FIELDS}))

    assert "Coming" in owner.get(f"/forms/{made.id}/fields").text
