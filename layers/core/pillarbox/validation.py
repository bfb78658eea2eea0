"""What pydantic found, in our words and our shape: `{"field", "code", "message"}`."""

from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import BaseModel, ValidationError

from pillarbox.errors import Invalid

SENTENCES = {
    "missing": "This is needed.",
    "extra_forbidden": "There is no such property.",
    "string_type": "This must be text.",
    "string_too_short": "At least {min_length} characters, please.",
    "string_too_long": "At most {max_length} characters, please.",
    "too_short": "At least {min_length}, please.",
    "too_long": "At most {max_length}, please.",
    "bool_type": "This must be true or false.",
    "bool_parsing": "This must be true or false.",
    "int_type": "This must be a whole number.",
    "int_parsing": "This must be a whole number.",
    "list_type": "This must be a list.",
    "dict_type": "This must be an object.",
    "model_attributes_type": "This must be an object.",
    "literal_error": "This must be {expected}.",
    "greater_than_equal": "At least {ge}, please.",
    "less_than_equal": "At most {le}, please.",
}


def parse[M: BaseModel](model: type[M], data: Mapping[str, Any]) -> M:
    """Return the model of this data, or raise Invalid with every error in it."""
    try:
        return model.model_validate(data)
    except ValidationError as error:
        raise Invalid(errors(error.errors())) from error


def errors(found: Iterable[Mapping[str, Any]]) -> list[dict[str, str]]:
    return [
        {
            "field": ".".join(str(part) for part in _place(one)),
            "code": str(one["type"]),
            "message": _sentence(one),
        }
        for one in found
    ]


def _place(one: Mapping[str, Any]) -> tuple[str | int, ...]:
    """Return where it is, without the part of the request that Powertools puts in front."""
    loc: tuple[str | int, ...] = tuple(one["loc"])
    return loc[1:] if loc and loc[0] in {"body", "query", "path"} else loc


def _sentence(one: Mapping[str, Any]) -> str:
    if one["type"] == "value_error":
        return str(one["msg"]).removeprefix("Value error, ")
    context = one.get("ctx", {})
    if one["type"] == "string_too_short" and context.get("min_length") == 1:
        return "This can't be empty."
    try:
        return SENTENCES[one["type"]].format(**context)
    except KeyError:
        return f"{one['msg']}."
