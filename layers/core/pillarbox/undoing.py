"""Undoing: what a click changed, told on the page that follows, and taken back from there.

It travels in the page's address, signed for the form and whoever clicked, so it works without a script and nobody can
make one up. It says what each submission was before, and which change that was; what was changed since stays as it is.
"""

from contextlib import suppress
from typing import NamedTuple

from pillarbox import cursors, ids, submissions
from pillarbox.accounts import Account
from pillarbox.errors import Changed, Invalid, NotFound
from pillarbox.forms import Form
from pillarbox.submissions import Submission

LETTERS = {"inbox": "i", "spam": "s", "archive": "a", "trash": "t", "read": "r", "unread": "u"}
STATES = {letter: state for state, letter in LETTERS.items()}
MARKS = {"read", "unread"}
LAST = 5  # characters of a change's id in an address, 21 bits of chance: it meets few others
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


class Before(NamedTuple):
    state: str  # a folder, read or unread
    change: str  # the end of the id of the change that ended it


class Done(NamedTuple):
    what: str
    times: int
    left: int  # how many were asked for and not reached
    before: dict[str, Before]  # what each was that can be put back

    @property
    def words(self) -> str:
        if self.what == "undo" and not self.times:
            return "Nothing to put back: it was changed since."
        done = f"{self.times} {WORDS[self.what]}"
        return f"{done}, {self.left} not: please try again." if self.left else f"{done}."


def made(what: str, pairs: list[tuple[Submission, Submission]], *, left: int) -> Done:
    """Return what a click did to these, given as they were and as they are: only what it changed counts."""
    before = {old.id: Before(_state(what, old), new.change[-LAST:]) for old, new in pairs}
    changed = {submission_id: was for submission_id, was in before.items() if was.state != what}
    passed = {old.id for old, _ in pairs if old.passes and what in {"inbox", "archive"}}  # nothing brings that back
    back = {submission_id: was for submission_id, was in changed.items() if submission_id not in passed}
    return Done("pass" if changed and not back else what, len(changed), left, back if what in LETTERS else {})


def seal(account: Account, form: Form, done: Done) -> str:
    back = ",".join(f"{submission_id}{LETTERS[was.state]}{was.change}" for submission_id, was in done.before.items())
    return cursors.seal(_of(account, form), f"{done.what} {done.times} {done.left} {back}")


def read(account: Account, form: Form, sealed: str | None) -> Done | None:
    """Return what was done, None for what `seal` didn't make."""
    try:
        text = cursors.read(_of(account, form), sealed)
    except Invalid:
        return None
    if text is None:
        return None
    what, times, left, back = text.split(" ")
    end = ids.ULID_LENGTH
    before = {one[:end]: Before(STATES[one[end]], one[end + 1 :]) for one in back.split(",") if one}
    return Done(what, int(times), int(left), before)


def undo(form: Form, done: Done) -> Done:
    """Put back what is still as it was left; a lesson that a move taught goes with it."""
    back = 0
    for submission_id, was in done.before.items():
        said = {"read": was.state == "read"} if done.what in MARKS else {"folder": was.state}
        with suppress(Changed, NotFound):  # since then
            submissions.update(form.id, submission_id, last=was.change, **said)
            back += 1
    return Done("undo", back, 0, {})


def _state(what: str, one: Submission) -> str:
    if what in MARKS:
        return "read" if one.read else "unread"
    return one.folder


def _of(account: Account, form: Form) -> str:
    return f"what {account.id} did in {form.id}"
