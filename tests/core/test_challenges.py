"""A challenge for passkeys is ours, for one purpose and one account, used once, and over after five minutes."""

import time

import pytest

from pillarbox import challenges, ids, table
from pillarbox.errors import NotSignedIn

pytestmark = pytest.mark.usefixtures("template")


def test_a_challenge_of_ours_is_used_for_what_it_was_made_for():
    named, nameless = challenges.create("use", "ada"), challenges.create("use")

    challenges.use(named, "use", "ada")
    challenges.use(nameless, "use")

    markers = [table.key(f"USED#{ids.digest(challenge.hex())}", "USED") for challenge in (named, nameless)]
    assert len(table.get_many(markers)) == 2


@pytest.mark.parametrize(
    ("purpose", "subject"), [("make", "ada"), ("use", "grace"), ("use", ""), ("", "ada"), ("use\nada", "")]
)
def test_a_challenge_is_for_one_purpose_and_one_account(purpose, subject):
    with pytest.raises(NotSignedIn):
        challenges.use(challenges.create("use", "ada"), purpose, subject)


def test_a_challenge_is_used_once():
    challenge = challenges.create("use")
    challenges.use(challenge, "use")

    with pytest.raises(NotSignedIn, match="was used already"):
        challenges.use(challenge, "use")


def test_a_challenge_that_is_changed_anywhere_is_not_ours():
    challenge = challenges.create("use")
    for place in range(len(challenge)):
        changed = bytearray(challenge)
        changed[place] ^= 1
        with pytest.raises(NotSignedIn):
            challenges.use(bytes(changed), "use")
    for other in (b"", challenge[:-1], challenge + b"0", bytes(len(challenge))):
        with pytest.raises(NotSignedIn):
            challenges.use(other, "use")


def test_a_challenge_is_over_after_five_minutes(monkeypatch):
    challenge, now = challenges.create("use"), time.time()
    monkeypatch.setattr(time, "time", lambda: now + challenges.LASTS_SECONDS + 2)

    with pytest.raises(NotSignedIn, match="took too long"):
        challenges.use(challenge, "use")
