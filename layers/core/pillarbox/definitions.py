"""Definitions: all of a form that its owner sets. forms.py keeps it, and versions.py each that there was."""

import unicodedata
from typing import Annotated, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, model_validator

from pillarbox.fields import Fields
from pillarbox.hosting import Hosting
from pillarbox.notices import Notices
from pillarbox.policies import Policy, Url
from pillarbox.retention import Keeping


def _seen(name: str) -> str:
    """Return a name of which there is something to see, and so something to click on."""
    if all(unicodedata.category(character)[0] in "CZ" for character in name):
        raise ValueError("This can't be empty.")
    return name


type Name = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100), AfterValidator(_seen)
]


class Thanks(BaseModel):
    model_config = ConfigDict(extra="forbid")

    title: Annotated[str, Field(min_length=1, max_length=200)] = "Thank you"
    text: Annotated[str, Field(max_length=2000)] = "Your message has arrived."


class Definition(Policy, Keeping, Notices, Hosting):
    name: Name
    active: bool = True
    fields: Fields = []  # noqa: RUF012  pydantic copies it
    strict: bool = False
    redirect_url: Url | None = None
    thanks: Thanks = Thanks()

    @model_validator(mode="after")
    def _trap(self) -> Self:
        if self.spam.honeypot in {field.name for field in self.fields}:
            raise ValueError(f"{self.spam.honeypot} is a field of this form. A honeypot is one that people can't see.")
        return self
