"""A link does one thing, once, until it expires, and only its hash is stored."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from pillarbox import ids, links, table
from pillarbox.errors import LinkDead

HOUR = 60 * 60


@pytest.fixture
def secret(template):  # noqa: ARG001 - the table has to be there
    return links.create("verify-email", seconds=HOUR, email="ada@example.com")


def key(secret):
    return table.key(f"LINK#{ids.digest(secret)}", "LINK")


def test_a_link_tells_what_it_is_about(secret):
    assert links.read(secret, "change-email", "verify-email") == ("verify-email", {"email": "ada@example.com"})


def test_only_its_hash_is_stored(secret):
    assert secret not in str(table.get(key(secret)))


def test_a_link_that_was_used_is_dead(secret):
    table.transact(links.used(secret))

    with pytest.raises(LinkDead, match="expired or was used"):
        links.read(secret, "verify-email")
    with pytest.raises(table.Refused):
        table.transact(links.used(secret))


def test_of_many_who_use_it_at_once_one_does(secret):
    def use(_):
        try:
            table.transact(links.used(secret))
        except table.Refused:
            return 0
        return 1

    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(use, range(8))) == 1


def test_a_link_that_expired_is_dead_before_it_is_deleted(secret):
    table.update(key(secret), {"expires_at": 1}, condition="attribute_exists(pk)")

    with pytest.raises(LinkDead):
        links.read(secret, "verify-email")
    with pytest.raises(table.Refused):
        table.transact(links.used(secret))


@pytest.mark.usefixtures("template")
@pytest.mark.parametrize("made_up", ["", "x", "x" * 43, "x" * 5000, "\u00e9"])
def test_what_we_never_made_is_dead(made_up):
    with pytest.raises(LinkDead):
        links.read(made_up, "verify-email")


def test_a_link_for_one_thing_does_no_other(secret):
    with pytest.raises(LinkDead):
        links.read(secret, "reset-password")
