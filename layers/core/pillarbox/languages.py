"""Languages: what we say to visitors, in theirs. The owner's own words stay as they are.

Jinja2 and the standard library only, and no catalogue is read before somebody needs it: visitors wait for this. The
catalogues lie in locale/; `make messages` brings them up to what code and templates say. English is what those say.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from gettext import GNUTranslations, NullTranslations
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from jinja2 import Environment, pass_context
from jinja2.runtime import Context

FOLDER = Path(__file__).parent / "locale"
DOMAIN = "pillarbox"
CODES = ("en", "de", "fr", "es", "pt", "it", "nl", "pl", "ja", "zh", "ar")
RIGHT_TO_LEFT = frozenset({"ar"})
TAGS = {"zh": "zh-Hans"}  # what the page says of itself, where it is more than the code
LEFTWARDS = ("\u0590", "\u08ff")  # Hebrew, Arabic and their neighbours
WEIGHT = re.compile(r"\s*q\s*=\s*([01](?:\.\d{0,3})?)\s*", re.ASCII)
MOST_RANGES = 50  # of Accept-Language; people have a handful


class Language:
    def __init__(self, code: str) -> None:
        self.code = code
        self.tag = TAGS.get(code, code)
        self.direction = "rtl" if code in RIGHT_TO_LEFT else "ltr"
        self.catalogue = _catalogue(code)

    def say(self, sentence: str, **values: object) -> str:
        """Return an English sentence of ours in this language; `%(name)s` in it stands for a value."""
        said = self.catalogue.gettext(sentence)
        return said % values if values else said

    def count(self, one: str, many: str, count: int, **values: object) -> str:
        """Return a sentence with a number, which has a form for one and others for more."""
        return self.catalogue.ngettext(one, many, count) % ({"num": count} | values)

    def inset(self, text: str) -> str:
        """Return somebody's own words as they may stand in a sentence: kept apart where either runs leftwards."""
        apart = self.direction == "rtl" or any(LEFTWARDS[0] <= character <= LEFTWARDS[1] for character in text)
        return f"\u2068{text}\u2069" if apart else text


@cache
def language(code: str) -> Language:
    return Language(code)


def asked_by(event: Mapping[str, Any]) -> str:
    """Return the language that the address itself asks for, or nothing."""
    given = parse_qs(event.get("rawQueryString", "")).get("lang", [""])[-1]
    return _primary(given) if _primary(given) in CODES else ""


def of(event: Mapping[str, Any], offered: Sequence[str] = ()) -> Language:
    """Return the language for whoever sent this: by `?lang=`, else as their browser prefers, among those offered.

    Nothing offered stands for all of ours. Who wants none of them gets the first.
    """
    offered = [code for code in offered if code in CODES] or CODES
    if (asked := asked_by(event)) in offered:
        return language(asked)
    wanted = _preferred(event["headers"].get("accept-language", ""))
    return language(next((code for code in _first(wanted, offered) if code in offered), offered[0]))


def install(environment: Environment) -> None:
    """Let templates speak the language that they are rendered with, under the name `language`."""
    environment.add_extension("jinja2.ext.i18n")
    environment.install_gettext_callables(_gettext, _ngettext, newstyle=True)  # type: ignore[attr-defined]


@pass_context
def _gettext(context: Context, sentence: str) -> str:
    return str(context["language"].catalogue.gettext(sentence))


@pass_context
def _ngettext(context: Context, one: str, many: str, count: int) -> str:
    return str(context["language"].catalogue.ngettext(one, many, count))


def _preferred(header: str) -> list[str]:
    """Return the codes of an Accept-Language, the most wanted first, without those that aren't wanted at all."""
    weighed: list[tuple[float, str]] = []
    for part in header.split(",")[:MOST_RANGES]:
        tag, _, parameter = part.partition(";")
        weight = WEIGHT.fullmatch(parameter) if parameter else None
        if (code := _primary(tag)) and (weight or not parameter):
            weighed.append((float(weight[1]) if weight else 1.0, code))
    return [code for weight, code in sorted(weighed, key=lambda one: -one[0]) if weight]


def _first(wanted: Iterable[str], offered: Sequence[str]) -> Iterable[str]:
    return (offered[0] if code == "*" else code for code in wanted)


def _primary(tag: str) -> str:
    """Return what a tag begins with: zh of zh-Hant-TW."""
    return tag.strip().lower().replace("_", "-").partition("-")[0]


def _catalogue(code: str) -> NullTranslations:
    if code == "en":
        return NullTranslations()
    with (FOLDER / code / "LC_MESSAGES" / f"{DOMAIN}.mo").open("rb") as file:
        return GNUTranslations(file)
