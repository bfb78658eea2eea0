"""Roles on a form, each of which may what those before it may.

viewer    reads the form and what came in
editor    moves, marks and deletes what came in
manager   changes the form, and shares it
owner     deletes it; there is exactly one, and stays
"""

from typing import Literal

type Role = Literal["viewer", "editor", "manager", "owner"]
type SharedRole = Literal["viewer", "editor", "manager"]

RANKS: tuple[Role, ...] = ("viewer", "editor", "manager", "owner")
# What a role may, in the words of whoever gives it.
WORDS: dict[SharedRole, str] = {
    "viewer": "May look: reads what came in",
    "editor": "May edit: also moves, marks and deletes what came in",
    "manager": "May manage: also changes the form and shares it",
}

# The same to somebody who is offered it.
OFFERED: dict[SharedRole, str] = {
    "viewer": "You may read what came in.",
    "editor": "You may read what came in, and move, mark and delete it.",
    "manager": "You may read and file what came in, change the form, and share it.",
}


def reaches(role: Role, wanted: Role) -> bool:
    return RANKS.index(role) >= RANKS.index(wanted)


def higher(one: Role, other: Role) -> Role:
    return max(one, other, key=RANKS.index)
