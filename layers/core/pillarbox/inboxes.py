"""Inboxes as their pages show them: what stands beside a list, and what its buttons do."""

from collections.abc import Mapping
from functools import partial
from typing import Any, cast
from urllib.parse import urlencode

from pillarbox import (
    counts,
    delivery_words,
    forms,
    submissions,
    webhooks,
    whereabouts,
)
from pillarbox.accounts import Account
from pillarbox.errors import Invalid, Malformed, NotFound, UnknownButton
from pillarbox.fields import Field
from pillarbox.forms import Form
from pillarbox.places import FOLDERS
from pillarbox.submissions import Folder, Submission

ROWS = 25  # of a list, and so the most that one click moves
SIDE_FORMS = 30  # listed beside an inbox; the dashboard has them all


def folder(name: str | None) -> Folder:
    if name is not None and name not in FOLDERS:
        raise NotFound("There is no such folder.")
    return cast("Folder", name or "inbox")


def path(form_id: str, of: str, cursor: str | None = None) -> str:
    asked = ({"folder": of} if of != "inbox" else {}) | ({"cursor": cursor} if cursor else {})
    return f"/forms/{form_id}" + (f"?{urlencode(asked)}" if asked else "")


def beside(account: Account, form: Form, of: Folder, cursor: str | None) -> dict[str, Any]:
    """Return what the columns of forms, folders and submissions show; a cursor of another list starts at its top."""
    kept = form.retention_days
    read = partial(submissions.page, form.id, of, shards=form.shards, retention_days=kept, limit=ROWS)
    try:
        page = read(cursor=cursor)
    except Invalid:
        cursor = None
        page = read()
    listed = forms.every(account, most=SIDE_FORMS)
    counted = counts.of({form.id, *(one.id for one in listed)})
    unread = {name: one["unread"] for name, one in counted[form.id].items()}
    if not cursor and not page.next_cursor:
        unread[of] = _unread(page.submissions)  # all of it is here, and the counts are some seconds behind
    return {
        "account": account,
        "form": form,
        "forms": listed,
        "folder": of,
        "page": page,
        "cursor": cursor,
        "here": path(form.id, of, cursor),
        "newest": path(form.id, of) if cursor else None,
        "older": path(form.id, of, page.next_cursor) if page.next_cursor else None,
        "unread": unread,
        "unread_of": {one.id: counted[one.id]["inbox"]["unread"] for one in listed} | {form.id: unread["inbox"]},
    }


def opened(form: Form, submission: Submission) -> dict[str, Any]:
    """Return what the column of the open submission shows."""
    went = whereabouts.of(form, submission.id)
    told_nobody = None if went else delivery_words.nobody(submission, has_webhooks=bool(webhooks.of_form(form.id)))
    return {
        "submission": submission,
        "fields": in_words(form, submission.fields),
        "deliveries": delivery_words.lines(went),
        "nobody": told_nobody,
    }


def in_words(form: Form, sent: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """Return the fields as their form words them: labels for names and for the options that were chosen."""
    declared = {field.name: field for field in form.fields}
    return [
        (declared[name].label or name, _chosen(declared[name], value)) if name in declared else (name, value)
        for name, value in sent.items()
    ]


def act(account: Account, form: Form, sent: Mapping[str, str]) -> None:
    """Do what a button of the inbox says: `do` is save, delete, read, unread or the folder to move to."""
    what = sent.get("do", "")
    if what == "save":
        redirect_url = sent.get("redirect_url", "").strip() or None
        changes = {"name": sent.get("name", ""), "active": "active" in sent, "redirect_url": redirect_url}
        forms.update(account, form.id, changes)
    elif what == "delete":
        forms.require(form, "owner")
        if sent.get("confirm", "").strip() != form.name:
            message = "This isn't the name of the form, so nothing was deleted."
            raise Invalid([{"field": "confirm", "code": "confirm", "message": message}])
        forms.delete(account, form.id)
    else:
        forms.require(form, "editor")
        chosen = [name.removeprefix("pick-") for name in sent if name.startswith("pick-")]
        if len(chosen) > ROWS:
            raise Malformed(f"At most {ROWS} submissions at once.")
        for submission_id in chosen:
            try:
                change(form, submission_id, what)
            except NotFound:  # deleted in another window: there is nothing left to move
                continue


def change(form: Form, submission_id: str, what: str) -> None:
    if what in {"read", "unread"}:
        submissions.update(form.id, submission_id, read=what == "read")
    elif what in FOLDERS:
        submissions.update(form.id, submission_id, folder=folder(what))
    elif what == "delete":
        submissions.delete(form.id, submission_id)
    else:
        raise UnknownButton


def _chosen(field: Field, value: Any) -> Any:
    labels = {option.value: option.label for option in field.options or []}
    if isinstance(value, list):
        return [_chosen(field, one) for one in value]
    return labels.get(value, value) if isinstance(value, str) else value


def _unread(shown: list[Submission]) -> int:
    return sum(not one.read for one in shown)
