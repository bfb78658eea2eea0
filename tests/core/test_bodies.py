import base64
from urllib.parse import urlencode

import httpx
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pillarbox import bodies, exact
from pillarbox.refusals import Malformed, Refusal, TooLarge

FORM, MULTIPART, JSON = bodies.FORM, "multipart/form-data; boundary=x", bodies.JSON
text = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
names = text.filter(bool).filter(lambda name: len(name) <= 100)
pairs = st.lists(st.tuples(names, text), min_size=1, max_size=20)


def event(body, kind, **headers):
    sent = {"headers": {"content-type": kind} | headers}
    return sent | {"body": base64.b64encode(body).decode(), "isBase64Encoded": True}


def read(body, kind):
    return bodies.read(event(body, kind))


def gathered(pairs):
    fields: dict[str, list[str]] = {}
    for name, value in pairs:
        fields.setdefault(name, []).append(value)
    return {name: values if len(values) > 1 else values[0] for name, values in fields.items()}


@given(pairs)
def test_what_urlencode_writes_is_read_back_in_order(pairs):
    fields = read(urlencode(pairs).encode(), FORM)
    assert list(fields.items()) == list(gathered(pairs).items())


@given(pairs)
def test_a_page_in_latin_1_is_read_too(pairs):
    body = urlencode(pairs, encoding="cp1252", errors="replace").encode()
    replaced = [tuple(one.encode("cp1252", "replace").decode("cp1252") for one in pair) for pair in pairs]
    assert read(body, f"{FORM}; charset=iso-8859-1") == gathered(replaced)


# Chromium and Firefox write line breaks in names as CRLF, and a quotation mark as %22; httpx writes as they do.
breakless = names.filter(lambda name: not set(name) & set('\r\n%"\\') and name.isprintable())


@given(st.lists(st.tuples(breakless | st.just('a"b'), text), min_size=1, max_size=20))
def test_what_browsers_write_as_multipart_is_read_back_in_order(pairs):
    request = httpx.Request("POST", "http://x/", files=[(name, (None, value)) for name, value in pairs])
    fields = read(request.read(), request.headers["content-type"])
    assert list(fields.items()) == list(gathered(pairs).items())


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.decimals(allow_nan=False, allow_infinity=False) | text,
    lambda inner: st.lists(inner) | st.dictionaries(text, inner),
    max_leaves=8,
)


@given(st.dictionaries(names, json_values, min_size=1))
def test_json_is_read_as_it_is_written(fields):
    written = exact.dumps(fields).encode()
    assert read(written, JSON) == read(written, "text/plain") == read(b"\xef\xbb\xbf" + written, JSON) == fields


@given(
    st.binary() | st.from_regex(rb'[{}\[\]",:a-z0-9\\u]{0,80}') | st.from_regex(rb"(--x|\r\n|[a-z%=&+;\"-]){0,80}"),
    st.sampled_from([FORM, MULTIPART, "multipart/form-data", JSON, "text/plain", "", "application/ld+json"])
    | st.text(st.characters(min_codepoint=32, max_codepoint=255)),
)
@example(b"--x\r\n\r\n\r\n--x--", MULTIPART)
@example(b"--x\r\n" * 300, MULTIPART)
@example(b"--x--", MULTIPART)
@example(b'--x\r\nContent-Disposition: form-data; name="\xff"\r\n\r\n--x--', MULTIPART)
@example(b"a", MULTIPART.replace("x", '"'))
@example(b'{"a": 1e999999999999999999999999}', JSON)
@example(b'{"a": -}', JSON)
def test_whatever_is_sent_is_read_or_refused(body, kind):
    said, fields = "", {}
    try:
        fields = read(body, kind)
    except Refusal as refusal:
        said = str(refusal)
    assert said.endswith(".") if said else fields
    assert all(name and len(name) <= 100 for name in fields)


def test_control_characters_other_than_nul_are_text():
    assert read(b"a=%01%7f%c2%80", FORM) == {"a": "\x01\x7f\x80"}


@pytest.mark.parametrize("kind", [f"{FORM};charset=UTF-8", FORM.upper()])
def test_a_type_may_be_written_in_capitals_and_say_more(kind):
    assert read(b"a=b", kind) == {"a": "b"}


def test_a_boundary_may_stand_in_quotes():
    body = b"--a b\r\nContent-Disposition: form-data; name=bare\r\n\r\nvalue\r\n--a b--\r\nwhat comes after is nothing"
    assert read(b"what comes before is nothing\r\n" + body, 'multipart/form-data; boundary="a b"') == {"bare": "value"}


def test_a_part_may_say_its_own_encoding():
    head = b'Content-Disposition: form-data; name="a"\r\nContent-Type: text/plain; charset=ISO-8859-1'
    assert read(b"--x\r\n" + head + b"\r\n\r\n\xe9\r\n--x--", MULTIPART) == {"a": "é"}


def test_a_value_may_hold_line_breaks_and_dashes():
    value = b"\r\n--\r\n-- x\r\n\r\n--\n--y"
    body = b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n' + value + b"\r\n--x--"
    assert read(body, MULTIPART) == {"a": value.decode()}


def test_a_body_that_is_no_base64_is_malformed():
    with pytest.raises(Malformed, match="can't be read"):
        bodies.read({"headers": {"content-type": FORM}, "body": "a", "isBase64Encoded": True})


def test_a_text_that_is_no_unicode_is_malformed():
    with pytest.raises(Malformed, match="can't be read"):
        bodies.read({"headers": {"content-type": JSON}, "body": '{"a":"\ud800"}', "isBase64Encoded": False})


def test_a_whole_request_of_escapes_is_refused():
    with pytest.raises(TooLarge):
        read(b"&".join(b"f%d=" % n + b"%61" * 65_000 for n in range(22)), FORM)
