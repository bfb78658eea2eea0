"""Tokens: API keys of the shape `pbx_` + 30 base62 of chance + 6 of their CRC32. Shown once, stored as a hash."""

import re
import secrets
import string
import time
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from pillarbox import accounts, audit, ids, mails, settings, table
from pillarbox.accounts import Account
from pillarbox.clients import Client
from pillarbox.errors import FactorNeeded, Invalid, NotFound, NotSignedIn

type Scope = Literal["forms:read", "forms:write", "submissions:read", "submissions:write", "account"]

SCOPES: tuple[Scope, ...] = ("forms:read", "forms:write", "submissions:read", "submissions:write", "account")
BASE62 = string.digits + string.ascii_uppercase + string.ascii_lowercase
# What a scope means to the person who gives it.
WORDS: dict[Scope, str] = {
    "forms:read": "See forms and their settings",
    "forms:write": "Make, change, share and delete forms",
    "submissions:read": "Read what came in",
    "submissions:write": "Move, mark and delete what came in",
    "account": "See the account and its tokens, and revoke them",
}
MOST = 100  # of one account
TOUCH_SECONDS = 60 * 60  # use is noted once an hour at most
UNKNOWN = "This token is unknown or was revoked."
SHAPE = re.compile(r"pbx_([0-9A-Za-z]{30})([0-9A-Za-z]{6})", re.ASCII)


class Wanted(BaseModel):
    """What a token is to be: its name, what it may do, and for how long."""

    model_config = ConfigDict(extra="forbid")

    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]
    scopes: Annotated[list[Scope], Field(min_length=1)] = list(SCOPES)
    expires_in_days: Annotated[int | None, Field(ge=1, le=3650)] = None  # None is for good


class NewToken(Wanted):
    """What signs a program in: a name (username or e-mail) and password, and a code where there is a second factor."""

    username: Annotated[str, Field(max_length=254)]
    password: Annotated[str, Field(max_length=256, repr=False)]
    code: Annotated[str | None, Field(max_length=100, repr=False)] = None


class Token(BaseModel):
    id: str
    name: str
    scopes: list[Scope]
    created_at: datetime
    expires_at: datetime | None = None
    last_used_at: datetime | None = None  # to the hour


class ShownToken(Token):
    token: str  # this once


def create(account: Account, wanted: Wanted, client: Client) -> ShownToken:
    if len(list(_rows(account))) >= MOST:
        message = f"An account has at most {MOST} tokens. Revoke one that you don't need."
        raise Invalid([{"field": "name", "code": "too_long", "message": message}])
    chance, now = "".join(secrets.choice(BASE62) for _ in range(30)), datetime.now(UTC)
    token = ShownToken(
        id=ids.short(),
        name=wanted.name,
        scopes=sorted(set(wanted.scopes), key=SCOPES.index),
        created_at=now,
        expires_at=now.replace(microsecond=0) + timedelta(days=days) if (days := wanted.expires_in_days) else None,
        token=f"pbx_{chance}{_checksum(chance)}",
    )
    hashed = ids.digest(token.token)
    item = token.model_dump(mode="json", exclude={"token", "expires_at"}, exclude_none=True)
    item |= {"account": account.id, "epoch": account.token_epoch}
    ends = {"expires_at": int(token.expires_at.timestamp())} if token.expires_at else {}
    table.transact(
        table.Put(_key(hashed) | item | ends),
        table.Put(_row_key(account.id, hashed) | ends),
        *audit.writes("token-made", account.id, client, name=token.name),
    )
    return token


def issue(account: Account, wanted: Wanted, client: Client, *, origin: str) -> ShownToken:
    """Make a token for somebody, and tell the account's address of it."""
    token = create(account, wanted, client)
    mails.notify(account, "token-made", client, origin=origin, name=token.name)
    return token


def holder(token: str) -> tuple[Account, list[Scope]]:
    """Return whose token it is and what it may do, or raise NotSignedIn; a wrong checksum costs no read."""
    shape = SHAPE.fullmatch(token)
    if shape is None or _checksum(shape[1]) != shape[2]:
        raise NotSignedIn("This token isn't one of ours: it may have been cut short. Tokens start with pbx_.")
    if (item := table.get(_key(ids.digest(token)))) is None:
        raise NotSignedIn(UNKNOWN)
    if table.expired(item):
        raise NotSignedIn("This token has expired.")
    account = accounts.get(item["account"])
    if item["epoch"] != account.token_epoch:
        raise NotSignedIn(UNKNOWN)
    if settings.second_factor_required() and not account.second_factor:
        raise FactorNeeded
    if time.time() - item.get("used_at", 0) > TOUCH_SECONDS:
        _touch(item)
    return account, item["scopes"]


def of(account: Account) -> list[Token]:
    """Return the account's tokens that open anything, the newest first."""
    tokens = [_token(item) for item in _items(account)]
    return sorted(tokens, key=lambda token: token.created_at, reverse=True)


def revoke(account: Account, token_id: str, client: Client) -> None:
    """Revoke a token at once, or raise NotFound; somebody else's is none."""
    item = next((item for item in _items(account) if item["id"] == token_id), None)
    if item is None:
        raise NotFound("There is no such token. It may have been revoked already.")
    hashed = item["pk"].removeprefix("TOKEN#")
    table.transact(
        table.Delete(_key(hashed)),
        table.Delete(_row_key(account.id, hashed)),
        *audit.writes("token-revoked", account.id, client, name=item["name"]),
    )


def keys_of(account_id: str) -> Iterator[table.Item]:
    """Return the keys of all there is of an account's tokens."""
    for row in table.query_all(f"ACCOUNT#{account_id}", prefix="TOKEN#"):
        yield table.key(row["pk"], row["sk"])
        yield _key(row["sk"].removeprefix("TOKEN#"))


def _items(account: Account) -> list[table.Item]:
    found = table.get_many(_key(row["sk"].removeprefix("TOKEN#")) for row in _rows(account))
    return [item for item in found if not table.expired(item) and item["epoch"] == account.token_epoch]


def _rows(account: Account) -> Iterator[table.Item]:
    rows = table.query_all(f"ACCOUNT#{account.id}", prefix="TOKEN#")
    return (row for row in rows if not table.expired(row))


def _touch(item: table.Item) -> None:
    """Note the use; a token that was revoked meanwhile isn't brought back by that."""
    try:
        table.update(table.key(item["pk"], item["sk"]), {"used_at": int(time.time())}, condition="attribute_exists(pk)")
    except table.Refused as refused:
        raise NotSignedIn(UNKNOWN) from refused


def _token(item: table.Item) -> Token:
    times = {"expires_at": item.get("expires_at"), "last_used_at": item.get("used_at")}
    return Token.model_validate(item | times, extra="ignore")


def _checksum(chance: str) -> str:
    number, digits = zlib.crc32(chance.encode()), ""
    for _ in range(6):
        number, digit = divmod(number, 62)
        digits = BASE62[digit] + digits
    return digits


def _key(hashed: str) -> table.Item:
    return table.key(f"TOKEN#{hashed}", "TOKEN")


def _row_key(account_id: str, hashed: str) -> table.Item:
    return table.key(f"ACCOUNT#{account_id}", f"TOKEN#{hashed}")
