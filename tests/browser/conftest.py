"""A real browser, the stack as `make run` starts it, and a website of the owner's on another origin."""

import threading
from collections.abc import Iterator
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from tests.browser.checks import Validator
from tests.browser.owners import Owner
from tests.browser.running import chromium, running
from tests.browser.tour import World
from tests.browser.visits import Visit
from tests.browser.world import OPERATOR, prepare

PATIENCE_MS = 60_000


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Iterator[str]:
    """The address of Pillarbox on a free port, with an empty folder for its data."""
    with running(tmp_path_factory.mktemp("site")) as url:
        yield url


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="session")
def world(tmp_path_factory) -> Iterator[World]:
    """A site of its own with all that the tour of its pages looks at, once for each worker."""
    with running(tmp_path_factory.mktemp("tour"), {"ADMIN_EMAIL": OPERATOR}) as url:
        yield prepare(url)


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


@pytest.fixture(scope="module")
def owner(site) -> Iterator[Owner]:
    with closing(Owner(site)) as owner:
        yield owner


@pytest.fixture
def opened(owner, open_context):
    """Open a page as the owner, in a browser of its own: returns the page and what the browser does meanwhile."""

    def opened(path, **settings):
        page, behind = open_context(**settings)
        page.set_default_timeout(PATIENCE_MS)
        page.goto(f"{owner.site}/sign-in?{urlencode({'next': path})}")
        page.get_by_label("Username or e-mail").fill(owner.name)
        page.get_by_label("Password", exact=True).fill(owner.password)
        page.get_by_role("main").get_by_role("button", name="Sign in", exact=True).click()
        expect(page).to_have_url(f"{owner.site}{path}", timeout=PATIENCE_MS)
        page.wait_for_load_state()  # by then scripts listen
        return page, behind

    return opened


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


@pytest.fixture(scope="session")
def valid() -> Iterator[Validator]:
    """html-validate: what isn't valid in a page's HTML."""
    validator = Validator()
    yield validator
    validator.close()


@pytest.fixture
def visit(world, browser):
    """Open a stop of the tour in a browser of its own, with these settings."""
    contexts = []

    def visit(stop, **settings):
        told = {"locale": stop.language, "reduced_motion": "reduce", "color_scheme": "light"} | settings
        contexts.append(context := browser.new_context(**told))
        return Visit(world, stop, context)

    yield visit
    for context in contexts:
        context.close()
