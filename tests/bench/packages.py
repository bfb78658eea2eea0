"""What the bench runs: ordinary packages as `sam build` ships them, the same compiled, and Lambda's own runtime."""

import compileall
import hashlib
import shutil
import subprocess
import venv
from pathlib import Path
from py_compile import PycInvalidationMode
from typing import NamedTuple

from infra.local.build import ROOT, TOOLS

FOLDER = ROOT / ".aws-sam" / "bench"
REQUIREMENTS = ROOT / "requirements" / "bench.txt"
# awslambdaric and what it imports: on Lambda they lie in the runtime, compiled, beside nobody's packages.
RUNTIME = (
    "awslambdaric",
    "runtime_client*",
    "simplejson",
    "snapshot_restore_py*",
    "opentelemetry*",
    "typing_extensions*",
)


class Packages(NamedTuple):
    shipped: Path  # no .pyc: sam build brings none, and Lambda can't write any
    compiled: Path
    runtime: Path
    python: Path  # with nothing installed


def prepare() -> Packages:
    packages = Packages(FOLDER / "shipped", FOLDER / "compiled", FOLDER / "runtime", FOLDER / "python/bin/python3")
    mark, wanted = FOLDER / ".done", hashlib.sha256(REQUIREMENTS.read_bytes() + Path(__file__).read_bytes()).hexdigest()
    if not mark.exists() or mark.read_text() != wanted:
        shutil.rmtree(FOLDER, ignore_errors=True)
        install(packages.shipped)
        shutil.copytree(packages.shipped, packages.compiled)
        for pattern in RUNTIME:
            for found in packages.shipped.glob(pattern):
                copy = shutil.copytree if found.is_dir() else shutil.copy
                packages.runtime.mkdir(exist_ok=True)
                copy(found, packages.runtime / found.name)
        for folder in (packages.compiled, packages.runtime):
            compileall.compile_dir(folder, quiet=2, invalidation_mode=PycInvalidationMode.UNCHECKED_HASH)
        venv.create(FOLDER / "python", with_pip=False, symlinks=True)
        mark.write_text(wanted)
    return packages


def install(folder: Path) -> None:
    uv = (TOOLS / "uv.path").read_text().strip()
    python = str(TOOLS / "bench" / "bin" / "python")
    options = ["--link-mode", "copy", "--python", python, "--require-hashes", "--target", str(folder)]
    subprocess.run([uv, "pip", "install", "-q", *options, "-r", str(REQUIREMENTS)], check=True)
