"""The checklist in docs/security.md is whole, and each line that says "met" names a test that there is."""

import ast
import re
from collections import Counter
from functools import cache

import pytest

from infra.local.template import ROOT
from tests.security.protections import MUTATIONS

DOCUMENT = (ROOT / "docs" / "security.md").read_text()
LISTED = dict(
    line.split() for line in (ROOT / "tests" / "security" / "asvs-5.0.0.txt").read_text().splitlines() if line[0] != "#"
)
ROWS = re.findall(r"^\| (\d+\.\d+\.\d+) \| (\d) \| ([^|]+) \| ([^|]+) \| ([^|]*)\|$", DOCUMENT, re.MULTILINE)
MET = [(number, test.strip().strip("`")) for number, _, state, _, test in ROWS if state == "met"]


@cache
def named_in(path):
    tree = ast.parse((ROOT / "tests" / path).read_text())
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


def test_each_requirement_of_levels_1_and_2_stands_there_once():
    assert Counter(LISTED.values()) == {"1": 70, "2": 183}
    assert [(number, level) for number, level, *_ in ROWS] == list(LISTED.items())


def test_each_line_says_how_or_why_not():
    assert {state for _, _, state, _, _ in ROWS} == {"met", "**not met**", "AWS", "none"}
    assert [
        number for number, _, state, how, test in ROWS if not how.strip() or (state == "met") != bool(test.strip())
    ] == []


def test_the_document_counts_right():
    counted = Counter(state.strip("*") for _, _, state, _, _ in ROWS)
    said = re.search(r"(\d+) are met, (\d+) are not, (\d+) are AWS's, and for (\d+) there is nothing", DOCUMENT)

    assert said
    assert [int(one) for one in said.groups()] == [counted[one] for one in ("met", "not met", "AWS", "none")]


@pytest.mark.parametrize(("number", "test"), MET, ids=[number for number, _ in MET])
def test_what_is_met_names_a_test(number, test):
    path, _, name = test.partition("::")

    assert name in named_in(path), f"{number}: there is no {test}"


def test_protections_that_are_taken_out_are_seen_by_tests_of_the_checklist():
    """Of the mutations that `make mutations` makes, at least twenty are seen by a test that the checklist names."""
    named = {test for _, test in MET}

    assert sum(mutation.test in named for mutation in MUTATIONS) >= 20
