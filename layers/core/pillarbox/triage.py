"""Triage: what the buttons of an inbox do with what is selected, and what the page after tells of it."""

from collections.abc import Iterable, Mapping
from typing import cast

from pillarbox import forms, submissions, undoing
from pillarbox.accounts import Account
from pillarbox.errors import Changed, Malformed, NotFound, Unavailable, UnknownButton
from pillarbox.forms import Form
from pillarbox.inboxes import MOST_ROWS
from pillarbox.lists import List
from pillarbox.places import FOLDERS
from pillarbox.submissions import Folder, Submission


def picked(sent: Mapping[str, str]) -> list[str]:
    """Return the ids of what was selected in a list."""
    chosen = [name.removeprefix("pick-") for name in sent if name.startswith("pick-")]
    if len(chosen) > MOST_ROWS:
        raise Malformed(f"At most {MOST_ROWS} submissions at once.")
    return chosen


def act(account: Account, form: Form, shown: List, sent: Mapping[str, str]) -> str:
    """Do what a button of the inbox says with what is selected; return the address at which the page tells of it."""
    forms.require(form, "editor")
    what = sent.get("do", "")
    if what == "undo":
        done = undoing.read(account, form, sent.get("done"))
        if done is None:
            raise Malformed("This can't be undone. Reload the page and see.")
        return shown.with_done(undoing.seal(account, form, undoing.undo(form, done)))
    return changed(account, form, shown, picked(sent), what)


def changed(account: Account, form: Form, shown: List, chosen: Iterable[str], what: str) -> str:
    """Change these submissions; return the address at which the list tells what was done.

    One that can't be changed just now ends it: what was done before it is told, and can be undone.
    """
    pairs, left = list[tuple[Submission, Submission]](), list(chosen)
    try:
        while left:
            pairs += _change(form, left[0], what)
            del left[0]
    except (Changed, Unavailable):
        if not pairs:
            raise
    done = undoing.made(what, pairs, left=len(left))
    return shown.with_done(undoing.seal(account, form, done)) if done.times or done.left else shown.here


def _change(form: Form, submission_id: str, what: str) -> list[tuple[Submission, Submission]]:
    """Change a submission; return it as it was and as it is. Nothing for one that was deleted in another window."""
    if what not in {"read", "unread", "delete", *FOLDERS}:
        raise UnknownButton
    try:
        if what == "delete":
            old = submissions.shown(form.id, submission_id)
            submissions.delete(form.id, submission_id)
            return [(old, old)]
        if what in FOLDERS:
            return [submissions.change(form.id, submission_id, folder=cast("Folder", what))]
        return [submissions.change(form.id, submission_id, read=what == "read")]
    except NotFound:
        return []
