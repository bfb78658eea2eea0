"""Node, and what tests/clients has installed for it."""

import json
import subprocess
from pathlib import Path

from infra.local.template import ROOT

CLIENTS = ROOT / "tests" / "clients"
PACKAGES = CLIENTS / "node_modules"


def run(script: Path, given: object) -> str:
    """Run a script with JSON on its standard input; returns what it printed."""
    node = (ROOT / ".tools" / "node.path").read_text().strip()
    done = subprocess.run(
        [node, str(script)], input=json.dumps(given), capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def bundled(entry: str, files: dict[str, str] | None = None) -> str:
    """Return a <script> that runs the entry, with what it imports."""
    return inline(run(CLIENTS / "bundle.mjs", {"entry": entry, "files": files or {}}))


def inline(script: str) -> str:
    return "<script>" + script.replace("</script", r"<\/script") + "</script>"
