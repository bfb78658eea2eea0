"""The field editor as its page shows it: the rows of the draft, the chosen field's inputs, versions in words."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from pillarbox import (
    accounts,
    changes,
    drafts,
    field_edits,
    field_kinds,
    field_pages,
    rules,
    sheets,
    starters,
    versions,
)
from pillarbox.accounts import Account
from pillarbox.drafts import Draft, Stale
from pillarbox.errors import Invalid, NotFound, PillarboxError
from pillarbox.field_kinds import KINDS, SETTINGS
from pillarbox.fields import CHOOSING
from pillarbox.forms import Form
from pillarbox.sheets import Judged, Sheet
from pillarbox.versions import Version

VERSIONS = 10  # on a page
DONE = {
    "added": "Added.",
    "moved": "Moved.",
    "duplicated": "Duplicated. The copy has a name of its own.",
    "restored": "It is back.",
    "removed": "Removed.",
    "published": "Published. The hosted form has these fields now; HTML on a page of yours stays as it is.",
    "discarded": "The draft is thrown away. This is what is published.",
    "started": "Here is a draft. Visitors see nothing of it until you publish.",
    "again": "That version is the draft now. Visitors see nothing of it until you publish.",
    "nothing": "Nothing has come in yet that fields could be read from.",
    "merged": "Somebody else changes this draft too. Both of your changes are in it.",
}
INPUTS = {
    "label": "Label", "name": "Name", "type": "Type", "required": "Required", "help": "Help", "default": "Begins with",
    "min": "Least", "max": "Most", "min_length": "Shortest", "max_length": "Longest", "pattern": "Pattern",
    "options": "Options", "show_field": "Asked only if", "show_value": "is", "starts_page": "Page",
}  # fmt: skip


class Row(NamedTuple):
    key: str
    label: str
    kind: field_kinds.FieldKind
    required: bool
    wrong: bool
    waits_for: str  # the label of the field that it hangs on
    starts_page: str


class Chosen(NamedTuple):
    sheet: Sheet
    kind: field_kinds.FieldKind
    inputs: Sequence[str]
    errors: Mapping[str, str]
    earlier: list[tuple[str, str]]  # name and label of the fields that it can hang on
    values: list[tuple[str, str]] | None  # that the one it hangs on can have; None: any text
    place: int  # from 1; 0 when somebody else removed it
    was: str
    theirs: list[tuple[str, str]]  # inputs that hold something else in the draft now


class Told(NamedTuple):
    """A version of the form, in words."""

    version: int
    at: datetime
    by: str
    words: list[str]


def page(
    account: Account, form: Form, asked: Mapping[str, str], *, typed: Mapping[str, str], error: PillarboxError | None
) -> tuple[str, dict[str, Any]]:
    """Return the template and what it shows. `typed` is what was sent and wasn't kept, because of the error."""
    if "versions" in asked:
        return "versions.html", _versions(account, form, asked.get("cursor"))
    draft = drafts.of(form)
    about = {"draft": draft, "who": _who(account, draft.by), "replace": asked.get("starters", "")}
    if "starters" in asked:
        return "starters.html", about | {"starters": starters.STARTERS}
    if version := asked.get("version"):
        return "version.html", about | _version(account, form, int(version[:9]) if version.isdecimal() else 0)
    return "page.html", about | _editor(account, form, draft, asked, typed, error)


def _editor(  # noqa: PLR0913, PLR0917  all that a page is made from
    account: Account,
    form: Form,
    draft: Draft,
    asked: Mapping[str, str],
    typed: Mapping[str, str],
    error: PillarboxError | None,
) -> dict[str, Any]:
    judged = draft.judged()
    key = typed.get("key") or asked.get("field", "")
    drifted = drafts.drifted(form, draft)
    return {
        "rows": rows(draft.sheets, judged),
        "chosen": _chosen(draft, key, typed, judged),
        "kinds": KINDS,
        "names": INPUTS,
        "done": DONE.get(asked.get("done", ""), ""),
        "removed": draft.removed.sheet.get("label", "") if draft.removed else "",
        "dropped": [SETTINGS[name] for name in asked.get("dropped", "").split(",") if name in SETTINGS],
        "moved": next((n for n, one in enumerate(draft.sheets, 1) if one["key"] == asked.get("moved")), 0),
        "stale": isinstance(error, Stale),
        "problem": error if not isinstance(error, (Stale, Invalid)) else None,
        "summary": field_pages.complaints(error.errors, draft) if isinstance(error, Invalid) else [],
        "wrong": len(judged.errors) + len(judged.whole),
        "differs": drafts.differs(form, draft),
        "unpublished": changes.few(_differences(form, draft, judged)),
        "drifted": _drifted(account, form, draft) if drifted else None,
        "starters": starters.STARTERS,
    }


def rows(of: Sequence[Sheet], judged: Judged) -> list[Row]:
    labels = {sheet.get("name", ""): _label(sheet) for sheet in of}
    return [
        Row(
            key=sheet["key"],
            label=_label(sheet),
            kind=KINDS[sheet["type"]],
            required="required" in sheet,
            wrong=sheet["key"] in judged.errors,
            waits_for=labels.get(sheet["show_field"], sheet["show_field"]) if "show_field" in sheet else "",
            starts_page=sheet.get("starts_page", ""),
        )
        for sheet in of
    ]


def _chosen(draft: Draft, key: str, typed: Mapping[str, str], judged: Judged) -> Chosen | None:
    """Return the chosen field with what was typed over it; one that is gone only when something was typed into it."""
    at = next((n for n, sheet in enumerate(draft.sheets) if sheet["key"] == key), None)
    touched = field_pages.touched(typed)
    if at is None and not touched:
        return None
    kept = draft.sheets[at] if at is not None else None
    sheet = kept if kept and not touched else field_edits.typed(kept, typed) if kept else field_pages.sheet_sent(typed)
    before = draft.sheets[:at]
    errors = judged.errors.get(key, {}) if sheet == kept else sheets.judged([*before, sheet]).errors.get(key, {})
    waits = next((one for one in before if one.get("name") == sheet.get("show_field")), None)
    return Chosen(
        sheet=sheet,
        kind=KINDS[sheet["type"]],
        inputs=field_kinds.inputs(sheet["type"]),
        errors=errors,
        earlier=[(one.get("name", ""), _label(one)) for one in before],
        values=_values(waits) if waits else None,
        place=0 if at is None else at + 1,
        was=sheets.fingerprint(kept) if kept else "",
        theirs=_theirs(kept, sheet) if kept else [],
    )


def _theirs(kept: Sheet, sheet: Sheet) -> list[tuple[str, str]]:
    return [(INPUTS[name], kept.get(name, "")) for name in INPUTS if kept.get(name, "") != sheet.get(name, "")]


def _values(waits: Sheet) -> list[tuple[str, str]] | None:
    if waits["type"] in CHOOSING:
        return [(one["value"], one["label"] or one["value"]) for one in sheets.options(waits.get("options", ""))]
    return [("true", "ticked"), ("false", "not ticked")] if waits["type"] in rules.TICKED else None


def _label(sheet: Sheet) -> str:
    return sheet.get("label") or sheet.get("name") or "Without a label"


def _differences(form: Form, draft: Draft, judged: Judged) -> list[str]:
    if not judged.fit:
        return []
    told = changes.of_fields(form.fields, [field for field in judged.fields if field])
    return told + (changes.strictness(draft.strict) if draft.strict != form.strict else [])


def _drifted(account: Account, form: Form, draft: Draft) -> Told:
    """Say what others have published since the draft was begun."""
    try:
        now, then = versions.get(form.id, form.version), versions.get(form.id, draft.based_on)
    except NotFound:
        return Told(form.version, form.updated_at, "Somebody", [])
    told = [words for words in changes.words(then.definition, now.definition) if words != changes.SETTINGS_WORD]
    return Told(now.version, now.at, _who(account, now.by), changes.few(told))


def _versions(account: Account, form: Form, cursor: str | None) -> dict[str, Any]:
    """Return a page of versions, each with what it changed."""
    try:
        page = versions.listed(form.id, limit=VERSIONS, cursor=cursor)
    except Invalid:  # a cursor of another list starts at its top
        page = versions.listed(form.id, limit=VERSIONS)
    kept = page.versions
    before = [*kept[1:], *_one_before(form, kept)]
    names = accounts.names(one.by for one in kept)
    told = [
        Told(one.version, one.at, _name(account, one.by, names), changes.few(_since(old, one)))
        for one, old in zip(kept, [*before, None], strict=False)
    ]
    return {"versions": told, "older": page.next_cursor, "cursor": cursor}


def _one_before(form: Form, kept: list[Version]) -> list[Version]:
    try:
        return [versions.get(form.id, kept[-1].version - 1)] if kept else []
    except NotFound:
        return []


def _since(old: Version | None, new: Version) -> list[str]:
    if old is None:
        return ["The form was made"] if new.version == 1 else []
    return changes.words(old.definition, new.definition)


def _version(account: Account, form: Form, number: int) -> dict[str, Any]:
    found = versions.get(form.id, number)
    written = sheets.of(found.definition.fields)
    told = Told(found.version, found.at, _who(account, found.by), changes.few(_since(*_pair(form, found))))
    return {"version": told, "rows": rows(written, sheets.judged(written)), "strict": found.definition.strict}


def _pair(form: Form, found: Version) -> tuple[Version | None, Version]:
    return next(iter(_one_before(form, [found])), None), found


def _who(account: Account, account_id: str | None) -> str:
    return _name(account, account_id, accounts.names([account_id])) if account_id else ""


def _name(account: Account, account_id: str, names: Mapping[str, str]) -> str:
    return "you" if account_id == account.id else names.get(account_id, "somebody who is gone")
