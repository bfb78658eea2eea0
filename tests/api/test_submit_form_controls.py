# ruff: noqa: E501 - a table is read by its columns
"""What control fields do, and that none of them is kept as data."""

import json

import pytest

from tests.sent import BROWSER, JSON, controls_of, inbox, only
from tests.site import URL

SENT = {"message": "Hello"}
THANKS = "https://example.com/thanks"


def declare(owner, form, *names):
    fields = [{"name": name, "label": name, "type": "text"} for name in names]
    owner.patch(f"/v1/forms/{form.id}", json={"fields": fields})


def allow(owner, form, *origins):
    owner.patch(f"/v1/forms/{form.id}", json={"allowed_origins": list(origins)})


PURE = [
    "_gotcha", "bot-field", "botcheck", "_honey", "honeypot", "_honeypot",
    "_next", "_redirect", "redirectTo", "_error",
    "_subject", "_email.subject", "_replyto", "replyto", "replyTo", "_cc", "ccemail", "from_name", "_email.from",
    "_format", "_template", "_language", "_autoresponse", "_blacklist", "_webhook", "webhook", "_captcha",
    "g-recaptcha-response", "recaptcha_response", "h-captcha-response", "cf-turnstile-response", "altcha", "_botpoison",
    "access_key", "apikey", "accessKey", "apiKey", "form-name", "_url", "attachment", "attachments[]",
    "_host_nonce", "_append", "_feedback", "_feedback.success.title", "_feedback.success", "_email.template.title",
    "_email.template",
]  # fmt: skip
BOTH = ["subject", "next", "redirect", "email", "Email"]
DATA = ["website", "url", "phone2", "_other", "_gotcha2", "name", "_email", "_Next", "NEXT", "captcha", "cc", "error"]


@pytest.mark.parametrize("name", PURE)
def test_a_control_field_is_never_data(owner, visitor, form, name):
    for sent in (SENT | {name: "none"}, SENT | {name: ""}):
        assert visitor.post(f"/f/{form.id}", data=sent).status_code == 303
        assert visitor.post(f"/f/{form.id}", json=sent).status_code == 200
    found = inbox(owner, form) + inbox(owner, form, folder="spam")
    assert [submission["fields"] for submission in found] == [SENT] * 4


@pytest.mark.parametrize("name", DATA)
def test_any_other_name_is_data_underscore_or_not(owner, visitor, form, name):
    visitor.post(f"/f/{form.id}", data=SENT | {name: "none"})
    assert only(owner, form)["fields"] == SENT | {name: "none"}


@pytest.mark.parametrize("name", BOTH)
def test_an_ordinary_name_that_is_a_control_field_too_stays_data(owner, visitor, form, name):
    visitor.post(f"/f/{form.id}", data=SENT | {name: "none"})
    assert only(owner, form)["fields"] == SENT | {name: "none"}


@pytest.mark.parametrize("name", [*BOTH, *(name for name in PURE if not name.startswith("_"))])
def test_a_declared_name_is_data_and_nothing_else(owner, visitor, form, name):
    allow(owner, form, "example.com")
    declare(owner, form, name)
    visitor.post(f"/f/{form.id}", data=SENT | {name: THANKS})
    assert only(owner, form)["fields"] == SENT | {name: THANKS}
    assert controls_of(owner, form) == {}


@pytest.mark.parametrize("name", BOTH[1:3])
def test_a_declared_name_leads_nowhere(owner, visitor, form, name):
    allow(owner, form, "example.com")
    declare(owner, form, name)
    answer = visitor.post(f"/f/{form.id}", data=SENT | {name: THANKS}, headers={"origin": "https://example.com"})
    assert answer.headers["location"] == f"{URL}/f/{form.id}/thanks"


# Honeypots.

HONEYPOTS = PURE[:6]


@pytest.mark.parametrize("name", HONEYPOTS)
@pytest.mark.parametrize("value", ["https://spam.example", "x", "on", "true"])
def test_a_filled_honeypot_is_spam_and_the_bot_learns_nothing(owner, visitor, form, name, value):
    honest = visitor.post(f"/f/{form.id}", data=SENT, headers=JSON)
    caught = visitor.post(f"/f/{form.id}", data=SENT | {name: value}, headers=JSON)
    assert caught.status_code == honest.status_code == 200
    assert caught.headers.keys() == honest.headers.keys()
    assert caught.json() | {"id": ""} == honest.json() | {"id": ""}
    spam = only(owner, form, folder="spam")
    assert spam["id"] == caught.json()["id"]
    assert len(inbox(owner, form)) == 1


@pytest.mark.parametrize(
    "sent",
    [{"_gotcha": False}, {"_gotcha": None}, {"_gotcha": []}, {"_gotcha": ["", " "]}, {"botcheck": "false"},
     {"botcheck": False}, {"botcheck": "off"}, {"botcheck": "0"}, {"_honey": "\r\n"}, {"honeypot": {}}],
    ids=str,
)  # fmt: skip
def test_a_honeypot_that_was_left_alone_catches_nobody(owner, visitor, form, sent):
    visitor.post(f"/f/{form.id}", json=SENT | sent)
    assert only(owner, form)["fields"] == SENT


@pytest.mark.parametrize("value", [True, "on", 1, ["", "x"], {"a": "b"}], ids=str)
def test_a_honeypot_that_was_filled_in_json_is_spam(owner, visitor, form, value):
    visitor.post(f"/f/{form.id}", json=SENT | {"botcheck": value})
    assert inbox(owner, form) == []
    assert only(owner, form, folder="spam")["fields"] == SENT


def test_two_filled_honeypots_are_one_spam(owner, visitor, form):
    visitor.post(f"/f/{form.id}", data=SENT | {"_gotcha": "x", "bot-field": "y"})
    assert only(owner, form, folder="spam")["fields"] == SENT


def test_the_form_s_own_honeypot_catches_too(owner, visitor, form):
    owner.patch(f"/v1/forms/{form.id}", json={"spam": {"honeypot": "fax"}})
    visitor.post(f"/f/{form.id}", data=SENT | {"fax": "1"})
    assert only(owner, form, folder="spam")["fields"] == SENT
    visitor.post(f"/f/{form.id}", data=SENT | {"fax": ""})
    assert only(owner, form)["fields"] == SENT


@pytest.mark.parametrize("name", ["website", "url", "phone2"])
def test_an_honest_field_is_no_honeypot(owner, visitor, form, name):
    visitor.post(f"/f/{form.id}", data=SENT | {name: "https://example.com"})
    assert only(owner, form)["fields"] == SENT | {name: "https://example.com"}


# What the mail about a submission will say.

MAIL = {
    "subject": ({"subject": "Hi"}, {"subject": "Hi"}),
    "_subject first": ({"subject": "Hi", "_subject": "New message"}, {"subject": "New message"}),
    "Formspark's subject": ({"_email.subject": "New order"}, {"subject": "New order"}),
    "a subject of several lines is one": ({"subject": "Hi\r\nBcc: all@example.com"}, {"subject": "Hi Bcc: all@example.com"}),
    "a long subject": ({"_subject": "a" * 1000}, {"subject": "a" * 200}),
    "email": ({"email": "ada@example.com"}, {"replyto": "ada@example.com"}),
    "Email": ({"Email": " Ada@Example.COM "}, {"replyto": "Ada@example.com"}),
    "no email": ({"email": "nobody"}, {}),
    "two emails": ({"email": "nobody", "Email": "ada@example.com"}, {}),
    "_replyto": ({"_replyto": "a@example.com", "email": "b@example.com"}, {"replyto": "a@example.com"}),
    "replyto": ({"replyto": "a@example.com"}, {"replyto": "a@example.com"}),
    "replyTo": ({"replyTo": "a@example.com"}, {"replyto": "a@example.com"}),
    "@": ({"replyTo": "@", "email": "b@example.com"}, {"replyto": "b@example.com"}),
    "@ without": ({"replyTo": "@"}, {}),
    "no _replyto": ({"_replyto": "nobody", "email": "b@example.com"}, {"replyto": "b@example.com"}),
    "two in _replyto": ({"_replyto": "a@example.com, b@example.com"}, {}),
    "_cc": ({"_cc": "a@example.com, b@example.com,nobody"}, {"cc": ["a@example.com", "b@example.com"]}),
    "ccemail": ({"ccemail": "a@example.com;b@example.com"}, {"cc": ["a@example.com", "b@example.com"]}),
    "many copies": ({"_cc": ",".join(f"a{n}@example.com" for n in range(50))}, {"cc": [f"a{n}@example.com" for n in range(10)]}),
    "from_name": ({"from_name": "Ada & Söhne"}, {"from_name": "Ada & Söhne"}),
    "Formspark's sender": ({"_email.from": "The shop"}, {"from_name": "The shop"}),
    "_format": ({"_format": "plain"}, {"format": "plain"}),
    "_format of another kind": ({"_format": "fancy"}, {}),
    "table": ({"_template": "table"}, {"template": "table"}),
    "box": ({"_template": "box"}, {"template": "box"}),
    "basic": ({"_template": "Basic"}, {"template": "basic"}),
    "another template": ({"_template": "../../etc/passwd"}, {}),
    "_language": ({"_language": "pt-BR"}, {"language": "pt-BR"}),
    "_language with an underscore": ({"_language": "de_CH"}, {"language": "de-CH"}),
    "no language": ({"_language": "<b>"}, {}),
}  # fmt: skip


@pytest.mark.parametrize(("sent", "kept"), MAIL.values(), ids=MAIL)
def test_what_the_mail_needs_is_kept_beside_the_data(owner, visitor, form, sent, kept):
    assert visitor.post(f"/f/{form.id}", data=SENT | sent).status_code == 303
    assert controls_of(owner, form) == kept


def test_formspark_s_nested_settings_are_read_and_what_is_nobody_s_setting_is_data(owner, visitor, form):
    told = {"subject": "Hi", "from": "The shop", "template": {"title": "T", "footer": False}}
    visitor.post(f"/f/{form.id}", json=SENT | {"_email": told})
    assert only(owner, form)["fields"] == SENT
    assert controls_of(owner, form) == {"subject": "Hi", "from_name": "The shop"}


def test_what_is_no_setting_among_nested_settings_is_data(owner, visitor, form):
    visitor.post(f"/f/{form.id}", json=SENT | {"_email": {"subject": "Hi", "phone": "123"}})
    assert only(owner, form)["fields"] == SENT | {"_email": {"phone": "123"}}


@pytest.mark.parametrize(
    "name",
    ["_subject", "_replyto", "replyto", "replyTo", "_cc", "ccemail", "from_name", "_email.subject", "_email.from"],
)
@pytest.mark.parametrize("end", ["\r\n", "\n", "\r", "\u2028", "\x0b", "\x85"], ids=ascii)
def test_a_line_break_in_what_goes_into_the_head_of_a_mail_is_refused(owner, visitor, form, name, end):
    value = f"a@example.com{end}Bcc: all@example.com"
    told = visitor.post(f"/f/{form.id}", json=SENT | {name: value})
    sentence = f"{name} goes into the head of a mail: it must be one line."
    assert told.status_code == 422
    assert told.json()["errors"] == [{"code": "TYPE_TEXT", "field": name, "message": sentence}]
    shown = visitor.post(f"/f/{form.id}", data=SENT | {name: value}, headers=BROWSER)
    assert (shown.status_code, sentence in shown.text) == (422, True)
    assert inbox(owner, form) == []


def test_a_broken_control_and_a_broken_field_are_told_at_once(owner, visitor, form):
    owner.patch(f"/v1/forms/{form.id}", json={"fields": [{"name": "age", "label": "Age", "type": "integer"}]})
    answer = visitor.post(f"/f/{form.id}", json={"age": "old", "_subject": "a\nb"})
    assert [error["field"] for error in answer.json()["errors"]] == ["_subject", "age"]


def test_nul_in_a_control_is_refused(visitor, form):
    answer = visitor.post(f"/f/{form.id}", data=SENT | {"_subject": "a\0b"}, headers=JSON)
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, "MALFORMED")


# The rest.


def test_the_page_it_came_from_is_what_the_form_says_or_the_referer(owner, visitor, form):
    referer = {"referer": "https://example.com/from"}
    visitor.post(f"/f/{form.id}", data=SENT | {"_url": "https://example.com/said"}, headers=referer)
    assert only(owner, form)["source"]["page"] == "https://example.com/said"


def test_the_language_is_what_the_form_says_or_what_the_browser_likes(owner, visitor, form):
    visitor.post(f"/f/{form.id}", data=SENT | {"_language": "fr"}, headers={"accept-language": "de,en"})
    assert only(owner, form)["source"]["language"] == "fr"


def test_a_word_that_the_page_blocks_makes_spam(owner, visitor, form):
    visitor.post(f"/f/{form.id}", data={"message": "Cheap loans for you", "_blacklist": "casino, cheap loans"})
    assert inbox(owner, form) == []
    assert only(owner, form, folder="spam")["fields"] == {"message": "Cheap loans for you"}


def test_a_captcha_cannot_be_switched_off_by_the_page(owner, visitor, form):
    owner.patch(f"/v1/forms/{form.id}", json={"spam": {"captcha": "altcha"}})
    answer = visitor.post(f"/f/{form.id}", data=SENT | {"_captcha": "false"}, headers=JSON)
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, "CAPTCHA")
    assert inbox(owner, form) == []


def test_nothing_but_control_fields_is_nothing_filled_in(visitor, form):
    answer = visitor.post(f"/f/{form.id}", data={"_next": THANKS, "_subject": "Hi", "_gotcha": ""}, headers=JSON)
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, "EMPTY")


def test_an_address_to_reply_to_says_enough(owner, visitor, form):
    assert visitor.post(f"/f/{form.id}", data={"_replyto": "ada@example.com", "_gotcha": ""}).status_code == 303
    assert only(owner, form)["fields"] == {}
    assert controls_of(owner, form) == {"replyto": "ada@example.com"}


def test_a_strict_form_takes_control_fields_and_still_no_other(owner, visitor, form):
    fields = [{"name": "message", "label": "Message", "type": "text"}]
    owner.patch(f"/v1/forms/{form.id}", json={"fields": fields, "strict": True})
    sent = SENT | {"_next": THANKS, "_gotcha": "", "form-name": "x", "g-recaptcha-response": "x"}
    assert visitor.post(f"/f/{form.id}", json=sent).status_code == 200
    answer = visitor.post(f"/f/{form.id}", json=sent | {"other": "x"})
    assert [error["field"] for error in answer.json()["errors"]] == ["other"]


@pytest.mark.parametrize("name", ["_next", "_subject", "_cc", "_url", "_blacklist", "_language", "_email", "_error"])
@pytest.mark.parametrize(
    "value",
    [None, True, 1, 1.5, [], [[]], {}, {"a": [1]}, ["", "a"], [{"a": 1}], "\ud83d\ude00", "%s", "{x}", "a" * 60_000],
    ids=lambda value: ascii(value)[:20],
)
def test_controls_of_any_shape_break_nothing(visitor, form, name, value):
    content = json.dumps(SENT | {name: value})
    answer = visitor.post(f"/f/{form.id}", content=content, headers={"content-type": "application/json"})
    assert answer.status_code == 200


def test_a_page_that_keeps_what_was_typed_keeps_the_controls_unseen(owner, visitor, form):
    owner.patch(f"/v1/forms/{form.id}", json={"fields": [{"name": "age", "label": "Age", "type": "integer"}]})
    sent = {"age": "old", "_next": THANKS, "_subject": "Hi", "email": "ada@example.com"}
    page = visitor.post(f"/f/{form.id}", data=sent, headers=BROWSER).text
    assert f'<input type="hidden" name="_next" value="{THANKS}">' in page
    assert '<input type="hidden" name="_subject" value="Hi">' in page
    assert 'name="email" value="ada@example.com"' in page
    assert 'type="hidden" name="email"' not in page


def test_the_signed_time_of_a_hosted_form_stays_out_of_the_data(owner, visitor, form):
    visitor.post(f"/f/{form.id}", data=SENT | {"_loaded": "1700000000000.forged"})
    assert only(owner, form)["fields"] == SENT
