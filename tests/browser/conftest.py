"""A real browser, the stack as `make run` starts it, and a website of the owner's on another origin."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, sync_playwright

from infra.local.engine import free_port
from infra.local.template import ROOT

START_SECONDS = 60  # two busy cores and a cold disk; it takes three
QUIET = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
]


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Iterator[str]:
    """The address of Pillarbox on a free port, with an empty folder for its data."""
    url, folder = f"http://localhost:{(port := free_port())}", tmp_path_factory.mktemp("site")
    with (folder / "log").open("w") as log:
        command = [sys.executable, "-m", "infra.local.run", "--data", str(folder / "data")]
        run = subprocess.Popen(
            command, cwd=ROOT, env=os.environ | {"PORT": str(port), "PUBLIC_URL": url}, stdout=log, stderr=log
        )
        try:
            _wait(url, run, folder / "log")
            yield url
        finally:
            run.send_signal(signal.SIGTERM)
            run.wait(timeout=START_SECONDS)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    arguments = [*QUIET, *(["--no-sandbox"] if os.geteuid() == 0 else [])]  # Chromium's sandbox refuses root
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=(ROOT / ".tools" / "chromium.path").read_text().strip(), args=arguments
        )
        yield browser
        browser.close()


class Watched:
    """What a browser did behind its pages: the origins it asked, and whatever it complained of."""

    def __init__(self, context: BrowserContext) -> None:
        self.origins: set[str] = set()
        self.complaints: list[str] = []
        context.on("request", lambda request: self.origins.add("/".join(request.url.split("/")[:3])))
        context.on("console", lambda said: self.complaints.append(said.text) if said.type == "error" else None)
        context.on("weberror", lambda error: self.complaints.append(str(error.error)))


@pytest.fixture
def open_context(browser):
    """Open a browser of its own, for one person: returns its page and what it does meanwhile."""
    contexts = []

    def opened(**settings):
        contexts.append(context := browser.new_context(**settings))
        return context.new_page(), Watched(context)

    yield opened
    for context in contexts:
        context.close()


class Website:
    """The owner's own site: HTML files under another origin than Pillarbox's."""

    def __init__(self, folder: Path, url: str) -> None:
        self._folder = folder
        self.url = url

    def publish(self, name: str, html: str) -> str:
        (self._folder / name).write_text(html)
        return f"{self.url}/{name}"


@pytest.fixture
def website(tmp_path) -> Iterator[Website]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = (tmp_path / Path(self.path).name).read_bytes()
            self.send_response(200)
            self.send_header("content-type", "text/html; charset=utf-8")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield Website(tmp_path, f"http://127.0.0.1:{server.server_port}")
        server.shutdown()
        thread.join()


def _wait(url: str, run: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        assert run.poll() is None, log.read_text()
        try:
            if httpx.get(f"{url}/health").status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.1)  # it isn't listening yet
    pytest.fail(f"{url}/health didn't answer: {log.read_text()}")
