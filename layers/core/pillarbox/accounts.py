"""Accounts: people who own forms. Username and e-mail address are unique, whatever their case."""

import re
import unicodedata
from datetime import UTC, datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from pillarbox import ids, passwords, table, values
from pillarbox.errors import NotSignedIn, Taken

UNUSED = "attribute_not_exists(pk)"


def _username(name: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?", name):
        raise ValueError(
            "A username has letters, digits, dots, dashes and underscores, and starts and ends with a letter or digit."
        )
    return name


def _email(address: str) -> str:
    if (normal := values.email(address)) is None:
        raise ValueError("This isn't an e-mail address that mail can be sent to.")
    return normal


class NewAccount(BaseModel):
    model_config = ConfigDict(extra="forbid")

    username: Annotated[str, Field(min_length=2, max_length=40), AfterValidator(_username)]
    email: Annotated[str, Field(max_length=254), AfterValidator(_email)]
    password: Annotated[str, Field(min_length=8, max_length=256, repr=False)]


class Account(BaseModel):
    id: str
    username: str
    email: str
    role: Literal["owner", "admin"]
    created_at: datetime


def create(new: NewAccount) -> Account:
    """Make an account; Taken tells which of its names somebody else has. All three items are made, or none."""
    account = Account(
        id=ids.short(), username=new.username, email=new.email, role="owner", created_at=datetime.now(UTC)
    )
    item = account.model_dump(mode="json") | {"password": passwords.hashed(new.password)}
    try:
        table.transact(
            table.Put(_key(account.id) | item, condition=UNUSED),
            table.Put(_username_key(account.username) | {"account": account.id}, condition=UNUSED),
            table.Put(_email_key(account.email) | {"account": account.id}, condition=UNUSED),
        )
    except table.Refused as refused:
        if 1 in refused.failed:
            raise Taken("Somebody has this username already.", field="username") from refused
        raise Taken("There is an account with this e-mail address already.", field="email") from refused
    return account


def get(account_id: str) -> Account:
    """Return the account, or raise NotSignedIn: whoever asks holds a session or a token of one that is gone."""
    if (item := table.get(_key(account_id))) is None:
        raise NotSignedIn("Please sign in.")
    return Account.model_validate(item, extra="ignore")


def check_password(name: str, password: str) -> Account:
    """Return the account of a username or e-mail address, or raise NotSignedIn.

    An unknown name costs the same two reads and one hash as a known one.
    """
    owner = table.get(_email_key(name) if "@" in name else _username_key(name))
    item = table.get(_key(owner["account"] if owner else "nobody"))
    if not passwords.matches(password, item["password"] if item else None) or item is None:
        raise NotSignedIn("This name and password don't go together.")
    return Account.model_validate(item, extra="ignore")


def _folded(name: str) -> str:
    """Return the name as it is compared. More than any account's name can have is cut: a key takes 2,048 bytes."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())[:300]


def _key(account_id: str) -> table.Item:
    return table.key(f"ACCOUNT#{account_id}", "ACCOUNT")


def _username_key(username: str) -> table.Item:
    return table.key(f"USERNAME#{_folded(username)}", "USERNAME")


def _email_key(email: str) -> table.Item:
    return table.key(f"EMAIL#{_folded(email)}", "EMAIL")
