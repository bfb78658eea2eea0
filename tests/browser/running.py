"""What tests in a browser run: Pillarbox as `make run` starts it, in a process of its own, and a Chromium."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import httpx
from playwright.sync_api import Browser, sync_playwright

from infra.local.engine import free_port
from infra.local.template import ROOT

START_SECONDS = 240  # two busy cores and a cold disk; it takes three
QUIET = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
]


@contextmanager
def running(
    folder: Path, given: Mapping[str, str] | None = None, module: str = "infra.local.run", port: int = 0
) -> Iterator[str]:
    """Run it with its data in the folder, on a free port unless one is named.

    `given` are parameters of the template, as variables.
    """
    url = f"http://localhost:{(port := port or free_port())}"
    with (folder / "log").open("w") as log:
        command = [sys.executable, "-m", module, "--data", str(folder / "data")]
        variables = {**os.environ, "PORT": str(port), "PUBLIC_URL": url, **(given or {})}
        run = subprocess.Popen(command, cwd=ROOT, env=variables, stdout=log, stderr=log)
        try:
            _wait(url, run, folder / "log")
            yield url
        finally:
            run.send_signal(signal.SIGTERM)
            run.wait(timeout=START_SECONDS)


@contextmanager
def chromium() -> Iterator[Browser]:
    arguments = [*QUIET, *(["--no-sandbox"] if os.geteuid() == 0 else [])]  # Chromium's sandbox refuses root
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=(ROOT / ".tools" / "chromium.path").read_text().strip(), args=arguments
        )
        yield browser
        browser.close()


def _wait(url: str, run: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        if run.poll() is not None:
            break
        try:
            if httpx.get(f"{url}/health", timeout=START_SECONDS).status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.1)  # it isn't listening yet
    raise AssertionError(f"{url}/health didn't answer: {log.read_text()}")
