"""Searching: a folder read through for what fits, a bounded part of it at a time, which tells how far it looked."""

import heapq
import unicodedata
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from functools import partial
from typing import Annotated, Any, NamedTuple

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    StringConstraints,
    ValidationInfo,
    field_serializer,
    field_validator,
)

from pillarbox import cursors, exact, ids, places, retention, submissions, table, validation
from pillarbox.forms import Form
from pillarbox.remarks import TAG_LENGTH
from pillarbox.submissions import PAGE_BYTES, Folder, Submission

# What one page may cost, whatever the folder holds: at most 16 queries, one a shard in each of at most 4 rounds, each
# of 1 MB (DynamoDB's own bound), and of 2,000 submissions all together.
MOST_QUERIES, MOST_ROUNDS, MOST_ITEMS = 16, 4, 2000
ENOUGH_BYTES = 4_000_000  # of sent fields, after which no further round begins
MOST_WORDS = 10
YES, NO = {"yes", "true", "on", "1"}, {"no", "false", "off", "0"}

type Labels = dict[str, dict[str, str]]  # of a form's options: field, value, label
type Moment = Annotated[
    datetime, AfterValidator(lambda moment: moment if moment.tzinfo else moment.replace(tzinfo=UTC))
]
type Words = Annotated[str, StringConstraints(max_length=200)]
type Name = Annotated[str, StringConstraints(max_length=300)]
type Value = Annotated[str, StringConstraints(max_length=200, strip_whitespace=True)]
type OneTag = Annotated[str, StringConstraints(max_length=TAG_LENGTH, strip_whitespace=True)]


class Search(BaseModel):
    """What is sought; all of it must hold."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    q: Words = ""  # each of them stands somewhere in what was sent, in a tag or in the note
    read: bool | None = None
    after: Moment | None = None  # that moment too
    before: Moment | None = None  # not that moment
    field: Name = ""  # `address.city` is city in address
    value: Value = ""
    tag: OneTag = ""

    @field_validator("q")
    @classmethod
    def _few(cls, q: str) -> str:
        if len(q.split()) > MOST_WORDS:
            raise ValueError(f"At most {MOST_WORDS} words, please.")
        return " ".join(q.split())

    @field_validator("value")
    @classmethod
    def _somewhere(cls, value: str, info: ValidationInfo) -> str:
        if value and not info.data.get("field"):
            raise ValueError("Say in which field.")
        return value

    @property
    def is_empty(self) -> bool:
        return self == NOTHING

    @property
    def fits_all(self) -> bool:
        """Whether it asks for nothing but dates, outside of which nothing is read."""
        return not (self.q or self.field or self.tag) and self.read is None


NOTHING = Search()


def sought(**asked: Any) -> Search:
    """Return the search, or raise Invalid with what doesn't fit; None stands for what wasn't asked."""
    return validation.parse(Search, {name: value for name, value in asked.items() if value is not None})


class Found(BaseModel):
    submissions: list[Submission]
    next_cursor: str | None
    searched_to: datetime | None  # what is older was not looked at yet; None: nothing is left to look at

    @field_serializer("searched_to")
    def _to_the_millisecond(self, moment: datetime | None) -> str | None:
        return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z") if moment else None


class Walk(NamedTuple):
    items: list[table.Item]
    to: str | None  # where to go on; None at the end


def page(form: Form, folder: Folder, search: Search, *, limit: int, cursor: str | None = None) -> Found:
    """Return what fits, newest first. A page may hold less than `limit`, even nothing, and still have a next one."""
    of = cursors.of_folder(form.id, folder)
    walk = walked(form, folder, search, limit=limit, after=cursors.read(of, cursor))
    return Found(
        submissions=[submissions.of_item(item) for item in walk.items],
        next_cursor=cursors.seal(of, walk.to) if walk.to else None,
        searched_to=datetime.fromtimestamp(ids.time_of(walk.to), UTC) if walk.to else None,
    )


def walked(  # noqa: PLR0913  where, what for, and which part
    form: Form, folder: Folder, search: Search, *, limit: int, after: str | None = None, newer: bool = False
) -> Walk:
    """Walk through a folder from a submission on, towards older ones or newer, until `limit` fit or it is enough.

    Dates become bounds of the keys, which tell the time, so what lies outside them isn't read at all.
    """
    since = ids.first_of(search.after.timestamp()) if search.after else ""
    if not newer and search.before:
        until = ids.first_of(search.before.timestamp())
        after = min(after, until) if after else until
    if after and not newer and after <= since:
        return Walk([], None)
    rounds = min(MOST_ROUNDS, MOST_QUERIES // form.shards)
    at_once = limit if search.fits_all else MOST_ITEMS // (rounds * form.shards)
    fits = partial(_fits, search, folded(search.q).split(), labels(form))
    found, size, read = list[table.Item](), 0, 0
    for _ in range(rounds):
        items, end = _read(form, folder, after, since, at_once, newer=newer)
        for item in items:
            after = item["sk"]
            read += len(item["fields"])
            if retention.is_over(item, {"retention_days": form.retention_days}) or not fits(item):
                continue
            found.append(item)
            size += len(item["fields"].encode())
            if len(found) == limit or size > PAGE_BYTES:
                return Walk(found, None if end is None and item is items[-1] else after)
        if end is None:
            return Walk(found, None)
        after = end
        if read > ENOUGH_BYTES:
            break
    return Walk(found, after)


def folded(text: str) -> str:
    """Return text as it is compared: without case, accents and forms of letters that only look different."""
    if text.isascii():
        return text.lower()
    apart = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return "".join(character for character in apart if not unicodedata.combining(character))


def labels(form: Form) -> Labels:
    """Return how options are worded, since people search for what they read."""
    return {field.name: {one.value: one.label for one in field.options} for field in form.fields if field.options}


def _read(  # noqa: PLR0913  as many as a query's own
    form: Form, folder: Folder, after: str | None, since: str, limit: int, *, newer: bool
) -> tuple[list[table.Item], str | None]:
    """Return what one query a shard finds, merged, and how far all of them reach; None for the end."""
    shares = [places.partition(form.id, folder, shard) for shard in range(form.shards)]
    # DynamoDB refuses a start outside the bounds, so towards newer ones the start is the bound.
    read = [
        table.query(share, after=after, since="" if newer else since, descending=not newer, limit=limit)
        for share in shares
    ]
    ends = [page.last for page in read if page.last]
    end = (min if newer else max)(ends) if ends else None
    merged = heapq.merge(*(page.items for page in read), key=lambda item: item["sk"], reverse=not newer)
    if end is None:
        return list(merged), None
    return [item for item in merged if (item["sk"] <= end if newer else item["sk"] >= end)], end


def _fits(search: Search, words: list[str], labels: Labels, item: table.Item) -> bool:
    if search.read not in {None, item["read"]}:
        return False
    if search.before and ids.time_of(item["sk"]) >= search.before.timestamp():  # which towards newer ones is no bound
        return False
    if search.tag and folded(search.tag) not in map(folded, item.get("tags", [])):
        return False
    return not (words or search.field) or _says(search, words, labels, item)


def _says(search: Search, words: list[str], labels: Labels, item: table.Item) -> bool:
    fields = exact.loads(item["fields"])
    if search.field and not any(_holds(value, search.value) for value in _named(fields, search.field, labels)):
        return False
    text = folded("\n".join([*_texts(fields, labels), *item.get("tags", []), item.get("note", "")])) if words else ""
    return all(word in text for word in words)


def _named(fields: dict[str, Any], name: str, labels: Labels) -> Iterator[Any]:
    """Yield the values of a field, those of a list one by one, and the labels of options that were chosen."""
    value: Any = fields.get(name)
    if name not in fields:  # it may be nested
        value = fields
        for part in name.split("."):
            value = value.get(part) if isinstance(value, dict) else None
    worded = labels.get(name, {})
    for one in value if isinstance(value, list) else [value]:
        yield one
        if isinstance(one, str) and one in worded:
            yield worded[one]


def _holds(value: Any, sought: str) -> bool:
    """Whether a value is the one sought: text that has it somewhere, the same number, yes or no; or any at all."""
    if value is None or value == "":
        return False
    if not sought:
        return True
    if isinstance(value, bool):
        return sought.lower() in (YES if value else NO)
    if isinstance(value, int | Decimal):
        return str(value) == sought or _number(sought) == value
    return any(folded(sought) in folded(text) for text in _texts(value, {}))


def _number(text: str) -> Decimal | None:
    try:
        number = Decimal(text)
    except ArithmeticError:
        return None
    return number if number.is_finite() else None


def _texts(value: Any, labels: Labels, name: str = "") -> Iterator[str]:
    """Yield all text in a value, also what is nested, and numbers with their digits; names of fields are no text."""
    worded = labels.get(name, {})
    if isinstance(value, str):
        yield value
        if value in worded:
            yield worded[value]
    elif isinstance(value, dict):
        for inner_name, inner in value.items():
            yield from _texts(inner, labels, name or inner_name)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner, labels, name)
    elif isinstance(value, int | Decimal) and not isinstance(value, bool):
        yield str(value)
