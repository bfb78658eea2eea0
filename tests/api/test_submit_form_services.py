"""Forms of other services, changed in nothing but their address."""

import base64

import pytest

from tests.sent import BROWSER, JSON, inbox, only
from tests.site import URL

NO_FORM = "n0such0f0rm0"  # a proper id, and the same in each worker
SENT = {"name": "Ada", "message": "Hello"}
LOADED = base64.b64encode(b'{"loadedAt":1700000000000,"webdriver":false}').decode()
FORMSPREE = JSON | {"formspree-client": "@formspree/core@4.0.0", "formspree-session-data": LOADED}
PAGES = {"origin": "https://example.com", "referer": "https://example.com/contact"}
WAYS = {
    "form": lambda visitor, url, sent, headers: visitor.post(url, data=sent, headers=headers),
    "multipart": lambda visitor, url, sent, headers: visitor.post(
        url, files={name: (None, value) for name, value in sent.items()}, headers=headers
    ),
    "JSON": lambda visitor, url, sent, headers: visitor.post(url, json=sent, headers=headers),
}
# Path and what the body adds, of the id.
DOORS = {
    "Formspree": ("/f/{id}", {}),
    "Formspree, endpoint with a slash": ("//f/{id}", {}),
    "Formspree, a project": ("/p/1234567890/f/{id}", {}),
    "Formspree, a project and a slash": ("//p/my-site/f/{id}", {}),
    "Netlify, the page itself": ("/", {"form-name": "{id}"}),
    "Netlify, a page of thanks": ("/thanks/for/writing", {"form-name": "{id}", "bot-field": ""}),
    "Web3Forms": ("/submit", {"access_key": "{id}", "botcheck": ""}),
    "Web3Forms, in capitals": ("/submit", {"access_key": "{ID}"}),
    "Web3Forms, with a slash": ("/submit/", {"apikey": "{id}"}),
    "Basin": ("/f/{id}", {}),
    "Basin, JSON": ("/f/{id}.json", {}),
    "Getform": ("/f/{id}", {}),
    "Formcarry": ("/s/{id}", {}),
    "StaticForms": ("/submit", {"accessKey": "{id}"}),
    "StaticForms, newer": ("/submit", {"apiKey": "{id}", "honeypot": ""}),
    "Formspark": ("/f/{id}", {"_email.subject": "Hi", "_email.template.title": "T"}),
    "FormSubmit": ("/f/{id}", {"_captcha": "false", "_template": "table", "_honey": ""}),
}


def to(door, form):
    path, more = DOORS[door]
    given = {"id": form.id, "ID": form.id.upper()}
    return URL + path.format(**given), SENT | {name: value.format(**given) for name, value in more.items()}


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
@pytest.mark.parametrize("door", DOORS)
def test_a_form_of_another_service_is_stored_without_what_steered_that_service(owner, visitor, form, door, way):
    url, sent = to(door, form)
    assert way(visitor, url, sent, PAGES).status_code in {200, 303}
    assert only(owner, form)["fields"] == SENT


@pytest.mark.parametrize("way", ["form", "multipart"])
@pytest.mark.parametrize("door", [door for door in DOORS if not door.endswith("JSON")])
def test_a_browser_is_led_on_to_the_thanks_from_every_door(visitor, form, door, way):
    url, sent = to(door, form)
    answer = WAYS[way](visitor, url, sent, BROWSER | PAGES)
    assert (answer.status_code, answer.headers["location"]) == (303, f"{URL}/f/{form.id}/thanks")


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("asks", [JSON, {"x-requested-with": "XMLHttpRequest"}, {"sec-fetch-mode": "cors"}], ids=str)
def test_a_script_is_told_in_json_from_every_door_and_may_read_it(visitor, form, door, asks):
    url, sent = to(door, form)
    answer = visitor.post(url, data=sent, headers=asks | PAGES)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["access-control-allow-origin"] == "*"


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_formspree_s_clients_find_ok_and_next_and_nothing_that_means_an_error(visitor, form, way):
    answer = way(visitor, f"/f/{form.id}", SENT, FORMSPREE)
    said = answer.json()
    assert answer.status_code == 200
    assert said["ok"] is True
    assert said["next"] == f"{URL}/f/{form.id}/thanks"
    assert not {"error", "errors"} & said.keys()


def test_web3forms_clients_find_success_message_and_data_on_top_and_in_the_body(visitor, form):
    said = visitor.post("/submit", json=SENT | {"access_key": form.id}).json()
    assert (said["success"], said["message"], said["data"]) == (True, "Your message has arrived.", SENT)
    assert said["body"] == {"data": SENT, "message": "Your message has arrived."}


def test_formspark_s_clients_find_what_they_sent_with_its_digits_and_its_nesting(visitor, form):
    text = (
        '{"total":12.50,"items":[{"name":"Cup","price":1234567890.12345678901234567890}],"deep":' + "[" * 31 + "]" * 31
    )
    answer = visitor.post(f"/f/{form.id}", content=text + "}", headers={"content-type": "application/json"})
    assert answer.status_code == 200
    assert f'"data": {text}}}' in answer.text


def test_formcarry_s_clients_are_answered_in_its_shape(owner, visitor, form):
    answer = visitor.post(f"/s/{form.id}", json=SENT)
    said = answer.json()
    assert answer.status_code == 200
    assert {name: said[name] for name in ("code", "status", "title", "message")} == {
        "code": 200,
        "status": "success",
        "title": "Thank you",
        "message": "Your message has arrived.",
    }
    fields = [{"name": "mail", "label": "E-mail", "type": "email", "required": True}]
    owner.patch(f"/v1/forms/{form.id}", json={"fields": fields})
    answer = visitor.post(f"/s/{form.id}", data={"mail": "nobody"}, headers=JSON)
    assert answer.status_code == 422
    assert answer.json() == {
        "code": 422,
        "status": "error",
        "title": "Something doesn't fit yet",
        "message": "E-mail must be an e-mail address, like ada@example.com.",
        "errors": {
            "mail": {"message": "E-mail must be an e-mail address, like ada@example.com.", "rule": "type_email"}
        },
    }


def test_formcarry_s_clients_are_told_in_its_shape_what_no_field_can_help(visitor):
    answer = visitor.post(f"/s/{NO_FORM}", json=SENT)
    assert (answer.status_code, answer.json()["code"], answer.json()["status"]) == (404, 404, "error")
    assert "errors" not in answer.json()
    assert visitor.post(f"/s/{NO_FORM}", data=SENT, headers=BROWSER).headers["content-type"].startswith("text/html")


def test_the_json_ending_gets_json_whatever_accept_says(visitor, form):
    answer = visitor.post(f"/f/{form.id}.json", data=SENT, headers=BROWSER)
    assert (answer.status_code, answer.json()["success"]) == (200, True)
    answer = visitor.post(f"/f/{NO_FORM}.json", data=SENT, headers=BROWSER)
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (404, "FORM_NOT_FOUND")


CODES = {
    "BLOCKED": (403, {"allowed_origins": ["example.com"]}, {"data": SENT, "headers": {"origin": "https://evil.example"}}),
    "EMPTY": (422, {}, {"data": {"name": ""}}),
    "INACTIVE": (403, {"active": False}, {"data": SENT}),
    "NO_FILE_UPLOADS": (422, {}, {"data": SENT, "files": {"attachment": ("cv.pdf", b"%PDF")}}),
    "TOO_LARGE": (413, {}, {"data": {"a": "b" * 65537}}),
    "UNSUPPORTED_TYPE": (415, {}, {"content": b"<a/>", "headers": {"content-type": "text/xml"}}),
    "MALFORMED": (400, {}, {"content": b"{", "headers": {"content-type": "application/json"}}),
}  # fmt: skip
FIELDS = {
    "REQUIRED_FIELD_EMPTY": ({"type": "text", "required": True}, {"it": "", "other": "x"}),
    "REQUIRED_FIELD_MISSING": ({"type": "text", "required": True}, {"other": "x"}),
    "TYPE_EMAIL": ({"type": "email"}, {"it": "nobody"}),
    "TYPE_NUMERIC": ({"type": "number"}, {"it": "many"}),
    "TYPE_TEXT": ({"type": "text"}, {"it": {"no": "text"}}),
}


@pytest.mark.parametrize("case", CODES.items(), ids=CODES)
@pytest.mark.parametrize("path", ["/f/{}", "//f/{}", "/p/x/f/{}", "/f/{}.json"])
def test_every_code_comes_in_the_shape_that_clients_understand(owner, visitor, form, path, case):
    code, (status, patch, request) = case
    owner.patch(f"/v1/forms/{form.id}", json=patch)
    request = request | {"headers": FORMSPREE | request.get("headers", {})}
    answer = visitor.post(URL + path.format(form.id), **request)
    said = answer.json()
    assert answer.status_code == status
    (error,) = said["errors"]
    assert error == {"code": code, "message": said["error"]}
    assert said["message"] == said["error"]
    assert said["success"] is False
    assert "ok" not in said
    assert inbox(owner, form) == []


@pytest.mark.parametrize(("code", "case"), FIELDS.items(), ids=FIELDS)
def test_every_code_of_a_field_names_it(owner, visitor, form, code, case):
    field, sent = case
    owner.patch(f"/v1/forms/{form.id}", json={"fields": [{"name": "it", "label": "It"} | field]})
    said = visitor.post(f"/f/{form.id}", json=sent, headers=FORMSPREE).json()
    (error,) = said["errors"]
    assert (error["code"], error["field"]) == (code, "it")
    assert error["message"].startswith("It ")


@pytest.mark.parametrize(
    ("path", "sent", "code"),
    [
        ("/submit", SENT, "FORM_NOT_FOUND"),
        ("/submit", SENT | {"access_key": ""}, "FORM_NOT_FOUND"),
        ("/submit", SENT | {"access_key": "a8c1e0d2-0000-4000-8000-000000000000"}, "FORM_NOT_FOUND"),
        ("/submit", SENT | {"access_key": NO_FORM}, "FORM_NOT_FOUND"),
        ("/submit", {"access_key": {"no": "text"}}, "FORM_NOT_FOUND"),
        ("/submit", {}, "EMPTY"),
        ("/", SENT | {"form-name": "contact"}, "NOT_FOUND"),
        ("/", SENT | {"form-name": NO_FORM}, "FORM_NOT_FOUND"),
        ("/contact", SENT | {"access_key": NO_FORM}, "NOT_FOUND"),
        ("/contact", {}, "NOT_FOUND"),
        (f"/f/{NO_FORM}/nope", SENT, "NOT_FOUND"),
        (f"/p/x/y/f/{NO_FORM}", SENT, "NOT_FOUND"),
        (f"/p/x/f/{NO_FORM}", SENT, "FORM_NOT_FOUND"),
        (f"/s/{NO_FORM}/nope", SENT, "NOT_FOUND"),
    ],
    ids=str,
)
def test_what_no_form_is_for_is_told_so(visitor, path, sent, code):
    told = visitor.post(path, json=sent)
    assert (told.status_code, told.json()["errors"][0]["code"]) == (404 if "FOUND" in code else 422, code)
    shown = visitor.post(path, json=sent, headers=BROWSER)
    assert shown.headers["content-type"] == "text/html; charset=utf-8"


@pytest.mark.parametrize("path", ["/submit", "/p/x/f/{}", "/s/{}", "/f/{}.json"])
def test_there_is_nothing_to_get_behind_an_address_for_scripts(visitor, form, path):
    assert visitor.get(path.format(form.id), headers=JSON).status_code == 404


def test_a_body_to_nowhere_that_cannot_be_read_is_a_small_404(visitor):
    for content, kind in ((b"{", "application/json"), (b"<a/>", "text/xml"), (b"\xff", "text/plain")):
        answer = visitor.post("/nope", content=content, headers=JSON | {"content-type": kind})
        assert (answer.status_code, answer.json()["errors"][0]["code"]) == (404, "NOT_FOUND")


def test_netlify_s_form_is_refused_in_words_where_its_name_is_a_form_s(visitor, form):
    files = {"form-name": (None, form.id), "cv": ("cv.pdf", b"%PDF")}
    answer = visitor.post("/thanks", files=files, headers=JSON)
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, "NO_FILE_UPLOADS")


def test_a_form_s_name_in_a_call_of_the_api_does_nothing(owner, visitor, form):
    answer = visitor.post("/v1/nope", json=SENT | {"form-name": form.id})
    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")
    assert inbox(owner, form) == []


@pytest.mark.parametrize("path", ["/f/{}", "//f/{}", "/p/x/f/{}", "/s/{}", "/submit", "/f/{}.json", "/nope"])
def test_browsers_may_send_every_header_that_clients_send(visitor, form, path):
    asked = "formspree-client,formspree-session-data,content-type,idempotency-key,hx-request,x-requested-with"
    headers = {
        "origin": "https://example.com",
        "access-control-request-method": "POST",
        "access-control-request-headers": asked,
    }
    answer = visitor.options(URL + path.format(form.id), headers=headers)
    allowed = answer.headers["access-control-allow-headers"]
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "*" in answer.headers["access-control-allow-methods"]
    assert "*" in allowed
    assert "authorization" in allowed
    assert "access-control-allow-credentials" not in answer.headers
