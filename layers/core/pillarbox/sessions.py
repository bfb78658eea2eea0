"""Sessions of a browser: an opaque id in a cookie, only its hash stored, limits enforced whenever it is read.

A session carries the epoch of its account. Raising the account's ends all of its sessions in one write, those too that
are being made just then; their items go later.
"""

import re
import time
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import NamedTuple

from pillarbox import accounts, ids, settings, table
from pillarbox.accounts import Account
from pillarbox.clients import Client
from pillarbox.errors import FactorNeeded, NotFound, NotFresh, NotSignedIn

TOUCH_SECONDS = 60  # use is noted once a minute at most: a write costs five reads
FRESH_SECONDS = 10 * 60  # after a sign-in, for what is sensitive
EXISTS = "attribute_exists(pk)"
HASH = re.compile(r"[0-9a-f]{64}")
ENDED = "Your session has ended. Please sign in again."


class Session(NamedTuple):
    hash: str  # of its id: enough to end it, and not to use it
    account_id: str
    started_at: datetime
    used_at: datetime  # to the minute
    confirmed_at: datetime  # when password, factor or passkey were last given
    strong: bool  # whether a second factor or a passkey was
    client: Client  # that started it
    epoch: int

    @property
    def fresh(self) -> bool:
        return time.time() - self.confirmed_at.timestamp() < FRESH_SECONDS


def start(account: Account, client: Client, *, strong: bool = False) -> str:
    """Begin a session and return its id, which nobody had before: the value of the cookie."""
    session_id, now = ids.secret(), int(time.time())
    hashed, expires_at = ids.digest(session_id), now + settings.session_absolute_seconds()
    item = {
        "account": account.id,
        "epoch": account.epoch,
        "started_at": now,
        "used_at": now,
        "confirmed_at": now,
        "strong": strong,
        "address": client.address,
        "agent": client.agent,
        "expires_at": expires_at,
    }
    table.transact(
        table.Put(_key(hashed) | item),
        table.Put(_row_key(account.id, hashed) | {"expires_at": expires_at}),
    )
    return session_id


def signed_in(cookies: Mapping[str, str], *, without_factor: bool = False) -> Account:
    """Return whose session the cookies hold, or raise NotSignedIn; tells the session that it was used.

    Raises FactorNeeded where the operator wants a second factor and there is none, but not `without_factor`: that is
    for setting one up.
    """
    return _found(cookies, without_factor=without_factor)[1]


def whoever(cookies: Mapping[str, str]) -> Account | None:
    """Return whose session the cookies hold, if anybody's, for a page that is for everybody."""
    try:
        return signed_in(cookies, without_factor=True)
    except NotSignedIn:
        return None


def current(cookies: Mapping[str, str], *, without_factor: bool = False) -> tuple[Session, Account]:
    """Return the session and its account, as `signed_in` does."""
    return _found(cookies, without_factor=without_factor)


def fresh(cookies: Mapping[str, str], *, without_factor: bool = False) -> Account:
    """Return whose session it is, or raise NotFresh when the last full sign-in is too long ago."""
    session, account = _found(cookies, without_factor=without_factor)
    if not session.fresh:
        raise NotFresh
    return account


def of(account: Account) -> list[Session]:
    """Return the account's sessions that have not ended, the last used first."""
    hashes = [row["sk"].removeprefix("SESSION#") for row in table.query_all(f"ACCOUNT#{account.id}", prefix="SESSION#")]
    alive = (_session(item) for item in table.get_many(map(_key, hashes)) if not _over(item))
    return sorted((one for one in alive if one.epoch == account.epoch), key=lambda one: one.used_at, reverse=True)


def end(cookies: Mapping[str, str]) -> Session | None:
    """End the session that the cookies hold, and return it if there was one."""
    if not (session_id := cookies.get(settings.session_cookie())):
        return None
    if (item := table.get(_key(ids.digest(session_id)))) is None:
        return None
    session = _session(item)
    _delete(session.account_id, session.hash)
    return session


def end_one(account: Account, hashed: str) -> None:
    """End one session of the account, or raise NotFound; somebody else's is none."""
    item = table.get(_key(hashed)) if HASH.fullmatch(hashed) else None
    if item is None or item["account"] != account.id:
        raise NotFound("There is no such session. It may have ended by itself.")
    _delete(account.id, hashed)


def moved(session: Session, epoch: int) -> table.Update:
    """Return the write that takes one session along to another epoch of its account."""
    return table.Update(_key(session.hash), {"epoch": epoch}, condition=EXISTS)


def sweep(account: Account) -> None:
    """Delete the items of sessions that ended with an earlier epoch. What is left of it ends by itself."""
    for row in list(table.query_all(f"ACCOUNT#{account.id}", prefix="SESSION#")):
        hashed = row["sk"].removeprefix("SESSION#")
        item = table.get(_key(hashed))
        if item is None or _over(item) or item["epoch"] != account.epoch:
            _delete(account.id, hashed)


def keys_of(account_id: str) -> Iterator[table.Item]:
    """Return the keys of all there is of an account's sessions."""
    for row in table.query_all(f"ACCOUNT#{account_id}", prefix="SESSION#"):
        yield table.key(row["pk"], row["sk"])
        yield _key(row["sk"].removeprefix("SESSION#"))


def _found(cookies: Mapping[str, str], *, without_factor: bool) -> tuple[Session, Account]:
    if not (session_id := cookies.get(settings.session_cookie())):
        raise NotSignedIn("Please sign in.")
    item = table.get(_key(ids.digest(session_id)))
    if item is None or _over(item):
        raise NotSignedIn(ENDED)
    session, account = _session(item), accounts.get(item["account"])
    if session.epoch != account.epoch:
        raise NotSignedIn(ENDED)
    if time.time() - item["used_at"] > TOUCH_SECONDS:
        _update(session.hash, {"used_at": int(time.time())})
    if settings.second_factor_required() and not account.second_factor and not without_factor:
        raise FactorNeeded
    return session, account


def _over(item: table.Item) -> bool:
    return table.expired(item) or bool(time.time() - item["used_at"] > settings.session_idle_seconds())


def _update(hashed: str, changes: table.Item) -> None:
    try:
        table.update(_key(hashed), changes, condition=EXISTS)
    except table.Refused as refused:  # it was ended while this request was under way
        raise NotSignedIn(ENDED) from refused


def _delete(account_id: str, hashed: str) -> None:
    table.transact(table.Delete(_key(hashed)), table.Delete(_row_key(account_id, hashed)))


def _session(item: table.Item) -> Session:
    return Session(
        hash=item["pk"].removeprefix("SESSION#"),
        account_id=item["account"],
        started_at=datetime.fromtimestamp(item["started_at"], UTC),
        used_at=datetime.fromtimestamp(item["used_at"], UTC),
        confirmed_at=datetime.fromtimestamp(item["confirmed_at"], UTC),
        strong=item["strong"],
        client=Client(item["address"], item["agent"]),
        epoch=item["epoch"],
    )


def _key(hashed: str) -> table.Item:
    return table.key(f"SESSION#{hashed}", "SESSION")


def _row_key(account_id: str, hashed: str) -> table.Item:
    return table.key(f"ACCOUNT#{account_id}", f"SESSION#{hashed}")
