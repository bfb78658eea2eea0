"""Instances whose clocks differ by minutes: what one makes, another takes, and nothing lasts much longer for it."""

import html
import re
import time

import pytest

from pillarbox import challenges, links, settings, table
from pillarbox.errors import NotSignedIn
from tests.authenticator import Authenticator
from tests.people import PASSWORD
from tests.site import URL

MINUTES = [-4, -1, 1, 4]


@pytest.fixture
def clock(monkeypatch):
    """Set our clocks: `clock(4)` is an instance that is four minutes ahead."""
    real = time.time

    def set_clock(minutes):
        monkeypatch.setattr(time, "time", lambda: real() + minutes * 60)

    return set_clock


@pytest.mark.parametrize("minutes", MINUTES)
def test_a_session_begun_by_another_clock_holds_and_is_fresh(visitor, owner, clock, minutes):
    clock(minutes)
    visitor.fill("/sign-in", {"username": owner.account.username, "password": PASSWORD})
    clock(0)

    assert visitor.get("/dashboard").status_code == 200
    assert visitor.fill("/account/sessions", {"do": "others"}).status_code == 303


def test_a_session_ends_at_its_time_however_clocks_differ(visitor, owner, clock):
    clock(4)
    visitor.fill("/sign-in", {"username": owner.account.username, "password": PASSWORD})

    clock(4 + settings.session_idle_seconds() / 60 + 5)

    assert visitor.get("/dashboard").status_code == 303


@pytest.mark.parametrize("minutes", MINUTES)
@pytest.mark.usefixtures("template")
def test_a_link_made_by_another_clock_works(clock, minutes):
    clock(minutes)
    secret = links.create("reset-password", seconds=3600, account="somebody")
    clock(0)

    assert links.read(secret, "reset-password")[1] == {"account": "somebody"}
    table.transact(links.used(secret))


@pytest.mark.parametrize("minutes", MINUTES)
def test_a_passkey_is_made_with_a_challenge_of_another_clock(owner, clock, minutes):
    clock(minutes)
    options = re.findall(r'data-options="([^"]+)"', owner.get("/account/passkeys").text)[0]
    clock(0)

    answer = Authenticator(URL).make(html.unescape(options))

    assert owner.fill("/account/passkeys", {"passkey": answer, "name": "Key"}).status_code == 200


@pytest.mark.parametrize("minutes", MINUTES)
@pytest.mark.usefixtures("template")
def test_a_challenge_is_used_once_whatever_clock_looks(clock, minutes):
    clock(minutes)
    challenge = challenges.create("use")
    clock(0)
    challenges.use(challenge, "use")

    for later in (0, minutes, 2 * minutes):
        clock(later)
        with pytest.raises(NotSignedIn):
            challenges.use(challenge, "use")


@pytest.mark.parametrize("minutes", [-6, 6])
@pytest.mark.usefixtures("template")
def test_a_challenge_of_a_clock_that_is_far_off_is_refused(clock, minutes):
    clock(minutes)
    challenge = challenges.create("use")
    clock(0)

    with pytest.raises(NotSignedIn):
        challenges.use(challenge, "use")


@pytest.mark.parametrize("minutes", MINUTES)
def test_a_pause_after_guessing_ends_for_every_clock(visitor, owner, clock, minutes):
    clock(minutes)
    sent = {"username": owner.account.username, "password": "wrong"}
    while visitor.fill("/sign-in", sent).status_code != 429:
        pass
    clock(0)

    clock(15 + abs(minutes))

    assert visitor.fill("/sign-in", sent | {"password": PASSWORD}).status_code == 303
