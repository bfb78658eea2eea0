"""Scripts on a page of another origin can send anything, and read every answer: also those that say no."""

from typing import Any, NamedTuple

import httpx
import pytest

PAGE = '<!doctype html><meta charset="utf-8"><title>My site</title><link rel="icon" href="data:,">'
# What clients of form services add, and what programs do; none of it is on CORS's list of harmless headers.
HEADERS = {
    "accept": "application/json",
    "authorization": "Bearer of something",
    "content-type": "application/json",
    "formspree-client": "@formspree/core@4.0.0",
    "formspree-session-data": "eyJsb2FkZWRBdCI6MSwid2ViZHJpdmVyIjpmYWxzZX0=",
    "idempotency-key": "a key",
    "x-requested-with": "XMLHttpRequest",
}
FETCH = """async ([url, options]) => {
  if (options.size) options.body = "x".repeat(options.size);
  const answer = await fetch(url, options);
  return { status: answer.status, body: await answer.text(), wait: answer.headers.get("retry-after") };
}"""
AS_PAGE = {"accept": "text/html", "x-requested-with": "fetch"}
OFTEN = 10  # each instance counts for itself, and a busy machine runs several
HELLO = '{"message": "Hello from another origin"}'


class Case(NamedTuple):
    status: int
    says: str  # somewhere in the body
    path: str = "/f/FORM"
    body: str | None = HELLO
    headers: dict[str, str] = {}  # noqa: RUF012  nobody changes it; beside HEADERS
    definition: dict[str, Any] = {}  # noqa: RUF012
    method: str = "POST"
    size: int = 0  # of a body too large to write down
    times: int = 1


CASES = {
    "accepted": Case(200, '"ok": true'),
    "a project's form": Case(200, '"ok": true', "/p/123/f/FORM"),
    "a slash too many": Case(200, '"ok": true', "//f/FORM"),
    "Basin's address": Case(200, '"ok": true', "/f/FORM.json"),
    "Formcarry's address": Case(200, '"code": 200', "/s/FORM"),
    "the key in the body": Case(200, '"ok": true', "/submit", '{"access_key": "FORM", "message": "Hello"}'),
    "malformed": Case(400, "MALFORMED", body='{"message": '),
    "nothing sent": Case(422, "EMPTY", body="{}"),
    "a field that doesn't fit": Case(
        422, "TYPE_EMAIL", body='{"email": "no"}', definition={"fields": [{"name": "email", "type": "email"}]}
    ),
    "a key used before": Case(422, "KEY_REUSED", headers={"idempotency-key": "used"}),
    "switched off": Case(403, "INACTIVE", definition={"active": False}),
    "from elsewhere": Case(403, "BLOCKED", definition={"allowed_origins": ["https://shop.example.com"]}),
    "no such form": Case(404, "FORM_NOT_FOUND", "/f/abcdefghjkmn"),
    "no such form of Formcarry's": Case(404, '"code": 404', "/s/abcdefghjkmn"),
    "no such key": Case(404, "FORM_NOT_FOUND", "/submit", '{"access_key": "abcdefghjkmn"}'),
    "nothing at this address": Case(404, "NOT_FOUND", "/there/is/nothing"),
    "a type that isn't taken": Case(415, "UNSUPPORTED_TYPE", headers={"content-type": "text/csv"}),
    "past our bound": Case(413, "TOO_LARGE", size=4_600_000),
    "past the gateway's bound": Case(413, "Too Large", size=11_000_000),
    "a head past the gateway's bound": Case(431, "Too Large", headers={"x-long": "x" * 11_000}),
    "too often": Case(429, "RATE_LIMITED", definition={"limits": {"per_address_per_minute": 1}}, times=OFTEN),
    "an API that wants a token": Case(401, "not-signed-in", "/v1/forms"),
    "a method that isn't taken": Case(404, "NOT_FOUND", method="PUT"),
    "a page": Case(404, "There is no such form", "/f/abcdefghjkmn", None, AS_PAGE, method="GET"),
    "a redirect to a page": Case(200, "Thank you", headers=AS_PAGE),
}


@pytest.fixture
def page(website, open_context):
    page, _ = open_context()
    page.goto(website.publish("page.html", PAGE))
    return page


@pytest.mark.parametrize("case", CASES)
def test_a_script_elsewhere_reads_the_answer(owner, page, case):
    this = CASES[case]
    form = owner.form(**this.definition)
    headers = {**HEADERS, **this.headers}
    if case == "a key used before":
        owner.post(f"/f/{form}", json={"message": "Something else"}, headers={"idempotency-key": "used"})
    options = {"method": this.method, "headers": headers, "size": this.size}
    if this.body is not None:
        options["body"] = this.body.replace("FORM", form)

    for _ in range(this.times):
        answer = page.evaluate(FETCH, [owner.site + this.path.replace("FORM", form), options])

    assert answer["status"] == this.status
    assert this.says in answer["body"]
    assert bool(answer["wait"]) == (this.status == 429)


@pytest.mark.parametrize("method", ["POST", "GET", "PATCH", "DELETE", "PUT"])
@pytest.mark.parametrize("path", ["/f/abcdefghjkmn", "/submit", "/v1/forms", "/nothing"])
def test_every_preflight_is_answered_for_a_day(site, path, method):
    asked = {
        "origin": "https://somebodys.example",
        "access-control-request-method": method,
        "access-control-request-headers": ", ".join(sorted(HEADERS)),
    }

    answer = httpx.options(f"{site}{path}", headers=asked)

    assert answer.status_code == 204
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["access-control-allow-methods"] == "*"
    # The asterisk stands for every header but this one.
    assert answer.headers["access-control-allow-headers"] == "*,authorization"
    assert answer.headers["access-control-max-age"] == "86400"
    assert "access-control-allow-credentials" not in answer.headers


def test_a_plain_fetch_of_a_form_gets_json_without_asking(owner, page):
    form = owner.form()
    answer = page.evaluate(
        """async (url) => {
          const data = new FormData();
          data.append("message", "Hello");
          const answer = await fetch(url, { method: "POST", body: data });
          return { status: answer.status, said: await answer.json() };
        }""",
        f"{owner.site}/f/{form}",
    )

    assert answer["status"] == 200
    assert answer["said"]["ok"] is True


@pytest.mark.parametrize(
    ("way", "stored"),
    [
        ("navigator.sendBeacon(url, new URLSearchParams({ message: 'By beacon' }))", {"message": "By beacon"}),
        (
            "navigator.sendBeacon(url, JSON.stringify({ message: 'By beacon', n: [1] }))",
            {"message": "By beacon", "n": [1]},
        ),
        ("navigator.sendBeacon(url, 'message=By+beacon')", {"message": "By beacon"}),
        ("await fetch(url, { method: 'POST', mode: 'no-cors', body: 'message=Blindly' })", {"message": "Blindly"}),
    ],
    ids=["a beacon", "a beacon of JSON", "a beacon of text", "a fetch that reads nothing"],
)
def test_what_is_sent_without_reading_the_answer_arrives(owner, page, way, stored):
    form = owner.form()

    with page.expect_response(lambda response: form in response.url):
        page.evaluate(f"async (url) => {{ {way}; }}", f"{owner.site}/f/{form}")

    assert owner.folder(form) == [stored]
