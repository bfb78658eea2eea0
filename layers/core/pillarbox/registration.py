"""Registration: what people give to make an account, or to change its names and its password, and what fits."""

from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationInfo, field_validator

from pillarbox import passwords, usernames, values


def _email(address: str) -> str:
    if (normal := values.email(address)) is None:
        raise ValueError("This isn't an e-mail address that mail can be sent to.")
    return normal


Username = Annotated[str, Field(min_length=2, max_length=40), AfterValidator(usernames.read)]
Email = Annotated[str, Field(max_length=254), AfterValidator(_email)]
Password = Annotated[str, Field(min_length=passwords.SHORTEST, max_length=passwords.LONGEST, repr=False)]


class NewAccount(BaseModel):
    model_config = ConfigDict(extra="forbid")

    username: Username
    email: Email
    password: Password

    @field_validator("password")
    @classmethod
    def _not_the_first_to_be_tried(cls, password: str, before: ValidationInfo) -> str:
        passwords.check(password, before.data.values())
        return password


class NewUsername(BaseModel):
    username: Username


class NewEmail(BaseModel):
    email: Email


class NewPassword(BaseModel):
    """Another password for an account that is there; `names` are the account's."""

    names: tuple[str, ...]
    password: Password

    @field_validator("password")
    @classmethod
    def _not_the_first_to_be_tried(cls, password: str, before: ValidationInfo) -> str:
        passwords.check(password, before.data["names"])
        return password
