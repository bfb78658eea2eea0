"""`make mutations` takes out what it says, and tells a protection that nothing looks at from one that is seen."""

import pytest

from tests.security import mutations
from tests.security.protections import MUTATIONS, Mutation


@pytest.mark.parametrize("mutation", MUTATIONS, ids=[mutation.what for mutation in MUTATIONS])
def test_a_protection_stands_once_in_its_file(mutation):
    text = mutations.path(mutation).read_text()

    assert text.count(mutation.old) == 1
    assert mutation.new not in {mutation.old, text}


def test_what_is_taken_out_is_seen_and_what_does_nothing_is_not():
    looks = "core/test_csrf.py::test_no_cookie_no_entry"
    gone = Mutation("the secret is asked for", "csrf.py", "if not secret or ", "if secret and ", looks)
    nothing = Mutation("nothing", "csrf.py", "SIZE = 32", "SIZE = 32 ", looks)

    assert mutations.outcome(gone) == mutations.FAILED
    assert mutations.outcome(nothing) == mutations.PASSED
