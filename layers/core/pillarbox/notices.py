"""Notices: whom a form tells of what comes in, how often and with what subject, and what it answers visitors.

Held to its bounds when the form is saved. recipients.py says who of them may be mailed at all.
"""

import re
from typing import Annotated, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, model_validator

from pillarbox.registration import Email

MOST_ADDRESSES = 20  # in one list
MOST_TOGETHER = 50  # in all lists of a form: every submission reads them with the form
MOST_ROUTES = 20
MINUTE, HOUR = 60, 60 * 60  # seconds
SHORTEST, LONGEST = 5 * MINUTE, 7 * 24 * HOUR  # that mails are collected for
EVERY = re.compile(r"([1-9]\d{0,4})([mh])")
UNITS = {"m": MINUTE, "h": HOUR}
WORDS = ("each", "never", "daily", "weekly")
FORBID = ConfigDict(extra="forbid")


def seconds(every: str) -> int | None:
    """Return what 15m or 2h is in seconds; None for the words, and for what is neither."""
    found = EVERY.fullmatch(every)
    return int(found[1]) * UNITS[found[2]] if found else None


def _every(every: str) -> str:
    every = every.strip().lower()
    if every not in WORDS and not SHORTEST <= (seconds(every) or 0) <= LONGEST:
        raise ValueError("This is each, never, daily or weekly, or a time from 5m to 168h: 15m, 1h.")
    return every


def _recipient(address: str) -> str:
    if not address.rpartition("@")[0].isascii():
        raise ValueError("Mail can't be sent to an address with such letters before the @: only a to z go there.")
    return address


def _line(text: str) -> str:
    if not text.isprintable():
        raise ValueError("A subject is one line.")
    return text


def _text(text: str) -> str:
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not text.replace("\n", "").replace("\t", "").isprintable():
        raise ValueError("This has characters in it that no mail shows.")
    return text


def _once(addresses: list[str]) -> list[str]:
    return list({address.casefold(): address for address in addresses}.values())


Recipient = Annotated[Email, AfterValidator(_recipient)]
Recipients = Annotated[list[Recipient], Field(max_length=MOST_ADDRESSES), AfterValidator(_once)]
Subject = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200), AfterValidator(_line)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=5000), AfterValidator(_text)]


class Route(BaseModel):
    """Where a submission goes, instead of to everybody, whose field has this value."""

    model_config = FORBID

    field: Annotated[str, StringConstraints(min_length=1, max_length=100)]
    equals: Annotated[str, StringConstraints(max_length=200)]
    to: Annotated[Recipients, Field(min_length=1)]


class Notify(BaseModel):
    """Whom the form mails. An empty `to` is its owner's address."""

    model_config = FORBID

    to: Recipients = []
    every: Annotated[str, Field(max_length=10), AfterValidator(_every)] = "each"
    subject: Subject | None = None
    routes: Annotated[list[Route], Field(max_length=MOST_ROUTES)] = []
    most_per_minute: Annotated[int, Field(ge=1, le=1000)] = 10

    @model_validator(mode="after")
    def _few(self) -> Self:
        if len(self.to) + sum(len(route.to) for route in self.routes) > MOST_TOGETHER:
            raise ValueError(f"A form has at most {MOST_TOGETHER} addresses, those of its routes among them.")
        return self

    def addresses(self) -> list[str]:
        """Return all addresses that are named, each once."""
        return _once([*self.to, *(address for route in self.routes for address in route.to)])


class Autoresponse(BaseModel):
    """What a visitor is mailed who left an address; with `double_opt_in` first a link that confirms it."""

    model_config = FORBID

    enabled: bool = False
    subject: Subject = "Thank you for your message"
    text: Text = "Your message has arrived. We will answer as soon as we can."
    double_opt_in: bool = False


class Notices(BaseModel):
    """The part of a form's definition that is about mail."""

    model_config = FORBID

    notify: Notify = Notify()
    autoresponse: Autoresponse = Autoresponse()
