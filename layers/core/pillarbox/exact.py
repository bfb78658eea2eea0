"""JSON that comes out as it went in: order, nesting, and every digit of a number. Stdlib only.

Numbers with a point or an exponent are Decimals. What JSON doesn't know (NaN, Infinity), and what would be lost or
would hurt later (a name given twice, half a surrogate pair, deep nesting), is refused.
"""

import json
from decimal import Decimal, DecimalException
from functools import lru_cache
from itertools import pairwise
from json.encoder import encode_basestring as quoted

TYPE_CHECKING = False  # to mypy it is true; importing `typing` takes longer than this module
if TYPE_CHECKING:
    from typing import Any

DEEPEST = 32  # levels of lists and objects that are taken
WRITTEN = DEEPEST + 8  # that are written: what was taken stands in what tells of it
FLAT = {str, int, bool, type(None)}  # of these the C encoder writes what _write does
# For what has no Decimals: JSON without spaces by the C encoder, in a fifth of the time.
plain = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def loads(text: str, *, deepest: int = DEEPEST) -> "Any":
    """Return the value, or raise ValueError with a sentence that a sender can act on."""
    try:
        value = _decode(text)
    except RecursionError as error:
        raise ValueError(_too_deep()) from error
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise ValueError(f"The JSON can't be read at {place}: {error.msg}.") from error
    except DecimalException as error:
        raise ValueError("The JSON holds a number that is too long.") from error
    try:
        text.encode()
        dumps(value, deepest=deepest).encode()
    except UnicodeEncodeError as error:
        raise ValueError("The JSON holds half a character (an unpaired surrogate).") from error
    return value


@lru_cache(maxsize=32)  # forms that one instance serves at a time; the largest has some 300 KB
def parsed(text: str) -> "Any":
    """Return JSON that we wrote ourselves, read once for many requests: whoever gets it leaves it as it is."""
    return json.loads(text)


def dumps(value: object, *, deepest: int = WRITTEN) -> str:
    """Return JSON without spaces; ValueError for what is nested deeper, and for a float that isn't finite."""
    if type(value) is dict and FLAT.issuperset(map(type, value.values())):
        return plain(value)  # what nearly every form sends
    parts: list[str] = []
    _write(value, parts.append, deepest)
    return "".join(parts)


def _write(value: "Any", write: "Any", levels: int) -> None:
    if isinstance(value, str):
        write(quoted(value))
    elif value is None or isinstance(value, bool):
        write({None: "null", True: "true", False: "false"}[value])
    elif isinstance(value, (int, Decimal)):
        write(str(value))
    elif isinstance(value, float):
        write(json.dumps(value, allow_nan=False))
    elif not levels:
        raise ValueError(_too_deep())
    elif isinstance(value, dict):
        for n, (name, inner) in enumerate(value.items()):
            write(f"{',' if n else '{'}{quoted(name)}:")
            _write(inner, write, levels - 1)
        write("}" if value else "{}")
    elif isinstance(value, list):
        for n, inner in enumerate(value):
            write("," if n else "[")
            _write(inner, write, levels - 1)
        write("]" if value else "[]")
    else:
        raise TypeError(f"{type(value).__name__} isn't JSON.")


def _once(pairs: "list[tuple[str, Any]]") -> "dict[str, Any]":
    named = dict(pairs)
    if len(named) < len(pairs):
        names = sorted(name for name, _ in pairs)
        twice = next(name for name, following in pairwise(names) if name == following)
        raise ValueError(f"The JSON gives “{twice[:100]}” twice in one object.")
    return named


def _unknown(word: str) -> None:
    raise ValueError(f"{word} isn't a number that JSON knows.")


def _integer(digits: str) -> int:
    try:
        return int(digits)
    except ValueError as error:  # past sys.get_int_max_str_digits()
        raise ValueError("The JSON holds a number that is too long.") from error


def _too_deep() -> str:
    return f"The JSON is nested deeper than {DEEPEST} levels."


_decode = json.JSONDecoder(
    object_pairs_hook=_once, parse_constant=_unknown, parse_float=Decimal, parse_int=_integer
).decode
