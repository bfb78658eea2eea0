"""`make bench`: how Pillarbox compares with what others would have built, beside the budgets of the design.

Everything is a ratio of medians, measured in turns: milliseconds don't travel from one machine to another. Ends with an
error only when something couldn't be measured.
"""

import os
import signal
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path

import httpx

from infra.local import engine as local_engine
from infra.local.template import ROOT
from tests.bench import packages
from tests.bench.instances import PATIENCE, CannotMeasure
from tests.bench.measure import BARE, FASTAPI, NOTHING, SUBMIT, Bench

COLD_ROUNDS, OTHER_ROUNDS, RUN_ROUNDS = 9, 5, 3
MEGABYTE = 1_000_000
SHIPPED, COMPILED = "as sam build ships it", "with it compiled too"


def main() -> None:
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        with local_engine.running(log=Path(folder) / "engine.log") as engine:
            bench = Bench(engine, packages.prepare())
            submit_cold(bench)
            submit_warm(bench)
            others_cold(bench)
        say("layer, zipped", megabytes(bench.built / "Core", Path(folder)), 12, "{:.1f} MB")
        say("make run until /health", seconds_to_health(Path(folder)), 3, "{:.1f} s")
    print(f"Measured in {time.monotonic() - began:.0f} s.")


def submit_cold(bench: Bench) -> None:
    references = [
        (
            f"{name}, {COMPILED if compiled else SHIPPED}",
            limit,
            bench.reference(name, compiled=compiled),
        )
        for name, limit in ((BARE, 0.35), (FASTAPI, 0.2))
        for compiled in (False, True)
    ]
    subjects = [bench.ours(SUBMIT), *(subject for _, _, subject in references)]
    ours, *theirs = bench.cold_in_turns(subjects, COLD_ROUNDS)
    met = [
        say(f"submit, cold, to {name}", ours / seconds, limit)
        for (name, limit, _), seconds in zip(references, theirs, strict=True)
    ]
    if not all(met):
        print(bench.profile_of_start(subjects[0]))


def submit_warm(bench: Bench) -> None:
    """Judge what handlers take; how much of it is the runtime around them tells one that does nothing."""
    references = [bench.reference(name, compiled=True) for name in (BARE, FASTAPI, NOTHING)]
    ours, bare, fastapi, runtime = bench.warm_in_turns([bench.ours(SUBMIT), *references])
    if not say(f"submit, warm CPU, to {BARE}", (ours - runtime) / (bare - runtime), 0.4):
        print(bench.profile_of_calls(bench.ours(SUBMIT)))
    say(f"submit, warm CPU, to {FASTAPI}", (ours - runtime) / (fastapi - runtime), None)
    say(f"submit, warm CPU, to {BARE}, with the runtime around both", ours / bare, None)
    say(f"the runtime itself, warm CPU, to {BARE} with it", runtime / bare, None)


def others_cold(bench: Bench) -> None:
    """Judge the JSON endpoints and pages; the harder comparison, with the reference compiled too, stands beside."""
    references = [bench.reference(BARE, compiled=compiled) for compiled in (False, True)]
    subjects = [bench.ours(name) for name in bench.names() if name != SUBMIT]
    shipped, compiled, *theirs = bench.cold_in_turns([*references, *subjects], OTHER_ROUNDS)
    for subject, seconds in zip(subjects, theirs, strict=True):
        harder = f"{seconds / compiled:.2f} {COMPILED}"
        say(f"{subject.name}, cold, to {BARE}, {SHIPPED}", seconds / shipped, 1.2, note=f"({harder})")
    slowest = max(range(len(subjects)), key=theirs.__getitem__)
    if theirs[slowest] > 1.2 * compiled:
        print(f"Why {subjects[slowest].name} takes longest:\n{bench.profile_of_start(subjects[slowest])}")


def megabytes(layer: Path, folder: Path) -> float:
    packed = folder / "layer.zip"
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in layer.rglob("*"):
            archive.write(file, file.relative_to(layer))
    return packed.stat().st_size / MEGABYTE


def seconds_to_health(folder: Path) -> float:
    """Return how long `make run` takes to answer, its data made before."""
    return min(start_once(folder / "data") for _ in range(RUN_ROUNDS))


def start_once(data: Path) -> float:
    port, began = local_engine.free_port(), time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "infra.local.run", "--data", str(data)],
        cwd=ROOT,
        env={**os.environ, "PORT": str(port)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        while process.poll() is None and time.perf_counter() - began < PATIENCE:
            try:
                if httpx.get(f"http://127.0.0.1:{port}/health").status_code == httpx.codes.OK:
                    return time.perf_counter() - began
            except httpx.TransportError:
                time.sleep(0.01)
        raise CannotMeasure("make run doesn't answer.")
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(PATIENCE)


def say(what: str, figure: float, limit: float | None, form: str = "{:.2f}", *, note: str = "") -> bool:
    """Print a figure beside its budget, and return whether it was met."""
    met = limit is None or figure <= limit
    budget = "" if limit is None else f"budget {form.format(limit)}  {'met' if met else 'missed'}"
    print(f"{what:55} {form.format(figure):>8}  {budget}  {note}".rstrip(), flush=True)
    return met


if __name__ == "__main__":
    try:
        main()
    except CannotMeasure as error:
        raise SystemExit(f"bench: {error}") from error
