"""What the documentation says is so."""

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib

import pytest
from pydantic import TypeAdapter

from infra.local.template import ROOT
from pillarbox.fields import Fields
from pillarbox.patterns import automaton

DOCS = {file.name: file.read_text() for file in [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]}


def blocks(document, language):
    return re.findall(rf"```{language}\n(.*?)```", DOCS[document], re.DOTALL)


def test_every_dependency_has_a_line_that_says_what_it_earns():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    wanted = [
        *project["project"]["dependencies"],
        *(name for group in project["dependency-groups"].values() for name in group),
    ]
    names = {re.split(r"[\[~=<>]", name)[0] for name in wanted}

    assert {name for name in names if f"`{name}`" not in DOCS["decisions.md"]} == set()


@pytest.mark.parametrize("document", DOCS)
def test_links_lead_somewhere(document):
    folder = ROOT if document == "README.md" else ROOT / "docs"
    links = re.findall(r"\]\(([^)#\s]+)", DOCS[document]) + re.findall(
        r'(?:src|srcset|href)="([^"#]+)"', DOCS[document]
    )

    assert [link for link in links if "://" not in link and not (folder / link).exists()] == []


@pytest.mark.parametrize("document", DOCS)
def test_only_targets_that_make_has_are_named(document):
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))

    assert set(re.findall(r"`(?:PORT=\d+ )?make ([a-z-]+)", DOCS[document])) <= targets


def test_the_form_of_the_example_can_be_made():
    (call,) = blocks("fields.md", "sh")
    form = json.loads(call[call.index("'{") + 1 : call.rindex("}'") + 1])

    assert len(TypeAdapter(Fields).validate_python(form["fields"])) == 8


def test_the_patterns_that_are_recommended_work():
    _, _, section = DOCS["fields.md"].partition("## Patterns")
    patterns = re.findall(r"^\| `(.+?)` \| ", section, re.MULTILINE)

    assert len(patterns) == 4
    assert all(map(automaton, patterns))


def test_an_endpoint_is_added_as_the_example_says(tmp_path):
    for name in ("functions", "layers", "infra", "tests"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("template.yaml", "pyproject.toml", "Makefile"):
        shutil.copy(ROOT / name, tmp_path)
    (tmp_path / ".tools").symlink_to(ROOT / ".tools")
    handler, test = blocks("contributing.md", "python")
    (block,) = blocks("contributing.md", "yaml")
    folder = tmp_path / "functions" / "api" / "get_account"
    folder.mkdir()
    (folder / "handler.py").write_text(handler)
    (tmp_path / "tests" / "api" / "test_get_account.py").write_text(test)
    before, banner, after = (tmp_path / "template.yaml").read_text().partition("  # ── JSON API")
    rest_of_line, _, after = after.partition("\n")
    (tmp_path / "template.yaml").write_text(f"{before}{banner}{rest_of_line}\n\n{block}{after}")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "PYTEST"))}

    events = [sys.executable, "-m", "infra.local.sample_events"]
    subprocess.run(events, cwd=tmp_path, env=environment | {"PYTHONPATH": "layers/core"}, check=True)
    tests = ["tests/api/test_get_account.py", "tests/infra/test_template.py", "tests/infra/test_events.py"]
    chosen = ["-k", "get_account or GetAccount or folder or change_nothing or test_file"]
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *chosen, *tests],
        cwd=tmp_path,
        env=environment,
        check=False,
        capture_output=True,
        text=True,
    )

    assert run.returncode == 0, run.stdout
    assert (tmp_path / "tests" / "events" / "get_account.json").exists()
