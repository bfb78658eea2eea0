"""Changes: what differs between two versions of a form, in words."""

from collections.abc import Iterable

from pillarbox.definitions import Definition
from pillarbox.display import plain
from pillarbox.field_kinds import KINDS, SETTINGS
from pillarbox.fields import Field

SETTINGS_WORD = "Settings"
MOST = 4  # changes that are told; the others are counted
LABEL_LENGTH = 60  # characters of a label within a sentence
FIELDS = {"fields", "strict"}  # of a definition; the rest is settings
OTHERS = {"help": "the help", "show_if": "when it is asked", "starts_page": "the page it begins", "name": "the name"}


def words(old: Definition, new: Definition) -> list[str]:
    """Return sentences without their stops, the weightiest first."""
    told = of_fields(old.fields, new.fields)
    if old.strict != new.strict:
        told += strictness(new.strict)
    if old.model_dump(exclude=FIELDS) != new.model_dump(exclude=FIELDS):
        told.append(SETTINGS_WORD)
    return told


def strictness(strict: bool) -> list[str]:  # noqa: FBT001  it is what is told
    return [f"What isn't a field is {'refused' if strict else 'taken'} now"]


def few(told: list[str]) -> list[str]:
    """Return as many as one reads, and how many more there are."""
    if len(told) <= MOST:
        return told
    return [*told[: MOST - 1], f"{len(told) - MOST + 1} more changes"]


def of_fields(old: Iterable[Field], new: Iterable[Field]) -> list[str]:
    before, after = {field.name: field for field in old}, {field.name: field for field in new}
    told = [
        *_counted([field for name, field in after.items() if name not in before], "is new", "fields added"),
        *_counted([field for name, field in before.items() if name not in after], "is removed", "fields removed"),
    ]
    both = [name for name in after if name in before]
    for name in both:
        told += _of_field(before[name], after[name])
    if both != [name for name in before if name in after]:
        told.append("The order changed")
    return told


def quoted(label: str) -> str:
    text = plain(label)
    return f"“{text if len(text) <= LABEL_LENGTH else f'{text[:LABEL_LENGTH].rstrip()}…'}”"


def _counted(fields: list[Field], one: str, many: str) -> list[str]:
    if len(fields) <= 1:
        return [f"{quoted(field.label)} {one}" for field in fields]
    return (
        [f"{len(fields)} {many}: {', '.join(quoted(field.label) for field in fields[:MOST])}"]
        if len(fields) <= MOST
        else [f"{len(fields)} {many}"]
    )


def _of_field(old: Field, new: Field) -> list[str]:
    label, told = quoted(new.label), []
    if old.label != new.label:
        told.append(f"{quoted(old.label)} is called {label} now")
    if old.type != new.type:
        told.append(f"{label} was “{KINDS[old.type].words}” and is “{KINDS[new.type].words}” now")
    if old.required != new.required:
        told.append(f"{label} is {'required' if new.required else 'optional'} now")
    others = [
        words for name, words in (SETTINGS | OTHERS).items() if _plain(getattr(old, name)) != _plain(getattr(new, name))
    ]
    if others:
        told.append(f"{label}: {', '.join(others)} changed")
    return told


def _plain(value: object) -> object:
    return value or None if isinstance(value, (list, str)) else value
