"""Passwords are dear to guess, and an unknown name takes as long as a known one."""

from collections import Counter

import argon2
import pytest

from pillarbox import accounts, ids, passwords, sign_in, table
from pillarbox.errors import NotSignedIn
from tests.people import PASSWORD, SOMEWHERE

ARGON2ID = "$argon2id$v=19$m=19456,t=2,p=1$"  # OWASP's first choice: 19 MB, two passes, one lane


def test_what_an_account_stores_is_argon2id_with_19_mb_and_two_passes(owner):
    item = table.get(table.key(f"ACCOUNT#{owner.account.id}", "ACCOUNT"))

    assert item is not None
    assert item["password"].startswith(ARGON2ID)
    assert PASSWORD not in str(item)


def test_the_hash_of_nobody_costs_as_much_as_anybodys():
    assert passwords.NOBODYS.startswith(ARGON2ID)
    assert len(passwords.NOBODYS) == len(passwords.hashed(PASSWORD))


@pytest.fixture
def effort(template, monkeypatch):  # noqa: ARG001 - the table has to be there
    """Sign in with a wrong password, and return how many items were read and how many hashes made."""
    done: Counter[str] = Counter()

    def counted(what, call):
        def counting(*args):
            done[what] += 1
            return call(*args)

        return counting

    monkeypatch.setattr(table, "get", counted("reads", table.get))
    monkeypatch.setattr(argon2.PasswordHasher, "verify", counted("hashes", argon2.PasswordHasher.verify))

    def effort(name):
        done.clear()
        with pytest.raises(NotSignedIn):
            sign_in.by_password(name, "wrong", SOMEWHERE)
        return dict(done)

    return effort


@pytest.mark.parametrize("name", ["username", "email"])
def test_an_unknown_name_takes_the_reads_and_the_one_hash_of_a_known_one(effort, owner, name):
    known = getattr(owner.account, name)

    assert effort(known) == effort(f"{ids.short()}-{known}") == {"reads": 4, "hashes": 1}


def test_a_hash_with_smaller_numbers_is_made_anew_when_its_owner_signs_in(owner):
    key = table.key(f"ACCOUNT#{owner.account.id}", "ACCOUNT")
    small = argon2.PasswordHasher(memory_cost=8, time_cost=1, parallelism=1).hash(PASSWORD)
    table.update(key, {"password": small}, condition="attribute_exists(pk)")

    sign_in.by_password(owner.account.username, PASSWORD, SOMEWHERE)

    item = table.get(key)
    assert item is not None
    assert item["password"].startswith(ARGON2ID)
    assert sign_in.by_password(owner.account.username, PASSWORD, SOMEWHERE).id == owner.account.id


def test_a_password_that_was_changed_meanwhile_is_not_overwritten(owner):
    key = table.key(f"ACCOUNT#{owner.account.id}", "ACCOUNT")
    table.update(key, {"password": passwords.hashed("another battery staple")}, condition="attribute_exists(pk)")

    accounts.store_anew(owner.account, PASSWORD, "the hash that was read before")

    assert sign_in.by_password(owner.account.username, "another battery staple", SOMEWHERE)
