"""The gateway over a real connection."""

import base64
import json
import logging
import re
import socket
from contextlib import contextmanager
from urllib.parse import urlsplit

import httpx
import pytest

from infra.local import gateway, lambdas
from infra.local.http_api import MAX_BODY, HttpApi
from tests.infra.small import Application
from tests.tcp import serving

ECHO = """
    import json

    def handler(event, context):
        return {"statusCode": 200, "headers": {"content-type": "application/json"}, "body": json.dumps(event) + chr(10)}
"""


@pytest.fixture
def application(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(tmp_path)
    application = Application(tmp_path)
    application.route("Echo", "ANY /echo", "GET /files/{path+}", code=ECHO)
    return application


@pytest.fixture
def client(application):
    with serving(HttpApi(application.template(), lambdas.invoke)) as url, httpx.Client(base_url=url) as client:
        yield client


@contextmanager
def _connected(client, sent):
    address = urlsplit(str(client.base_url))
    with socket.create_connection((address.hostname, address.port), timeout=10) as connection:
        connection.sendall(sent)
        with connection.makefile("rb") as answer:
            yield answer


def test_passes_on_bytes_as_base64_and_gives_bytes_back(application):
    code = (
        "def handler(event, context): return {'statusCode': 200, **{k: event[k] for k in ('body', 'isBase64Encoded')}}"
    )
    application.route("Bytes", "POST /bytes", code=code)
    raw = bytes(range(256))

    with serving(HttpApi(application.template(), lambdas.invoke)) as url:
        assert httpx.post(f"{url}/bytes", content=raw).content == raw


def test_puts_a_body_sent_in_chunks_together(client):
    event = client.post("/echo", content=iter([b"na", b"me=", b"Ada"])).json()

    assert base64.b64decode(event["body"]) == b"name=Ada"
    assert event["headers"]["content-length"] == "8"
    assert "transfer-encoding" not in event["headers"]


def test_says_itself_how_and_from_where_a_request_came(client):
    event = client.get("/echo", headers={"x-forwarded-for": "203.0.113.9", "x-forwarded-proto": "https"}).json()

    assert event["headers"]["x-forwarded-proto"] == "http"
    assert event["headers"]["x-forwarded-for"] == "203.0.113.9,127.0.0.1"
    assert event["requestContext"]["http"]["sourceIp"] == "127.0.0.1"
    assert "connection" not in event["headers"]


def test_keeps_greedy_paths_and_their_escapes(client):
    event = client.get("/files/a%20b/c%2Fd.css?v=1&v=2").json()

    assert event["pathParameters"] == {"path": "a b/c/d.css"}
    assert event["rawPath"] == "/files/a b/c/d.css"
    assert event["queryStringParameters"] == {"v": "1,2"}


def test_sends_each_cookie_in_a_header_of_its_own(application):
    code = "def handler(event, context): return {'statusCode': 204, 'body': 'x', 'cookies': ['a=1; Path=/', 'b=2']}"
    application.route("Cookies", "GET /cookies", code=code)

    with serving(HttpApi(application.template(), lambdas.invoke)) as url:
        answer = httpx.get(f"{url}/cookies", headers=[("cookie", "x=1"), ("cookie", "y=2")])

    assert answer.headers.get_list("set-cookie") == ["a=1; Path=/", "b=2"]
    assert answer.content == b""


def test_answers_head_without_a_body_but_with_its_length(client):
    answer = client.head("/echo")

    assert answer.status_code == 200
    assert int(answer.headers["content-length"]) > 0
    assert answer.content == b""


def test_refuses_10_mb_before_it_has_read_them_all(client):
    head = b"POST /echo HTTP/1.1\r\nhost: local.test\r\ncontent-length: 99999999\r\n\r\n"

    with _connected(client, head + b"a" * (MAX_BODY + 1)) as answer:
        assert answer.readline().startswith(b"HTTP/1.1 413 ")


def test_hands_on_nothing_of_a_request_that_ends_before_its_content_length(client, caplog):
    with caplog.at_level(logging.INFO):
        with _connected(client, b"POST /echo HTTP/1.1\r\nhost: local.test\r\ncontent-length: 9\r\n\r\nabc"):
            pass
        assert client.get("/echo").status_code == 200

    assert "POST" not in caplog.text


@pytest.mark.parametrize("length", ["-1", "many", "1\r\ncontent-length: 2"])
def test_refuses_a_content_length_that_is_none(client, length):
    head = f"POST /echo HTTP/1.1\r\nhost: local.test\r\ncontent-length: {length}\r\n\r\nab"

    with _connected(client, head.encode()) as answer:
        assert answer.readline().startswith(b"HTTP/1.1 400 ")


def test_answers_503_when_a_function_is_not_done_in_time(application, monkeypatch):
    monkeypatch.setattr(gateway, "INTEGRATION_TIMEOUT", 0.1)
    application.cors(AllowOrigins=["*"])
    application.route("Slow", "GET /slow", code="import time\ndef handler(event, context): time.sleep(1)")

    with serving(HttpApi(application.template(), lambdas.invoke)) as url:
        answer = httpx.get(f"{url}/slow", headers={"origin": "https://example.com"})

    assert (answer.status_code, answer.json()) == (503, {"message": "Service Unavailable"})
    assert answer.headers["access-control-allow-origin"] == "*"


def test_logs_one_line_a_request_without_the_query(client, caplog):
    with caplog.at_level(logging.INFO, logger="pillarbox.local"):
        client.post("/echo?token=secret", json={})
        client.get("/nowhere")

    lines = [record.getMessage() for record in caplog.records if record.name == "pillarbox.local"]
    assert re.fullmatch(r"POST /echo 200 \d+ ms Echo", lines[0])
    assert re.fullmatch(r"GET /nowhere 404 \d+ ms -", lines[1])


def test_says_nothing_of_what_serves(client):
    assert "server" not in client.get("/echo").headers


def test_keeps_what_was_sent_in_one_connection_apart(client):
    first = b"GET /echo?n=1 HTTP/1.1\r\nhost: a.test\r\n\r\n"
    second = b"GET /echo?n=2 HTTP/1.1\r\nhost: b.test\r\nconnection: close\r\n\r\n"

    with _connected(client, first + second) as answer:
        events = [json.loads(line) for line in answer.read().decode().splitlines() if line.startswith("{")]

    assert [(event["rawQueryString"], event["headers"]["host"]) for event in events] == [
        ("n=1", "a.test"),
        ("n=2", "b.test"),
    ]
