"""The pages that visitors see, in their language: the form, its errors, what says no, thanks."""

import re

import pytest

from pillarbox import aws, definitions, forms, rates
from pillarbox.errors import Unavailable

GERMAN = {"accept-language": "de-AT,de;q=0.9,en;q=0.5", "accept": "text/html"}


@pytest.fixture
def page(form):
    return f"/f/{form.id}"


def language(response):
    (found,) = re.findall(r'<html lang="([^"]+)" dir="([^"]+)"', response.text)
    return found


@pytest.mark.parametrize(
    ("code", "send", "of_page"),
    [
        ("en", "Send", ("en", "ltr")),
        ("de", "Senden", ("de", "ltr")),
        ("fr", "Envoyer", ("fr", "ltr")),
        ("es", "Enviar", ("es", "ltr")),
        ("pt", "Enviar", ("pt", "ltr")),
        ("it", "Invia", ("it", "ltr")),
        ("nl", "Versturen", ("nl", "ltr")),
        ("pl", "Wyślij", ("pl", "ltr")),
        ("ja", "送信", ("ja", "ltr")),
        ("zh", "提交", ("zh-Hans", "ltr")),
        ("ar", "إرسال", ("ar", "rtl")),
    ],
)
def test_a_form_speaks_the_language_of_the_browser(visitor, page, code, send, of_page):
    response = visitor.get(page, headers={"accept-language": code})

    assert language(response) == of_page
    assert f"data-send>{send}</button>" in response.text
    assert '<h1 dir="auto">Contact</h1>' in response.text


def test_only_in_languages_that_the_form_is_for(visitor, owner, form, page):
    forms.update(owner.account, form.id, {"languages": ["fr", "it"]})

    assert language(visitor.get(page, headers=GERMAN))[0] == "fr"
    assert language(visitor.get(page, headers={"accept-language": "it"}))[0] == "it"
    assert language(visitor.get(f"{page}?lang=de"))[0] == "fr"


def test_an_address_that_asks_for_one_keeps_it_over_errors_to_the_thanks(visitor, owner, form, page):
    fields = [{"name": "seats", "label": "Plätze", "type": "integer", "required": True}]
    forms.update(owner.account, form.id, {"fields": fields})
    shown = visitor.get(f"{page}?lang=nl", headers=GERMAN)
    (action,) = re.findall(r'<form method="post" action="([^"]+)"', shown.text)

    wrong = visitor.post(action, data={"seats": "x"}, headers=GERMAN)
    assert wrong.status_code == 422
    assert "“Plätze” moet een geheel getal zijn." in wrong.text
    assert f'action="{action}"' in wrong.text

    done = visitor.post(action, data={"seats": "2"}, headers=GERMAN)
    assert done.headers["location"] == f"https://pillarbox.test{page}/thanks?lang=nl"
    thanks = visitor.get(done.headers["location"])
    assert "Dank u wel" in thanks.text
    assert "Uw bericht is aangekomen." in thanks.text


@pytest.mark.parametrize("tag", ["DE", "de-AT", "de_CH", "%20De-latn-DE"])
def test_a_tag_may_name_a_region_and_be_written_large(visitor, page, tag):
    shown = visitor.get(f"{page}?lang={tag}")
    assert language(shown)[0] == "de"
    assert f'action="{page}?lang=de"' in shown.text

    done = visitor.post(f"{page}?lang={tag}", data={"message": "Hallo"})
    assert done.headers["location"] == f"https://pillarbox.test{page}/thanks?lang=de"


def test_an_error_page_says_so_in_its_title_beside_the_field_and_in_the_summary(visitor, owner, form, page):
    fields = [{"name": "email", "label": "Adresse", "type": "email", "help": "Für die Antwort."}]
    forms.update(owner.account, form.id, {"fields": fields})

    response = visitor.post(page, data={"email": "ada@"}, headers=GERMAN)

    assert "<title>Bitte berichtigen: Contact</title>" in response.text
    assert "Bitte berichtigen Sie dies:" in response.text
    assert response.text.count("„Adresse“ muss eine E-Mail-Adresse sein, zum Beispiel ada@example.com.") == 2
    (field,) = re.findall(r'<input id="field-0"[^>]*>', response.text)
    assert 'aria-invalid="true"' in field
    assert 'aria-describedby="field-0-hint field-0-error"' in field
    assert " autofocus" in field


def test_programs_are_told_in_english_as_ever(visitor, owner, form, page):
    forms.update(owner.account, form.id, {"fields": [{"name": "n", "label": "Zahl", "type": "integer"}]})

    answer = visitor.post(page, data={"n": "x"}, headers={"accept-language": "de", "accept": "application/json"})

    assert answer.json()["errors"] == [
        {"code": "TYPE_NUMERIC", "field": "n", "message": "Zahl must be a whole number."}
    ]


def test_the_owner_s_own_words_stay_as_they_are(visitor, owner, form, page):
    forms.update(owner.account, form.id, {"thanks": {"title": "Thank you", "text": "We write back."}})

    thanks = visitor.get(f"{page}/thanks", headers=GERMAN).text

    assert "Thank you" in thanks
    assert "We write back." in thanks
    assert "Vielen Dank" not in thanks


def test_a_closed_form_says_so_in_one_of_its_languages(visitor, owner, form, page):
    forms.update(owner.account, form.id, {"active": False, "languages": ["ja"]})

    response = visitor.get(page)

    assert response.status_code == 403
    assert "受付は終了しています" in response.text


def test_pages_that_say_no_speak_it_too(visitor, owner, form, page, monkeypatch):
    missing = visitor.get("/f/zzzzzzzzzzzz", headers=GERMAN)
    assert (missing.status_code, "Dieses Formular gibt es nicht" in missing.text) == (404, True)

    forms.update(owner.account, form.id, {"allowed_origins": ["example.com"]})
    blocked = visitor.post(page, data={"a": "1"}, headers=GERMAN | {"origin": "https://other.example"})
    assert (blocked.status_code, "Nicht von hier" in blocked.text) == (403, True)

    large = visitor.post(page, data={"message": "x" * 70_000}, headers=GERMAN)
    assert (large.status_code, "Das ist zu viel" in large.text) == (413, True)

    def down(*_args, **_more):
        raise Unavailable("The table is out of reach.")

    monkeypatch.setattr(aws, "call", down)
    later = visitor.post(page, data={"message": "Hallo"}, headers=GERMAN)
    assert (later.status_code, "Gerade geht es nicht" in later.text) == (503, True)
    assert "Hallo" in later.text
    assert "Noch einmal senden" in later.text


def test_who_sends_too_often_is_told_how_long_to_wait_and_loses_nothing(visitor, owner, monkeypatch):
    monkeypatch.setattr(rates, "buckets", {})
    declared = [{"name": "colour", "label": "Farbe", "type": "choice", "options": [{"value": "r", "label": "Rot"}]}]
    wanted = {"name": "F", "fields": declared, "limits": {"per_form_per_minute": 1}}
    form = forms.create(owner.account, definitions.Definition.model_validate(wanted))
    visitor.post(f"/f/{form.id}", data={"colour": "r"})
    for _ in range(3):
        response = visitor.post(f"/f/{form.id}", data={"colour": "r", "other": "more"}, headers=GERMAN)

    assert response.status_code == 429
    assert re.search(r"Bitte warten Sie \d+ (Sekunden?|Minuten?) und senden", response.text)
    assert '<input type="radio" name="colour" value="r" checked>' in response.text
    assert 'value="more"' in response.text
    assert "Noch einmal senden" in response.text


def test_nothing_filled_in_leads_back_to_the_form(visitor, page):
    response = visitor.post(page, data={"name": "", "message": ""}, headers=GERMAN)

    assert response.status_code == 422
    assert "Es wurde nichts ausgefüllt." in response.text
    assert 'name="message"' in response.text
    assert 'role="alert" tabindex="-1" autofocus' in response.text
    assert response.text.count(" autofocus") == 1


def test_a_file_is_refused_with_all_that_was_typed(visitor, owner, form, page):
    fields = [{"name": "about", "label": "Worum geht es?", "type": "long_text"}]
    forms.update(owner.account, form.id, {"fields": fields})

    response = visitor.post(page, data={"about": "Hallo"}, files={"cv": ("cv.pdf", b"%PDF")}, headers=GERMAN)

    assert response.status_code == 422
    assert "Dieses Formular nimmt keine Dateien an." in response.text
    assert "Worum geht es?" in response.text
    assert ">\nHallo</textarea>" in response.text
