"""Accounts: people who own forms. Username and e-mail address are unique, whatever their case and script."""

from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import UTC, datetime
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import BaseModel, Field

from pillarbox import ids, passwords, table, usernames
from pillarbox.errors import Changed, NotSignedIn, Taken
from pillarbox.registration import NewAccount

UNUSED = "attribute_not_exists(pk)"
SEEN = "attribute_exists(pk) AND (attribute_not_exists(revision) OR revision = :seen)"  # and not changed since
LIST = "ACCOUNTS"  # the partition with a row for each account, by age: what the operator searches
TAKEN = {
    "username": "Somebody has this username already.",
    "lookalike": "This username looks too much like one that somebody has.",
    "email": "There is an account with this e-mail address already.",
}

# Read in the place of an account that isn't there, so that this takes the same time.
NOBODY = {
    "id": "nobody",
    "username": "nobody",
    "email": "nobody@example.com",
    "role": "owner",
    "created_at": "2026-01-01",
}

type Role = Literal["owner", "admin"]


class Account(BaseModel):
    id: str
    username: str
    email: str
    email_verified: bool = False
    role: Role
    second_factor: bool = False  # whether a password alone doesn't sign it in
    created_at: datetime
    active: Annotated[bool, Field(exclude=True)] = True
    epoch: Annotated[int, Field(exclude=True)] = 0  # of its sessions: one of an earlier epoch has ended
    token_epoch: Annotated[int, Field(exclude=True)] = 0  # of its tokens, in the same way
    pending_email: Annotated[str | None, Field(exclude=True)] = None  # to be verified, then its address
    revision: Annotated[int, Field(exclude=True)] = 0


class Credentials(NamedTuple):
    account: Account | None
    password: str | None  # its hash


def create(
    new: NewAccount, *, verified: bool = False, with_it: Callable[[Account], list[table.Write]] | None = None
) -> Account:
    """Make an account; Taken tells which of its names somebody else has. All of its items are made, or none.

    `with_it` gives further writes that are to happen together with it.
    """
    account = Account(
        id=ids.short(),
        username=new.username,
        email=new.email,
        email_verified=verified,
        role="owner",
        created_at=datetime.now(UTC),
    )
    names = _names(account)
    try:
        table.transact(
            *(table.Put(key | {"account": account.id}, condition=UNUSED) for key in names.values()),
            table.Put(_item(account) | {"password": passwords.hashed(new.password)}, condition=UNUSED),
            table.Put(_row(account)),
            *(with_it(account) if with_it else ()),
        )
    except table.Refused as refused:
        raise _taken(names, refused) from refused
    return account


def get(account_id: str) -> Account:
    """Return the account, or raise NotSignedIn: whoever asks holds a session or a token of one that is gone or off."""
    account = _account(table.get(_key(account_id)))
    if account is None or not account.active:
        raise NotSignedIn("Please sign in.")
    return account


def of(account_id: str) -> Account | None:
    """Return the account, switched off or not, for whoever else wants to know of it."""
    return _account(table.get(_key(account_id)))


def names(account_ids: Iterable[str]) -> dict[str, str]:
    """Return the usernames of accounts that there are, by id."""
    return {item["id"]: item["username"] for item in table.get_many(map(_key, set(account_ids)))}


def find(name: str) -> Account | None:
    """Return the account with this username or e-mail address, switched off or not."""
    return credentials(name).account


def credentials(name: str) -> Credentials:
    """Return the account of a name and its password's hash; an unknown name costs the same two reads as a known one."""
    owner = table.get(_email_key(name) if "@" in name else _username_key(name))
    item = table.get(_key(owner["account"] if owner else "nobody"))
    account = Account.model_validate(item or NOBODY, extra="ignore")
    return Credentials(account, item["password"]) if item else Credentials(None, None)


def password_of(account: Account) -> str:
    """Return the hash of the account's password."""
    if (item := table.get(_key(account.id))) is None:
        raise NotSignedIn("Please sign in.")
    return str(item["password"])


def store_anew(account: Account, password: str, old: str) -> None:
    """Hash the account's password with today's numbers; `old` is the hash that was read, and another one stays."""
    new = {"password": passwords.hashed(password)}
    with suppress(table.Refused):  # the password was changed meanwhile
        table.update(_key(account.id), new, condition="password = :old", values={":old": old})


def changed(account: Account, **attributes: Any) -> list[table.Write]:
    """Return the writes that change an account as it was read, and its row in the list.

    `password` is a new one's hash. Refused when the account was changed since.
    """
    new = account.model_copy(update={**attributes, "revision": account.revision + 1})
    stored = {"revision": new.revision, **attributes}
    return [
        table.Update(_key(account.id), stored, condition=SEEN, values={":seen": account.revision}),
        table.Put(_row(new)),
    ]


def change(account: Account, *with_it: table.Write, **attributes: Any) -> Account:
    """Change an account together with other writes; Changed when somebody else did so first."""
    try:
        table.transact(*changed(account, **attributes), *with_it)
    except table.Refused as refused:
        raise Changed("Somebody else is changing this account right now. Please try again.") from refused
    kept = {name: value for name, value in attributes.items() if name in Account.model_fields}
    return account.model_copy(update=kept | {"revision": account.revision + 1})


def rename(account: Account, *with_it: table.Write, **attributes: Any) -> Account:
    """Change an account whose `username` or `email` is among the attributes; Taken when somebody has that name."""
    old, new = _names(account), _names(account.model_copy(update=attributes))
    gone = {name: key for name, key in old.items() if key != new[name]}
    came = {name: key for name, key in new.items() if key != old[name]}
    try:
        table.transact(
            *(table.Put(key | {"account": account.id}, condition=UNUSED) for key in came.values()),
            *changed(account, **attributes),
            *(table.Delete(key) for key in gone.values()),
            *with_it,
        )
    except table.Refused as refused:
        raise _taken(came, refused) from refused
    return account.model_copy(update=attributes | {"revision": account.revision + 1})


def removed(account: Account) -> list[table.Write]:
    """Return the writes that make an account's names free, and it and its row in the list go.

    Refused when it was changed since it was read: its names may be somebody else's by now.
    """
    own = {":id": account.id}
    return [
        table.Delete(_key(account.id), condition=SEEN, values={":seen": account.revision}),
        *(table.Delete(key, condition="#account = :id", values=own) for key in _names(account).values()),
        table.Delete(_row_key(account)),
    ]


def _taken(names: dict[str, table.Item], refused: table.Refused) -> Taken | Changed:
    """Return which of the names somebody has, whose writes come first; the username's own item tells it best."""
    failed = [name for n, name in enumerate(names) if n in refused.failed]
    if not failed:
        return Changed("Somebody else is changing this account right now. Please try again.")
    return Taken(TAKEN[failed[0]], field="email" if failed[0] == "email" else "username")


def _names(account: Account) -> dict[str, table.Item]:
    return {
        "username": _username_key(account.username),
        "lookalike": table.key(f"LOOKALIKE#{usernames.lookalike(account.username)}", "LOOKALIKE"),
        "email": _email_key(account.email),
    }


def _account(item: table.Item | None) -> Account | None:
    return Account.model_validate(item, extra="ignore") if item else None


def _item(account: Account) -> table.Item:
    return _key(account.id) | account.model_dump(mode="json") | {"active": True, "epoch": 0, "revision": 0}


def _row(account: Account) -> table.Item:
    return _row_key(account) | account.model_dump(mode="json") | {"active": account.active}


def _key(account_id: str) -> table.Item:
    return table.key(f"ACCOUNT#{account_id}", "ACCOUNT")


def _row_key(account: Account) -> table.Item:
    return table.key(LIST, f"{account.created_at.isoformat()}#{account.id}")


def _username_key(username: str) -> table.Item:
    return table.key(f"USERNAME#{usernames.folded(username)}", "USERNAME")


def _email_key(email: str) -> table.Item:
    return table.key(f"EMAIL#{usernames.folded(email)}", "EMAIL")
