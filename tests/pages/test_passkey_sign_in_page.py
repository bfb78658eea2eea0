import json
import time

import pytest

from pillarbox import accounts, passkeys, sessions, settings, table
from tests.authenticator import Authenticator
from tests.pages.test_passkeys_page import add, options
from tests.people import PASSWORD
from tests.site import URL

MAY = "anybody"

PATH = "/sign-in/passkey"


@pytest.fixture
def device(owner):
    """A device with a passkey of the owner's."""
    device = Authenticator(URL)
    assert add(owner, device).status_code == 200
    return device


def signed(person, device, **how):
    return device.sign(options(person.get(PATH)), **how)


def enter(person, answer, **more):
    return person.fill(PATH, {"passkey": answer} | more)


def is_in(person):
    return person.get("/dashboard").status_code == 200


def test_a_passkey_alone_signs_in(visitor, owner, device):
    answer = enter(visitor, signed(visitor, device), next="/account/tokens")

    assert answer.headers["location"] == "/account/tokens"
    assert is_in(visitor)
    assert any(session.strong for session in sessions.of(owner.account))
    assert passkeys.of(owner.account)[0]["used_at"] == pytest.approx(time.time(), abs=5)


def test_an_answer_signs_in_once(visitor, device):
    answer = signed(visitor, device)
    assert enter(visitor, answer).status_code == 303
    visitor.fill("/sign-out", {})

    again = enter(visitor, answer)

    assert again.status_code == 401
    assert "was used already" in again.text
    assert not is_in(visitor)


def test_a_copied_device_whose_count_goes_back_is_refused(visitor, owner, device):
    enter(visitor, signed(visitor, device))
    visitor.fill("/sign-out", {})
    device.count = 0

    assert enter(visitor, signed(visitor, device)).status_code == 401
    assert not is_in(visitor)
    assert "didn&#39;t fit" in owner.get("/account/activity").text


def test_a_device_that_nobody_registered_signs_nobody_in(visitor, owner, device):
    unknown = Authenticator(URL)

    answer = enter(visitor, signed(visitor, unknown, user=owner.account.id.encode()))

    assert answer.status_code == 401
    assert "isn&#39;t one that we know" in answer.text
    assert device


def test_the_right_device_for_the_wrong_account_signs_nobody_in(visitor, stranger, device):
    assert enter(visitor, signed(visitor, device, user=stranger.account.id.encode())).status_code == 401
    assert not is_in(visitor)


@pytest.mark.parametrize("user", [b"", b"\xff\xfe", b"nobody", b"x" * 64])
def test_an_account_that_is_not_there_signs_nobody_in(visitor, device, user):
    assert enter(visitor, signed(visitor, device, user=user or b"\0")).status_code == 401


def test_another_site_s_answer_signs_nobody_in(visitor, device):
    device.origin = "https://evil.test"

    assert enter(visitor, signed(visitor, device)).status_code == 401


def test_a_challenge_that_we_never_made_signs_nobody_in(visitor, device):
    assert enter(visitor, signed(visitor, device, challenge="A" * 48)).status_code == 401


def test_a_challenge_for_making_a_passkey_is_none_for_using_one(visitor, owner, device):
    made_for = options(owner.get("/account/passkeys"))
    challenge = made_for.partition('"challenge": "')[2].partition('"')[0]

    assert enter(visitor, signed(visitor, device, challenge=challenge)).status_code == 401


def test_after_the_password_it_is_the_second_step(visitor, owner, device):
    password = visitor.fill("/sign-in", {"username": owner.account.username, "password": PASSWORD})
    assert password.headers["location"] == "/sign-in/code"
    assert PATH in visitor.get("/sign-in/code").text

    answer = enter(visitor, signed(visitor, device), second="yes")

    assert answer.headers["location"] == "/dashboard"
    assert is_in(visitor)
    assert settings.pending_cookie() not in visitor.cookies


def test_after_one_accounts_password_another_accounts_passkey_is_no_second_step(visitor, owner, stranger, device):
    add(stranger, Authenticator(URL))
    visitor.fill("/sign-in", {"username": stranger.account.username, "password": PASSWORD})

    assert enter(visitor, signed(visitor, device), second="yes").status_code == 401
    assert not is_in(visitor)
    assert owner


def test_an_account_that_was_switched_off_stays_out(visitor, owner, device):
    accounts.change(accounts.get(owner.account.id), active=False)

    assert enter(visitor, signed(visitor, device)).status_code == 401


def test_a_passkey_that_was_removed_is_worth_nothing(visitor, owner, device):
    answer = signed(visitor, device)
    (key,) = passkeys.of(owner.account)
    table.delete(table.key(key["pk"], key["sk"]))

    assert enter(visitor, answer).status_code == 401


@pytest.mark.parametrize("sent", ["", "{}", "null", "[1]", '{"response": []}', '{"response": {"clientDataJSON": 7}}'])
def test_what_is_no_passkey_is_refused_with_a_sentence(visitor, sent):
    assert enter(visitor, sent).status_code == 401


@pytest.mark.parametrize(
    "name", ["\u00e9" * 1000, "a" * 5000, "", 7, None], ids=["no ascii", "long", "empty", "7", "none"]
)
def test_a_device_with_a_name_that_no_device_has_signs_nobody_in(visitor, device, name):
    answer = json.loads(signed(visitor, device)) | {"id": name}

    assert enter(visitor, json.dumps(answer)).status_code == 401


@pytest.mark.parametrize("away", ["https://evil.test/", "//evil.test", "javascript:alert(1)"])
def test_leads_to_no_other_site(visitor, device, away):
    assert enter(visitor, signed(visitor, device), next=away).headers["location"] == "/dashboard"
