"""Payload format 2.0, held to what AWS documents and to what was seen of it."""

import base64
import re

import pytest

from infra.local.events import BadResult, Request, event, response
from infra.local.routes import Routes
from tests.infra.small import Application


@pytest.fixture
def built(tmp_path):
    """Return the event that a request makes; any path is routed."""
    application = Application(tmp_path)
    application.route("Echo", "POST /f/{form_id}", "GET /static/{path+}", "ANY $default")
    routes = Routes(application.template().functions)

    def build(method="GET", target="/x", headers=(), body=b""):
        request = Request(method, target, [("host", "local.test:8000"), *headers], body, "192.0.2.7")
        match = routes.find(method, request.raw_path)
        assert match
        return event(request, match, now=1_790_000_000.5)

    return build


def test_says_what_was_asked_and_when(built):
    made = built("POST", "/f/abc?a=1", [("user-agent", "curl/8")])

    assert made["version"] == "2.0"
    assert made["routeKey"] == made["requestContext"]["routeKey"] == "POST /f/{form_id}"
    assert made["pathParameters"] == {"form_id": "abc"}
    context = made["requestContext"]
    assert context["http"] == {
        "method": "POST",
        "path": "/f/abc",
        "protocol": "HTTP/1.1",
        "sourceIp": "192.0.2.7",
        "userAgent": "curl/8",
    }
    assert (context["domainName"], context["domainPrefix"], context["stage"]) == ("local.test", "local", "$default")
    assert (context["time"], context["timeEpoch"]) == ("21/Sep/2026:14:13:20 +0000", 1_790_000_000_500)
    assert re.fullmatch(r"\d{12}", context["accountId"])
    assert context["requestId"] != built()["requestContext"]["requestId"]


def test_leaves_out_what_a_request_does_not_have(built):
    made = built()

    for name in ("cookies", "queryStringParameters", "pathParameters", "stageVariables", "body"):
        assert name not in made
    assert made["rawQueryString"] == ""
    assert made["isBase64Encoded"] is False


def test_decodes_the_path_and_leaves_the_query_as_it_was_sent(built):
    made = built(target="/static/a%20b/%C3%A9?q=%C3%A9+x&empty")

    assert made["rawPath"] == made["requestContext"]["http"]["path"] == "/static/a b/é"
    assert made["pathParameters"] == {"path": "a b/é"}
    assert made["rawQueryString"] == "q=%C3%A9+x&empty"
    assert made["queryStringParameters"] == {"q": "é x", "empty": ""}


def test_joins_repeated_query_values_and_headers_with_commas(built):
    made = built(target="/x?a=1&b=2&a=3", headers=[("X-Tag", "one"), ("x-tag", "two")])

    assert made["queryStringParameters"] == {"a": "1,3", "b": "2"}
    assert made["headers"] == {"host": "local.test:8000", "x-tag": "one,two"}


def test_takes_cookies_out_of_the_headers(built):
    made = built(headers=[("Cookie", "a=1; b=2"), ("cookie", "c=3")])

    assert made["cookies"] == ["a=1", "b=2", "c=3"]
    assert "cookie" not in made["headers"]


@pytest.mark.parametrize(
    "content_type",
    ["application/json", "Application/JSON; charset=utf-8", "text/plain", "text/html", "application/xml"],
)
def test_hands_over_text_as_it_is(built, content_type):
    made = built("POST", headers=[("content-type", content_type)], body='{"a": "é"}'.encode())

    assert (made["body"], made["isBase64Encoded"]) == ('{"a": "é"}', False)


@pytest.mark.parametrize(
    "content_type",
    [
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/octet-stream",
        "image/png",
        "",
    ],
)
def test_hands_over_forms_and_everything_else_as_base64(built, content_type):
    made = built("POST", headers=[("content-type", content_type)], body=b"name=Ada")

    assert made["isBase64Encoded"] is True
    assert base64.b64decode(made["body"]) == b"name=Ada"


def test_loses_no_byte_of_text_that_is_not_utf_8(built):
    made = built("POST", headers=[("content-type", "text/plain")], body=b"\xff\xfe")

    assert base64.b64decode(made["body"]) == b"\xff\xfe"


def test_reads_status_headers_cookies_and_body():
    answer = response(
        {"statusCode": 201, "headers": {"Content-Type": "text/html", "X-N": 3}, "cookies": ["a=1", "b=2"], "body": "é"}
    )

    assert (answer.status, answer.body) == (201, "é".encode())
    assert answer.headers == [("content-type", "text/html"), ("x-n", "3"), ("set-cookie", "a=1"), ("set-cookie", "b=2")]


def test_decodes_a_body_in_base64():
    encoded = base64.b64encode(b"\x00\xff").decode()

    assert response({"statusCode": 200, "body": encoded, "isBase64Encoded": True}).body == b"\x00\xff"


@pytest.mark.parametrize(
    ("result", "body"), [({"a": 1}, b'{"a": 1}'), ("hello", b"hello"), (None, b"null"), ([1], b"[1]")]
)
def test_takes_anything_without_a_status_as_json(result, body):
    answer = response(result)

    assert (answer.status, answer.body) == (200, body)
    assert answer.headers == [("content-type", "application/json")]


@pytest.mark.parametrize(
    "result",
    [
        {"statusCode": "soon"},
        {"statusCode": 100},
        {"statusCode": 200, "headers": {"x-n": ["a"]}},
        {"statusCode": 200, "headers": ["a"]},
        {"statusCode": 200, "body": {"a": 1}},
        {"statusCode": 200, "body": "no base64!", "isBase64Encoded": True},
        {"statusCode": 200, "cookies": 7},
    ],
)
def test_refuses_what_api_gateway_cannot_read(result):
    with pytest.raises(BadResult):
        response(result)
