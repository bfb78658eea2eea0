"""Build the application as `sam build` does, and compile its handlers too.

`python -m infra.local.build arm64` (or x86_64) makes what `make deploy` deploys; `… host` what check, tests and
bench run on this machine, in a folder of its own.
"""

import compileall
import fcntl
import hashlib
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from py_compile import PycInvalidationMode

ROOT = Path(__file__).parent.parent.parent
TOOLS = ROOT / ".tools"
HOST = "arm64" if platform.machine() in {"arm64", "aarch64"} else "x86_64"
FOLDER = ROOT / ".aws-sam" / "build"
HOST_FOLDER = ROOT / ".aws-sam" / "host"


def build(architecture: str, folder: Path, *, log: int | None = None) -> Path:
    """Build into the folder, unless it holds this very build; `log` is where sam's output goes, as in subprocess."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with (folder.parent / f"{folder.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # tests run in several processes
        mark, wanted = folder / ".built", fingerprint(architecture)
        if not mark.exists() or mark.read_text() != wanted:
            run_sam(architecture, folder, log)
            compile_handlers(folder)
            mark.write_text(wanted)
    return folder


def run_sam(architecture: str, folder: Path, log: int | None) -> None:
    sam = TOOLS / "sam" / "bin"
    environment = {
        **os.environ,
        "ARCHITECTURE": architecture,
        "PATH": f"{sam}:{os.environ['PATH']}",  # sam insists on a python3.13 there
        "PYTHON": sys.executable,
        "SAM_CLI_TELEMETRY": "0",
        "UV": (TOOLS / "uv.path").read_text().strip(),
    }
    parameters = ["--parameter-overrides", f"Architecture={architecture}"]
    subprocess.run(  # noqa: S603 - a command of our own
        [str(sam / "sam"), "build", "--build-dir", str(folder), *parameters],
        cwd=ROOT,
        env=environment,
        check=True,
        stdout=log,
        stderr=subprocess.STDOUT if log else None,
    )


def compile_handlers(folder: Path) -> None:
    """Compile as the layer's Makefile does, which says why."""
    for handler in folder.glob("*/handler.py"):
        function = handler.parent
        shutil.rmtree(function / "__pycache__", ignore_errors=True)
        if not compileall.compile_dir(
            function,
            quiet=1,
            stripdir=str(function),
            prependdir="/var/task",
            invalidation_mode=PycInvalidationMode.UNCHECKED_HASH,
        ):
            raise SystemExit(f"{handler} doesn't compile")


def fingerprint(architecture: str) -> str:
    known = hashlib.sha256(architecture.encode())
    for file in sources():
        known.update(f"{file.relative_to(ROOT)} {file.stat().st_size}\n".encode() + file.read_bytes())
    return known.hexdigest()


def sources() -> Iterator[Path]:
    yield ROOT / "template.yaml"
    yield Path(__file__)
    yield from sorted((ROOT / "infra").glob("*.yaml"))
    for folder in ("functions", "layers"):
        for file in sorted((ROOT / folder).rglob("*")):
            if file.is_file() and file.suffix != ".pyc":
                yield file


if __name__ == "__main__":
    wanted = sys.argv[1]
    if wanted not in {"arm64", "x86_64", "host"}:
        raise SystemExit(f"ARCHITECTURE is arm64 or x86_64, not {wanted}")
    if wanted == "host":
        build(HOST, HOST_FOLDER)
    else:
        build(wanted, FOLDER)
