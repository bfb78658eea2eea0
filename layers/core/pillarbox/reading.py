"""Reading: one submission as its page shows it, beside the list that it was opened in, and what its buttons do."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from pillarbox import (
    cursors,
    delivery_words,
    display,
    inboxes,
    lists,
    remarks,
    searching,
    showing,
    submissions,
    triage,
    validation,
    versions,
    webhooks,
    whereabouts,
)
from pillarbox.accounts import Account
from pillarbox.definitions import Definition
from pillarbox.errors import Malformed, NotFound
from pillarbox.forms import Form
from pillarbox.lists import List
from pillarbox.remarks import Remarks
from pillarbox.roles import reaches
from pillarbox.searching import Found
from pillarbox.submissions import Submission

OPEN_FIELDS, FEW = 40, 5  # that are shown at once; a fold isn't worth it for a few more


def opened(form: Form, submission_id: str, *, ahead: bool) -> Submission:
    """Return a submission that somebody opens, which is what makes it read.

    A GET may write that: twice is as once, and whoever opened it can mark it unread.
    """
    submission = submissions.shown(form.id, submission_id)
    if submission.read or ahead or not reaches(form.role, "editor"):
        return submission
    return submissions.update(form.id, submission.id, read=True)


def page(  # noqa: PLR0913  and what came of changing its remarks
    account: Account,
    form: Form,
    submission: Submission,
    query: Mapping[str, str],
    *,
    typed: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """Return all that the page shows: the list, and the submission by the version of the form that it was sent to.

    `typed` are tags and a note that weren't saved: they didn't fit, as `errors` say, or somebody else was faster.
    """
    shown = lists.of(form, submission.folder, query)
    beside = inboxes.beside(account, form, shown, done=query.get("done"))
    fields = showing.fields(_sent_to(form, submission), submission.fields)
    open_fields = OPEN_FIELDS if len(fields) > OPEN_FIELDS + FEW else len(fields)
    went = whereabouts.of(form, submission.id)
    told_nobody = None if went else delivery_words.nobody(submission, has_webhooks=bool(webhooks.of_form(form.id)))
    return beside | {
        "submission": submission,
        "fields": fields[:open_fields],
        "folded": fields[open_fields:],
        "deliveries": delivery_words.lines(went),
        "nobody": told_nobody,
        "reply": _reply(form, submission),
        "beside": _neighbours(form, beside["list"], beside["page"], submission),
        "typed": {"tags": ", ".join(submission.tags), "note": submission.note} | dict(typed or {}),
        # What didn't fit is still said of the edition that was seen, so that correcting it overwrites no later one.
        "edition": typed["edition"] if typed and errors else submission.edition,
        "wrong": {part.partition(".")[0]: message for part, message in (errors or {}).items()},
        "conflict": typed is not None and not errors,
    }


def act(  # noqa: PLR0913, PLR0917  who does what where, and with what
    account: Account, form: Form, old: Submission, sent: Mapping[str, str], query: Mapping[str, str], origin: str
) -> str:
    """Do what a button of the page says; return where that leads. `origin` is scheme and host of the request."""
    here = lists.of(form, old.folder, query)
    if delivery_id := sent.get("again"):
        whereabouts.send_again(form, delivery_id, of=old.id, origin=origin)
        return f"{_path(form, old.id)}{here.query}#went"
    if sent.get("do") != "remark":
        return triage.changed(account, form, here, [old.id], sent.get("do", ""))
    edition = sent.get("edition", "")
    if not edition.isdecimal() or len(edition) > 9:  # noqa: PLR2004  digits, more than anybody clicks
        raise Malformed("Reload the page and try again.")
    typed = remarks.typed(sent.get("tags", ""), sent.get("note", ""))
    said = validation.parse(Remarks, typed)
    submissions.update(form.id, old.id, tags=said.tags, note=said.note, edition=int(edition))
    return f"{_path(form, old.id)}{here.query}#remarks"


def _reply(form: Form, submission: Submission) -> str | None:
    """Return the link that begins an answer to whoever sent it."""
    address = display.link(submission.reply_to or display.email(submission.fields))
    if address is None or not address.startswith("mailto:"):
        return None
    return f"{address}?subject={quote(f'Re: {display.plain(form.name)}', safe='')}"


def _sent_to(form: Form, submission: Submission) -> Definition:
    if submission.form_version == form.version:
        return form
    try:
        return versions.get(form.id, submission.form_version).definition
    except NotFound:  # from before versions were kept
        return form


def _neighbours(
    form: Form, shown: List, page: Found | submissions.Page, submission: Submission
) -> dict[str, str | None]:
    """Return where the next newer and the next older one of the list are; past the list's page one more read tells."""
    ids = [one.id for one in page.submissions]
    newer, older = [one for one in ids if one > submission.id], [one for one in ids if one < submission.id]
    top, end = not shown.cursor, not page.next_cursor  # whether the page begins and ends where the list does
    here = submission.id in ids
    # A neighbour on the page is the nearest one if the page reaches to both sides of the submission.
    knows_newer = (here or bool(older) or end) if newer else top and (bool(ids) or end)
    knows_older = (here or bool(newer) or top) if older else end and (bool(ids) or top)
    before, further_up = (newer[-1:], None) if knows_newer else _next(form, shown, submission, newer=True)
    after, further = (older[:1], None) if knows_older else _next(form, shown, submission, newer=False)
    on = {"cursor": page.next_cursor} if page.next_cursor and here and not older else {}
    return {
        "newer": f"{_path(form, before[0])}{shown.query}" if before else shown.newest if further_up else None,
        "older": f"{_path(form, after[0])}{shown.query_with(on)}" if after else shown.older(further),
        "newer_words": "Newer submission" if before else "Back to the newest",
        "older_words": "Older submission" if after else "Look further back",
    }


def _next(form: Form, shown: List, submission: Submission, *, newer: bool) -> tuple[list[str], str | None]:
    """Return the next one that fits, and where it stopped looking, the cursor of what is left to look at."""
    walk = searching.walked(form, shown.folder, shown.search, limit=1, after=submission.id, newer=newer)
    cursor = cursors.seal(cursors.of_folder(form.id, shown.folder), walk.to) if walk.to else None
    return [item["sk"] for item in walk.items], cursor


def _path(form: Form, submission_id: str) -> str:
    return f"/forms/{form.id}/submissions/{submission_id}"
