"""Lists: which part of a folder a page shows, by its address: what is sought, and from where on."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple, cast
from urllib.parse import urlencode

from pillarbox import display, searching
from pillarbox.errors import Invalid, NotFound
from pillarbox.forms import Form
from pillarbox.places import FOLDERS
from pillarbox.searching import NOTHING, Search
from pillarbox.submissions import Folder

NAMES = ("q", "read", "from", "to", "field", "value", "tag")  # of what the page's search form sends
DAYS = ("from", "to")  # each by a clock of its own: in between, clocks may be put forward or back
READ = {"unread": False, "read": True}
MOST_MINUTES = 14 * 60  # that a clock is from UTC
DAY = timedelta(days=1)
LAST = datetime.max.replace(tzinfo=UTC) - 2 * DAY


class Chip(NamedTuple):
    """Something that is sought, in words, and where the list without it is."""

    words: str
    without: str


class List(NamedTuple):
    form_id: str
    folder: Folder
    asked: dict[str, str]  # as it was typed, without what was left empty
    search: Search
    errors: dict[str, str]  # what doesn't fit; then nothing is sought
    cursor: str | None

    @property
    def query(self) -> str:
        """What a submission's address says of the list that it was opened in."""
        return self.query_with({})

    def query_with(self, other: Mapping[str, str]) -> str:
        said = self.asked | ({"cursor": self.cursor} if self.cursor else {}) | dict(other)
        return f"?{urlencode(said)}" if said else ""

    @property
    def here(self) -> str:
        return path(self.form_id, self.folder, self.asked | ({"cursor": self.cursor} if self.cursor else {}))

    @property
    def newest(self) -> str:
        return path(self.form_id, self.folder, self.asked)

    def older(self, cursor: str | None) -> str | None:
        return path(self.form_id, self.folder, self.asked | {"cursor": cursor}) if cursor else None

    def with_done(self, done: str) -> str:
        """Return the address at which the page tells what was just done."""
        return f"{self.here}{'&' if '?' in self.here else '?'}{urlencode({'done': done})}"


def folder(name: str | None) -> Folder:
    if name is not None and name not in FOLDERS:
        raise NotFound("There is no such folder.")
    return cast("Folder", name or "inbox")


def path(form_id: str, folder: str, asked: Mapping[str, str] | None = None) -> str:
    said = ({"folder": folder} if folder != "inbox" else {}) | dict(asked or {})
    return f"/forms/{form_id}" + (f"?{urlencode(said)}" if said else "")


def of(form: Form, folder: Folder, query: Mapping[str, str]) -> List:
    """Return the list that a page's address asks for."""
    asked = {name: text for name in NAMES if (text := query.get(name, "").strip())}
    asked |= {f"{name}_zone": str(minutes) for name in DAYS if name in asked and (minutes := _minutes(name, query))}
    try:
        search, errors = _search(asked), {}
    except Invalid as error:
        search, errors = NOTHING, {_typed_in(one["field"]): one["message"] for one in error.errors}
    return List(form.id, folder, asked, search, errors, query.get("cursor"))


def chips(form: Form, shown: List) -> list[Chip]:
    """Return what is sought, each with the way to leave it out."""
    words: dict[tuple[str, ...], str] = {}
    asked = shown.asked
    labels = {field.name: field.label for field in form.fields}
    if "q" in asked:
        words["q",] = f"“{asked['q']}”"
    if "read" in asked:
        words["read",] = asked["read"].capitalize()
    for name in DAYS:
        if name in asked:
            words[name, f"{name}_zone"] = f"{name.capitalize()} {display.day(asked[name])}"
    if "field" in asked:
        label = labels.get(asked["field"], asked["field"])
        words["field", "value"] = f"{label}: {asked['value']}" if "value" in asked else f"{label} is filled in"
    if "tag" in asked:
        words["tag",] = f"Tag: {asked['tag']}"
    return [
        Chip(display.plain(said), path(shown.form_id, shown.folder, _without(asked, names)))
        for names, said in words.items()
    ]


def _without(asked: Mapping[str, str], names: tuple[str, ...]) -> dict[str, str]:
    return {name: text for name, text in asked.items() if name not in names}


def _search(asked: Mapping[str, str]) -> Search:
    if asked.get("read", "read") not in READ:
        raise Invalid([{"field": "read", "code": "read", "message": "This is either read or unread."}])
    begin, end = (_midnight(asked, name) for name in DAYS)
    return searching.sought(
        q=asked.get("q"),
        read=READ.get(asked.get("read", "")),
        after=begin,
        before=end and min(end, LAST) + DAY,  # that day too
        field=asked.get("field"),
        value=asked.get("value"),
        tag=asked.get("tag"),
    )


def _midnight(asked: Mapping[str, str], name: str) -> datetime | None:
    """Return when a day begins by the reader's clock as it is at the beginning of `from` and at the end of `to`."""
    if name not in asked:
        return None
    try:
        day = date.fromisoformat(asked[name])
        return datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(minutes=_minutes(name, asked))
    except (ValueError, OverflowError) as error:
        message = "A date is written like 2026-11-21."
        raise Invalid([{"field": name, "code": "date", "message": message}]) from error


def _minutes(name: str, query: Mapping[str, str]) -> int:
    """Return by how many minutes the reader's clock is before UTC; a script says it, and without one it is UTC."""
    try:
        minutes = int(query.get(f"{name}_zone", ""))
    except ValueError:
        return 0
    return minutes if abs(minutes) <= MOST_MINUTES else 0


def _typed_in(field: str) -> str:
    return {"after": "from", "before": "to"}.get(field, field)
