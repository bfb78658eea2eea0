"""Headers, paths, methods and parameters that ask for another answer than the request itself: none of them gets it."""

import pytest

from pillarbox import accounts, settings
from tests.people import PASSWORD, csrf_token
from tests.site import URL, VISITOR_ADDRESS

ELSEWHERE = {
    "x-forwarded-host": "evil.test",
    "x-host": "evil.test",
    "x-forwarded-server": "evil.test",
    "forwarded": "for=203.0.113.9;host=evil.test;proto=http",
    "x-original-host": "evil.test",
}
ANOTHER_PATH = {"x-original-url": "/admin/users", "x-rewrite-url": "/admin/users", "x-forwarded-path": "/admin/users"}
SPOOFED = {
    "x-forwarded-for": "203.0.113.9",
    "x-real-ip": "203.0.113.9",
    "true-client-ip": "203.0.113.9",
    "cf-connecting-ip": "203.0.113.9",
    "client-ip": "203.0.113.9",
    "forwarded": "for=203.0.113.9",
}


def test_a_mailed_link_leads_here_whatever_headers_say_of_the_host(visitor, owner, mailbox):
    token = csrf_token(visitor.get("/reset-password"))
    visitor.post(
        "/reset-password",
        data={"username": owner.account.username, "csrf_token": token},
        headers=ELSEWHERE | {"origin": URL},
    )

    (mail, *_) = mailbox.of(owner.account.email)
    assert f"{URL}/reset-password?token=" in mail["text"]
    assert "evil.test" not in mail["text"] + mail["html"]


def test_the_address_of_a_form_is_ours_whatever_headers_say_of_the_host(owner, form):
    said = owner.get(f"/v1/forms/{form.id}", headers=ELSEWHERE).json()["url"]

    assert said == f"{URL}/f/{form.id}"


def test_a_header_that_names_another_path_is_not_followed(owner, operator):
    plain = owner.get("/dashboard").text
    tried = owner.get("/dashboard", headers=ANOTHER_PATH).text

    assert operator.account.username not in tried
    assert len(tried) == len(plain)


@pytest.mark.parametrize(
    "path",
    [
        "/admin/users/",
        "/admin//users",
        "//admin/users",
        "/admin/users/.",
        "/admin/./users",
        "/static/../admin/users",
        "/static/%2e%2e/admin/users",
        "/static/..%2fadmin/users",
        "/%61dmin/users",
        "/admin%2fusers",
        "/admin/users%00",
        "/admin/users;x=.css",
        "/admin/users/site.css",
        "/ADMIN/USERS",
        "/admin/users?path=/static/site.css",
    ],
)
def test_no_spelling_of_a_path_shows_the_operators_pages_to_somebody_else(visitor, stranger, operator, path):
    for person in (visitor, stranger):
        answer = person.get(path)
        assert answer.status_code in {303, 400, 403, 404}
        assert operator.account.email not in answer.text


@pytest.mark.parametrize("override", ["x-http-method-override", "x-http-method", "x-method-override"])
def test_a_method_is_the_requests_own(owner, form, override):
    owner.post(f"/v1/forms/{form.id}", headers={override: "DELETE"})
    owner.get(f"/v1/forms/{form.id}?_method=DELETE", headers={override: "DELETE"})

    assert owner.get(f"/v1/forms/{form.id}").status_code == 200


@pytest.mark.parametrize("method", ["TRACE", "PROPFIND", "PUT", "DELETE", "PATCH", "HEAD"])
def test_a_method_that_a_page_does_not_have_does_nothing(owner, method):
    answer = owner.request(method, "/dashboard", headers={"x-marker": "reflected-by-trace"})

    assert answer.status_code in {404, 405}
    assert "reflected-by-trace" not in answer.text


def test_what_looks_is_a_get_and_what_changes_is_not(owner, form, mailbox):
    """A picture on another site can make a browser send any GET: none of ours changes or mails anything."""
    mailbox.waiting()
    for path in (
        f"/forms/{form.id}?do=delete&confirm=Contact",
        "/sign-out",
        "/account?do=delete",
        "/account/data?do=copy",
    ):
        owner.get(path)

    assert owner.get("/dashboard").status_code == 200
    assert owner.get(f"/v1/forms/{form.id}").status_code == 200
    assert mailbox.waiting() == []


def test_the_address_in_the_log_is_the_connections_whatever_headers_say(visitor, owner):
    token = csrf_token(visitor.get("/sign-in"))
    visitor.post(
        "/sign-in",
        data={"username": owner.account.username, "password": "wrong", "csrf_token": token},
        headers=SPOOFED | {"origin": URL},
    )

    page = owner.get("/account/activity").text
    assert "A sign-in with a wrong password" in page
    assert VISITOR_ADDRESS in page
    assert "203.0.113.9" not in page


@pytest.mark.usefixtures("slow_pauses")
def test_guessing_under_other_peoples_addresses_is_slowed_down_all_the_same(visitor, owner):
    token = csrf_token(visitor.get("/sign-in"))

    def guess(n):
        spoofed = dict.fromkeys(SPOOFED, f"203.0.113.{n}")
        sent = {"username": owner.account.username, "password": f"wrong {n}", "csrf_token": token}
        return visitor.post("/sign-in", data=sent, headers=spoofed | {"origin": URL}).status_code

    assert [guess(n) for n in range(8)][-2:] == [429, 429]


def test_a_token_in_the_address_is_no_csrf_token(owner):
    token = csrf_token(owner.get("/dashboard"))

    answer = owner.post(f"/forms/new?csrf_token={token}", data={"name": "Forged"}, headers={"origin": URL})

    assert answer.status_code == 403
    assert "Forged" not in owner.get("/dashboard").text


def test_a_field_that_is_sent_twice_is_read_once_and_what_stands_in_the_address_is_not_added(owner):
    token = csrf_token(owner.get("/dashboard"))
    body = f"name=First&name=Second&csrf_token={token}"

    headers = {"origin": URL, "content-type": "application/x-www-form-urlencoded"}
    owner.post("/forms/new?name=Third", content=body, headers=headers)

    assert [form["name"] for form in owner.get("/v1/forms").json()["forms"]] == ["Second"]


@pytest.mark.parametrize("more", [{"role": "admin"}, {"email_verified": True}, {"active": True}, {"id": "x"}])
def test_nobody_makes_themselves_more_than_an_account_by_saying_so(visitor, more):
    new = {"username": "climber", "email": "climber@example.com", "password": PASSWORD}

    answer = visitor.post("/v1/accounts", json=new | more)

    assert answer.status_code == 422
    assert accounts.find("climber") is None


@pytest.mark.parametrize("more", [{"owner": "somebody"}, {"id": "abc"}, {"role": "owner"}, {"version": 99}])
def test_nobody_changes_what_a_form_keeps_for_itself(owner, form, more):
    before = owner.get(f"/v1/forms/{form.id}").json()

    assert owner.patch(f"/v1/forms/{form.id}", json=more).status_code == 422
    assert owner.get(f"/v1/forms/{form.id}").json() == before


def test_a_line_break_in_what_is_sent_makes_no_header(visitor, owner):
    sent = {"username": owner.account.username, "password": PASSWORD, "next": "/forms/\r\nset-cookie: planted=1"}

    answer = visitor.fill("/sign-in", sent)

    assert answer.headers["location"] == "/dashboard"
    assert "planted" not in str(answer.headers)


@pytest.mark.parametrize(
    "said",
    [
        "Bearer",
        "Bearer ",
        "Basic dXNlcjpwYXNz",
        "Token x",
        "Bearer a, Bearer b",
        "pbx_",
        "\xe9",
        "Bearer " + "a" * 5000,
    ],
)
def test_an_authorization_that_is_none_opens_nothing(visitor, said):
    answer = visitor.get("/v1/forms", headers={"authorization": said.encode("latin-1")})

    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"


def test_a_token_signs_nobody_in_to_pages(visitor, owner):
    answer = visitor.get("/dashboard", headers={"authorization": owner.headers["authorization"]})

    assert answer.headers["location"] == "/sign-in?next=/dashboard"
    assert settings.session_cookie() not in visitor.cookies


def test_a_name_that_only_looks_like_a_stored_address_gets_no_mail(visitor, owner, mailbox):
    """CVE-2019-19844: a mail goes to the address that is stored, never to the one that was typed."""
    name, _, host = owner.account.email.partition("@")
    typed = f"{name}@{host.replace('e', 'É', 1)}"  # another letter when it is made small
    visitor.fill("/reset-password", {"username": typed})

    assert mailbox.of(typed) == []
    assert mailbox.of(typed.casefold()) == []
