"""The audit log: every event that matters to an account's security, for its owner, and all of them for the operator.

Each is two items, one in the account's partition and one in the month's, both kept for 400 days. `writes` is for an
event that is part of a transaction; `note` writes at once.
"""

import time
from datetime import UTC, datetime
from typing import Literal

from pydantic import BaseModel

from pillarbox import cursors, ids, table
from pillarbox.clients import Client

KEPT_SECONDS = 400 * 24 * 60 * 60
NOBODY = "nobody"  # whose events those are that concern no account, such as a sign-in with an unknown name
MONTHS = 14  # that the operator's list goes back: as long as events are kept

# What is said of each kind; `{…}` are the event's details.
SENTENCES = {
    "account-made": "The account was made.",
    "sign-in": "Signed in.",
    "sign-in-failed": "A sign-in with a wrong password.",
    "sign-out": "Signed out.",
    "confirmed": "Confirmed by password that it is still the same person.",
    "session-ended": "A session was ended.",
    "sessions-ended": "All other sessions were ended.",
    "email-verified": "The e-mail address {email} was verified.",
    "email-asked": "A change of the e-mail address to {email} was asked for.",
    "email-changed": "The e-mail address was changed to {email}.",
    "username-changed": "The username was changed from {before} to {after}.",
    "password-changed": "The password was changed.",
    "password-reset": "The password was set anew by a link in a mail.",
    "app-added": "An authenticator app was added as second factor.",
    "app-removed": "The authenticator app was removed.",
    "passkey-added": "A passkey was added.",
    "passkey-removed": "A passkey was removed.",
    "passkey-failed": "A sign-in with a passkey that didn't fit.",
    "recovery-codes-made": "New recovery codes were made. The old ones are worth nothing.",
    "recovery-code-used": "A recovery code was used. There are {left} left.",
    "code-failed": "A sign-in with the right password and a wrong code.",
    "token-made": "The token {name} was made.",
    "token-revoked": "The token {name} was revoked.",
    "form-shared": "The form {form} was offered to {email}, as {role}.",
    "invitation-withdrawn": "The offer of the form {form} to {email} was withdrawn.",
    "share-accepted": "The form {form} was accepted, as {role}.",
    "role-changed": "On the form {form}, {who} is {role} from now on.",
    "member-removed": "The form {form} is no longer shared with {who}.",
    "webhook-made": "The form {form} tells {host} of what comes in, from now on.",
    "webhook-changed": "The webhook of the form {form} to {host} was changed.",
    "webhook-secret": "The webhook of the form {form} to {host} was given a new secret.",
    "webhook-deleted": "The webhook of the form {form} to {host} was deleted.",
    "form-opened-by-operator": "The operator {who} made themselves a viewer of the form {form}.",
    "switched-off": "The account was switched off.",
    "switched-on": "The account was switched on again.",
    "made-operator": "The account was made an operator's.",
    "made-owner": "The account is no operator's any more.",
    "invited": "{email} was invited to make an account.",
    "uninvited": "The invitation of {email} was withdrawn.",
    "account-deleted": "The account was deleted.",
    "data-asked": "A copy of everything was asked for.",
    "erasure-asked": "Everything that one e-mail address sent was asked to be erased.",
    "became-operator": "Became an operator by verifying the operator's address.",
}

type Kind = Literal[
    "account-made",
    "sign-in",
    "sign-in-failed",
    "sign-out",
    "confirmed",
    "session-ended",
    "sessions-ended",
    "email-verified",
    "email-asked",
    "email-changed",
    "username-changed",
    "password-changed",
    "password-reset",
    "app-added",
    "app-removed",
    "passkey-added",
    "passkey-removed",
    "passkey-failed",
    "recovery-codes-made",
    "recovery-code-used",
    "code-failed",
    "token-made",
    "token-revoked",
    "form-shared",
    "invitation-withdrawn",
    "share-accepted",
    "role-changed",
    "member-removed",
    "webhook-made",
    "webhook-changed",
    "webhook-secret",
    "webhook-deleted",
    "form-opened-by-operator",
    "switched-off",
    "switched-on",
    "made-operator",
    "made-owner",
    "invited",
    "uninvited",
    "account-deleted",
    "data-asked",
    "erasure-asked",
    "became-operator",
]


class Event(BaseModel):
    id: str
    at: datetime
    kind: str
    account: str
    actor: str  # the account that did it
    address: str
    agent: str
    details: dict[str, str]

    @property
    def sentence(self) -> str:
        return SENTENCES[self.kind].format_map(self.details)


class Page(BaseModel):
    events: list[Event]
    next_cursor: str | None


def writes(
    kind: Kind, account_id: str, client: Client, *, actor: str | None = None, **details: str
) -> list[table.Write]:
    """Return the writes of an event; `actor` is who did it, where that isn't the account itself."""
    now = time.time()
    item = {
        "kind": kind,
        "account": account_id,
        "actor": actor or account_id,
        "address": client.address,
        "agent": client.agent,
        "details": details,
        "expires_at": int(now) + KEPT_SECONDS,
    }
    event_id, month = ids.ulid(now=now), datetime.fromtimestamp(now, UTC).strftime("%Y-%m")
    return [table.Put(table.key(f"EVENTS#{of}", event_id) | item) for of in (account_id, month)]


def note(kind: Kind, account_id: str, client: Client, *, actor: str | None = None, **details: str) -> None:
    table.transact(*writes(kind, account_id, client, actor=actor, **details))


def page(account_id: str, *, limit: int, cursor: str | None = None) -> Page:
    """Return a page of an account's events, the newest first."""
    of = f"events of {account_id}"
    found = table.query(f"EVENTS#{account_id}", after=cursors.read(of, cursor), descending=True, limit=limit)
    return Page(events=_events(found.items), next_cursor=cursors.seal(of, found.last) if found.last else None)


def everybodys(*, limit: int, cursor: str | None = None) -> Page:
    """Return a page of all events, the newest first: months one after the other, each a partition."""
    of = "events of everybody"
    place = cursors.read(of, cursor)
    month, _, after = place.partition(" ") if place else (datetime.now(UTC).strftime("%Y-%m"), "", "")
    items: list[table.Item] = []
    for _ in range(MONTHS):
        found = table.query(f"EVENTS#{month}", after=after or None, descending=True, limit=limit - len(items))
        items += found.items
        if len(items) == limit:
            return Page(events=_events(items), next_cursor=cursors.seal(of, f"{month} {items[-1]['sk']}"))
        month, after = _before(month), ""
    return Page(events=_events(items), next_cursor=None)


def _events(items: list[table.Item]) -> list[Event]:
    return [
        Event.model_validate(item | {"id": item["sk"], "at": ids.time_of(item["sk"])}, extra="ignore")
        for item in items
        if not table.expired(item)
    ]


def _before(month: str) -> str:
    year, number = map(int, month.split("-"))
    return f"{year - (number == 1)}-{(number - 2) % 12 + 1:02}"
