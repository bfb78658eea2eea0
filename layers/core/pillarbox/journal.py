"""One line of JSON for each request, with its metrics in CloudWatch's embedded format. Stdlib only.

It says what became of a request, and never what was in it or who sent it: of an exception that isn't our own, only
its type and where it was raised, since its message may quote what was sent.
"""

import json
import os
import sys
import time

from pillarbox import aws
from pillarbox.errors import PillarboxError

TYPE_CHECKING = False  # to mypy it is true; importing `typing` takes longer than this module
if TYPE_CHECKING:
    from typing import Any

    type Said = dict[str, Any]


def write(message: str, counted: "Said", **said: "Any") -> None:
    """Write the line; `counted` are the metrics: counts by name, and Milliseconds."""
    metrics = [{"Name": name, "Unit": "Milliseconds" if name == "Milliseconds" else "Count"} for name in counted]
    where = {"Namespace": "Pillarbox", "Dimensions": [["service"]], "Metrics": metrics}
    line = {
        "message": message,
        "service": os.environ.get("POWERTOOLS_SERVICE_NAME", "pillarbox"),
        **said,
        **counted,
        "_aws": {"Timestamp": int(time.time() * 1000), "CloudWatchMetrics": [where]},
    }
    sys.stdout.write(json.dumps(line) + "\n")


def causes(error: BaseException | None) -> "list[Said]":
    """Return what may be told of an exception and of those that caused it, the last raised first."""
    import traceback  # noqa: PLC0415  only where something went wrong

    chain: list[Said] = []
    while error:
        frames = traceback.extract_tb(error.__traceback__)
        told: Said = {"type": type(error).__name__, "raised": [f"{f.filename}:{f.lineno} {f.name}" for f in frames]}
        if isinstance(error, (PillarboxError, aws.Rejected)):
            told["message"] = str(error)
        chain.append(told)
        error = error.__cause__ or error.__context__
    return chain
