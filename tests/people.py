"""Who is in the tests: an owner, a stranger who owns other things, a visitor who is nobody."""

import re

import httpx

from infra.local.template import Template
from pillarbox import accounts, ids, registration, sessions, settings, tokens
from pillarbox.clients import Client
from tests.site import URL, VISITOR_ADDRESS, Site

PASSWORD = "correct horse battery"
SOMEWHERE = Client(VISITOR_ADDRESS, "Tests")


class Browser(httpx.Client):
    """Somebody who opens pages and sends their forms."""

    def fill(self, page: str, fields: dict[str, str], *, to: str | None = None) -> httpx.Response:
        """Open a page and send its form, as a browser would; `to` is the form's action, the page itself otherwise."""
        token = csrf_token(self.get(page))
        origin = str(self.base_url).rstrip("/")
        return self.post(to or page, data=fields | {"csrf_token": token}, headers={"origin": origin})


class Person(Browser):
    """Somebody's browser and program in one: a session cookie for pages, a token for `/v1`, or neither."""

    def __init__(self, template: Template, account: accounts.Account | None = None) -> None:
        self.site = Site(template)
        super().__init__(transport=self.site, base_url=URL)
        self._account = account
        if account:
            self.cookies.set(settings.session_cookie(), sessions.start(account, SOMEWHERE), domain="pillarbox.test")
            token = tokens.create(account, tokens.Wanted(name="tests"), SOMEWHERE).token
            self.headers["authorization"] = f"Bearer {token}"

    @property
    def account(self) -> accounts.Account:
        assert self._account, "A visitor has no account."
        return self._account


def csrf_token(page: httpx.Response) -> str:
    found = re.search(r'<input[^>]*name="csrf_token"[^>]*value="([^"]+)"', page.text)
    assert found, f"{page.url} ({page.status_code}) has no csrf_token."
    return found[1]


def new_account() -> accounts.Account:
    name = f"somebody-{ids.short()}"
    return accounts.create(registration.NewAccount(username=name, email=f"{name}@example.com", password=PASSWORD))
