"""Drafts: a form's fields while they are edited. What was typed is kept, fit or not; visitors see it once published."""

import json
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any, Self

from pydantic import BaseModel

from pillarbox import forms, places, sheets, table, versions
from pillarbox.accounts import Account
from pillarbox.errors import Changed, Invalid, NotFound
from pillarbox.fields import Field
from pillarbox.forms import Form
from pillarbox.sheets import Judged, Sheet

MAX_BYTES = 300_000  # of all that was typed, as JSON: an item has at most 400 KB


class Removed(BaseModel):
    sheet: Sheet
    place: int


class Draft(BaseModel):
    form_id: str
    sheets: list[Sheet]
    strict: bool
    based_on: int  # the version of the form that it was begun from
    revision: int = 0  # none: nothing was changed yet, and nothing is stored
    at: datetime | None = None
    by: str | None = None  # the id of the account that changed it last
    removed: Removed | None = None  # the field that was removed last, to bring it back

    @property
    def token(self) -> str:
        """What tells one state of the draft from every other, also from those of drafts before it."""
        return f"{self.based_on}-{self.revision}-{self.at.timestamp() if self.at else 0:.6f}"

    def judged(self) -> Judged:
        return sheets.judged(self.sheets)

    def changed(self, **changes: Any) -> Self:
        return self.model_copy(update=changes)


class Stale(Changed):
    """The draft isn't what the page was opened with; `draft` is what it is now."""

    def __init__(self, draft: Draft) -> None:
        super().__init__("Somebody else has changed this draft since you opened it.")
        self.draft = draft


def of(form: Form) -> Draft:
    """Return the form's draft; one that nobody began is what is published."""
    item = table.get(_key(form.id))
    if item is None:
        return Draft(form_id=form.id, sheets=sheets.of(form.fields), strict=form.strict, based_on=form.version)
    return Draft.model_validate(json.loads(item["draft"]) | item | {"form_id": form.id}, extra="ignore")


def save(account: Account, form: Form, draft: Draft) -> Draft:
    """Keep the next revision of a draft; Stale when somebody else did so first."""
    now = datetime.now(UTC)
    new = draft.changed(revision=draft.revision + 1, at=now, by=account.id)
    kept = new.model_dump_json(include={"sheets", "strict", "removed"})
    if len(kept.encode()) > MAX_BYTES:
        message = f"This is too much for one form: a draft has at most {MAX_BYTES:,} bytes."
        raise Invalid([{"field": "", "code": "too_long", "message": message}])
    item = {"based_on": new.based_on, "revision": new.revision, "at": now.isoformat(), "by": account.id, "draft": kept}
    condition, values = _same(draft)
    try:
        table.put(_key(form.id) | item, condition=condition, values=values)
    except table.Refused as refused:
        raise Stale(of(form)) from refused
    return new


def discard(form: Form, draft: Draft) -> None:
    """Throw a draft away; Stale when somebody has changed it since."""
    condition, values = _same(draft)
    try:
        table.delete(_key(form.id), condition=condition, values=values)
    except table.Refused as refused:
        raise Stale(of(form)) from refused


def drifted(form: Form, draft: Draft) -> bool:
    """Whether others have published fields since the draft was begun; changes of settings are nothing to it."""
    if form.version == draft.based_on or not differs(form, draft):
        return False
    try:
        base = versions.get(form.id, draft.based_on).definition
    except NotFound:  # from before versions were kept
        return True
    return (base.fields, base.strict) != (form.fields, form.strict)


def differs(form: Form, draft: Draft) -> bool:
    """Whether publishing the draft would change anything."""
    judged = draft.judged()
    return not judged.fit or (judged.fields, draft.strict) != (form.fields, form.strict)


def publish(account: Account, form: Form, draft: Draft, *, over: int | None = None) -> Form:
    """Make the draft what visitors get; Invalid when it doesn't fit, Changed when others have published meanwhile.

    `over` is the version that somebody has seen and wants to replace. A draft that was changed at this very moment
    stays, and then says itself that it was begun from an older version.
    """
    fields = fit(draft)
    seen = form.version if over is None and not drifted(form, draft) else over
    if seen is None:
        raise Changed("The form was changed since this draft was begun.")
    if differs(form, draft):
        new: list[dict[str, Any]] = [field.model_dump(mode="json", exclude_none=True) for field in fields]
        form = forms.update(account, form.id, {"fields": new, "strict": draft.strict}, seen=seen)
    with suppress(Stale):
        discard(form, draft)
    return form


def fit(draft: Draft) -> list[Field]:
    """Return the draft's fields, or raise Invalid with each error under `<key>.<input>`."""
    judged = draft.judged()
    wrong = [
        {"field": f"{key}.{name}", "code": "value_error", "message": message}
        for key, of_field in judged.errors.items()
        for name, message in of_field.items()
    ]
    wrong += [{"field": "", "code": "value_error", "message": message} for message in judged.whole]
    if wrong:
        raise Invalid(wrong)
    return [field for field in judged.fields if field]


def _same(draft: Draft) -> tuple[str, table.Item | None]:
    """Return the condition that the table holds the draft as it was read."""
    if not draft.at:
        return "attribute_not_exists(pk)", None
    return "revision = :seen AND #at = :at", {":seen": draft.revision, ":at": draft.at.isoformat()}


def _key(form_id: str) -> table.Item:
    return table.key(places.form(form_id)["pk"], "DRAFT")
