"""Guides: what is left to do with a new form until its first submission is there. A guide ends by itself."""

from typing import NamedTuple

from pillarbox import counts, submissions
from pillarbox.forms import Form
from pillarbox.submissions import Submission


class Guide(NamedTuple):
    form: Form
    first: Submission | None  # the one that has arrived, in the inbox or among spam


def of(form: Form) -> Guide | None:
    """Return the guide of a form that nothing has come to yet, or one thing that nobody has read; else None."""
    inbox = submissions.newest(form.id, shards=form.shards, retention_days=form.retention_days, limit=2)
    if inbox:
        return Guide(form, inbox[0]) if len(inbox) == 1 and not inbox[0].read else None
    if not form.store or any(folder["total"] for folder in _put_away(form)):
        return None
    spam = submissions.page(form.id, "spam", shards=form.shards, retention_days=form.retention_days, limit=1)
    return Guide(form, next(iter(spam.submissions), None))


def _put_away(form: Form) -> list[dict[str, int]]:
    folders = counts.of([form.id])[form.id]
    return [folders["archive"], folders["trash"]]
