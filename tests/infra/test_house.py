"""The bounds of the house: files that a person reads in one go, requirements that are what they were, help for all."""

import re

import pytest

from infra.local.template import ROOT

BOUNDS = {
    "layers/core/pillarbox/*.py": 250,
    "layers/core/pillarbox/aws.py": 200,
    "functions/*/*/*.py": 40,
    "infra/local/*.py": 250,
}
REQUIREMENTS = [*sorted((ROOT / "requirements").glob("*.txt")), *sorted((ROOT / "layers").glob("*/*.txt"))]
MAKEFILE = (ROOT / "Makefile").read_text()
(TARGETS,) = re.findall(r"^\.PHONY: (.+)$", MAKEFILE, re.MULTILINE)


@pytest.mark.parametrize(("files", "most"), BOUNDS.items())
def test_a_module_has_no_more_lines_than_one_reads_in_one_go(files, most):
    lines = {str(file.relative_to(ROOT)): len(file.read_text().splitlines()) for file in ROOT.glob(files)}

    assert lines
    assert {name: count for name, count in lines.items() if count > most} == {}


@pytest.mark.parametrize("file", REQUIREMENTS, ids=lambda file: str(file.relative_to(ROOT)))
def test_requirements_are_exact_versions_with_hashes_and_from_no_address(file):
    entries = file.read_text().replace("\\\n", " ").splitlines()
    exact = re.compile(r"[a-z0-9][a-z0-9._-]*==[^\s:/@]+( ; [^:/@]+?)?( +--hash=sha256:[0-9a-f]{64})+")

    assert entries
    assert [entry for entry in entries if not exact.fullmatch(entry)] == []


@pytest.mark.parametrize("target", TARGETS.split())
def test_a_target_of_make_has_a_line_of_help(target):
    assert len(re.findall(rf"^{target}:.*?## \S", MAKEFILE, re.MULTILINE)) == 1


def test_the_map_of_the_layer_names_every_module():
    map_ = (ROOT / "layers/core/pillarbox/__init__.py").read_text()
    modules = {file.stem for file in (ROOT / "layers/core/pillarbox").glob("*.py")} - {"__init__"}

    assert modules - set(re.findall(r"[a-z_]+", map_)) == set()
