"""Remarks: what those who look after a form say of a submission: tags and a note."""

from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

MOST_TAGS = 20
TAG_LENGTH = 40  # characters
NOTE_LENGTH = 5000
JOINER = "\u200d"  # of emoji that are made of several


def _tag(text: str) -> str:
    if "," in text or not text.replace(JOINER, "").isprintable():
        raise ValueError("A tag can't have commas, line breaks or control characters.")
    return text


def _once(tags: list[str]) -> list[str]:
    """Return the tags without those that differ from an earlier one by their capitals alone."""
    known: dict[str, str] = {}
    for tag in tags:
        known.setdefault(tag.casefold(), tag)
    return list(known.values())


def _text(text: Any) -> Any:
    """Take text as browsers send it, with line breaks alike."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip() if isinstance(text, str) else text


def _readable(text: str) -> str:
    if "\0" in text:
        raise ValueError("A note can't have NUL characters.")
    return text


type Tag = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=TAG_LENGTH), AfterValidator(_tag)
]
type Tags = Annotated[list[Tag], Field(max_length=MOST_TAGS), AfterValidator(_once)]
type Note = Annotated[str, BeforeValidator(_text), StringConstraints(max_length=NOTE_LENGTH), AfterValidator(_readable)]


class Remarks(BaseModel):
    model_config = ConfigDict(extra="forbid")

    tags: Tags = []
    note: Note = ""


def typed(tags: str, note: str) -> dict[str, Any]:
    """Return what a page's form holds: its tags stand in one line with commas between."""
    return {"tags": [tag for part in tags.split(",") if (tag := part.strip())], "note": note}
