import html
import re

import pytest

from pillarbox import accounts, challenges, factors, passkeys, table
from tests.authenticator import Authenticator
from tests.site import URL

MAY = "signed in"

PATH = "/account/passkeys"


def options(page):
    return html.unescape(re.findall(r'data-options="([^"]+)"', page.text)[0])


def add(person, device, name="Phone"):
    return person.fill(PATH, {"passkey": device.make(options(person.get(PATH))), "name": name})


@pytest.fixture
def device():
    return Authenticator(URL)


def test_a_device_becomes_a_passkey_and_recovery_codes_come_with_the_first(owner, device):
    answer = add(owner, device, "My phone")

    assert answer.status_code == 200
    assert len(re.findall(r"<code>[0-9a-z]{6}(?:-[0-9a-z]{6}){3}</code>", answer.text)) == 10
    assert "My phone" in answer.text
    assert accounts.get(owner.account.id).second_factor
    assert "A passkey was added" in owner.get("/account/activity").text


def test_the_second_one_brings_no_new_codes(owner, device):
    add(owner, device)

    answer = add(owner, Authenticator(URL), "Key")

    assert "recovery codes" not in answer.text
    assert len(passkeys.of(owner.account)) == 2


def test_a_device_that_is_known_is_not_asked_again(owner, device):
    add(owner, device)

    assert f'"{passkeys.of(owner.account)[0]["sk"].rpartition("#")[2]}"' in options(owner.get(PATH))


def test_an_answer_cannot_be_sent_twice(owner, device):
    answer = device.make(options(owner.get(PATH)))
    owner.fill(PATH, {"passkey": answer, "name": "one"})

    again = owner.fill(PATH, {"passkey": answer, "name": "two"})

    assert again.status_code == 422
    assert "took too long, or was used already" in again.text
    assert len(passkeys.of(owner.account)) == 1


@pytest.mark.parametrize(
    "sent", ["", "{}", "null", "[]", "not json", '{"response": {"clientDataJSON": "e30"}}', "x" * 20_000]
)
def test_what_is_no_passkey_is_refused_with_a_sentence(owner, sent):
    answer = owner.fill(PATH, {"passkey": sent, "name": "one"})

    assert answer.status_code == 422
    assert 'id="name-error"' in answer.text
    assert passkeys.of(owner.account) == []


def test_a_device_that_names_its_key_with_too_much_is_refused_with_a_sentence(owner):
    device = Authenticator(URL)
    device.id = bytes(1000)

    answer = add(owner, device)

    assert answer.status_code == 422
    assert "more than we can keep" in answer.text


def test_a_passkey_made_on_another_site_is_refused(owner):
    assert add(owner, Authenticator("https://evil.test")).status_code == 422
    assert factors.of(owner.account) == {}


def test_a_device_that_did_not_ask_who_is_there_is_refused(owner):
    assert add(owner, Authenticator(URL, verified=False)).status_code == 422


def test_an_answer_to_somebody_elses_challenge_is_refused(owner, stranger, device):
    answer = device.make(options(stranger.get(PATH)))

    assert owner.fill(PATH, {"passkey": answer, "name": "one"}).status_code == 422
    assert passkeys.of(owner.account) == []


def test_a_challenge_ends_after_five_minutes(owner, device, monkeypatch):
    answer = device.make(options(owner.get(PATH)))
    monkeypatch.setattr(challenges, "LASTS_SECONDS", -1)

    assert owner.fill(PATH, {"passkey": answer, "name": "one"}).status_code == 422


def test_renames_and_removes(owner, device):
    add(owner, device)
    (key,) = passkeys.of(owner.account)

    owner.fill(PATH, {"rename": key["number"], "name": "  The   blue one "})
    assert "The blue one" in owner.get(PATH).text

    owner.fill(PATH, {"remove": key["number"]})
    assert passkeys.of(owner.account) == []
    assert not accounts.get(owner.account.id).second_factor
    assert factors.of(owner.account) == {}


@pytest.mark.parametrize("what", ["rename", "remove"])
def test_somebody_elses_is_not_found(owner, stranger, device, what):
    add(stranger, device)
    (key,) = passkeys.of(stranger.account)

    assert owner.fill(PATH, {what: key["number"], "name": "mine"}).status_code == 404
    assert passkeys.of(stranger.account) == [key]


def test_an_account_has_so_many_and_no_more(owner, device, monkeypatch):
    monkeypatch.setattr(passkeys, "MOST", 1)
    add(owner, device)

    assert add(owner, Authenticator(URL)).status_code == 422


def test_a_key_that_is_there_is_never_written_over(owner, device):
    add(owner, device)
    (key,) = passkeys.of(owner.account)

    assert add(owner, device).status_code == 409
    assert table.get(table.key(key["pk"], key["sk"])) == key


def test_asks_somebody_who_is_not_signed_in_to_sign_in(visitor):
    assert visitor.get(PATH).headers["location"] == f"/sign-in?next={PATH}"
