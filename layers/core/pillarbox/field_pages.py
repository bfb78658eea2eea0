"""The field editor as its page sends it: what its buttons do to the draft, and when somebody else was quicker.

Every button sends the chosen field's inputs along, so that nothing typed is lost, whatever is pressed. `was` says what
those inputs held when the page was made, `seen` which state of the draft it was made from.
"""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from pillarbox import came_in, drafts, field_edits, field_kinds, sheets, starters, validation, versions
from pillarbox.accounts import Account
from pillarbox.definitions import Definition
from pillarbox.drafts import Draft, Removed, Stale
from pillarbox.errors import Changed, Invalid, Malformed, NotFound, UnknownButton
from pillarbox.fields import Field
from pillarbox.forms import Form
from pillarbox.sheets import Sheet

type Query = dict[str, str]  # of the page that is shown next
type Sent = Mapping[str, str]


class Step(NamedTuple):
    account: Account
    form: Form
    draft: Draft  # with what was typed
    key: str  # of the field that the button is about
    argument: str
    sent: Sent


class Typed(NamedTuple):
    """What was typed into the chosen field's inputs, put into the draft."""

    draft: Draft
    dropped: list[str]  # settings that a new type doesn't have


class Done(NamedTuple):
    query: Query
    refusal: Invalid | Changed | None = None  # why the draft, which holds what was typed, wasn't published


def act(account: Account, form: Form, sent: Sent) -> Done:
    """Do what a button says; Stale when the draft isn't the one that the page showed, and something is at stake."""
    what, _, argument = sent.get("do", "").partition(":")
    if what not in ACTIONS:
        raise UnknownButton
    kept = drafts.of(form)
    if what in WHOLE:
        _hold(kept, sent)
        return Done(ACTIONS[what](Step(account, form, kept, "", argument, sent))[1])
    typed, merged = _typed(kept, sent, gentle=what in GENTLE)
    key, _, argument = argument.partition(":")
    step = Step(account, form, typed.draft, key or sent.get("key", ""), argument or key, sent)
    if what in PUBLISHING:
        stored = typed.draft if typed.draft == kept else drafts.save(account, form, typed.draft)
        try:
            query = ACTIONS[what](step._replace(draft=stored))[1]
        except (Invalid, Changed) as refusal:
            return Done({}, refusal)
    else:
        draft, query = ACTIONS[what](step)
        if draft != kept:
            drafts.save(account, form, draft)
    told = {"dropped": ",".join(typed.dropped)} if typed.dropped else {}
    return Done(query | ({"done": "merged"} if merged else {}) | told)


def touched(sent: Sent) -> bool:
    """Whether the inputs hold something else than they did when the page was made."""
    return "kind" in sent and sheets.fingerprint(sheet_sent(sent)) != sent.get("was")


def sheet_sent(sent: Sent) -> Sheet:
    """Return what was sent of the chosen field, for a draft that may not have it any more."""
    kind = sent.get("kind", "")
    blank = {"key": sent.get("key", ""), "type": kind if kind in field_kinds.KINDS else "text", "name": ""}
    return field_edits.typed(blank, sent)


def _typed(kept: Draft, sent: Sent, *, gentle: bool) -> tuple[Typed, bool]:
    """Put what was typed into the draft as it is now, and say whether somebody else had changed that meanwhile.

    `gentle` buttons only store what was typed: they go through when nobody else has touched the same field.
    """
    stale, key = sent.get("seen") != kept.token, sent.get("key", "")
    at = next((n for n, sheet in enumerate(kept.sheets) if sheet["key"] == key), None)
    theirs = at is not None and sheets.fingerprint(kept.sheets[at]) != sent.get("was")
    arrived = gentle and theirs and at is not None and _arrived(kept.sheets[at], sent)
    if stale and (not gentle or (touched(sent) and not arrived and (at is None or theirs))):
        raise Stale(kept)
    draft = kept
    if ("strict" in sent) != ("was-strict" in sent):
        draft = draft.changed(strict="strict" in sent)
    if arrived or not touched(sent):
        return Typed(draft, []), stale and not arrived
    if at is None:  # somebody else removed it, and whoever typed was told and wants it back
        return Typed(draft.changed(sheets=field_edits.returned(draft.sheets, sheet_sent(sent))), []), stale
    filled, dropped = field_edits.filled(draft.sheets, field_edits.typed(draft.sheets[at], sent))
    return Typed(draft.changed(sheets=filled), dropped), stale


def _arrived(kept: Sheet, sent: Sent) -> bool:
    """Whether the field holds what is sent, as after a lost answer; a name that follows the label has done so."""
    new = sheet_sent(sent) | ({"name": kept["name"]} if "auto" in kept else {})
    return sheets.fingerprint(new) == sheets.fingerprint(kept)


def _hold(kept: Draft, sent: Sent) -> None:
    if sent.get("seen") != kept.token:
        raise Stale(kept)


def _open(step: Step) -> tuple[Draft, Query]:
    return step.draft, {"field": step.argument} if step.argument else {}


def _save(step: Step) -> tuple[Draft, Query]:
    return step.draft, {"field": step.key} if step.key else {}


def _add(step: Step) -> tuple[Draft, Query]:
    added, key = field_edits.added(step.draft.sheets, step.argument, step.sent.get("key", ""))
    return step.draft.changed(sheets=added), {"field": key, "done": "added"}


def _up(step: Step) -> tuple[Draft, Query]:
    return _moved(step, field_edits.place(step.draft.sheets, step.key) - 1)


def _down(step: Step) -> tuple[Draft, Query]:
    return _moved(step, field_edits.place(step.draft.sheets, step.key) + 1)


def _place(step: Step) -> tuple[Draft, Query]:
    try:
        return _moved(step, int(step.argument[:6]))
    except ValueError as error:
        raise Malformed("A place is a number.") from error


def _moved(step: Step, to: int) -> tuple[Draft, Query]:
    chosen = {"field": step.sent["key"]} if step.sent.get("key") else {}
    query = chosen | {"moved": step.key, "done": "moved"}
    return step.draft.changed(sheets=field_edits.moved(step.draft.sheets, step.key, to)), query


def _duplicate(step: Step) -> tuple[Draft, Query]:
    doubled, key = field_edits.duplicated(step.draft.sheets, step.key)
    return step.draft.changed(sheets=doubled), {"field": key, "done": "duplicated"}


def _remove(step: Step) -> tuple[Draft, Query]:
    at = field_edits.place(step.draft.sheets, step.key)
    rest = field_edits.removed(step.draft.sheets, step.key)
    gone = Removed(sheet=step.draft.sheets[at], place=at)
    return step.draft.changed(sheets=rest, removed=gone), {"done": "removed"}


def _restore(step: Step) -> tuple[Draft, Query]:
    if (gone := step.draft.removed) is None:
        raise NotFound("There is no field to bring back.")
    back = field_edits.restored(step.draft.sheets, gone.sheet, gone.place)
    return step.draft.changed(sheets=back, removed=None), {"field": gone.sheet["key"], "done": "restored"}


def _publish(step: Step) -> tuple[Draft, Query]:
    drafts.publish(step.account, step.form, step.draft)
    return step.draft, {"done": "published"}


def _over(step: Step) -> tuple[Draft, Query]:
    if not step.argument.isdecimal():
        raise UnknownButton
    drafts.publish(step.account, step.form, step.draft, over=int(step.argument[:9]))
    return step.draft, {"done": "published"}


def _discard(step: Step) -> tuple[Draft, Query]:
    if step.draft.revision:
        drafts.discard(step.form, step.draft)
    return step.draft, {"done": "discarded"}


def _starter(step: Step) -> tuple[Draft, Query]:
    if (starter := starters.STARTERS.get(step.argument)) is None:
        raise NotFound("There is no such template.")
    if step.draft.sheets and "replace" not in step.sent:
        return step.draft, {"starters": starter.key}
    fields = validation.parse(Definition, {"name": starter.name} | dict(starter.definition)).fields
    return _replaced(step, fields, strict=step.draft.strict), {"done": "started"}


def _came_in(step: Step) -> tuple[Draft, Query]:
    if not (fields := came_in.fields(step.form)):
        return step.draft, {"done": "nothing"}
    return _replaced(step, fields, strict=step.draft.strict), {"done": "started"}


def _version(step: Step) -> tuple[Draft, Query]:
    then = versions.get(step.form.id, int(step.argument[:9]) if step.argument.isdecimal() else 0).definition
    return _replaced(step, then.fields, strict=then.strict), {"done": "again"}


def _replaced(step: Step, fields: list[Field], *, strict: bool) -> Draft:
    """Keep a draft of these fields in the place of the one that was seen."""
    written = sheets.of(fields, map(sheets.new_key, fields))
    draft = step.draft.changed(sheets=written, strict=strict, removed=None, based_on=step.form.version)
    return drafts.save(step.account, step.form, draft)


ACTIONS: dict[str, Callable[[Step], tuple[Draft, Query]]] = {
    "open": _open,
    "save": _save,
    "add": _add,
    "up": _up,
    "down": _down,
    "place": _place,
    "duplicate": _duplicate,
    "remove": _remove,
    "restore": _restore,
    "publish": _publish,
    "over": _over,
    "discard": _discard,
    "starter": _starter,
    "came-in": _came_in,
    "version": _version,
}
GENTLE = {"open", "save"}
PUBLISHING = {"publish", "over"}
WHOLE = {"discard", "starter", "came-in", "version"}  # in whose place nothing that was typed is left


def complaints(errors: list[dict[str, str]], draft: Draft) -> list[dict[str, Any]]:
    """Return what stands in the way of publishing, each with the address of the input that it is about."""
    labels = {sheet["key"]: sheet.get("label") or sheet.get("name", "") for sheet in draft.sheets}
    told = []
    for error in errors:
        key, _, name = error["field"].partition(".")
        href = f"?field={key}#{field_edits.PREFIX}{name}" if key else ""
        told.append({"href": href, "label": labels.get(key, ""), "message": error["message"]})
    return told
