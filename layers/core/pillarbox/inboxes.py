"""Inboxes as their pages show them: a list and what stands beside it."""

import time
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from pillarbox import (
    counts,
    forms,
    ids,
    lists,
    searching,
    submissions,
    undoing,
)
from pillarbox.accounts import Account
from pillarbox.errors import Invalid, Malformed
from pillarbox.fields import Field
from pillarbox.forms import Form
from pillarbox.lists import List
from pillarbox.searching import Found
from pillarbox.submissions import Submission

ROWS, MOST_ROWS = 25, 50  # of a list when it is opened, and once what came in has been added to it
LOOK_BACK_SECONDS = 30  # an overflowing table and clocks that differ let ids come out of order
SIDE_FORMS = 30  # listed beside an inbox; the dashboard has them all


def beside(account: Account, form: Form, shown: List, *, done: str | None = None) -> dict[str, Any]:
    """Return what the columns of forms, folders and submissions show; a cursor of another list starts at its top."""
    try:
        page = _page(form, shown)
    except Invalid:
        shown = shown._replace(cursor=None)
        page = _page(form, shown)
    listed = forms.every(account, most=SIDE_FORMS)
    counted = counts.of({form.id, *(one.id for one in listed)})
    unread = {name: one["unread"] for name, one in counted[form.id].items()}
    if not shown.cursor and shown.search.is_empty and not page.next_cursor:
        unread[shown.folder] = _unread(page.submissions)  # all of it is here, and the counts are some seconds behind
    return {
        "account": account,
        "form": form,
        "forms": listed,
        "folder": shown.folder,
        "list": shown,
        "chips": lists.chips(form, shown),
        "page": page,
        "older": shown.older(page.next_cursor),
        "is_young": shown.here == f"/forms/{form.id}" and len(page.submissions) <= 1,
        "live": _live(shown, page),
        "most_rows": MOST_ROWS,
        "done": undoing.read(account, form, done),
        "done_token": done,
        "unread": unread,
        "unread_of": {one.id: counted[one.id]["inbox"]["unread"] for one in listed} | {form.id: unread["inbox"]},
    }


def arrived(form: Form, since: str) -> Found:
    """Return the newest of what has come into the inbox since a submission, by one query a shard.

    It looks some seconds further back than asked: clocks differ, and what is newer by its id may be stored earlier.
    """
    if not ids.is_ulid(since):
        raise Malformed("Say since which submission.")
    moment = datetime.fromtimestamp(max(0, min(ids.time_of(since), time.time()) - LOOK_BACK_SECONDS), UTC)
    return searching.page(form, "inbox", searching.Search(after=moment), limit=ROWS)


def in_words(form: Form, sent: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """Return the fields as their form words them: labels for names and for the options that were chosen."""
    declared = {field.name: field for field in form.fields}
    return [
        (declared[name].label or name, _chosen(declared[name], value)) if name in declared else (name, value)
        for name, value in sent.items()
    ]


def _chosen(field: Field, value: Any) -> Any:
    labels = {option.value: option.label for option in field.options or []}
    if isinstance(value, list):
        return [_chosen(field, one) for one in value]
    return labels.get(value, value) if isinstance(value, str) else value


def _page(form: Form, shown: List) -> Found | submissions.Page:
    if not shown.search.is_empty:
        return searching.page(form, shown.folder, shown.search, limit=ROWS, cursor=shown.cursor)
    kept = form.retention_days
    return submissions.page(
        form.id, shown.folder, shards=form.shards, retention_days=kept, limit=ROWS, cursor=shown.cursor
    )


def _live(shown: List, page: Found | submissions.Page) -> str | None:
    """Return since when a script asks for what has come; None for a list at whose top it wouldn't stand."""
    if shown.folder != "inbox" or shown.cursor or not shown.search.is_empty:
        return None
    return page.submissions[0].id if page.submissions else ids.ulid()


def _unread(shown: list[Submission]) -> int:
    return sum(not one.read for one in shown)
