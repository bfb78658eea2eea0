"""Preconditions: what a program had seen of a thing that it is about to change, as RFC 9110 has it.

A form's ETag is its version. A program that sends it back as If-Match changes that version or nothing: 412 otherwise.
One that sends none changes whatever is there, and since a patch is merged, only what it names.
"""

import re
from collections.abc import Callable, Generator
from contextlib import contextmanager

from pillarbox.errors import Changed, Malformed, Outdated

TAGS = re.compile(r'\s*(?:W/)?"[^"]*"\s*(?:,\s*(?:W/)?"[^"]*"\s*)*')
TAG = re.compile(r'(W/)?("[^"]*")')
LONGEST = 1000  # characters of a header


def etag(version: int) -> str:
    return f'"{version}"'


def seen(if_match: str | None, version: Callable[[], int]) -> int | None:
    """Return the version that a change is to be held to, None for whichever there is.

    A weak tag never matches. `version` is asked only when it matters.
    """
    if if_match is None or if_match.strip() == "*":
        return None
    if len(if_match) > LONGEST or not TAGS.fullmatch(if_match):
        raise Malformed('If-Match is an ETag as it was answered, in its quotes: "7". Or it is *.')
    now = version()
    if etag(now) not in [tag for weak, tag in TAG.findall(if_match) if not weak]:
        raise _outdated(now)
    return now


@contextmanager
def held(if_match: str | None) -> Generator[None]:
    """Answer a change that another one overtook as what the program asked to be told."""
    try:
        yield
    except Changed as error:
        if if_match is None:
            raise
        raise _outdated() from error


def _outdated(now: int | None = None) -> Outdated:
    is_now = f"It is version {now} now. " if now else ""
    return Outdated(f"Somebody else has changed this since you read it. {is_now}Read it again, then change that.")
