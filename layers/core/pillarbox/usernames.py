"""Usernames: one script each, and none that looks like somebody else's.

The rules are those of Unicode's security mechanisms (UTS 39): NFKC, letters and digits of a single script (Chinese,
Japanese and Korean with Latin beside them), and a skeleton in which what looks alike is the same.
"""

import unicodedata
from functools import cache

TOGETHER = (  # scripts that people do write in one word
    {"LATIN", "HAN", "HIRAGANA", "KATAKANA"},
    {"LATIN", "HAN", "BOPOMOFO"},
    {"LATIN", "HAN", "HANGUL"},
)
OF_NO_SCRIPT = {"COMMON", "INHERITED"}
PUNCTUATION = "._-"
MOST = 300  # characters of a name that are compared: a key takes 2,048 bytes
CHARACTERS = "A username has letters, digits, dots, dashes and underscores, and starts and ends with a letter or digit."
SCRIPTS = "A username is written in one script: letters of different ones can't be told apart."


def read(name: str) -> str:
    """Return the name as it is shown, or raise ValueError with a sentence."""
    normal = unicodedata.normalize("NFKC", name)
    if not all(_is_letter(character) or character in PUNCTUATION for character in normal):
        raise ValueError(CHARACTERS)
    if not normal or not _may_stand_first(normal[0]) or not _is_letter(normal[-1]):
        raise ValueError(CHARACTERS)
    if not normal.isascii() and not _in_one_script(normal):
        raise ValueError(SCRIPTS)
    return normal


def folded(name: str) -> str:
    """Return the name as it is compared: whoever signs in may write it in capitals."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())[:MOST]


def lookalike(name: str) -> str:
    """Return what is the same for all names that look like this one, such as paypal and paypa1."""
    looks = "".join("".join(_looks(part) for part in _looks(character)) for character in name)
    return folded(looks)


def _is_letter(character: str) -> bool:
    return unicodedata.category(character)[0] in "LMN" and character.isprintable()


def _may_stand_first(character: str) -> bool:
    return _is_letter(character) and not unicodedata.combining(character)


def _in_one_script(name: str) -> bool:
    from confusable_homoglyphs import categories  # noqa: PLC0415  a megabyte that only other alphabets ask for

    scripts = categories.unique_aliases(name) - OF_NO_SCRIPT
    return len(scripts) <= 1 or any(scripts <= together for together in TOGETHER)


@cache
def _looks(character: str) -> str:
    """Return one for all characters that look alike: the longest, `rn` for m, else a letter, a small one if there is.

    The library lists for each character what it looks like, and for that one all that look like it.
    """
    from confusable_homoglyphs.confusables import confusables_data  # noqa: PLC0415  as above

    alike = {_bare(one["c"]) for one in confusables_data.get(character, [])}
    if len(alike) == 1:
        alike |= {_bare(one["c"]) for one in confusables_data.get(*alike, [])}
    return min(alike | {character}, key=lambda one: (-len(one), not one.isalpha(), not one.islower(), one))


def _bare(characters: str) -> str:
    return characters.strip("\u200e")  # the library wraps letters that run to the left
