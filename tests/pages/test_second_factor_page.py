import re
import time

import pyotp
import pytest

from pillarbox import accounts, factors, totp
from tests.people import PASSWORD

MAY = "signed in"

PATH = "/account/second-factor"


def begin(person):
    """Press the button, and return the key that the page shows."""
    person.fill(PATH, {"do": "begin"})
    return "".join(re.findall(r'<code id="key">([^<]+)</code>', person.get(PATH).text)[0].split())


def confirm(person, code):
    return person.fill(PATH, {"do": "confirm", "code": code})


def codes_of(answer):
    return re.findall(r"<code>([0-9a-z]{6}(?:-[0-9a-z]{6}){3})</code>", answer.text)


def test_an_app_is_a_factor_once_its_first_code_was_typed(owner):
    key = begin(owner)
    assert not accounts.get(owner.account.id).second_factor
    assert "<svg" in owner.get(PATH).text

    answer = confirm(owner, pyotp.TOTP(key).now())

    assert answer.status_code == 200
    assert len(codes_of(answer)) == len(set(codes_of(answer))) == 10
    assert accounts.get(owner.account.id).second_factor
    assert key not in owner.get(PATH).text
    assert "authenticator app was added" in owner.get("/account/activity").text


def test_a_code_may_have_blanks(owner):
    code = pyotp.TOTP(begin(owner)).now()

    assert confirm(owner, f" {code[:3]} {code[3:]} ").status_code == 200


@pytest.mark.parametrize("code", ["", "000000", "12345", "abcdef", "x" * 500, "\u0661\u0662\u0663\u0664\u0665\u0666"])
def test_a_wrong_code_switches_nothing_on(owner, code):
    key = begin(owner)
    if code == "000000" and pyotp.TOTP(key).verify(code, valid_window=25):
        pytest.skip("once in 20,000 runs this is the code")

    answer = confirm(owner, code)

    assert answer.status_code == 422
    assert not accounts.get(owner.account.id).second_factor
    assert key in "".join(answer.text.split()).replace("</code>", "")


def test_a_clock_that_is_minutes_off_is_told_so(owner):
    key = begin(owner)

    answer = confirm(owner, pyotp.TOTP(key).at(int(time.time()) - 180))

    assert answer.status_code == 422
    assert "clock of your device is about 3 minutes off" in answer.text


def test_a_code_of_the_half_minute_before_still_counts(owner):
    key = begin(owner)

    assert confirm(owner, pyotp.TOTP(key).at(int(time.time()) - 30)).status_code == 200


def test_without_beginning_there_is_nothing_to_confirm(owner):
    assert confirm(owner, "123456").status_code == 404


def test_new_recovery_codes_make_the_old_ones_worth_nothing(owner, visitor):
    old = codes_of(confirm(owner, pyotp.TOTP(begin(owner)).now()))

    new = codes_of(owner.fill(PATH, {"do": "codes"}))

    assert len(new) == 10
    assert not set(new) & set(old)
    visitor.fill("/sign-in", {"username": owner.account.username, "password": PASSWORD})
    assert visitor.fill("/sign-in/code", {"code": old[0]}).status_code == 401
    assert visitor.fill("/sign-in/code", {"code": new[0]}).status_code == 303


def test_there_are_no_recovery_codes_without_a_factor(owner):
    assert owner.fill(PATH, {"do": "codes"}).status_code == 404


def test_without_the_app_a_password_is_enough_again(owner, visitor):
    confirm(owner, pyotp.TOTP(begin(owner)).now())
    owner.fill(PATH, {"do": "remove"})

    assert not accounts.get(owner.account.id).second_factor
    assert factors.of(owner.account) == {}
    answer = visitor.fill("/sign-in", {"username": owner.account.username, "password": PASSWORD})
    assert answer.headers["location"] == "/dashboard"


def test_what_is_not_there_cannot_be_removed(owner):
    assert owner.fill(PATH, {"do": "remove"}).status_code == 404
    assert owner.fill(PATH, {"do": "everything"}).status_code == 400


def test_where_the_operator_asks_for_a_factor_everybody_is_led_here_first(owner, monkeypatch):
    monkeypatch.setenv("REQUIRE_SECOND_FACTOR", "yes")

    assert owner.get("/dashboard").headers["location"] == f"{PATH}?next=/dashboard"
    assert owner.get("/v1/forms").status_code == 403
    assert owner.get("/v1/forms").json()["type"] == "/docs/problems#second-factor-needed"
    assert "asks everybody for a second factor" in owner.get(PATH).text

    confirm(owner, pyotp.TOTP(begin(owner)).now())
    assert owner.get("/dashboard").status_code == 200
    assert owner.get("/v1/forms").status_code == 200


def test_where_the_operator_asks_for_a_factor_the_last_one_stays(owner, monkeypatch):
    confirm(owner, pyotp.TOTP(begin(owner)).now())
    monkeypatch.setenv("REQUIRE_SECOND_FACTOR", "yes")

    assert owner.fill(PATH, {"do": "remove"}).status_code == 403
    assert accounts.get(owner.account.id).second_factor


def test_the_secret_has_160_bits_and_its_address_names_us(owner):
    secret = totp.new_secret()

    assert len(secret) == 32
    uri = totp.address(secret, owner.account.username)
    assert uri.startswith("otpauth://totp/Pillarbox:")
    assert pyotp.parse_uri(uri).secret == secret


def test_asks_somebody_who_is_not_signed_in_to_sign_in(visitor):
    assert visitor.get(PATH).headers["location"].startswith("/sign-in")
