"""`make demo`: what `make run` does, on a folder of its own, with an account, three forms and a hundred submissions.

python -m infra.local.demo           PORT chooses another port than 8000
"""

import argparse
import logging
import os
import sys
from contextlib import redirect_stdout
from pathlib import Path

from infra.local.run import Stack, main
from infra.local.template import ROOT

EMAIL = "demo@clay-and-fire.example"  # the operator's too, so that there is all to look at
DATA = ROOT / ".local" / "demo"

logger = logging.getLogger("pillarbox.local")


def ready(stack: Stack, url: str) -> None:
    # Named otherwise, or the functions' loggers, which write JSON, would stand above the one of this terminal.
    os.environ.update(stack.environment | {"POWERTOOLS_SERVICE_NAME": "demo"})
    sys.path[:0] = [str(ROOT), str(ROOT / "layers" / "core")]
    from infra.local import demo_data  # noqa: PLC0415 - its imports make clients out of the environment

    with (stack.data / "functions.log").open("a") as log, redirect_stdout(log):
        demo_data.fill(stack.template, EMAIL, url)
    logger.info(
        "Pillarbox is at %s. Sign in as %s with the password %s; Ctrl-C stops it.",
        url,
        demo_data.USERNAME,
        demo_data.PASSWORD,
    )
    logger.info("Mail that it sends is at %s/_local/mail.", url)


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description="Run Pillarbox on this machine, with something in it to look at.")
    arguments.add_argument("--data", type=Path, default=DATA, help="the folder that keeps the data")
    sys.exit(main(arguments.parse_args().data, ready, given={"AdminEmail": EMAIL}))
