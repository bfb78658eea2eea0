"""The headers that guard every answer: pages, redirects, problems of `/v1`, what a submission is told."""

import pytest

from infra.local.template import Template
from pillarbox import forms

GUARDS = {
    "strict-transport-security": "max-age=63072000; includeSubDomains",
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}
POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}
NOTHING = "default-src 'none'; base-uri 'none'; frame-ancestors 'none'"  # what is no page loads nothing
BY_LINK = {"/recipients", "/f/{form_id}/confirm", "/unsubscribe"}  # without what a mail carries there is nothing
FRAMED = {
    "/f/{form_id}": {"frame-ancestors": "*"},  # by the owner's website, as the one below
    "/f/{form_id}/thanks": {"frame-ancestors": "*"},
    "/forms/{form_id}/preview": {"frame-ancestors": "'self'"},  # by the field editor
}
SHOWN = [
    route.path
    for function in Template().functions
    if function.kind == "pages"
    for route in function.routes
    if route.method == "GET"
    and route.path not in {"/sign-in/code", "/invitations"}  # for whom was asked there
    and "{file}" not in route.path  # no page
]


def guards(answer):
    return {name: answer.headers.get(name) for name in GUARDS}


def policy(answer):
    directives = [directive.split(maxsplit=1) for directive in answer.headers["content-security-policy"].split("; ")]
    return {name: value for name, value in directives if name in POLICY}


@pytest.mark.parametrize("path", SHOWN)
def test_every_page_is_guarded(owner, operator, form, sent, path):
    *_, submission_id = sent.split("/")
    ids = {"form_id": form.id, "submission_id": submission_id, "account_id": owner.account.id}
    filled = path.replace("{path+}", "site.css").format(**ids)

    answer = (operator if path.startswith("/admin/") else owner).get(filled)

    assert answer.status_code == (404 if path in BY_LINK else 200)
    assert guards(answer) == GUARDS
    if "{path+}" not in path:
        assert answer.headers["content-type"] == "text/html; charset=utf-8"
        assert policy(answer) == POLICY | FRAMED.get(path, {})


def test_pages_that_say_no_are_guarded(visitor, owner, form, monkeypatch):
    def broken(_account):
        raise ValueError

    answers = [owner.get("/forms/nothing"), visitor.get("/f/nothing"), visitor.post("/sign-in", data={})]
    answers.append(visitor.post(f"/f/{form.id}", data={}, headers={"accept": "text/html"}))
    monkeypatch.setattr(forms, "every", broken)
    answers.append(owner.get("/dashboard"))

    assert [answer.status_code for answer in answers] == [404, 404, 403, 422, 500]
    for answer in answers:
        assert guards(answer) == GUARDS
    form_again = answers.pop(3)
    assert policy(form_again) == POLICY | {"frame-ancestors": "*"}
    assert [policy(answer) for answer in answers] == [POLICY] * 4


def test_redirects_are_guarded(visitor, owner, form):
    redirects = [
        visitor.get("/dashboard"),
        owner.fill("/forms/new", {"name": "Second"}),
        visitor.post(f"/f/{form.id}", data={"name": "Ada"}),
    ]

    for answer in redirects:
        assert answer.status_code == 303
        assert guards(answer) == GUARDS
        assert answer.headers["content-security-policy"] == NOTHING


def test_answers_and_problems_of_the_api_are_guarded(visitor, owner, form):
    answers = [
        owner.get("/v1/forms"),
        visitor.get("/v1/forms"),
        owner.get("/v1/nothing"),
        owner.post("/v1/forms", json={}),
        owner.post("/v1/forms", content=b"{"),
        owner.delete(f"/v1/forms/{form.id}"),
    ]

    assert [answer.status_code for answer in answers] == [200, 401, 404, 422, 400, 204]
    for answer in answers:
        assert guards(answer) == GUARDS
        assert answer.headers["content-security-policy"] == NOTHING
        assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("asks", [{"accept": "application/json"}, {"hx-request": "true"}], ids=str)
@pytest.mark.parametrize(("sent", "status"), [({"name": "Ada"}, 200), ({}, 422)], ids=["accepted", "refused"])
def test_what_a_script_is_told_of_a_submission_is_guarded(visitor, form, asks, sent, status):
    answer = visitor.post(f"/f/{form.id}", data=sent, headers=asks)

    assert answer.status_code == status
    assert guards(answer) == GUARDS
    assert answer.headers["content-security-policy"].startswith("default-src 'none';")
