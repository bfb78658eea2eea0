"""Whatever goes wrong, nothing is lost, nothing is done after it succeeded, and what is counted is right."""

import json
import os
import subprocess
import sys

from infra.local.template import ROOT

SEED, SUBMISSIONS = 7, 60


def test_nothing_is_lost_whatever_goes_wrong():
    done = subprocess.run(
        [sys.executable, "-m", "tests.faults", str(SEED), "--submissions", str(SUBMISSIONS)],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": "layers/core"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, f"make faults SEEDS={SEED} SUBMISSIONS={SUBMISSIONS}\n{done.stdout}\n{done.stderr}"
    told = json.loads(done.stdout)
    assert told["accepted"] == SUBMISSIONS
    assert told["calls after a recorded success"] == 0
    assert set(told["deliveries"]) <= {"done", "failed", "dropped"}
    assert sum(told["deliveries"].values()) >= SUBMISSIONS / 2
    assert {"throttle", "lost"} <= set(told["faults"])
