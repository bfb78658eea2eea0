"""Changes of a part of a form's settings by several people: none is overwritten by somebody who didn't see it.

A part's page carries the version that it was opened with and a hash of what the part was. Who changed another part
meanwhile doesn't matter; who changed this one is told of, and a save that has seen that goes over it.
"""

import hashlib
import json
import re
from itertools import pairwise
from typing import NamedTuple

from pillarbox import accounts, forms, versions
from pillarbox.accounts import Account
from pillarbox.definitions import Definition
from pillarbox.errors import Changed, Malformed
from pillarbox.forms import Form
from pillarbox.setting_parts import PARTS, Sent
from pillarbox.versions import Version

TRIES = 4  # of a save that met another one
LOOKED_AT = 20  # versions, for who it was and what was there before
HASH_LENGTH = 16
SEEN = re.compile(rf"(\d{{1,8}})\.([0-9a-f]{{{HASH_LENGTH}}})")


class Overtaken(Changed):
    """Somebody else changed the same part.

    `form` is how it is now, `was` how it was when its page was opened, `by` who changed it: as far as that is known.
    """

    def __init__(self, form: Form, was: Definition | None, change: Version | None, account: Account) -> None:
        super().__init__("Somebody else has changed this since you opened it.")
        self.form, self.was = form, was
        self.at, self.by = (change.at if change else form.updated_at), "Somebody else"
        if change:
            self.by = "You" if change.by == account.id else accounts.names([change.by]).get(change.by, self.by)


class _Seen(NamedTuple):
    version: int
    hash: str


def seen(form: Form, part: str) -> str:
    """Return what a part's page carries of the form that it shows."""
    return f"{form.version}.{_hash(form, part)}"


def save(account: Account, form_id: str, part: str, sent: Sent) -> Form:
    """Save what was sent of a part over what its page was opened with, or over nothing else of that part."""
    opened = _opened(sent.get("seen", ""))
    for _ in range(TRIES):
        form = forms.get(account, form_id, "manager")
        if _hash(form, part) != opened.hash:
            known = versions.listed(form.id, limit=LOOKED_AT).versions
            was = next((one.definition for one in known if one.version == opened.version), None)
            raise Overtaken(form, was, _change(known, part, opened.version), account)
        try:
            return forms.update(account, form_id, PARTS[part].patch(sent, form), seen=form.version)
        except Changed:  # in this moment: is it the same part?
            continue
    raise Changed("Others are changing this form right now. Please try again.")


def _opened(said: str) -> _Seen:
    if not (found := SEEN.fullmatch(said)):
        raise Malformed("This page is an old one. Reload it and try again.")
    return _Seen(int(found[1]), found[2])


def _change(known: list[Version], part: str, opened: int) -> Version | None:
    """Return the version that made the part what it is. Where only a captcha changed versions don't tell it."""
    for newer, older in pairwise(known):
        if newer.version > opened and _hash(newer.definition, part) != _hash(older.definition, part):
            return newer
    since = [one for one in known if one.version > opened]
    return since[0] if len(since) == 1 else None


def _hash(definition: Definition, part: str) -> str:
    values = definition.model_dump(mode="json", include=set(PARTS[part].keys))
    return hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()[:HASH_LENGTH]
