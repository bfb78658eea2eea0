"""Undoing: what a click changed, told on the page that follows, and taken back from there.

It travels in the page's address, signed for the form and whoever clicked, so it works without a script and nobody can
make one up. It says what each submission was before; what somebody has changed since stays as it is.
"""

from typing import NamedTuple, cast

from pillarbox import cursors, submissions
from pillarbox.accounts import Account
from pillarbox.errors import Invalid, NotFound
from pillarbox.forms import Form
from pillarbox.submissions import Folder, Submission

LETTERS = {"inbox": "i", "spam": "s", "archive": "a", "trash": "t", "read": "r", "unread": "u"}
STATES = {letter: state for state, letter in LETTERS.items()}
WORDS = {
    "inbox": "moved to the inbox",
    "archive": "archived",
    "spam": "moved to spam",
    "trash": "moved to trash",
    "read": "marked as read",
    "unread": "marked as unread",
    "delete": "deleted for good",
    "pass": "passed on",
    "undo": "put back",
}


class Done(NamedTuple):
    what: str
    times: int
    before: dict[str, str]  # what each was before that can be put back: a folder, read or unread

    @property
    def words(self) -> str:
        if self.what == "undo" and not self.times:
            return "Nothing to put back: it was changed since."
        return f"{self.times} {WORDS[self.what]}."


def made(what: str, before: list[Submission]) -> Done:
    """Return what a click did to these, given as they were: only what it changed counts."""
    marks = what in {"read", "unread"}
    states = {one.id: ("read" if one.read else "unread") if marks else one.folder for one in before}
    changed = {submission_id: state for submission_id, state in states.items() if state != what}
    passed = {one.id for one in before if one.passes and what in {"inbox", "archive"}}  # nothing brings that back
    left = {submission_id: state for submission_id, state in changed.items() if submission_id not in passed}
    return Done("pass" if changed and not left else what, len(changed), left if what in LETTERS else {})


def seal(account: Account, form: Form, done: Done) -> str:
    ids = ",".join(submission_id + LETTERS[state] for submission_id, state in done.before.items())
    return cursors.seal(_of(account, form), f"{done.what} {done.times} {ids}")


def read(account: Account, form: Form, sealed: str | None) -> Done | None:
    """Return what was done, None for what `seal` didn't make."""
    try:
        text = cursors.read(_of(account, form), sealed)
    except Invalid:
        return None
    if text is None:
        return None
    what, count, ids = text.split(" ")
    return Done(what, int(count), {one[:-1]: STATES[one[-1]] for one in ids.split(",") if one})


def undo(form: Form, done: Done) -> Done:
    """Put back what is still as it was left; a lesson that a move taught goes with it."""
    back = 0
    for submission_id, before in done.before.items():
        try:
            now = submissions.shown(form.id, submission_id)
        except NotFound:  # deleted since
            continue
        if done.what in {"read", "unread"}:
            if now.read == (done.what == "read"):
                submissions.update(form.id, submission_id, read=before == "read")
                back += 1
        elif now.folder == done.what:
            submissions.update(form.id, submission_id, folder=cast("Folder", before))
            back += 1
    return Done("undo", back, {})


def _of(account: Account, form: Form) -> str:
    return f"what {account.id} did in {form.id}"
