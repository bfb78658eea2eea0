"""What every page has to be, as functions of an open page: each returns sentences about what is wrong, or none.

The scripts run by the browser's own protocol, past the page's Content-Security-Policy, which stays in force.
"""

import json
import re
import subprocess
from functools import cache
from typing import Any

from playwright.sync_api import ConsoleMessage, Page, Response

from infra.local.template import ROOT
from tests.browser.node import CLIENTS, PACKAGES

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
COLOURS = ["color-contrast", "link-in-text-block"]  # what another colour scheme changes
MOST_BYTES = 60 * 1024  # of a first visit, over the wire: DESIGN, section 7
MOST_REQUESTS = 10
FRAMED_BY = re.compile(r"frame-ancestors [^;]*")  # an owner's form may stand in any page: it is theirs to say where
LAX = (" 'unsafe-inline'", " 'unsafe-eval'", " *;", " * ", " http:", " https:;", " https: ")  # in a policy
MOTION_MS, STILL_MS = 150, 1
TABS_AT_ONCE = 4  # beyond the stops that there are, until it is around: an input for a date has three of its own
MOST_TABS = 80  # beyond them, before something keeps the focus
LOOK = (ROOT / "tests" / "browser" / "look.js").read_text()


def look(page: Page, name: str, *given: object) -> Any:
    """Ask a function of look.js."""
    return page.evaluate(f"given => ({LOOK}).{name}(...given)", list(given))


def axe(page: Page, *only: str) -> list[str]:
    """Return what axe-core finds of WCAG 2.2 AA and its best practice, or of these rules alone."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(_axe())
    run = {"type": "rule", "values": only} if only else {"type": "tag", "values": RULES}
    found = page.evaluate(
        "run => axe.run(document, { runOnly: run, resultTypes: ['violations'] })"
        ".then(({ violations }) => violations.map(({ id, help, nodes }) =>"
        " [id, help, nodes.length, nodes[0].target.flat().join(' '), nodes[0].any[0]?.message ?? '']))",
        run,
    )
    return [f"axe, {id_}: {help_}: {n} times, first {where} ({why})" for id_, help_, n, where, why in found]


def structure(page: Page) -> list[str]:
    return list(look(page, "structure"))


def layout(page: Page) -> list[str]:
    size = page.viewport_size
    assert size
    return list(look(page, "layout", size["width"]))


def keyboard(page: Page) -> list[str]:
    """Go through the page by Tab, once around."""
    _tab(page, look(page, "walk") + 1)
    for _ in range(MOST_TABS // TABS_AT_ONCE):
        if look(page, "around"):
            break
        _tab(page, TABS_AT_ONCE)
    return list(look(page, "walked"))


def skip_link(page: Page) -> list[str]:
    """See that the first stop of a page with something before its content leads past that."""
    if not page.locator("body > header nav").count():
        return []
    look(page, "fromTheStart")
    _tab(page, 1)
    if not page.evaluate("document.activeElement.matches('a[href=\"#main\"]')"):
        return ["its first stop by Tab is no link past what stands on every page"]
    page.keyboard.press("Enter")
    _tab(page, 1)
    past = page.evaluate("document.activeElement.closest('header, nav[aria-label=\"This form\"]') === null")
    return [] if past else ["its link past what stands on every page leads into it"]


def _tab(page: Page, times: int) -> None:
    for _ in range(times):
        page.keyboard.press("Tab")


def scheme(page: Page, wanted: str) -> list[str]:
    """See that the page follows the colours which its reader's system has."""
    page.emulate_media(color_scheme=wanted)  # type: ignore[arg-type]
    shade = page.evaluate(
        "() => { const [r, g, b, a] = getComputedStyle(document.body).backgroundColor.match(/[\\d.]+/g).map(Number);"
        " return a === 0 ? 1 : (r * 2 + g * 5 + b) / 8 / 255; }"
    )
    return [] if (shade > 0.5) == (wanted == "light") else [f"with {wanted} colours its background isn't {wanted}"]


def guarded(responses: list[Response], site: str) -> list[str]:
    """See that each answer has a strict policy, and that nobody else was asked for anything."""
    wrong = []
    for response in responses:
        if not response.url.startswith(f"{site}/"):
            wrong.append(f"it asks somebody else: {response.url}")
            continue
        policy = response.headers.get("content-security-policy", "")
        path = response.url.removeprefix(site)
        if not policy.startswith("default-src 'none'"):
            wrong.append(f"{path} has no strict Content-Security-Policy: {policy or 'none'}")
        wrong += [f"{path}: its policy allows{one}" for one in LAX if one in f"{FRAMED_BY.sub('', policy)};"]
        if response.headers.get("x-content-type-options") != "nosniff":
            wrong.append(f"{path} has no X-Content-Type-Options")
    return wrong


class Traffic:
    """What goes over the wire to a browser that opens a page for the first time."""

    def __init__(self, page: Page) -> None:
        self.responses: list[Response] = []
        self.bytes: dict[str, int] = {}
        self.urls: dict[str, str] = {}
        self.complaints: list[str] = []
        self._page = page
        page.on("response", self._answered)
        page.on("console", self._said)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        session = page.context.new_cdp_session(page)
        session.send("Network.enable")
        session.on("Network.requestWillBeSent", self._sent)
        session.on("Network.loadingFinished", self._finished)

    def forget(self) -> None:
        self.responses.clear()
        self.bytes.clear()
        self.complaints.clear()

    def _answered(self, response: Response) -> None:
        self.responses.append(response)

    def _said(self, said: ConsoleMessage) -> None:
        if said.type in {"error", "warning"}:
            self.complaints.append(said.text)

    def _sent(self, event: dict[str, Any]) -> None:
        if not event["request"]["url"].startswith("data:"):
            self.bytes.setdefault(event["requestId"], 0)
            self.urls[event["requestId"]] = event["request"]["url"]

    def _finished(self, event: dict[str, Any]) -> None:
        if event["requestId"] in self.bytes:
            self.bytes[event["requestId"]] = int(event["encodedDataLength"])

    def weight(self) -> list[str]:
        wrong = []
        if (whole := sum(self.bytes.values())) > MOST_BYTES:
            each = ", ".join(f"{n}" for n in sorted(self.bytes.values(), reverse=True))
            wrong.append(f"its first visit takes {whole} bytes, and may take {MOST_BYTES}: {each}")
        asked = {self.urls[one] for one in self.bytes}  # what a frame asks for again comes from the browser's cache
        if len(asked) > MOST_REQUESTS:
            each = ", ".join(sorted(asked))
            wrong.append(f"its first visit takes {len(asked)} requests, and may take {MOST_REQUESTS}: {each}")
        return wrong

    def complained(self, status: int) -> list[str]:
        """Return what the browser complained of, but that a page with an error's status has an error's status."""
        told = f"the server responded with a status of {status} "
        return [f"the browser complains: {text}" for text in self.complaints if not (status >= 400 and told in text)]


class Validator:
    """html-validate, in one process for many pages."""

    def __init__(self) -> None:
        node = (ROOT / ".tools" / "node.path").read_text().strip()
        command = [node, str(CLIENTS / "validate.mjs")]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def __call__(self, html: str) -> list[str]:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps({"html": html}) + "\n")
        self._process.stdin.flush()
        return [f"html-validate, {one}" for one in json.loads(self._process.stdout.readline())]

    def close(self) -> None:
        self._process.communicate(timeout=60)


@cache
def _axe() -> str:
    return (PACKAGES / "axe-core" / "axe.min.js").read_text()
