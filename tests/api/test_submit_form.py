# ruff: noqa: E501 - a table is read by its columns
import html
import json
import subprocess
import sys

import pytest

from infra.local.template import ROOT
from pillarbox import ids
from tests.site import URL, VISITOR_ADDRESS

MAY = "anybody"

JSON = {"accept": "application/json"}
BROWSER = {"accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "sec-fetch-mode": "navigate"}
FORM = "application/x-www-form-urlencoded"
TYPE = "application/json"
MULTIPART = "multipart/form-data; boundary=x"


def part(headers, content=b""):
    return b"--x\r\n" + headers.encode() + b"\r\n\r\n" + content + b"\r\n"


def field(name, content=b"Ada"):
    return part(f'Content-Disposition: form-data; name="{name}"', content)


def inbox(owner, form, **query):
    return owner.get(f"/v1/forms/{form.id}/submissions", params=query).json()["submissions"]


def only(owner, form):
    (submission,) = inbox(owner, form)
    return submission


# It works.


def test_a_browser_is_led_to_the_thanks_page(visitor, form):
    answer = visitor.post(f"/f/{form.id}", data={"name": "Ada", "message": "Hi"}, headers=BROWSER)
    assert answer.status_code == 303
    assert answer.headers["location"] == f"{URL}/f/{form.id}/thanks"
    assert visitor.get(answer.headers["location"]).status_code == 200


def test_curl_is_led_there_too(visitor, form):
    assert visitor.post(f"/f/{form.id}", data={"name": "Ada"}).status_code == 303


def test_the_owners_own_page_comes_after_when_there_is_one(owner, visitor, form):
    owner.patch(f"/v1/forms/{form.id}", json={"redirect_url": "https://example.com/thanks?a=1"})
    assert visitor.post(f"/f/{form.id}", data={"a": "1"}).headers["location"] == "https://example.com/thanks?a=1"
    assert visitor.post(f"/f/{form.id}", json={"a": "1"}).json()["next"] == "https://example.com/thanks?a=1"


def test_a_script_is_told_in_json(owner, visitor, form):
    answer = visitor.post(f"/f/{form.id}", data={"name": "Ada"}, headers=JSON)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    assert answer.json() == {
        "ok": True,
        "next": f"{URL}/f/{form.id}/thanks",
        "id": only(owner, form)["id"],
        "success": True,
        "message": "Your message has arrived.",
        "data": {"name": "Ada"},
        "body": {"data": {"name": "Ada"}, "message": "Your message has arrived."},
    }


def test_htmx_gets_a_fragment(visitor, form):
    answer = visitor.post(f"/f/{form.id}", data={"name": "Ada"}, headers={"hx-request": "true"})
    assert (answer.status_code, answer.text) == (200, '<div role="status"><p>Your message has arrived.</p></div>')


@pytest.mark.parametrize(
    "sent",
    [
        {"content": b"name=Ada+L%C3%B6we&tag=a&empty=&tag=b", "headers": {"content-type": FORM}},
        {"content": b"name=Ada+L%F6we&tag=a&empty=&tag=b", "headers": {"content-type": FORM + "; charset=ISO-8859-1"}},
        {
            "content": field("name", "Ada Löwe".encode()) + field("tag", b"a") + field("empty", b"") + field("tag", b"b")
            + b"--x--\r\n",
            "headers": {"content-type": MULTIPART},
        },
        {"json": {"name": "Ada Löwe", "tag": ["a", "b"], "empty": ""}},
        {
            "content": '{"name": "Ada Löwe", "tag": ["a", "b"], "empty": ""}'.encode(),
            "headers": {"content-type": "text/plain;charset=UTF-8"},
        },
        {"content": b"name=Ada+L%C3%B6we&tag=a&empty=&tag=b", "headers": {"content-type": "text/plain"}},
        {"content": b"name=Ada+L%C3%B6we&tag=a&empty=&tag=b"},
    ],
    ids=["urlencoded", "latin-1", "multipart", "json", "beacon with json", "beacon with a form", "no type"],
)  # fmt: skip
def test_every_kind_of_body_is_stored_alike(owner, visitor, form, sent):
    assert visitor.post(f"/f/{form.id}", **sent).status_code in {200, 303}
    fields = only(owner, form)["fields"]
    assert fields == {"name": "Ada Löwe", "tag": ["a", "b"], "empty": ""}
    assert list(fields)[0::2] == ["name", "empty"] or list(fields) == ["name", "tag", "empty"]


def test_json_keeps_order_nesting_and_digits(owner, visitor, form):
    text = '{"z":{"y":[1,2.50,null]},"a":12345678901234567890.123456789}'
    visitor.post(f"/f/{form.id}", content=text, headers={"content-type": "application/json"})
    assert text in owner.get(f"/v1/forms/{form.id}/submissions").text


def test_what_fits_the_forms_fields_is_stored_typed(owner, visitor, form):
    owner.patch(f"/v1/forms/{form.id}", json={"fields": [{"name": "age", "label": "Age", "type": "integer"}]})
    visitor.post(f"/f/{form.id}", data={"age": "36"})
    assert only(owner, form)["fields"] == {"age": 36}
    assert only(owner, form)["form_version"] == 2


def test_where_it_came_from_is_kept_without_the_address(owner, visitor, form):
    headers = {
        "referer": "https://ada:secret@example.com/contact?a=1#form",
        "user-agent": "Browser " * 100,
        "accept-language": "de-CH,de;q=0.9,en;q=0.8",
    }
    visitor.post(f"/f/{form.id}", data={"name": "Ada"}, headers=headers)
    source = only(owner, form)["source"]
    assert VISITOR_ADDRESS not in json.dumps(source)
    assert len(source.pop("address_hash")) == 20
    assert source == {
        "page": "https://example.com/contact?a=1",
        "user_agent": ("Browser " * 100)[:300],
        "country": None,
        "language": "de-CH",
    }


def test_a_page_that_says_its_address_is_believed_before_the_referer(owner, visitor, form):
    sent = {"name": "Ada", "_url": "https://example.com/contact"}
    visitor.post(f"/f/{form.id}", data=sent, headers={"referer": "https://example.com/"})
    assert only(owner, form)["source"]["page"] == "https://example.com/contact"


def test_the_same_address_has_another_hash_in_another_form(owner, visitor, form):
    other = owner.post("/v1/forms", json={"name": "Other"}).json()["id"]
    for form_id in (form.id, form.id, other):
        visitor.post(f"/f/{form_id}", data={"name": "Ada"})
    one, two = inbox(owner, form)
    (three,) = owner.get(f"/v1/forms/{other}/submissions").json()["submissions"]
    assert one["source"]["address_hash"] == two["source"]["address_hash"] != three["source"]["address_hash"]


@pytest.mark.parametrize("path", ["//f/{}", "/f/{}/", "///f/{}/"])
def test_slashes_too_many_do_no_harm(owner, visitor, form, path):
    assert visitor.post(URL + path.format(form.id), data={"name": "Ada"}).status_code == 303
    assert only(owner, form)["fields"] == {"name": "Ada"}


def test_an_id_in_capitals_is_the_same_form(owner, visitor, form):
    assert visitor.post(f"/f/{form.id.upper()}", data={"name": "Ada"}).status_code == 303
    assert only(owner, form)["fields"] == {"name": "Ada"}


def test_a_file_input_that_nobody_used_does_no_harm(owner, visitor, form):
    empty = part('Content-Disposition: form-data; name="cv"; filename=""\r\nContent-Type: application/octet-stream')
    body = field("name") + empty + b"--x--"
    assert visitor.post(f"/f/{form.id}", content=body, headers={"content-type": MULTIPART}).status_code == 303
    assert only(owner, form)["fields"] == {"name": "Ada"}


def test_scripts_of_other_sites_may_read_every_answer(visitor, form):
    for form_id in (form.id, ids.short()):
        answer = visitor.post(f"/f/{form_id}", data={"a": "1"}, headers={"origin": "https://example.com"})
        assert answer.headers["access-control-allow-origin"] == "*"


# Bad input.


def malformed(sentence):
    return 400, "MALFORMED", sentence


def too_large(sentence):
    return 413, "TOO_LARGE", sentence


CUT = malformed("The body is cut off: its closing boundary is missing.")
LIES = malformed(f"Content-Type says {FORM}, but the body is JSON or multipart.")
NUL = malformed("The text holds a NUL character.")
DEEP = malformed("The JSON is nested deeper than 32 levels.")
ENCODING = malformed("The text isn't in the encoding that it should be in, which is UTF-8 unless said.")
ESCAPE = malformed("The body holds a % that two hexadecimal digits should follow.")
NAMELESS = malformed("A part of the body has no name.")
BOUNDARY = malformed("Content-Type says multipart/form-data, without the boundary that separates its parts.")
MANY = too_large("A form may send 200 fields.")
LARGE = too_large("A field may hold 64 KB: “a” is larger.")
ALL = too_large("All fields together may hold 256 KB.")
FILE = 422, "NO_FILE_UPLOADS", "This form takes no files. Please send it without one."
NOTHING = 422, "EMPTY", "Nothing was sent."
BLANK = 422, "EMPTY", "Nothing was filled in."
XML = 415, "UNSUPPORTED_TYPE", f"A form is sent as {FORM}, multipart/form-data or {TYPE}, and not as text/xml."
CHARSET = 415, "UNSUPPORTED_TYPE", "Text is taken in UTF-8 or ISO-8859-1 only."
PDF = 'Content-Disposition: form-data; name="f"; filename="cv.pdf"'
UNNAMED = 'Content-Disposition: form-data; name="f"; filename=""'
END = b"--x--"
LONG = "The name of a field may hold 100 characters: “éééééééééééééééééééé…” is longer."

BAD_INPUT = {
    "malformed JSON": (TYPE, b'{"name": 1', malformed("The JSON can't be read at line 1, column 11: Expecting ',' delimiter.")),
    "JSON that is no object": (TYPE, b"[1]", malformed('The JSON must be an object, like {"name": "Ada"}.')),
    "NaN": (TYPE, b'{"a":NaN}', malformed("NaN isn't a number that JSON knows.")),
    "a name twice in an object": (TYPE, b'{"a":1,"a":2}', malformed("The JSON gives “a” twice in one object.")),
    "JSON nested 1,000 deep": (TYPE, b'{"a":' + b"[" * 999 + b"]" * 999 + b"}", DEEP),
    "JSON nested 1,000,000 deep": (TYPE, b'{"a":' + b"[" * 1_000_000, DEEP),
    "a number of 4,301 digits": (TYPE, b'{"a":' + b"9" * 4301 + b"}", malformed("The JSON holds a number that is too long.")),
    "half a surrogate pair": (TYPE, b'{"a":"\\ud800"}', malformed("The JSON holds half a character (an unpaired surrogate).")),
    "invalid UTF-8 in JSON": (TYPE, b'{"a":"\xff"}', ENCODING),
    "NUL in JSON": (TYPE, b'{"a":"b\\u0000"}', NUL),
    "NUL in a nested JSON name": (TYPE, b'{"a":[{"\\u0000":1}]}', NUL),
    "a form that says it is JSON": (TYPE, b"a=b", malformed("The JSON can't be read at line 1, column 1: Expecting value.")),
    "a beacon of JSON, cut off": ("text/plain", b'{"a": 1', malformed("The JSON can't be read at line 1, column 8: Expecting ',' delimiter.")),
    "a bad percent-escape": (FORM, b"a=100%", ESCAPE),
    "a bad percent-escape in a name": (FORM, b"%zz=1", ESCAPE),
    "a bad percent-escape in a beacon": ("text/plain", b"a=%f", ESCAPE),
    "invalid UTF-8": (FORM, b"a=%ff", ENCODING),
    "invalid UTF-8, unescaped": (FORM, b"a=\xff", ENCODING),
    "NUL": (FORM, b"a=b%00", NUL),
    "NUL in a name": (FORM, b"a%00=b", NUL),
    "a value without a name": (FORM, b"=b", malformed("A field has no name.")),
    "JSON that says it is a form": (FORM, b'{"name": "Ada"}', LIES),
    "multipart that says it is a form": (FORM, field("a") + END, LIES),
    "a form that says it is multipart": (MULTIPART, b"a=b", CUT),
    "multipart without a boundary": ("multipart/form-data", field("a") + END, BOUNDARY),
    "multipart with another boundary": ("multipart/form-data; boundary=y", field("a") + END, CUT),
    "multipart that is cut off": (MULTIPART, field("a"), CUT),
    "a part without a name": (MULTIPART, part("Content-Disposition: form-data") + END, NAMELESS),
    "a part without headers": (MULTIPART, b"--x\r\nAda\r\n" + END, NAMELESS),
    "invalid UTF-8 in multipart": (MULTIPART, field("a", b"\xff") + END, ENCODING),
    "NUL in multipart": (MULTIPART, field("a", b"b\0") + END, NUL),
    "a file": (MULTIPART, field("a") + part(PDF, b"%PDF") + END, FILE),
    "an empty file": (MULTIPART, field("a") + part(PDF) + END, FILE),
    "a file without a name": (MULTIPART, part(UNNAMED, b"%PDF") + END, FILE),
    "201 fields": (FORM, b"&".join(b"f%d=1" % n for n in range(201)), MANY),
    "10,000 fields": (FORM, b"&".join(b"f%d=1" % n for n in range(10_000)), MANY),
    "201 fields of one name": (FORM, b"&".join([b"f=1"] * 201), MANY),
    "201 fields in JSON": (TYPE, json.dumps({f"f{n}": 1 for n in range(201)}).encode(), MANY),
    "201 parts": (MULTIPART, b"".join(field(f"f{n}") for n in range(201)) + END, MANY),
    "a name of 101 characters": (FORM, "é".encode() * 101 + b"=1", too_large(LONG)),
    "a name of 101 characters in JSON": (TYPE, json.dumps({"é" * 101: 1}).encode(), too_large(LONG)),
    "a value of 64 KB and a byte": (FORM, b"a=" + b"b" * 65537, LARGE),
    "a value of 64 KB and a byte, escaped": (FORM, b"a=" + b"%C3%A9" * 32769, LARGE),
    "a list of 64 KB and a byte in JSON": (TYPE, b'{"a":["' + b"b" * 65533 + b'"]}', LARGE),
    "256 KB and a byte in all": (FORM, b"&".join(b"f%d=" % n + b"b" * 52430 for n in range(5)), ALL),
    "a body of 4.5 MB and a byte": (FORM, b"a=" + b"b" * 4_499_999, too_large("A request may hold 4.5 MB.")),
    "XML": ("text/xml", b"<a/>", XML),
    "a strange encoding": (FORM + "; charset=utf-7", b"a=b", CHARSET),
    "no body": (FORM, b"", NOTHING),
    "no body where JSON should be": (TYPE, b"", NOTHING),
    "no fields": (TYPE, b"{}", NOTHING),
    "nothing but separators": (FORM, b"&&&", NOTHING),
    "nothing filled in": (FORM, b"name=&message=+%0d%0a", BLANK),
    "nothing filled in, in JSON": (TYPE, b'{"a":"","b":null,"c":[],"d":{}}', BLANK),
}  # fmt: skip


@pytest.mark.parametrize(("sent", "refusal"), [(row[:2], row[2]) for row in BAD_INPUT.values()], ids=BAD_INPUT)
def test_bad_input_is_refused_with_a_sentence_and_nothing_is_stored(owner, visitor, form, sent, refusal):
    (kind, body), (status, code, sentence) = sent, refusal
    told = visitor.post(f"/f/{form.id}", content=body, headers={"content-type": kind} | JSON)
    assert told.status_code == status
    assert told.json() == {
        "error": sentence,
        "errors": [{"code": code, "message": sentence}],
        "success": False,
        "message": sentence,
    }
    shown = visitor.post(f"/f/{form.id}", content=body, headers={"content-type": kind} | BROWSER)
    assert shown.status_code == status
    assert shown.headers["content-type"] == "text/html; charset=utf-8"
    assert sentence in html.unescape(shown.text)
    assert inbox(owner, form) == []


@pytest.mark.parametrize("length", ["3", "5", "-4", "x"])
def test_a_content_length_that_lies_is_malformed(owner, visitor, form, length):
    headers = {"content-type": FORM, "content-length": length} | JSON
    answer = visitor.post(f"/f/{form.id}", content=b"a=bc", headers=headers)
    assert answer.status_code == 400
    assert answer.json()["message"] == "4 bytes arrived, and not as many as Content-Length says."
    assert inbox(owner, form) == []


def test_what_just_keeps_within_the_bounds_is_taken(owner, visitor, form):
    for body in (
        b"&".join(b"f%d=1" % n for n in range(200)),
        b"n" * 100 + b"=1",
        b"a=" + b"b" * 65536,
        b"a=" + b"%62" * 65536,
        b"&".join(b"f%d=" % n + b"b" * 52420 for n in range(5)),
    ):
        assert visitor.post(f"/f/{form.id}", content=body, headers={"content-type": FORM}).status_code == 303
    assert len(inbox(owner, form)) == 5


FIELDS = [
    {"name": "name", "label": "Name", "type": "text", "required": True},
    {"name": "age", "label": "Age", "type": "integer"},
]


def test_every_field_that_does_not_fit_is_told_at_once(owner, visitor, form):
    owner.patch(f"/v1/forms/{form.id}", json={"fields": FIELDS})
    answer = visitor.post(f"/f/{form.id}", data={"name": "", "age": "old"}, headers=JSON)
    assert answer.status_code == 422
    assert answer.json()["errors"] == [
        {"code": "REQUIRED_FIELD_EMPTY", "field": "name", "message": "Name is required."},
        {"code": "TYPE_NUMERIC", "field": "age", "message": "Age must be a whole number."},
    ]
    assert answer.json()["error"] == "Name is required. Age must be a whole number."
    assert inbox(owner, form) == []


def test_a_page_keeps_what_was_typed_beside_what_does_not_fit(owner, visitor, form):
    redirect = "https://example.com/thanks"
    owner.patch(f"/v1/forms/{form.id}", json={"fields": FIELDS, "redirect_url": redirect})
    answer = visitor.post(f"/f/{form.id}", data={"name": "Ada <b>", "age": "old", "more": "kept"}, headers=BROWSER)
    assert answer.status_code == 422
    assert "Age must be a whole number." in answer.text
    assert 'value="Ada &lt;b&gt;"' in answer.text
    assert 'value="kept"' in answer.text
    assert f'action="/f/{form.id}"' in answer.text
    assert "form-action 'self' https://example.com;" in answer.headers["content-security-policy"]


def test_htmx_is_told_in_a_fragment_without_markup_of_the_visitors(owner, visitor, form):
    owner.patch(f"/v1/forms/{form.id}", json={"fields": FIELDS, "strict": True})
    answer = visitor.post(f"/f/{form.id}", data={"name": "Ada", "<b>": "1"}, headers={"hx-request": "true"})
    assert answer.status_code == 422
    assert answer.text == '<div role="alert"><p>&lt;b&gt; is not a field of this form.</p></div>'


def test_a_visitor_who_sent_a_file_keeps_the_rest(visitor, form):
    file = part('Content-Disposition: form-data; name="f"; filename="cv.pdf"', b"%PDF")
    body = field("message", b"A long letter") + file + b"--x--"
    answer = visitor.post(f"/f/{form.id}", content=body, headers={"content-type": MULTIPART} | BROWSER)
    assert 'value="A long letter"' in answer.text


def test_a_form_that_is_switched_off_takes_nothing(owner, visitor, form):
    owner.patch(f"/v1/forms/{form.id}", json={"active": False})
    told = visitor.post(f"/f/{form.id}", data={"name": "Ada"}, headers=JSON)
    assert (told.status_code, told.json()["errors"][0]["code"]) == (403, "INACTIVE")
    shown = visitor.post(f"/f/{form.id}", data={"name": "Ada"}, headers=BROWSER)
    assert (shown.status_code, "doesn't take submissions" in html.unescape(shown.text)) == (403, True)
    assert inbox(owner, form) == []


# Somebody else's, missing, signed out: a form is anybody's to send to, and its id is all they need.


def test_what_is_sent_to_a_form_is_its_owners_alone(owner, stranger, form):
    assert stranger.post(f"/f/{form.id}", data={"name": "Ada"}).status_code == 303
    assert stranger.get(f"/v1/forms/{form.id}/submissions").status_code == 404
    assert only(owner, form)["fields"] == {"name": "Ada"}


@pytest.mark.parametrize("form_id", ["000000000000", "nope", "é", "%2e%2e", "f" * 1000], ids=lambda text: text[:8])
def test_a_form_that_does_not_exist_is_a_404(visitor, form_id):
    told = visitor.post(f"/f/{form_id}", data={"name": "Ada"}, headers=JSON)
    assert (told.status_code, told.json()["errors"][0]["code"]) == (404, "FORM_NOT_FOUND")
    shown = visitor.post(f"/f/{form_id}", data={"name": "Ada"}, headers=BROWSER)
    assert (shown.status_code, shown.headers["content-type"]) == (404, "text/html; charset=utf-8")
    assert "There is no such form" in shown.text


def test_a_form_that_was_deleted_is_a_404(owner, visitor, form):
    owner.delete(f"/v1/forms/{form.id}")
    assert visitor.post(f"/f/{form.id}", data={"name": "Ada"}).status_code == 404


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/nope"), ("POST", "/nope"), ("PUT", "/f/{}"), ("POST", "/f/{}/nope"), ("POST", "/f"), ("DELETE", "/")],
)
def test_any_other_path_is_a_small_404(visitor, form, method, path):
    told = visitor.request(method, path.format(form.id), headers=JSON)
    assert (told.status_code, told.json()["errors"][0]["code"]) == (404, "NOT_FOUND")
    shown = visitor.request(method, path.format(form.id), headers=BROWSER)
    assert (shown.status_code, "There is nothing here" in shown.text) == (404, True)


def test_a_path_of_the_api_that_does_not_exist_is_a_problem(visitor):
    answer = visitor.get("/v1/nope")
    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")
    assert answer.json()["type"] == "/docs/problems#not-found"


def test_the_handler_imports_neither_boto3_nor_pydantic_nor_powertools():
    handler = ROOT / "functions" / "api" / "submit_form"
    script = f"import sys; sys.path[:0] = [{str(handler)!r}, {str(ROOT / 'layers' / 'core')!r}]; import handler; print(*sys.modules)"
    modules = subprocess.check_output([sys.executable, "-c", script], text=True).split()
    heavy = {
        "boto3",
        "botocore",
        "pydantic",
        "aws_lambda_powertools",
        "jinja2",
        "http.client",
        "ssl",
        "urllib",
        "typing",
    }
    assert "pillarbox.accept" in modules
    assert not heavy & set(modules)
