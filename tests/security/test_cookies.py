"""Cookies that are forged, swapped, doubled or of another kind sign nobody in (the cases of Django's session suite)."""

import pytest

from pillarbox import ids, sessions, settings
from tests.people import PASSWORD, SOMEWHERE, Person, csrf_token
from tests.site import URL


@pytest.fixture
def secret(owner):
    return owner.cookies[settings.session_cookie()]


def shown(person, cookie, path="/dashboard"):
    """Return what somebody sees who sends this Cookie header and nothing else."""
    return person.get(path, headers={"cookie": cookie})


def asked_to_sign_in(answer):
    return answer.status_code == 303 and answer.headers["location"].startswith("/sign-in?next=")


def test_a_session_is_the_cookies_value_under_its_own_name_and_nothing_else(visitor, secret):
    name = settings.session_cookie()

    assert shown(visitor, f"{name}={secret}").status_code == 200
    for other in ("pillarbox", name.lower(), name.upper(), f"{name}2", "sessionid", settings.csrf_cookie()):
        assert other == name or asked_to_sign_in(shown(visitor, f"{other}={secret}"))


def test_what_is_stored_of_a_session_opens_nothing(visitor, secret):
    hashed = ids.digest(secret)

    assert asked_to_sign_in(shown(visitor, f"{settings.session_cookie()}={hashed}"))
    assert visitor.get("/v1/forms", headers={"cookie": f"{settings.session_cookie()}={hashed}"}).status_code == 401


CHANGES = {
    "cut": lambda secret: secret[:-1],
    "longer": lambda secret: secret + "a",
    "other case": lambda secret: secret.swapcase(),
    "backwards": lambda secret: secret[::-1],
    "blank": lambda secret: f" {secret[1:]}",
    "nul": lambda secret: f"{secret}%00",
    "escape": lambda secret: f"{secret[:-4]}\\x41",
    "empty": lambda _: "",
    "null": lambda _: "null",
    "path": lambda _: "../" * 50,
    "long": lambda _: "a" * 4000,
    "quote": lambda _: '"; drop',
    "latin": lambda _: "\xe9\xe8",
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=list(CHANGES))
def test_a_changed_cookie_is_nobodys_and_breaks_nothing(visitor, secret, change):
    cookie = f"{settings.session_cookie()}={change(secret)}".encode("latin-1")

    assert asked_to_sign_in(visitor.get("/dashboard", headers={"cookie": cookie}))
    assert visitor.get("/v1/forms", headers={"cookie": cookie}).status_code == 401
    assert visitor.get("/", headers={"cookie": cookie}).status_code == 200


def test_a_session_in_the_address_the_body_or_another_header_is_nothing(visitor, secret):
    name = settings.session_cookie()

    assert asked_to_sign_in(visitor.get(f"/dashboard?{name}={secret}&session={secret}"))
    assert asked_to_sign_in(
        visitor.get("/dashboard", headers={"authorization": f"Bearer {secret}", "x-session": secret})
    )
    assert visitor.get("/v1/forms", headers={"authorization": f"Bearer {secret}"}).status_code == 401
    assert visitor.get(f"/v1/forms?access_token={secret}").status_code == 401


def test_cookies_of_one_purpose_serve_no_other(template, visitor, owner):
    with Person(template) as browser:
        browser.fill("/sign-in", {"username": owner.account.username, "password": PASSWORD})
        browser.get("/sign-in")
        others = {name: value for name, value in browser.cookies.items() if name != settings.session_cookie()}

    assert settings.device_cookie() in others
    for value in others.values():
        assert asked_to_sign_in(shown(visitor, f"{settings.session_cookie()}={value}"))


def test_swapped_cookies_show_whose_they_are_and_the_token_of_before_opens_nothing(owner, stranger):
    token = csrf_token(owner.get("/dashboard"))
    headers = {"cookie": f"{settings.session_cookie()}={stranger.cookies[settings.session_cookie()]}", "origin": URL}

    page = owner.get("/account", headers=headers)
    forged = owner.post("/forms/new", data={"name": "Forged", "csrf_token": token}, headers=headers)

    assert stranger.account.username in page.text
    assert owner.account.username not in page.text
    assert forged.status_code == 403


def test_two_sessions_at_once_are_one_of_them_for_pages_tokens_and_programs_alike(owner, stranger):
    name = settings.session_cookie()
    mine, theirs = owner.cookies[name], stranger.cookies[name]
    cookie = f"{name}={theirs}; {name}={mine}"

    with_both = {"cookie": cookie, "origin": URL}
    token = csrf_token(owner.get("/dashboard", headers=with_both))
    made = owner.post("/forms/new", data={"name": "Whose", "csrf_token": token}, headers=with_both)

    assert made.status_code == 303
    assert owner.account.username in owner.get("/account", headers=with_both).text
    listed = stranger.get("/v1/forms").json()["forms"]
    assert listed == []
    assert [form["name"] for form in owner.get("/v1/forms").json()["forms"]] == ["Whose"]


def test_a_cookie_planted_before_the_sign_in_is_worth_nothing_after_it(visitor, owner):
    planted = csrf_token(visitor.get("/sign-in"))
    secret = visitor.cookies[settings.csrf_cookie()]
    visitor.fill("/sign-in", {"username": owner.account.username, "password": PASSWORD})
    visitor.cookies.set(settings.csrf_cookie(), secret, domain="pillarbox.test")

    forged = visitor.post("/forms/new", data={"name": "Forged", "csrf_token": planted}, headers={"origin": URL})

    assert forged.status_code == 403
    assert "Forged" not in visitor.get("/dashboard").text


def test_a_sign_in_that_was_forced_on_somebody_is_refused(visitor, stranger):
    """Login CSRF: who is signed in as somebody else unawares tells them all that they type."""
    sent = {"username": stranger.account.username, "password": PASSWORD}

    assert visitor.post("/sign-in", data=sent).status_code == 403
    assert visitor.post("/sign-in", data=sent, headers={"origin": "https://evil.test"}).status_code == 403
    assert settings.session_cookie() not in visitor.cookies


def test_a_session_that_ended_opens_neither_pages_nor_the_api(visitor, owner, secret):
    cookie = {"cookie": f"{settings.session_cookie()}={secret}"}
    assert visitor.get("/v1/forms", headers=cookie).status_code == 200

    sessions.end({settings.session_cookie(): secret})

    assert asked_to_sign_in(visitor.get("/dashboard", headers=cookie))
    assert visitor.get("/v1/forms", headers=cookie).status_code == 401
    assert sessions.of(owner.account) == []


def test_what_ends_a_session_takes_its_cookie_away_as_it_was_set(owner):
    answer = owner.fill("/sign-out", {})

    (line,) = [one for one in answer.headers.get_list("set-cookie") if one.startswith(settings.session_cookie())]
    assert "Max-Age=0" in line
    assert {"Path=/", "Secure", "HttpOnly", "SameSite=lax"} <= set(line.split("; "))
    assert answer.headers["clear-site-data"] == '"cache"'


def test_many_sessions_of_one_account_live_side_by_side(template, owner):
    secrets = [sessions.start(owner.account, SOMEWHERE) for _ in range(3)]
    with Person(template) as browser:
        for secret in secrets:
            assert shown(browser, f"{settings.session_cookie()}={secret}").status_code == 200
