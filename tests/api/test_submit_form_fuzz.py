"""20,000 requests that nobody would write by hand: not one of them is answered by a 5xx.

The handler runs in this process, over a table that is a dictionary: what is tested is what is sent, not where it goes.
"""

import io
import json
import string
from typing import Any
from urllib.parse import quote, quote_plus

import pytest
import requests
import schemathesis
import yaml
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from requests.adapters import HTTPAdapter
from schemathesis.checks import CHECKS
from schemathesis.generation import GenerationMode
from urllib3 import HTTPResponse

from infra.local import lambdas
from infra.local.events import Request
from infra.local.http_api import HttpApi
from infra.local.template import ROOT
from pillarbox import accept, aws, controls, exact, forms, journal, places, table
from pillarbox.definitions import Definition
from tests.people import new_account
from tests.site import URL, VISITOR_ADDRESS

GENERATED = 16_500  # requests by hypothesis, all kinds of body together
DESCRIBED = 3_500  # by schemathesis, from the OpenAPI description, all operations together
DESCRIPTION = yaml.safe_load((ROOT / "docs" / "submit-openapi.yaml").read_text())
FORM, MULTIPART, JSON = "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/json"
FREE = {"limits": {"per_address_per_minute": None}}
TYPES = [
    *("text", "long_text", "hidden", "email", "url", "phone", "number", "integer"),
    *("date", "time", "checkbox", "consent"),
]
FORMS: dict[str, dict[str, Any]] = {
    "open": {},
    "fields": {"fields": [{"name": kind, "label": kind, "type": kind, "help": "Help"} for kind in TYPES]},
    "strict": {
        "strict": True,
        "fields": [
            {"name": "email", "label": "E-mail", "type": "email", "required": True, "max_length": 20},
            {"name": "code", "label": "Code", "type": "text", "pattern": "[a-z]+(-[0-9]{2,4})*"},
            {"name": "pet", "label": "Pet", "type": "choice", "options": [{"value": "cat"}, {"value": "dog"}]},
            {"name": "tags", "label": "Tags", "type": "choices", "options": [{"value": "a"}, {"value": "b"}]},
            {"name": "age", "label": "Age", "type": "integer", "min": 3, "show_if": {"field": "pet", "equals": "cat"}},
        ],
    },
    "guarded": {
        "allowed_origins": ["https://example.com", "*.example.org"],
        "error_url": "https://example.com/oops",
        "redirect_url": "https://example.com/schön",
        "spam": {"honeypot": "fax", "blocked_words": ["casino"], "blocked_domains": ["evil.example"]},
    },
    "captcha": {"spam": {"captcha": "altcha"}, "require_origin": True},
    "off": {"active": False},
}
KNOWN = {200, 303, 400, 403, 404, 413, 415, 422, 431}  # 431 is the gateway's own


class Memory:
    """What the submit path asks of AWS: a table that is a dictionary, and a queue that takes everything."""

    def __init__(self):
        self.items = {}

    def call(self, _service, operation, body, **_):
        json.dumps(body, ensure_ascii=False).encode()
        if operation == "GetItem":
            found = self.items.get(body["Key"]["pk"]["S"])
            return {"Item": found} if found else {}
        puts = [body] if operation == "PutItem" else [one["Put"] for one in body["TransactItems"]]
        failed = [put["Item"]["pk"]["S"] in self.items for put in puts]
        if any(failed):
            raise aws.ConditionFailed(failed)
        for put in puts:
            item = put["Item"]
            if "fields" in item:
                exact.loads(item["fields"]["S"])
                assert len(str(item)) < 1_000_000
            else:
                self.items[item["pk"]["S"]] = item  # markers; keeping the submissions would only cost memory
        return {}


@pytest.fixture(scope="module")
def ids(template):  # noqa: ARG001 - it names the table
    """The forms' ids by name."""
    account = new_account()
    made = {
        name: forms.create(account, Definition.model_validate({"name": name} | FREE | more))
        for name, more in FORMS.items()
    }
    return {name: form.id for name, form in made.items()} | {"none": "n0such0f0rm0"}


@pytest.fixture(scope="module")
def api(template, ids):
    with pytest.MonkeyPatch.context() as patch:
        memory = Memory()
        for form_id in ids.values():
            if item := table.get(places.form(form_id)):
                memory.items[item["pk"]] = {name: spelt(value) for name, value in item.items()}
        patch.setattr(aws, "call", memory.call)
        patch.setattr(accept, "_forms", {})
        patch.setattr(journal, "write", lambda *_, **said: causes.append(said.get("causes")))
        yield HttpApi(template, lambdas.invoke)


causes: list[object] = []


def spelt(value):
    return {"BOOL": value} if isinstance(value, bool) else {"S": value} if isinstance(value, str) else {"N": str(value)}


def check(answer):
    """Hold an answer to what every answer keeps."""
    assert answer.status in KNOWN, (answer.status, answer.body, causes[-1:])
    said = dict(answer.headers)
    assert all(value.isascii() and value.isprintable() for value in said.values())
    if answer.status == 303:
        assert said["location"].startswith(
            (f"{URL}/", "https://example.com", "http://example.com", "https://www.example.org")
        )
    elif said["content-type"] == "application/json":
        json.loads(answer.body)
    else:
        assert said["content-type"] in {"text/html; charset=utf-8", "application/problem+json"}


# By hypothesis.

NAMES = st.one_of(
    st.sampled_from(sorted(controls.NAMES)),
    st.sampled_from(
        ["name", "message", "code", "pet", "tags", "age", "fax", "_email", "_feedback.x", "website", *TYPES]
    ),
    st.text(max_size=8),
    st.text(min_size=99, max_size=102),
)
TEXTS = st.one_of(
    st.text(max_size=40),
    st.text(string.printable, max_size=40),
    st.sampled_from([
        "https://example.com/thanks", "//evil.example", "/thanks", "javascript:alert(1)", "a@example.com", "on",
        "false", "@", "12", "1e999", "-0", "NaN", "2026-02-29", "23:59:60", "cat", "a\r\nBcc: b", "\ud7ff\U0010ffff",
        "casino",
        "&#0;", "9" * 5000, "https://[::1]:99999/", "+49 (0) 30", "a" * 70_000, "eyJhIjoxfQ==", "e30=", "\u0661\u0662",
        "http://xn--\u0130.example",
    ]),
)  # fmt: skip
VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), TEXTS),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(NAMES, inner, max_size=4)),
    max_leaves=8,
)
KEYS = st.tuples(st.sampled_from(controls.FORM_KEYS), st.just("the-form"))
PLAIN = st.lists(st.one_of(st.tuples(NAMES, TEXTS), KEYS), min_size=1, max_size=8)


def as_urlencoded(pairs):
    return "&".join(f"{quote_plus(name)}={quote_plus(value)}" for name, value in pairs).encode()


def as_multipart(pairs):
    parts = [
        f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode(errors="replace")
        for name, value in pairs
    ]
    return b"".join(parts) + b"--x--\r\n"


def as_json(fields):
    return json.dumps(fields).encode()


@st.composite
def damaged(draw, bodies):
    """Now and then some bytes are gone, or others come in between."""
    body = draw(bodies)
    if draw(st.integers(0, 3)):
        return body
    start, end = sorted(draw(st.tuples(st.integers(0, len(body)), st.integers(0, len(body)))))
    return body[:start] + draw(st.binary(max_size=6)) + body[end:]


def mostly(usual, others):
    """Draw the usual eight times of ten."""
    return st.integers(0, 9).flatmap(lambda n: usual if n < 8 else others)


OBJECTS = st.tuples(st.dictionaries(NAMES, VALUES, max_size=8), PLAIN).map(lambda two: as_json(two[0] | dict(two[1])))
BODIES = {
    "urlencoded": (FORM, PLAIN.map(as_urlencoded)),
    "multipart": (MULTIPART, PLAIN.map(as_multipart)),
    "JSON": (JSON, OBJECTS),
    "beacon": ("text/plain;charset=UTF-8", st.one_of(PLAIN.map(as_urlencoded), OBJECTS)),
    "anything": (FORM, st.binary(max_size=200)),
}
KINDS = st.one_of(
    st.sampled_from(
        [FORM, MULTIPART, JSON, "text/plain", "", "text/xml", "application/x+json", f"{JSON}; charset=utf-16"]
    ),
    st.sampled_from([f"{FORM}; charset=latin1", "multipart/form-data", 'multipart/form-data; boundary="']),
    st.sampled_from(["multipart/form-data; boundary=\xe9"]),
    st.text(string.printable, max_size=30),
)
DOORS = ["/f/{}", "//f/{}", "/f/{}/", "/f/{}.json", "/p/x/f/{}", "/s/{}", "/submit"]
NOWHERE = ["/", "/nope", "/v1/nope", "/f/{}/nope"]
LINE = st.text(st.characters(min_codepoint=32, max_codepoint=255), max_size=60)
HEADERS = st.fixed_dictionaries(
    {},
    optional={
        "accept": st.one_of(LINE, st.sampled_from(["application/json", "text/html", "*/*;q=0", "text/html;q=.5,*/*"])),
        "origin": st.one_of(LINE, st.sampled_from(["null", "https://example.com", "https://evil.example", URL])),
        "referer": st.one_of(LINE, st.sampled_from(["https://www.example.org/a?b", "about:blank"])),
        "idempotency-key": st.one_of(LINE, st.sampled_from(["a", "b"])),
        "formspree-session-data": st.one_of(LINE, st.sampled_from(["e30=", "eyJsb2FkZWRBdCI6MX0=", "W10=", "MQ=="])),
        "hx-request": st.just("true"),
        "x-requested-with": st.just("XMLHttpRequest"),
        "sec-fetch-mode": st.sampled_from(["cors", "navigate"]),
        "accept-language": LINE,
        "accept-encoding": st.sampled_from(["gzip", "br"]),
        "user-agent": LINE,
    },
)
LEADS = TEXTS.map(lambda text: f"redirect={quote(text[:200], errors='replace')}")
QUERIES = st.one_of(st.just(""), LEADS, st.text(string.printable, max_size=20).map(quote))
thorough = settings(
    max_examples=GENERATED // len(BODIES),
    deadline=None,
    database=None,
    phases=[Phase.generate, Phase.shrink],
    suppress_health_check=list(HealthCheck),
)


@pytest.mark.parametrize("way", BODIES)
def test_nothing_that_is_sent_is_answered_by_a_5xx(api, ids, way):
    kind, bodies = BODIES[way]

    @thorough
    @given(
        path=mostly(st.sampled_from(DOORS), st.sampled_from(NOWHERE)),
        form=mostly(st.sampled_from(["open", "fields", "guarded"]), st.sampled_from(sorted(ids))),
        sent=damaged(bodies),
        claimed=mostly(st.just(kind), KINDS),
        headers=HEADERS,
        query=QUERIES,
    )
    def send(path, form, sent, claimed, headers, query):
        body = sent.replace(b"the-form", ids[form].encode())
        lines = {"host": "pillarbox.test", "x-forwarded-proto": "https", "content-type": claimed} | headers
        target = path.format(ids[form]) + (f"?{query}" if query else "")
        check(api.answer(Request("POST", target, list(lines.items()), body, VISITOR_ADDRESS)))
        count.append(path)

    count: list[str] = []
    send()
    assert len(count) >= GENERATED // len(BODIES)


# By schemathesis, from the description that docs link to.

SCHEMA = schemathesis.openapi.from_dict(DESCRIPTION)
OPERATIONS: list[Any] = [operation.ok() for operation in SCHEMA.get_all_operations()]  # type: ignore[union-attr]  # our own description is valid
HELD = CHECKS.get_by_names([
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
])  # fmt: skip


class Adapter(HTTPAdapter):
    """Takes what schemathesis sends to the handlers in this process."""

    def __init__(self, api):
        super().__init__()
        self.api = api
        self.count = 0

    def send(self, request, *_args, **_options):
        self.count += 1
        lines = {"host": "pillarbox.test", "x-forwarded-proto": "https"}
        lines |= {
            name.lower(): value if isinstance(value, str) else value.decode("latin-1")
            for name, value in request.headers.items()
        }
        body = request.body.encode() if isinstance(request.body, str) else request.body or b""
        target = request.url.removeprefix(URL)
        told = self.api.answer(Request(request.method, target, list(lines.items()), body, VISITOR_ADDRESS))
        raw = HTTPResponse(io.BytesIO(told.body), told.headers, told.status, preload_content=False)
        return self.build_response(request, raw)


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.path)
def test_what_the_description_says_may_be_sent_is_answered_as_it_says(api, ids, operation):
    cases = [operation.as_strategy(mode) for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)]

    @settings(thorough, max_examples=DESCRIBED // len(OPERATIONS))
    @given(case=st.one_of(cases), form=st.sampled_from(sorted(ids)))
    def send(case, form):
        if "form_id" in case.path_parameters:
            case.path_parameters["form_id"] = ids[form]
        if isinstance(case.body, dict) and "access_key" in case.body:
            case.body["access_key"] = ids[form]
        answer = case.call(base_url=URL, session=session, allow_redirects=False)
        case.validate_response(answer, checks=HELD)

    with requests.Session() as session:
        session.mount(URL, adapter := Adapter(api))
        send()
    assert adapter.count >= DESCRIBED // len(OPERATIONS)
