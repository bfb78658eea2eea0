"""The gateway, the pump and the workers may die at any moment and lose nothing: `make kills`, with fewer kills."""

import json
import os
import subprocess
import sys

from infra.local.template import ROOT


def test_who_is_killed_under_load_loses_no_submission_and_no_delivery():
    """In a process of its own, with an engine of its own: other tests' changes are none of its stream's."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.faults.kills", "--times", "2", "--seed", "2"],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": f"{ROOT}:{ROOT / 'layers' / 'core'}"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr
    counts = json.loads(done.stdout)
    assert (counts["seed"], counts["kills"]) == (2, 2)
    assert counts["stored"] == counts["accepted"] > 0
    assert {name.partition(" ")[2] for name in counts["deliveries"]} == {"done"}
