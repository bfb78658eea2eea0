"""Who may call what: the row that each endpoint's own test file holds, and what follows from it for everybody.

MAY = "anybody"                  no sign-in is asked for
MAY = "signed in"                whoever is signed in, about themselves
MAY = "operator"                 whose account has the role admin
MAY = "viewer"                   members of the form in the path, from this role on (editor, manager, owner)
MAY = "viewer, forms:read"       the same; a token needs the scope
MAY = "viewer; POST editor"      a page that asks for more of who sends its form
"""

import ast

from infra.local.template import ROOT, Function
from pillarbox import roles, tokens

PEOPLE = ("visitor", "ended", "off", "stranger", "viewer", "editor", "manager", "owner", "operator")
NOT_SIGNED_IN = {"visitor", "ended", "off"}
# How an answer is read: let in (whatever was then wrong), asked to sign in, told that they may not, or told of nothing.
IN, OUT, NO, NOTHING = "in", "out", "no", "nothing"


def row(function: Function, method: str) -> str:
    """Return the row of an endpoint; a file without one is an error."""
    file = ROOT / "tests" / function.kind / f"test_{function.folder.name}.py"
    for statement in ast.parse(file.read_text()).body:
        if isinstance(statement, ast.Assign) and ast.unparse(statement.targets[0]) == "MAY":
            shows, _, sends = str(ast.literal_eval(statement.value)).partition("; POST ")
            return sends if sends and method == "POST" else shows
    raise LookupError(f"{file.name} says nowhere who may call the endpoint: MAY = …, see tests/security/matrix.py")


def expected(may: str, who: str) -> str:
    """Return what becomes of somebody (one of PEOPLE, or a scope of a token of the owner's)."""
    wanted, _, scope = may.partition(", ")
    if who in tokens.SCOPES:
        return OUT if not scope else IN if who == scope else NO  # pages take no tokens
    if who in NOT_SIGNED_IN:
        return OUT
    if wanted == "operator":
        return IN if who == "operator" else NO
    if wanted != "signed in" and who not in roles.RANKS:
        return NOTHING
    return IN if wanted == "signed in" or roles.RANKS.index(who) >= roles.RANKS.index(wanted) else NO


def seen(function: Function, status: int, location: str) -> str:
    """Return how an answer is read."""
    # A page's 401 is about what was typed.
    out = location.startswith("/sign-in?next=") if function.kind == "pages" else status == 401
    return OUT if out else {403: NO, 404: NOTHING}.get(status, IN)
