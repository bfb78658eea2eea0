"""Tokens: API keys of the shape `pbx_` + 30 base62 of chance + 6 of their CRC32. Shown once, stored as a hash."""

import re
import secrets
import string
import zlib
from datetime import UTC, datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from pillarbox import accounts, ids, table
from pillarbox.accounts import Account
from pillarbox.errors import NotSignedIn

type Scope = Literal["forms:read", "forms:write", "submissions:read", "submissions:write", "account"]

SCOPES: tuple[Scope, ...] = ("forms:read", "forms:write", "submissions:read", "submissions:write", "account")
BASE62 = string.digits + string.ascii_uppercase + string.ascii_lowercase
UNKNOWN = "This token is unknown or was revoked."
SHAPE = re.compile(r"pbx_([0-9A-Za-z]{30})([0-9A-Za-z]{6})", re.ASCII)


class NewToken(BaseModel):
    """What signs a program in: a name (username or e-mail) and password, and what the token is to be called."""

    model_config = ConfigDict(extra="forbid")

    username: Annotated[str, Field(max_length=254)]
    password: Annotated[str, Field(max_length=256, repr=False)]
    name: Annotated[str, Field(min_length=1, max_length=100)]
    scopes: Annotated[list[Scope], Field(min_length=1)] = list(SCOPES)


class Token(BaseModel):
    id: str
    name: str
    scopes: list[Scope]
    created_at: datetime


class ShownToken(Token):
    token: str  # this once


def create(account: Account, name: str, scopes: list[Scope]) -> ShownToken:
    chance = "".join(secrets.choice(BASE62) for _ in range(30))
    token = ShownToken(
        id=ids.short(),
        name=name,
        scopes=sorted(set(scopes), key=SCOPES.index),
        created_at=datetime.now(UTC),
        token=f"pbx_{chance}{_checksum(chance)}",
    )
    item = token.model_dump(mode="json", exclude={"token"}) | {"account": account.id, "epoch": account.token_epoch}
    table.put(_key(token.token) | item)
    return token


def holder(token: str) -> tuple[Account, list[Scope]]:
    """Return whose token it is and what it may do, or raise NotSignedIn; a wrong checksum costs no read."""
    shape = SHAPE.fullmatch(token)
    if shape is None or _checksum(shape[1]) != shape[2]:
        raise NotSignedIn("This token isn't one of ours: it may have been cut short. Tokens start with pbx_.")
    if (item := table.get(_key(token))) is None:
        raise NotSignedIn(UNKNOWN)
    account = accounts.get(item["account"])
    if item["epoch"] != account.token_epoch:
        raise NotSignedIn(UNKNOWN)
    return account, item["scopes"]


def _checksum(chance: str) -> str:
    number, digits = zlib.crc32(chance.encode()), ""
    for _ in range(6):
        number, digit = divmod(number, 62)
        digits = BASE62[digit] + digits
    return digits


def _key(token: str) -> table.Item:
    return table.key(f"TOKEN#{ids.digest(token)}", "TOKEN")
