"""Hosting: how a form looks on the page that we show of it, in which languages, and whose pages may frame it."""

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from pillarbox.policies import Origins

LANGUAGES = ("en", "de", "fr", "es", "pt", "it", "nl", "pl", "ja", "zh", "ar")

type Language = Literal["en", "de", "fr", "es", "pt", "it", "nl", "pl", "ja", "zh", "ar"]


def _colour(text: str) -> str:
    """Return it as #rrggbb in lower case; people write #B8142B, #f00 or b8142b."""
    found = re.fullmatch(r"#?([0-9a-f]{6}|[0-9a-f]{3})", text.strip().lower())
    if not found:
        raise ValueError("A colour is written as #b8142b.")
    digits = found[1]
    return f"#{digits if len(digits) == 6 else ''.join(digit * 2 for digit in digits)}"  # noqa: PLR2004  rrggbb


def _once(languages: list[Language]) -> list[Language]:
    return list(dict.fromkeys(languages))


class Appearance(BaseModel):
    model_config = ConfigDict(extra="forbid")

    accent: Annotated[str, Field(max_length=20), AfterValidator(_colour)] | None = None  # none: our red
    layout: Literal["plain", "card"] = "plain"
    mark: bool = True  # "Received by Pillarbox" in the foot


class Hosting(BaseModel):
    """The part of a form's definition that is about its own page."""

    model_config = ConfigDict(extra="forbid")

    appearance: Appearance = Appearance()
    languages: Annotated[list[Language], AfterValidator(_once)] = []  # none: all of ours, as the visitor prefers
    allowed_frames: Origins | None = None  # none said: whoever may send; an empty list: nobody
