"""`make mutations`: take each protection out, one after the other, and see that a test fails.

Each is a text of one file, in whose place another one stands in a copy of the tree. The tests have to pass before, and
then to fail: an error of Python's or pytest's is none of that.
"""

import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from os import process_cpu_count
from pathlib import Path

from infra.local.template import ROOT
from tests.security.protections import MUTATIONS, Mutation

PASSED, FAILED = 0, 1  # what pytest ends with; anything else is neither
CARRIED = ("functions", "layers", "infra", "tests", "docs", "template.yaml", "pyproject.toml", "Makefile", "README.md")
LEFT_OUT = shutil.ignore_patterns("__pycache__", "node_modules")


def path(mutation: Mutation) -> Path:
    folder = "functions" if mutation.file.startswith(("api/", "pages/", "workers/")) else "layers/core/pillarbox"
    return ROOT / folder / mutation.file


def copied(folder: Path) -> None:
    """Copy what tests need; what was installed is shared."""
    for name in CARRIED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=LEFT_OUT)
        else:
            shutil.copy(source, folder)
    (folder / ".tools").symlink_to(ROOT / ".tools")
    (folder / ".venv").symlink_to(ROOT / ".venv")


def run(folder: Path, *tests: str) -> int:
    """Run tests in a copy, and return what pytest ends with."""
    asked = [f"tests/{test}" for test in tests]
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider"]
    return subprocess.run([*command, *asked], cwd=folder, capture_output=True, check=False).returncode


def outcome(mutation: Mutation) -> int:
    """Return what pytest ends with when the protection is taken out."""
    with tempfile.TemporaryDirectory() as made:
        copied(Path(made))
        file = Path(made) / path(mutation).relative_to(ROOT)
        file.write_text(file.read_text().replace(mutation.old, mutation.new))
        return run(Path(made), mutation.test)


def main() -> int:
    with tempfile.TemporaryDirectory() as made:
        copied(Path(made))
        if run(Path(made), *sorted({mutation.test for mutation in MUTATIONS})) != PASSED:
            print("These tests fail already, with everything in its place.")
            return 1
    with ThreadPoolExecutor(process_cpu_count()) as threads:
        outcomes = list(threads.map(told, MUTATIONS))
    print(f"{outcomes.count(FAILED)} of {len(outcomes)} protections are seen to be missing.")
    return 0 if set(outcomes) == {FAILED} else 1


def told(mutation: Mutation) -> int:
    came = outcome(mutation)
    print(
        f"{ {FAILED: 'seen', PASSED: 'NOT SEEN'}.get(came, f'ERROR {came}'):9}{mutation.what:62}{mutation.test}",
        flush=True,
    )
    return came


if __name__ == "__main__":
    sys.exit(main())
