"""`make kills`: kill the gateway, the pump and the workers again and again under load, and look that nothing is lost.

The engine stays, as the table and the queues of AWS do. Prints a line of JSON. Its seed says how long each life lasts
and what is sent; what a kill meets is up to the machine.
"""

import argparse
import json
import logging
import sys
import tempfile
import time
from pathlib import Path

from infra.local import engine as local_engine
from tests.surroundings import PORT, deployed


def main() -> int:
    """Run, and return 1 if anything was lost."""
    asked = argparse.ArgumentParser()
    asked.add_argument("--times", type=int, default=50)
    asked.add_argument("--seed", type=int, default=1)
    options = asked.parse_args()
    logging.disable(logging.CRITICAL)
    with tempfile.TemporaryDirectory() as folder:
        return _run(options.seed, options.times, Path(folder))


def _run(seed: int, times: int, folder: Path) -> int:
    began = time.monotonic()
    with local_engine.running(log=folder / "engine.log", port=PORT) as engine:
        template = deployed(engine, outputs := engine.deploy())
        from tests.faults.lives import Lives  # noqa: PLC0415 - it imports what reads the environment
        from tests.faults.victim import Stack  # noqa: PLC0415

        lives = Lives(seed, Stack(engine, outputs, folder / "data"), template)
        lives.run(times)
    told = {"seed": seed, "seconds": round(time.monotonic() - began)} | lives.counts()
    print(json.dumps(told), *lives.wrong[:20], sep="\n", flush=True)  # noqa: T201 - it is what the command is for
    return 1 if lives.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
