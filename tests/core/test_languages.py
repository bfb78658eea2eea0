"""What visitors read in their own language: which one it is, and that nothing of it is missing."""

import re
from pathlib import Path

import pytest

from infra import messages
from pillarbox import fields, hosting, languages, refusals, rules, sentences

TRANSLATED = languages.CODES[1:]
PLACEHOLDER = re.compile(r"%\((\w+)\)s")


def event(accept="", query=""):
    return {"headers": {"accept-language": accept}, "rawQueryString": query}


def forms_of(message):
    """Return what an English sentence has in a language, and which values it may name."""
    said = message.string if isinstance(message.string, tuple) else (message.string,)
    meant = message.id if isinstance(message.id, tuple) else (message.id,)
    return said, set(PLACEHOLDER.findall(meant[-1]))


def test_owners_may_choose_the_languages_that_there_are():
    assert set(hosting.LANGUAGES) == set(languages.CODES)


@pytest.mark.parametrize("code", TRANSLATED)
def test_a_catalogue_has_what_code_and_templates_say_and_nothing_else(code):
    said = {message.id for message in messages.sentences() if message.id}

    assert {message.id for message in messages.catalogue(code) if message.id} == said


@pytest.mark.parametrize("code", TRANSLATED)
def test_everything_is_said_with_the_same_values_in_every_form_that_a_number_asks_for(code):
    catalogue = messages.catalogue(code)

    for message in catalogue:
        if not message.id:
            continue
        said, values = forms_of(message)
        assert len(said) == (catalogue.num_plurals if isinstance(message.id, tuple) else 1), message.id
        assert all(said), message.id
        assert not message.fuzzy, message.id
        # "One" may be said without its figure, as in English; and everything else is named everywhere.
        assert all(set(PLACEHOLDER.findall(one)) | {"num"} == values | {"num"} for one in said), message.id
        assert "num" not in values or "num" in PLACEHOLDER.findall(said[-1]), message.id
        assert all("%" not in PLACEHOLDER.sub("", one) for one in said), message.id


@pytest.mark.parametrize("code", TRANSLATED)
def test_what_is_compiled_is_what_is_written(code):
    compiled = languages.FOLDER / code / "LC_MESSAGES" / "pillarbox.mo"

    assert compiled.read_bytes() == messages.mo(messages.catalogue(code)), "make messages compiles it."
    assert messages.po(messages.catalogue(code)) == compiled.with_suffix(".po").read_bytes()


@pytest.mark.parametrize(
    ("accept", "offered", "chosen"),
    [
        ("", [], "en"),
        ("de", [], "de"),
        ("de-AT,de;q=0.9,en;q=0.8", [], "de"),
        ("en;q=0.5, fr;q=0.9", [], "fr"),
        ("sv, nl;q=0.3", [], "nl"),
        ("sv", [], "en"),
        ("zh-Hant-TW", [], "zh"),
        ("pt-BR", [], "pt"),
        ("DE_de", [], "de"),
        ("de;q=0, fr;q=0.1", [], "fr"),
        ("de", ["fr", "it"], "fr"),
        ("it;q=0.2, *;q=0.1", ["fr", "it"], "it"),
        ("sv, *;q=0.5", ["pl", "de"], "pl"),
        ("fr;q=many, pl", [], "pl"),
        (",;=,q=1,\u00e4", [], "en"),
        ("x," * 3000 + "de", [], "en"),
    ],
)
def test_a_visitor_s_browser_says_which_language_among_those_offered(accept, offered, chosen):
    assert languages.of(event(accept), offered).code == chosen


@pytest.mark.parametrize(
    ("query", "offered", "chosen"),
    [
        ("lang=ja", [], "ja"),
        ("name=Ada&lang=pt-BR", [], "pt"),
        ("lang=ja", ["de", "fr"], "fr"),
        ("lang=xx", [], "fr"),
        ("lang=%00", [], "fr"),
        ("lang=de&lang=nl", [], "nl"),
    ],
)
def test_an_address_may_ask_for_a_language(query, offered, chosen):
    assert languages.of(event("fr", query), offered).code == chosen


def test_arabic_runs_from_right_to_left_and_keeps_other_words_apart():
    arabic, german = languages.language("ar"), languages.language("de")

    assert (arabic.direction, german.direction) == ("rtl", "ltr")
    assert arabic.inset("Your name?") == "\u2068Your name?\u2069"
    assert german.inset("Your name?") == "Your name?"
    assert german.inset("שם?") == "\u2068שם?\u2069"


OPTIONS = [{"value": "a"}, {"value": "b"}]
MISFITS = [
    *(({"type": kind}, {"x": []}) for kind in ("text", "long_text", "hidden")),
    *(({"type": kind}, "?") for kind in ("email", "url", "phone", "number", "integer", "date", "time", "consent")),
    ({"type": "checkbox"}, "?"),
    ({"type": "choice", "options": OPTIONS}, "c"),
    ({"type": "choices", "options": OPTIONS}, ["c"]),
    ({"type": "text", "required": True}, ""),
    ({"type": "text", "required": True}, None),
    ({"type": "consent", "required": True}, ""),
    ({"type": "text", "max_length": 3}, "abcd"),
    ({"type": "text", "min_length": 1, "max_length": 1}, "ab"),
    ({"type": "text", "min_length": 3}, "ab"),
    ({"type": "text", "pattern": "[A-Z]+", "help": "In capitals."}, "ab"),
    ({"type": "number", "min": 2}, "1"),
    ({"type": "integer", "max": 2}, "3"),
    ({"type": "date", "min": "2026-01-01"}, "2025-01-01"),
    ({"type": "time", "max": "12:00"}, "13:00"),
]


@pytest.mark.parametrize("code", TRANSLATED)
@pytest.mark.parametrize(("rule", "sent"), MISFITS, ids=str)
def test_every_error_of_a_field_is_told_in_every_language(code, rule, sent):
    field = fields.Field.model_validate({"name": "it", "label": "Größe", **rule})
    given = {"it": sent} if sent is not None else {}
    _, (error,) = rules.check(fields.compile_rules([field], strict=False), given)

    said = sentences.of_error(languages.language(code), error, {"it": field.model_dump(mode="json")})

    assert "Größe" in said
    assert said != error["message"]
    assert not re.search(r" must | is required|doesn't", said)
    for figure in re.findall(r"\b\d+\b", error["message"]):
        assert figure in said
    assert rule.get("help", "") in said


def test_in_english_an_error_says_what_programs_are_told():
    error = {"code": "TYPE_EMAIL", "field": "it", "message": "Said as it was."}

    assert sentences.of_error(languages.language("en"), error, {"it": {"type": "email"}}) == "Said as it was."


@pytest.mark.parametrize(
    ("error", "part"),
    [
        ({"code": "UNKNOWN_FIELD", "field": "x", "message": "x is not a field of this form."}, "kein Feld"),
        ({"code": "TYPE_TEXT", "field": "_subject", "message": "…"}, "Kopf einer E-Mail"),
        ({"code": "EMPTY", "message": "Nothing was filled in."}, "nichts ausgefüllt"),
        ({"code": "NEW", "field": "x", "message": "Something new."}, "Something new."),
    ],
)
def test_so_is_what_is_wrong_with_no_declared_field(error, part):
    assert part in sentences.of_error(languages.language("de"), error, {})


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(1, "1 sekundę"), (3, "3 sekundy"), (5, "5 sekund"), (22, "22 sekundy"), (180, "3 minuty"), (3000, "50 minut")],
)
def test_how_long_to_wait_has_the_form_that_the_number_asks_for(seconds, words):
    heading, said = sentences.of_refusal(languages.language("pl"), refusals.RateLimited(seconds))

    assert heading == "Chwileczkę"
    assert f"odczekać {words} i" in said


@pytest.mark.parametrize("code", TRANSLATED)
def test_a_refusal_keeps_its_values(code):
    refusal = refusals.TooLarge("A field may hold 64 KB: “%(name)s” is larger.", name="100 %(x)s")

    assert str(refusal) == "A field may hold 64 KB: “100 %(x)s” is larger."
    assert "100 %(x)s" in sentences.of_refusal(languages.language(code), refusal)[1]


def test_what_only_a_program_does_wrong_is_told_to_it_in_english():
    heading, said = sentences.of_refusal(languages.language("de"), refusals.Malformed("A field has no name."))

    assert (heading, said) == ("Das ließ sich nicht lesen", "A field has no name.")


def test_make_messages_changes_nothing_when_nothing_is_new(tmp_path, monkeypatch):
    files = {file: file.read_bytes() for file in languages.FOLDER.rglob("pillarbox.*")}
    for file, content in files.items():
        copy = tmp_path / file.relative_to(languages.FOLDER)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(content)
    monkeypatch.setattr(languages, "FOLDER", Path(tmp_path))

    messages.main()

    assert {file.relative_to(tmp_path): file.read_bytes() for file in tmp_path.rglob("pillarbox.*")} == {
        file.relative_to(Path(languages.__file__).parent / "locale"): content for file, content in files.items()
    }
