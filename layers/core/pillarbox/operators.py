"""The operator's view: all accounts, with search and pages; switching them off and on, ending sessions, inviting.

What accounts collected is not the operator's. Only where the stack's parameter OperatorReadsForms says so may an
operator make themselves a viewer of a form, and its owner reads that in their log.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

from pillarbox import (
    accounts,
    audit,
    counts,
    cursors,
    forms,
    ids,
    members,
    registration,
    sessions,
    settings,
    sign_up,
    table,
    usernames,
    validation,
)
from pillarbox.accounts import Account
from pillarbox.clients import Client
from pillarbox.errors import Invalid, NotAllowed, NotFound, UnknownButton

ROWS = 25  # of a page
LOOKED_AT = 1000  # rows of the list that one page looks through at most


class Asked(NamedTuple):
    """What the list is searched for; days are in UTC, both of them included."""

    text: str = ""
    since: date | None = None
    until: date | None = None

    @property
    def kept(self) -> dict[str, str]:
        """The search as an address says it."""
        named = {"q": self.text, "since": self.since, "until": self.until}
        return {name: str(value) for name, value in named.items() if value}


class Found(NamedTuple):
    users: list[table.Item]
    next_cursor: str | None
    searched_to: datetime | None  # the age to which it looked, where there is more


class OwnForm(NamedTuple):
    id: str
    name: str
    total: int


def signed_in(cookies: Mapping[str, str]) -> Account:
    return _operator(sessions.signed_in(cookies))


def fresh(cookies: Mapping[str, str]) -> Account:
    return _operator(sessions.fresh(cookies))


def asked(sent: Mapping[str, str]) -> Asked:
    """Read a search; raise Invalid for days that are none."""
    return Asked(sent.get("q", "").strip(), _day(sent, "since"), _day(sent, "until"))


def users(wanted: Asked, cursor: str | None) -> Found:
    """Return a page of accounts, the newest first, after looking through so many rows at most."""
    of = f"users {wanted.text} {wanted.since} {wanted.until}"
    after = cursors.read(of, cursor)
    if after is None and wanted.until:
        after = (wanted.until + timedelta(days=1)).isoformat()
    text, matching, looked = usernames.folded(wanted.text), list[table.Item](), 0
    while True:
        found = table.query(accounts.LIST, after=after, descending=True, limit=LOOKED_AT - looked)
        for row in found.items:
            after, looked = row["sk"], looked + 1
            if wanted.since and row["sk"] < wanted.since.isoformat():
                return Found(matching, None, None)
            if text in usernames.folded(row["username"]) or text in usernames.folded(row["email"]):
                matching.append(row)
            if len(matching) == ROWS or looked == LOOKED_AT:
                return Found(matching, cursors.seal(of, after), datetime.fromisoformat(row["created_at"]))
        if found.last is None:
            return Found(matching, None, None)


def user(account_id: str) -> Account:
    account = accounts.of(account_id) if ids.is_short(account_id) else None
    if account is None:
        raise NotFound("There is no such account.")
    return account


def forms_of(account: Account) -> list[OwnForm]:
    """Return the account's own forms with how much lies in each; what that is, only members see."""
    own = [form for form in forms.every(account) if form.role == "owner"]
    counted = counts.of(form.id for form in own)
    return [OwnForm(form.id, form.name, sum(one["total"] for one in counted[form.id].values())) for form in own]


def act(operator: Account, account: Account, what: str, client: Client) -> None:
    """Do what a button says with somebody's account; with the operator's own only what can't lock them out."""
    if account.id == operator.id and what in {"off", "owner"}:
        raise NotAllowed("This is your own account. Ask another operator.")
    noted = {"actor": operator.id}
    match what:
        case "off":
            writes = audit.writes("switched-off", account.id, client, **noted)
            accounts.change(account, *writes, active=False, epoch=account.epoch + 1)
        case "on":
            accounts.change(account, *audit.writes("switched-on", account.id, client, **noted), active=True)
        case "end":
            writes = audit.writes("sessions-ended", account.id, client, **noted)
            sessions.sweep(accounts.change(account, *writes, epoch=account.epoch + 1))
        case "admin":
            accounts.change(account, *audit.writes("made-operator", account.id, client, **noted), role="admin")
        case "owner":
            accounts.change(account, *audit.writes("made-owner", account.id, client, **noted), role="owner")
        case _:
            raise UnknownButton


def invite_or_withdraw(operator: Account, sent: Mapping[str, str], client: Client, *, origin: str) -> str:
    """Do what a button of the list says, and return what was done."""
    if email := sent.get("withdraw"):
        withdraw(operator, email, client)
        return "withdrawn"
    invite(operator, sent.get("email", ""), client, origin=origin)
    return "invited"


def invite(operator: Account, email: str, client: Client, *, origin: str) -> None:
    """Mail somebody an invitation to make an account."""
    new = validation.parse(registration.NewEmail, {"email": email}).email
    if accounts.find(new):
        raise Invalid([{"field": "email", "code": "taken", "message": accounts.TAKEN["email"]}])
    noted = audit.writes("invited", operator.id, client, email=new)
    sign_up.invite(new, operator.username, *noted, origin=origin)


def withdraw(operator: Account, email: str, client: Client) -> None:
    table.transact(sign_up.withdrawn(email), *audit.writes("uninvited", operator.id, client, email=email))


def look_into(operator: Account, form_id: str, client: Client) -> None:
    """Make the operator a viewer of somebody's form, which its owner reads in their log."""
    if not settings.operator_reads_forms():
        raise NotAllowed("Forms are for whom they are shared with. The parameter OperatorReadsForms changes that.")
    form = forms.found(form_id)
    if form is None:
        raise NotFound("There is no such form.")
    if forms.role_of(operator, form_id) is None:
        told = {"actor": operator.id, "form": form.name, "who": operator.username}
        noted = audit.writes("form-opened-by-operator", forms.owner_of(form_id), client, **told)
        members.write(*members.joined(operator.id, form_id, "viewer", before=None), *noted)


def _operator(account: Account) -> Account:
    if account.role != "admin":
        raise NotAllowed("This page is for whoever runs this Pillarbox.")
    return account


def _day(sent: Mapping[str, str], name: str) -> date | None:
    try:
        return datetime.strptime(sent[name], "%Y-%m-%d").replace(tzinfo=UTC).date() if sent.get(name) else None
    except ValueError as error:
        raise Invalid([{"field": name, "code": "date", "message": "A day is written like 2026-11-26."}]) from error
