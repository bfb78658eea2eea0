"""Retention: how long a form keeps what is sent to it, or that it only passes it on."""

from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

MOST_DAYS = 3650


def _no_truth(days: Any) -> Any:
    if isinstance(days, bool):  # pydantic would take true for one day, and a day later all would be gone
        raise ValueError("This must be a whole number of days, or null to keep everything.")  # noqa: TRY004  for pydantic
    return days


Days = Annotated[int, Field(ge=1, le=MOST_DAYS), BeforeValidator(_no_truth)]


class Keeping(BaseModel):
    """The part of a form's definition that is about how long."""

    model_config = ConfigDict(extra="forbid")

    store: bool = True  # false: what comes is passed on, by mail and webhooks, and then deleted
    retention_days: Days | None = None  # since it came; None keeps it until somebody deletes it


def compile_keeping(keeping: Keeping) -> dict[str, Any]:
    """Return what the submit path and readers of submissions want to know, as JSON has it."""
    return keeping.model_dump(mode="json", include=set(Keeping.model_fields))
