"""What the HTTP API does around handlers: bounds, CORS, and its own words where no handler answers."""

import json
import logging

import pytest

from infra.local import lambdas
from infra.local.events import Request
from infra.local.http_api import HttpApi
from tests.infra.small import Application

ORIGIN = "https://example.com"
PREFLIGHT = [("origin", ORIGIN), ("access-control-request-method", "POST")]


@pytest.fixture
def application(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(tmp_path)
    return Application(tmp_path)


@pytest.fixture
def ask(application):
    """Ask the application; return status, headers and what the JSON says."""

    def ask(method, target="/x", headers=(), body=b""):
        api = HttpApi(application.template(), lambdas.invoke)
        answer = api.answer(Request(method, target, [("host", "local.test"), *headers], body))
        return answer.status, dict(answer.headers), json.loads(answer.body or "null")

    return ask


def _handler(body):
    return f"def handler(event, context):\n    {body}\n"


def test_answers_404_in_its_own_words_where_no_route_fits(ask):
    assert ask("GET") == (404, {"content-type": "application/json"}, {"message": "Not Found"})


def test_answers_500_without_the_text_of_what_a_handler_raised_and_logs_it(application, ask, caplog):
    application.route("Fails", "GET /x", code=_handler("raise ValueError('the secret reason')"))

    status, _, said = ask("GET")

    assert (status, said) == (500, {"message": "Internal Server Error"})
    assert "the secret reason" in caplog.text
    assert "Traceback" in caplog.text


@pytest.mark.parametrize(
    "body",
    ["return {'statusCode': 'x'}", "return object()", "return {'statusCode': 200, 'body': 'a' * 7_000_000}", "exit(3)"],
)
def test_answers_500_to_what_lambda_or_api_gateway_cannot_take(application, ask, body):
    application.route("Strange", "GET /x", code=_handler(body))

    status, _, said = ask("GET")

    assert (status, said) == (500, {"message": "Internal Server Error"})


def test_answers_413_past_the_bounds_of_lambda_and_of_itself(application, ask):
    application.route("Takes", "POST /x", code=_handler("return {'statusCode': 200, 'body': str(len(event['body']))}"))

    # Base64 makes four bytes of three, so 4.5 MB of a form is what Lambda's 6 MB hold.
    assert ask("POST", body=b"a" * 4_500_000)[0] == 200
    assert ask("POST", body=b"a" * 4_800_000)[::2] == (413, {"message": "Request Entity Too Large"})
    text = [("content-type", "text/plain")]
    assert ask("POST", headers=text, body=b"a" * 6_000_000)[0] == 200
    assert ask("POST", headers=text, body=b"a" * 10_500_000)[0] == 413


def test_answers_431_to_a_head_past_10_kb(application, ask):
    application.route("Takes", "GET /x")

    assert ask("GET", "/x?" + "a" * 10_000)[0] == 200
    assert ask("GET", "/x?" + "a" * 10_300)[0] == 431


def test_gives_a_handler_its_context(application, ask):
    code = _handler(
        "return [context.function_name, context.memory_limit_in_mb, context.get_remaining_time_in_millis()]"
    )
    application.route("Reads", "GET /x", code=code, MemorySize=256, Timeout=9)

    name, memory, remaining = ask("GET")[2]

    assert (name, memory) == ("Reads", 256)
    assert 8_000 < remaining <= 9_000


def test_gives_a_handler_json_and_nothing_else(application, ask):
    application.route("Reads", "GET /x", code=_handler("return {'statusCode': 200, 'body': object}"))

    assert ask("GET")[0] == 500


def test_answers_preflights_itself_and_asks_no_handler(application, ask):
    application.cors(AllowOrigins=["*"], AllowMethods=["*"], AllowHeaders=["*", "authorization"], MaxAge=600)
    application.route("Fails", "ANY $default", code=_handler("raise ValueError"))

    assert ask("OPTIONS", headers=PREFLIGHT) == (
        204,
        {
            "access-control-allow-origin": "*",
            "access-control-allow-methods": "*",
            "access-control-allow-headers": "*,authorization",
            "access-control-max-age": "600",
        },
        None,
    )


def test_gives_an_options_request_that_is_no_preflight_to_its_route(application, ask):
    application.cors(AllowOrigins=["*"])
    application.route("Takes", "OPTIONS /x", code=_handler("return {'statusCode': 200, 'body': '1'}"))

    assert ask("OPTIONS")[0] == 200


def test_names_an_allowed_origin_and_stays_silent_to_others(application, ask):
    application.cors(AllowOrigins=[ORIGIN], AllowCredentials=True, ExposeHeaders=["x-n"])
    application.route("Takes", "GET /x")

    _, allowed, _ = ask("GET", headers=[("origin", ORIGIN)])
    assert allowed["access-control-allow-origin"] == ORIGIN
    assert allowed["access-control-allow-credentials"] == "true"
    assert allowed["access-control-expose-headers"] == "x-n"
    for headers in ([], [("origin", "https://evil.example")]):
        assert not [name for name in ask("GET", headers=headers)[1] if name.startswith("access-control-")]
    assert ask("OPTIONS", headers=[("origin", "https://evil.example"), PREFLIGHT[1]])[:2] == (204, {})


def test_puts_cors_on_its_own_errors_and_in_the_place_of_a_handlers(application, ask):
    application.cors(AllowOrigins=["*"])
    headers = {"access-control-allow-origin": "null"}
    application.route(
        "Own", "GET /own", code=_handler(f"return {{'statusCode': 200, 'headers': {headers}, 'body': '1'}}")
    )

    assert ask("GET", "/own", [("origin", ORIGIN)])[1]["access-control-allow-origin"] == "*"
    assert ask("GET", "/none", [("origin", ORIGIN)])[1]["access-control-allow-origin"] == "*"


def test_says_nothing_of_cors_where_the_template_does_not(application, ask):
    application.route("Takes", "GET /x")

    assert "access-control-allow-origin" not in ask("GET", headers=[("origin", ORIGIN)])[1]
    assert ask("OPTIONS", headers=PREFLIGHT)[0] == 404


def test_logs_why_a_result_could_not_be_read(application, ask, caplog):
    application.route("Strange", "GET /x", code=_handler("return {'statusCode': 'soon'}"))

    with caplog.at_level(logging.ERROR):
        ask("GET")

    assert "Strange returned what API Gateway can't read" in caplog.text
