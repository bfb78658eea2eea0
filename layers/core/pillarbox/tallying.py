"""Tallying: what came to each form on each day, kept behind the table's stream in the transactions of counting.py.

What came stays counted whatever becomes of it: it is told by the day of its id, in UTC. A submission counts as the
filter sorted it when it came; one that somebody saves from spam counts as accepted from then on, on the day it came.
"""

import re
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from pillarbox import exact, filing, ids, places, rules, table
from pillarbox.beacons import MOST_PAGES
from pillarbox.tallies import ANSWERS, DIRECT, HOSTED, MOST_GROUPS, MOST_OPTIONS, OTHER, Tally, short

type Key = tuple[str, str]

VISIT = re.compile(r"VISITS#([0-9a-z]{12})#S\d+")
LANES = 4  # items of a form's day, so that the shards of a busy form seldom meet in one
KEPT_SECONDS = 400 * places.DAY  # a year, and until it has been looked at
PAGE = re.compile(r"https?://([^/?#]*)([^?#]*)", re.IGNORECASE)
OWN_PAGE = re.compile(r"/f/([0-9a-z]{12})/?", re.IGNORECASE)
SECONDS_DIGITS = 2


class Arrival(NamedTuple):
    """What one record tells of what came to a form."""

    day: str  # 2026-11-27
    lane: int
    numbers: Mapping[str, int] = {}  # accepted: 1
    came_from: Mapping[str, str] = {}  # pages and hosts
    reached: int | None = None  # page of the hosted form
    took: int | None = None  # seconds
    fields: Mapping[str, Any] = {}  # as typed by the form's rules

    @property
    def is_tallied(self) -> bool:
        return bool(self.came_from or self.fields or self.reached or self.took is not None)


def of_submission(form_id: str, ulid: str, item: table.Item) -> Arrival | None:
    """Return what tells a submission that was put somewhere, None for one that was only moved."""
    moved, day, lane = "sorted_as" in item, *_when(ulid)
    if moved and not filing.rescues(item):
        return None
    if item["folder"] == "spam":
        return Arrival(day, lane, {"spam": 1})
    page = _page(form_id, exact.loads(item["source"]).get("page"))
    numbers = {"accepted": 1} | ({"spam": -1} if moved else {}) | ({"completed": 1} if page == HOSTED else {})
    if item.get("passes"):  # what isn't stored leaves no word of itself here either
        return Arrival(day, lane, numbers)
    came_from = {"pages": page} if page else {}
    return Arrival(day, lane, numbers, came_from, took=item.get("took"), fields=exact.loads(item["fields"]))


def of_visit(ulid: str, item: table.Item) -> Arrival:
    """Return what tells a visit (beacons.py)."""
    when = _when(ulid)
    match item["what"]:
        case "view":
            return Arrival(*when, {"views": 1}, {"hosts": item["host"] or DIRECT})
        case "start":
            return Arrival(*when, {"starts": 1})
        case _:
            return Arrival(*when, reached=item["page"])


def rows(form_id: str, arrival: Arrival) -> set[Key]:
    """Return the keys of the items that it changes."""
    return {_key(places.days(form_id, arrival.day[:7])), *read_first(form_id, arrival)}


def read_first(form_id: str, arrival: Arrival) -> set[Key]:
    """Return the keys of those that have to be read before."""
    return {_key(places.tally(form_id, arrival.day, arrival.lane))} if arrival.is_tallied else set()


def writes(form: table.Item, found: Mapping[Key, table.Item], arrivals: Iterable[Arrival]) -> Iterator[table.Write]:
    """Yield the writes that count them."""
    months: dict[str, Counter[str]] = defaultdict(Counter)
    tallied: dict[Key, list[Arrival]] = defaultdict(list)
    for arrival in arrivals:
        month, day = arrival.day[:7], arrival.day[8:]
        months[month].update({f"{what}_{day}": number for what, number in arrival.numbers.items()})
        for key in read_first(form["id"], arrival):
            tallied[key].append(arrival)
    for month, amounts in months.items():
        if changed := {name: amount for name, amount in amounts.items() if amount}:
            yield table.Add(places.days(form["id"], month), changed)
    checks = [rule for rule in exact.parsed(form["rules"]).get("fields", ()) if rule["type"] in READERS]
    pages = 1 + sum(bool(field.get("starts_page")) for field in exact.parsed(form["document"])["fields"][1:])
    for key, some in tallied.items():
        known = found.get(key)
        tally = Tally(bytes(known["tally"]) if known else None, lanes=min(LANES, form["shards"]))
        _count(tally, some, checks, pages)
        if tally.groups:
            yield _put(key, tally, known["version"] if known else None)


def _count(tally: Tally, arrivals: list[Arrival], checks: list[Any], pages: int) -> None:
    for arrival in arrivals:
        for group, name in arrival.came_from.items():
            tally.add_place(group, name)
        if arrival.reached and arrival.reached <= pages:  # whoever makes up others counts nowhere
            tally.add("reached", str(arrival.reached), MOST_PAGES)
        if arrival.took is not None:
            tally.add_number("seconds", arrival.took, SECONDS_DIGITS)
        for rule in checks:
            if (value := arrival.fields.get(rule["name"])) not in UNSAID:
                READERS[rule["type"]](tally, rule, value)


def _put(key: Key, tally: Tally, seen: int | None) -> table.Put:
    """Return the write of it, on condition that nobody else has written it since."""
    expires_at = int(time.time()) + KEPT_SECONDS
    item = table.key(*key) | {"tally": tally.packed(), "version": (seen or 0) + 1, "expires_at": expires_at}
    if seen:
        return table.Put(item, condition="version = :seen", values={":seen": seen})
    return table.Put(item, condition="attribute_not_exists(pk)")


def _group(rule: Any) -> str:
    return ANSWERS + short(rule["name"])


def _choice(tally: Tally, rule: Any, value: Any) -> None:
    tally.add(_group(rule), value if value in rule["options"] else OTHER, MOST_OPTIONS)


def _choices(tally: Tally, rule: Any, value: Any) -> None:
    tally.add("answered", short(rule["name"]), MOST_GROUPS)
    for one in value if isinstance(value, list) else [value]:
        _choice(tally, rule, one)


def _ticked(tally: Tally, rule: Any, value: Any) -> None:
    tally.add(_group(rule), "true" if value is True else "false")


def _number(tally: Tally, rule: Any, value: Any) -> None:
    if not isinstance(value, rules.NO_NUMBERS):  # the form's rules may be others since it was sent
        tally.add_number(_group(rule), value)


def _date(tally: Tally, rule: Any, value: Any) -> None:
    if isinstance(value, str) and rules.READERS["date"](value) == value:
        tally.add_date(_group(rule), value)


READERS = {
    "choice": _choice,
    "choices": _choices,
    "checkbox": _ticked,
    "consent": _ticked,
    "number": _number,
    "integer": _number,
    "date": _date,
}
UNSAID: tuple[Any, ...] = (None, "", [])


def _when(ulid: str) -> tuple[str, int]:
    return time.strftime("%Y-%m-%d", time.gmtime(ids.time_of(ulid))), ids.shard_of(ulid) % LANES


def _page(form_id: str, url: str | None) -> str | None:
    """Return what a page is called here: its host and path, since a query may tell who came."""
    if not (found := PAGE.match(url or "")):
        return None
    host, path = found.groups()
    if (own := OWN_PAGE.fullmatch(path)) and own[1].lower() == form_id:
        return HOSTED
    return f"{host.lower()}{path.rstrip('/')}"


def _key(key: Mapping[str, str]) -> Key:
    return key["pk"], key["sk"]
