"""Members of a form: the accounts that it is shared with, and the invitations that were mailed and wait.

A membership is two rows, written together: the account's (`ACCOUNT#…`/`FORM#…`, which forms reads) and the form's.
"""

import time
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple

from pydantic import BaseModel, ConfigDict

from pillarbox import accounts, attempts, audit, forms, ids, links, mails, places, table, usernames, validation
from pillarbox.accounts import Account
from pillarbox.clients import Client
from pillarbox.errors import Changed, Invalid, LinkDead, NotAllowed, NotFound, UnknownButton
from pillarbox.forms import INVITED, MEMBER, Form
from pillarbox.registration import Email
from pillarbox.roles import Role, SharedRole, higher

MOST = 40  # members and invitations of one form together, so that one transaction can delete them all
EXISTS, UNUSED = "attribute_exists(pk)", "attribute_not_exists(pk)"


class NewInvitation(BaseModel):
    model_config = ConfigDict(extra="forbid")

    email: Email
    role: SharedRole


class NewRole(BaseModel):
    role: SharedRole


class Member(BaseModel):
    account_id: str
    username: str
    role: Role
    since: datetime


class Invitation(BaseModel):
    id: str
    email: str
    role: SharedRole
    expires_at: datetime


class Sharing(BaseModel):
    members: list[Member]
    invitations: list[Invitation]


class Offer(NamedTuple):
    """What an invitation that was mailed offers."""

    secret: str
    form: Form
    role: SharedRole
    inviter: str
    invited: table.Item  # the row that waits


def of(form: Form) -> Sharing:
    """Return who a form is shared with, its owner first, and whom it was offered to."""
    rows = _rows(form.id)
    found = {row["sk"].removeprefix(MEMBER): row for row in rows if row["sk"].startswith(MEMBER)}
    people = [person for account_id in found if (person := accounts.of(account_id))]
    members = [_member(found[person.id], person) for person in people]
    waiting = [row for row in rows if row["sk"].startswith(INVITED) and not table.expired(row)]
    return Sharing(
        members=sorted(members, key=lambda one: (one.role != "owner", one.since)),
        invitations=[_invitation(row) for row in sorted(waiting, key=lambda row: str(row["email"]))],
    )


def act(account: Account, form: Form, sent: Mapping[str, str], client: Client, *, origin: str) -> str:
    """Do what a button of the page says, and return what was done."""
    what, who = sent.get("do", ""), sent.get("who", "")
    if what == "remove":
        remove(account, form, who, client)
        return "left" if who == account.id else "removed"
    forms.require(form, "manager")
    asked = {"email": sent.get("email", ""), "role": sent.get("role", "")}
    if what == "invite":
        invite(account, form, validation.parse(NewInvitation, asked), client, origin=origin)
        return "invited"
    if what == "withdraw":
        withdraw(account, form, who, client)
        return "withdrawn"
    if what == "change":
        change(account, form, who, validation.parse(NewRole, asked).role, client)
        return "changed"
    raise UnknownButton


def invite(account: Account, form: Form, new: NewInvitation, client: Client, *, origin: str) -> Invitation:
    """Mail an invitation, or another one to the same address; the former's link is worth nothing from then on."""
    there = of(form)
    others = [one for one in there.invitations if one.id != _invited_id(new.email)]
    if len(there.members) + len(others) >= MOST:
        message = f"A form is shared with at most {MOST} people, invitations among them. Remove somebody first."
        raise Invalid([{"field": "email", "code": "too_long", "message": message}])
    holder = accounts.find(new.email)
    if holder and holder.id in {one.account_id for one in there.members}:
        raise Invalid([{"field": "email", "code": "member", "message": "The form is shared with this person already."}])
    attempts.take("mail-by-account", account.id)
    number = ids.short()
    row = _invited_key(form.id, new.email) | {
        "email": new.email,
        "role": new.role,
        "by": account.username,
        "number": number,
        "expires_at": int(time.time()) + links.INVITED_SECONDS,
    }
    noted = audit.writes("form-shared", account.id, client, form=form.name, email=new.email, role=new.role)
    table.transact(table.Put(row), *noted)
    told = {"email": new.email, "role": new.role, "inviter": account.username}
    mails.send("share", origin=origin, form_id=form.id, form_name=form.name, number=number, **told)
    return _invitation(row)


def withdraw(account: Account, form: Form, invitation_id: str, client: Client) -> None:
    row = next((row for row in _rows(form.id) if row["sk"] == f"{INVITED}{invitation_id}"), None)
    if row is None:
        raise NotFound("There is no such invitation. It may have been accepted.")
    noted = audit.writes("invitation-withdrawn", account.id, client, form=form.name, email=row["email"])
    table.transact(table.Delete(table.key(row["pk"], row["sk"])), *noted)


def offer(secret: str) -> Offer:
    """Return what a mailed link offers, or raise LinkDead: also when it was withdrawn, renewed, or the form is gone."""
    _, told = links.read(secret, "share")
    row = table.get(_invited_key(told["form"], told["email"]))
    if row is None or table.expired(row) or row["number"] != told["number"]:
        raise LinkDead
    form = forms.found(told["form"])
    if form is None:
        raise LinkDead
    return Offer(secret, form, row["role"], row["by"], row)


def accept(account: Account, offered: Offer, client: Client) -> Role:
    """Make the account a member, once; who is one already keeps the higher role, which is returned."""
    form = offered.form
    has = forms.role_of(account, form.id)
    role = higher(has, offered.role) if has else offered.role
    row = table.key(offered.invited["pk"], offered.invited["sk"])
    same = {":number": offered.invited["number"]}
    try:
        table.transact(
            links.used(offered.secret),
            table.Delete(row, condition="#number = :number", values=same),
            table.Check(places.form(form.id), condition=EXISTS),
            *joined(account.id, form.id, role, before=has),
            *audit.writes("share-accepted", account.id, client, form=form.name, role=role),
        )
    except table.Refused as refused:
        raise LinkDead from refused
    return role


def change(account: Account, form: Form, account_id: str, role: SharedRole, client: Client) -> Member:
    """Give a member another role. The owner's is not to be had, and not to be changed."""
    member = _changeable(form, account_id)
    told = {"form": form.name, "who": member.username, "role": role}
    write(
        *joined(account_id, form.id, role, before=member.role),
        *audit.writes("role-changed", account.id, client, **told),
    )
    return member.model_copy(update={"role": role})


def remove(account: Account, form: Form, account_id: str, client: Client) -> None:
    """Take a member away; everybody may take away themselves, and a manager everybody but the owner."""
    if account_id != account.id:
        forms.require(form, "manager")
    member = _changeable(form, account_id)
    told = {"form": form.name, "who": member.username}
    gone = [table.Delete(key, condition=EXISTS) for key in _keys(account_id, form.id)]
    write(*gone, *audit.writes("member-removed", account.id, client, **told))


def _changeable(form: Form, account_id: str) -> Member:
    member = next((one for one in of(form).members if one.account_id == account_id), None)
    if member is None:
        raise NotFound("The form isn't shared with this person.")
    if member.role == "owner":
        raise NotAllowed("The form belongs to its owner, whose role stays as it is.")
    return member


def joined(account_id: str, form_id: str, role: Role, *, before: Role | None) -> list[table.Write]:
    """Return the writes of a membership; refused when it isn't any more what it was."""
    own, forms_ = _keys(account_id, form_id)
    condition, seen = ("#role = :before", {":before": before}) if before else (UNUSED, None)
    since = {"since": int(time.time())}
    if before:
        return [
            table.Update(own, {"role": role}, condition=condition, values=seen),
            table.Update(forms_, {"role": role}, condition=condition, values=seen),
        ]
    return [
        table.Put(own | {"role": role}, condition=condition),
        table.Put(forms_ | {"role": role} | since, condition=condition),
    ]


def write(*writes: table.Write) -> None:
    try:
        table.transact(*writes)
    except table.Refused as refused:
        raise Changed("Somebody else is changing who this form is shared with. Please try again.") from refused


def _rows(form_id: str) -> list[table.Item]:
    pk = places.form(form_id)["pk"]
    return [*table.query_all(pk, prefix=MEMBER), *table.query_all(pk, prefix=INVITED)]


def _member(row: table.Item, account: Account) -> Member:
    since = datetime.fromtimestamp(row["since"], UTC)
    return Member(account_id=account.id, username=account.username, role=row["role"], since=since)


def _invitation(row: table.Item) -> Invitation:
    told: dict[str, Any] = {"id": row["sk"].removeprefix(INVITED), "email": row["email"], "role": row["role"]}
    return Invitation(**told, expires_at=datetime.fromtimestamp(row["expires_at"], UTC))


def _keys(account_id: str, form_id: str) -> tuple[table.Item, table.Item]:
    return table.key(f"ACCOUNT#{account_id}", f"FORM#{form_id}"), forms.member_key(form_id, account_id)


def _invited_id(email: str) -> str:
    return ids.digest(usernames.folded(email))[:20]


def _invited_key(form_id: str, email: str) -> table.Item:
    return table.key(places.form(form_id)["pk"], f"{INVITED}{_invited_id(email)}")
