"""Edits: what the buttons of the field editor do to a draft's sheets. Nothing is written here, and nothing judged."""

from collections.abc import Mapping, Sequence

from pillarbox import field_kinds, rules, sheets
from pillarbox.errors import Invalid, NotFound
from pillarbox.field_kinds import CHECKED, KINDS, NEW_OPTIONS
from pillarbox.fields import BOUNDED, CHOOSING, MAX_FIELDS
from pillarbox.sheets import Sheet

PREFIX = "f-"  # of an input's name in the page's form
BOXES = {"required"}


def place(of: Sequence[Sheet], key: str) -> int:
    """Return where the field stands; NotFound when it is gone."""
    found = next((n for n, sheet in enumerate(of) if sheet["key"] == key), None)
    if found is None:
        raise NotFound("This field isn't there any more.")
    return found


def typed(sheet: Sheet, sent: Mapping[str, str]) -> Sheet:
    """Return the sheet with what was typed into its inputs; those that its kind doesn't have stay as they are."""
    new = dict(sheet)
    for name in field_kinds.inputs(sent.get("kind", sheet["type"])):
        text = sent.get(f"{PREFIX}{name}")
        if text is None and name not in BOXES and not _is_tick(sheet, name):
            continue
        if _is_tick(sheet, name):
            text = CHECKED if text else sheet.get(name, "").replace(CHECKED, "")
        if kept := (text or "").replace("\r\n", "\n"):
            new[name] = kept if name == "pattern" else kept.strip()
        if not new.get(name) or not kept:
            new.pop(name, None)
    if new.get("type") not in KINDS:
        new["type"] = sheet["type"]
    return new


def filled(of: Sequence[Sheet], new: Sheet) -> tuple[list[Sheet], list[str]]:
    """Put a sheet with what was typed in the place of its old one; returns also which settings its new kind dropped.

    A name that follows the label does so until somebody types one; whoever waits for the field learns its new name.
    """
    at = place(of, new["key"])
    old, taken = of[at], {sheet.get("name", "") for n, sheet in enumerate(of) if n != at}
    if "auto" in old and new.get("name", "") != old.get("name", ""):
        new = without(new, "auto")
    if "auto" in new or not new.get("name"):
        new = new | {"name": sheets.name_for(new.get("label", ""), taken)}
    new, dropped = _refitted(new) if new["type"] != old["type"] else (new, [])
    if new.get("show_field") != old.get("show_field"):
        new = _waiting(new, of)
    changed = [new if n == at else sheet for n, sheet in enumerate(of)]
    return _renamed(changed, old.get("name", ""), new["name"]), dropped


def added(of: Sequence[Sheet], kind: str, after: str) -> tuple[list[Sheet], str]:
    """Add a field of a kind after another, or at the end; returns also its key."""
    if kind not in KINDS:
        raise NotFound("There is no such type of field.")
    begun = field_kinds.new(kind)
    sheet = begun | {"key": sheets.new_key(), "auto": "on", "name": sheets.name_for(begun["label"], _names(of))}
    return _inserted(of, sheet, _after(of, after)), sheet["key"]


def duplicated(of: Sequence[Sheet], key: str) -> tuple[list[Sheet], str]:
    original = of[at := place(of, key)]
    copy = without(original, "starts_page") | {"key": sheets.new_key()}
    copy |= {"auto": "on", "name": sheets.name_for(original.get("label", ""), _names(of))}
    return _inserted(of, copy, at + 1), copy["key"]


def moved(of: Sequence[Sheet], key: str, to: int) -> list[Sheet]:
    """Move a field to a place; one past either end is that end."""
    sheet = of[at := place(of, key)]
    rest = [*of[:at], *of[at + 1 :]]
    to = max(0, min(to, len(rest)))
    return [*rest[:to], sheet, *rest[to:]]


def removed(of: Sequence[Sheet], key: str) -> list[Sheet]:
    """Take a field away; a page that began with it begins with the next."""
    at = place(of, key)
    rest = [*of[:at], *of[at + 1 :]]
    if "starts_page" in of[at] and at < len(rest) and "starts_page" not in rest[at]:
        rest[at] = rest[at] | {"starts_page": of[at]["starts_page"]}
    return rest


def returned(of: Sequence[Sheet], sheet: Sheet) -> list[Sheet]:
    """Put a field that somebody else removed at the end, under a name that nobody has."""
    name = sheet.get("name", "")
    name = name if name and name not in _names(of) else sheets.name_for(sheet.get("label", name), _names(of))
    return _inserted(of, sheet | {"name": name}, len(of))


def restored(of: Sequence[Sheet], sheet: Sheet, at: int) -> list[Sheet]:
    """Put back a field that was removed, as it was."""
    back = list(of)
    if "starts_page" in sheet and at < len(back) and back[at].get("starts_page") == sheet["starts_page"]:
        back[at] = without(back[at], "starts_page")
    return _inserted(back, sheet, at)


def without(sheet: Sheet, name: str) -> Sheet:
    return {one: text for one, text in sheet.items() if one != name}


def _is_tick(sheet: Sheet, name: str) -> bool:
    return name == "default" and sheet["type"] == "checkbox"


def _refitted(sheet: Sheet) -> tuple[Sheet, list[str]]:
    """Keep of a sheet whose kind is new what the kind has, if what it holds may fit; say what was dropped."""
    kind, has = sheet["type"], field_kinds.inputs(sheet["type"])
    kept = {name: text for name, text in sheet.items() if name in {*has, "key", "auto"}}
    for name in {"min", "max"} & kept.keys() if kind in BOUNDED else ():
        if kept[name] and rules.READERS[kind](kept[name]) is None:
            del kept[name]
    if kind in CHOOSING:
        kept.setdefault("options", NEW_OPTIONS)
    alone = without(without(kept, "show_field"), "show_value")
    if "default" in sheets.judged([alone]).errors.get(kept["key"], {}):
        kept = without(kept, "default")
    return kept, [name for name in field_kinds.SETTINGS if name in sheet and name not in kept]


def _waiting(sheet: Sheet, of: Sequence[Sheet]) -> Sheet:
    """Give a field that waits for another one a value that the other can have."""
    other = next((one for one in of if one.get("name") == sheet.get("show_field")), None)
    if "show_field" not in sheet or other is None:
        return without(sheet, "show_value")
    if other["type"] in CHOOSING:
        offered = [option["value"] for option in sheets.options(other.get("options", ""))]
        value = sheet.get("show_value", "")
        return sheet | {"show_value": value if value in offered else next(iter(offered), "")}
    if other["type"] in rules.TICKED:
        return sheet | {"show_value": sheet["show_value"] if sheet.get("show_value") in {CHECKED, "false"} else CHECKED}
    return sheet


def _renamed(of: list[Sheet], old: str, new: str) -> list[Sheet]:
    if old == new or not old:
        return of
    return [sheet | {"show_field": new} if sheet.get("show_field") == old else sheet for sheet in of]


def _names(of: Sequence[Sheet]) -> set[str]:
    return {sheet.get("name", "") for sheet in of}


def _after(of: Sequence[Sheet], key: str) -> int:
    return next((n + 1 for n, sheet in enumerate(of) if sheet["key"] == key), len(of))


def _inserted(of: Sequence[Sheet], sheet: Sheet, at: int) -> list[Sheet]:
    if len(of) >= MAX_FIELDS:
        message = f"A form has at most {MAX_FIELDS} fields. Remove one before you add another."
        raise Invalid([{"field": "", "code": "too_long", "message": message}])
    return [*of[:at], sheet, *of[at:]]
