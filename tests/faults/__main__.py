"""`make faults`: accept thousands of submissions while everything goes wrong, and look that nothing is lost.

Prints a line of JSON for each seed. What goes wrong and what is made is the same again with the same seed, as long
as the machine takes about the same time for it.
"""

import argparse
import json
import logging
import os
import sys
import tempfile
import time
from contextlib import redirect_stdout
from pathlib import Path

from infra.local import engine as local_engine
from tests.surroundings import PORT, deployed


def main() -> int:
    """Run, and return 1 if anything was not as promised."""
    asked = argparse.ArgumentParser()
    asked.add_argument("seeds", nargs="+", type=int)
    asked.add_argument("--submissions", type=int, default=10_000)
    options = asked.parse_args()
    logging.disable(logging.CRITICAL)
    with tempfile.TemporaryDirectory() as folder:
        return max(_run(seed, options.submissions, Path(folder)) for seed in options.seeds)


def _run(seed: int, submissions: int, folder: Path) -> int:
    own = folder / str(seed)
    own.mkdir()
    with local_engine.running(log=own / "engine.log", port=PORT) as engine:
        template = deployed(engine)
        from tests.faults.verdict import Verdict  # noqa: PLC0415 - it imports what reads the environment
        from tests.faults.world import World  # noqa: PLC0415

        began = time.monotonic()
        world = World(seed, engine, template, own)
        with Path(os.devnull).open("w") as nowhere, redirect_stdout(nowhere):  # a line of the log for each request
            world.run(submissions)
        verdict = Verdict(world)
    told = {"seed": seed, "seconds": round(time.monotonic() - began)} | verdict.counts()
    lines = [json.dumps(told), *(f"seed {seed}: {sentence}" for sentence in verdict.wrong[:20])]
    print(*lines, sep="\n", flush=True)  # noqa: T201 - it is what the command is for
    return 1 if verdict.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
