"""Forms: what an owner makes, and what visitors send to."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import islice
from typing import Annotated, Any, NamedTuple

from pydantic import Field

from pillarbox import cursors, ids, places, queues, retention, settings, table, validation, versions
from pillarbox.accounts import Account
from pillarbox.definitions import Definition
from pillarbox.errors import Changed, NotAllowed, NotFound
from pillarbox.fields import compile_rules
from pillarbox.policies import SECRET_IS_SET, compile_policy
from pillarbox.retention import compile_keeping
from pillarbox.roles import Role, reaches

MEMBER, INVITED = "MEMBER#", "INVITED#"  # rows of a form that say who it is shared with
TRIES = 4  # of a change that met another one
PURGE_DELAY_SECONDS = 60  # instances of submit_form may still take what is sent until their cache is past


class Form(Definition):
    id: str
    created_at: datetime
    updated_at: datetime
    version: int
    shards: Annotated[int, Field(exclude=True)] = 1  # how many partitions a folder has; grows when one is too busy
    role: Annotated[Role, Field(exclude=True)] = "owner"  # of whoever asked for it
    logo: Annotated[str | None, Field(exclude=True)] = None  # which there is; logos.py keeps it


class ShownForm(Form):
    url: str


class Page(NamedTuple):
    forms: list[Form]
    next_cursor: str | None


def shown(form: Form, origin: str) -> ShownForm:
    """Return the form with its address under the origin (scheme and host) that the request came to; no secret is."""
    return ShownForm.model_construct(**dict(form) | {"spam": form.spam.shown()}, url=f"{origin}/f/{form.id}")


def create(account: Account, new: Definition) -> Form:
    now = datetime.now(UTC)
    form = Form(**dict(new), id=ids.short(), created_at=now, updated_at=now, version=1)
    item = _key(form.id) | _item(form) | {"account": account.id, "shards": form.shards}
    role = {"role": "owner"}
    table.transact(
        table.Put(item, condition="attribute_not_exists(pk)"),
        table.Put(_membership_key(account.id, form.id) | role),
        table.Put(member_key(form.id, account.id) | role | {"since": int(now.timestamp())}),
        versions.put(form.id, form.version, form, at=now, by=account.id),
    )
    return form


def get(account: Account, form_id: str, role: Role = "viewer") -> Form:
    """Return a form that the account may see; NotFound covers somebody else's too, NotAllowed too low a role."""
    keys = [_membership_key(account.id, form_id), _key(form_id)] if ids.is_short(form_id) else []
    found = {item["sk"]: item for item in table.get_many(keys)}
    if len(found) < len(keys) or not keys:
        raise NotFound("There is no such form.")
    form = _form(found["FORM"], found[f"FORM#{form_id}"]["role"])
    require(form, role)
    return form


def require(form: Form, role: Role) -> None:
    """Raise NotAllowed when whoever asked for the form has a role that doesn't reach so far."""
    if not reaches(form.role, role):
        raise NotAllowed(f"This needs the role {role}, and the form is shared with you as {form.role}.")


def found(form_id: str) -> Form | None:
    """Return a form whoever asks, for an invitation to it."""
    item = table.get(_key(form_id)) if ids.is_short(form_id) else None
    return _form(item, "viewer") if item else None


def role_of(account: Account, form_id: str) -> Role | None:
    item = table.get(_membership_key(account.id, form_id))
    return item["role"] if item else None


def owner_of(form_id: str) -> str:
    """Return the id of the account that a form belongs to."""
    if (item := table.get(_key(form_id))) is None:
        raise NotFound("There is no such form.")
    return str(item["account"])


def listed(account: Account, *, limit: int, cursor: str | None = None) -> Page:
    """Return a page of the account's forms, in the order of their ids."""
    of = f"forms of {account.id}"
    page = table.query(f"ACCOUNT#{account.id}", prefix="FORM#", after=cursors.read(of, cursor), limit=limit)
    forms = {form.id: form for form in _forms(page.items)}
    ordered = [forms[form_id] for item in page.items if (form_id := item["sk"].removeprefix("FORM#")) in forms]
    return Page(ordered, cursors.seal(of, page.last) if page.last else None)


def every(account: Account, *, most: int | None = None) -> list[Form]:
    """Return the account's forms, the newest first; of more than `most`, which ones is left to their ids."""
    members = list(islice(table.query_all(f"ACCOUNT#{account.id}", prefix="FORM#"), most))
    return sorted(_forms(members), key=lambda form: form.created_at, reverse=True)


def update(account: Account, form_id: str, patch: dict[str, Any], *, seen: int | None = None) -> Form:
    """Merge the patch into the form as RFC 7396 says, and return it; Invalid when the outcome doesn't fit.

    `seen` is the version that the patch was made from: Changed when there is a newer one.
    """
    for _ in range(TRIES):
        form = get(account, form_id, "manager")
        if seen not in {None, form.version}:
            raise Changed("Somebody else has changed this form since you opened it.")
        definition = form.model_dump(mode="json", include=set(Definition.model_fields))
        new = validation.parse(Definition, _with_secret(merged(definition, patch), definition))
        changed = Form(
            **dict(new),
            id=form.id,
            created_at=form.created_at,
            updated_at=datetime.now(UTC),
            version=form.version + 1,
            role=form.role,
        )
        if changed.retention_days != form.retention_days:
            retention.ask(form_id)
        same = table.Update(_key(form_id), _item(changed), condition="version = :seen", values={":seen": form.version})
        try:
            table.transact(same, versions.put(form_id, changed.version, changed, at=changed.updated_at, by=account.id))
        except table.Refused:
            continue
        return changed
    raise Changed("Somebody else is changing this form right now. Please try again.")


def delete(account: Account, form_id: str, *, seen: int | None = None) -> None:
    """Delete a form at once, and its submissions soon after; Changed when it isn't the version any more that was seen.

    The purge is queued before: should the next step fail, it finds the form still there and does nothing.
    """
    get(account, form_id, "owner")
    try:
        delete_owned(form_id, seen=seen)
    except table.Refused as refused:
        raise Changed("Somebody else has changed this form since you looked.") from refused


def delete_owned(form_id: str, *, seen: int | None = None) -> None:
    """Delete a form whose owner asked for it, or is gone."""
    same, values = ("version = :seen", {":seen": seen}) if seen else (None, None)
    form = table.Delete(_key(form_id), condition=same, values=values)
    queues.send(settings.purges_queue_url(), {"form_id": form_id}, delay_seconds=PURGE_DELAY_SECONDS)
    table.transact(form, *map(table.Delete, keys_of_members(form_id)))


def keys_of_members(form_id: str) -> list[table.Item]:
    """Return the keys of all that says who a form is shared with, invitations too."""
    keys: list[table.Item] = []
    for prefix in (MEMBER, INVITED):
        for row in table.query_all(_key(form_id)["pk"], prefix=prefix):
            keys.append(table.key(row["pk"], row["sk"]))
            if prefix == MEMBER:
                keys.append(_membership_key(row["sk"].removeprefix(MEMBER), form_id))
    return keys


def keys_of(form_id: str) -> list[table.Item]:
    """Return the keys of all that is kept of a form beside its submissions, and of its rows at accounts."""
    keys = [*keys_of_members(form_id), *map(table.key_of, table.query_all(_key(form_id)["pk"]))]
    return [table.key(*key) for key in {(key["pk"], key["sk"]) for key in keys}]


def exists(form_id: str) -> bool:
    return table.get(_key(form_id)) is not None


def _forms(memberships: list[table.Item]) -> Iterator[Form]:
    role = {item["sk"].removeprefix("FORM#"): item["role"] for item in memberships}
    for item in table.get_many(map(_key, role)):
        yield _form(item, role[item["id"]])


def merged(target: Any, patch: Any, *, nulls: bool = False) -> Any:
    """Merge as RFC 7396 says; but a null among the limits stays one, since it switches a limit off."""
    if not isinstance(patch, dict):
        return patch
    new = dict(target) if isinstance(target, dict) else {}
    for name, value in patch.items():
        if value is None and not nulls:
            new.pop(name, None)
        else:
            new[name] = merged(new.get(name), value, nulls=name == "limits")
    return new


def _with_secret(new: Any, old: dict[str, Any]) -> Any:
    """Put the secret back where a program sends a form as it was shown it."""
    spam = new.get("spam")
    if isinstance(spam, dict) and spam.get("captcha_secret") == SECRET_IS_SET:
        return new | {"spam": spam | {"captcha_secret": old["spam"]["captcha_secret"]}}
    return new


def _item(form: Form) -> table.Item:
    """Return the form's attributes.

    The submit path reads `active`, `rules`, `policy` and `document`, and needs no pydantic.
    """
    document = form.model_dump(mode="json", include=set(Definition.model_fields) - {"name", "active"})
    return form.model_dump(mode="json", include={"id", "name", "active", "created_at", "updated_at", "version"}) | {
        "document": json.dumps(document, ensure_ascii=False),
        "rules": json.dumps(compile_rules(form.fields, strict=form.strict), ensure_ascii=False),
        "policy": json.dumps(compile_policy(form) | compile_keeping(form), ensure_ascii=False),
    }


def _form(item: table.Item, role: Role) -> Form:
    return Form.model_validate(item | json.loads(item["document"]) | {"role": role}, extra="ignore")


def _key(form_id: str) -> table.Item:
    return places.form(form_id)


def member_key(form_id: str, account_id: str) -> table.Item:
    return table.key(_key(form_id)["pk"], f"{MEMBER}{account_id}")


def _membership_key(account_id: str, form_id: str) -> table.Item:
    return table.key(f"ACCOUNT#{account_id}", f"FORM#{form_id}")
