"""Lines of docs/security.md's checklist that no endpoint's own tests are about."""

import re
import time

import pyotp
import pytest

from pillarbox import accounts, factors, passwords, sign_in
from pillarbox.errors import NotSignedIn
from tests.people import PASSWORD, SOMEWHERE, csrf_token
from tests.site import URL

UNUSUAL = [
    "  blanks before and after  ",
    "no capitals and no digits",
    "пароль из другой азбуки",
    "🔑🔒🗝️ with pictures",
    "\u0065\u0301 as two characters",
    "'; --<script>&amp;%00\\",
    "x" * 100 + " past what bcrypt would read",
    "long enough " * 21,
]


def sign_up(person, password):
    name = f"u{time.time_ns()}"
    sent = {"username": name, "email": f"{name}@example.com", "password": password}
    return name, person.fill("/sign-up", sent)


@pytest.mark.parametrize("password", UNUSUAL, ids=range(len(UNUSUAL)))
def test_a_password_is_any_text_and_is_checked_exactly_as_it_was_typed(visitor, password):
    name, answer = sign_up(visitor, password)
    assert answer.status_code == 303

    assert sign_in.by_password(name, password, SOMEWHERE).username == name
    for other in (password[:-1], password + " ", password.swapcase() + "x", password.strip() + "  "):
        with pytest.raises(NotSignedIn):
            sign_in.by_password(name, other, SOMEWHERE)


@pytest.mark.parametrize("length", [8, 64, 256])
def test_a_password_has_8_to_256_characters(visitor, length):
    password = ("aB3$ünique and long " * 20)[:length]

    _, answer = sign_up(visitor, password)

    assert answer.status_code == 303


@pytest.mark.parametrize("password", ["seven77", "x" * 257])
def test_a_password_that_is_shorter_or_longer_is_refused(visitor, password):
    name, answer = sign_up(visitor, password)

    assert answer.status_code == 422
    assert accounts.find(name) is None


@pytest.mark.parametrize("password", ["password1", "PASSWORD1", "qwertyuiop", "1234567890", "iloveyou1"])
def test_one_of_the_commonest_passwords_is_refused(visitor, password):
    _, answer = sign_up(visitor, password)

    assert answer.status_code == 422
    assert "commonest passwords" in answer.text


def test_ten_thousand_of_the_commonest_are_known():
    known = passwords.COMMON.read_text().splitlines()

    assert len(known) >= 3000
    assert all(passwords.SHORTEST <= len(one) <= passwords.LONGEST for one in known)


def test_a_password_is_good_until_its_owner_changes_it(owner, monkeypatch):
    years_later = time.time() + 5 * 365 * 24 * 60 * 60
    monkeypatch.setattr(time, "time", lambda: years_later)

    assert sign_in.by_password(owner.account.username, PASSWORD, SOMEWHERE).id == owner.account.id


@pytest.mark.parametrize("page", ["/sign-in", "/sign-up", "/account", "/confirm"])
def test_a_password_field_hides_what_is_typed_and_lets_a_password_manager_fill_it(owner, visitor, page):
    html = (owner if page in {"/account", "/confirm"} else visitor).get(page).text

    fields = [tag.partition(">")[0] for tag in html.split("<input")[1:] if "password" in tag.partition(">")[0]]
    assert fields
    for field in fields:
        assert 'type="password"' in field
        assert 'autocomplete="current-password"' in field or 'autocomplete="new-password"' in field
        assert "onpaste" not in field
        assert "maxlength" not in field  # a browser would cut silently what is pasted


@pytest.mark.usefixtures("template")
@pytest.mark.parametrize("name", ["admin", "root", "sa", "operator", "pillarbox"])
def test_nobody_has_an_account_from_the_start(name):
    assert accounts.find(name) is None


def test_there_are_no_reminders_and_no_secret_questions(visitor):
    asked = {"username", "email", "password", "next", "invitation", "csrf_token", "passkey"}

    for page in ("/sign-in", "/sign-up", "/reset-password"):
        assert set(re.findall(r' name="([^"]+)"', visitor.get(page).text)) - {"viewport", "color-scheme"} <= asked


def test_a_password_set_anew_by_mail_leaves_the_second_factor_asked_for(visitor, owner, mailbox):
    account = accounts.change(owner.account, email_verified=True)
    app = pyotp.TOTP(factors.begin(account))
    factors.confirm(account, app.at(int(time.time()) - 30), SOMEWHERE, origin=URL)
    visitor.fill("/reset-password", {"username": owner.account.username})
    link = mailbox.link(owner.account.email)
    sent = {"token": link.partition("token=")[2], "password": "another correct horse"}
    visitor.post("/reset-password", data=sent | {"csrf_token": csrf_token(visitor.get(link))}, headers={"origin": URL})

    answer = visitor.fill("/sign-in", {"username": owner.account.username, "password": "another correct horse"})

    assert answer.headers["location"] == "/sign-in/code"
    assert visitor.get("/dashboard").status_code == 303


def test_a_sign_in_with_something_else_than_a_password_and_its_factor_does_not_exist(visitor, owner):
    """Nothing mailed signs anybody in: a link sets a password, and the sign-in comes after it."""
    answer = visitor.get("/reset-password?token=" + "x" * 43)

    assert answer.status_code == 404
    assert visitor.get("/dashboard").status_code == 303
    assert visitor.get(f"/sign-in?username={owner.account.username}&password={PASSWORD}").status_code == 200
    assert visitor.get("/dashboard").status_code == 303
