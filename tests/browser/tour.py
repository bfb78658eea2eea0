"""The tour of all pages: every GET of template.yaml under functions/pages/, with the states that are worth a look.

A new page is on the tour by its block in template.yaml. What this file may have to learn of it:

- a parameter in its path that no page had yet: world.py puts it into `World.known`;
- what it asks for beside its path (a mailed link, a step before it): a line of NEEDS;
- states of its own (empty, refused, another folder): lines of STATES.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from playwright.sync_api import Page, Response

from infra.local.template import Function, Template
from pillarbox.setting_parts import PARTS
from tests.security import matrix

TOUR = "tests/browser/tour.py"
PARAMETER = re.compile(r"\{([a-z_]+)\+?\}")
# By the first word of the page's row MAY; everybody else who is let in is a member of the owner's form.
PERSONAS = {"anybody": "visitor", "signed in": "owner", "operator": "owner"}

# As a program would: no script of the page sees it coming, nor the browser's own checks.
SEND = """form => {
  const button = form.querySelector("button:not([type=button])");
  if (button?.name) {
    const input = document.createElement("input");
    form.append(Object.assign(input, { type: "hidden", name: button.name, value: button.value }));
  }
  HTMLFormElement.prototype.submit.call(form);
}"""

type Step = Callable[[Page], Response | None]


@dataclass(frozen=True)
class Stop:
    """One look at a page."""

    name: str  # inbox, inbox-spam
    path: str  # as in template.yaml, with what is asked for behind it: /forms/{form_id}?folder=spam
    who: str  # visitor, owner, viewer, pending: whose cookies the browser has
    status: int = 200
    step: Step | None = None  # what is done on the page before it is looked at
    language: str = "en-GB"  # of the browser
    main: bool = True  # the page as people meet it, and so on a screenshot; otherwise one of its states


@dataclass(frozen=True)
class World:
    """What was made for the tour to look at."""

    site: str
    known: Mapping[str, str]  # what fills the braces of paths
    cookies: Mapping[str, Mapping[str, str]] = field(default_factory=dict)  # by persona

    def url(self, stop: Stop) -> str:
        if missing := set(PARAMETER.findall(stop.path)) - set(self.known):
            raise LookupError(
                f"{stop.path} has {{{missing.pop()}}}, which the tour can't fill in: make one in "
                f"tests/browser/world.py (and screenshots.py beside it), and put it into World.known. {TOUR} says more."
            )
        return self.site + PARAMETER.sub(lambda found: self.known[found[1]], stop.path)


def sent(selector: str = "main form", **typed: str) -> Step:
    """Send a form of the page, whatever its browser and its scripts would hold back."""

    def step(page: Page) -> Response | None:
        form = page.locator(selector).first
        for name, text in typed.items():
            # Not typed: it may stand in details that are closed.
            form.locator(f"[name={name}]").first.evaluate("(one, text) => { one.value = text; }", text)
        with page.expect_navigation(wait_until="load") as navigation:
            form.evaluate(SEND)
        return navigation.value

    return step


def opened(selector: str) -> Step:
    """Open all of the page's details that fit the selector."""

    def step(page: Page) -> None:
        page.locator(selector).evaluate_all("all => { for (const one of all) one.open = true; }")

    return step


# What pages ask for beside their path.
NEEDS: dict[str, dict[str, str]] = {
    "code_page": {"who": "pending"},
    "verify_email_page": {"asks": "?token={verify_token}", "who": "second"},
    "opt_in_page": {"path": "/f/{opt_in_form_id}/confirm", "asks": "?token={opt_in_token}"},
    "unsubscribe_page": {"asks": "?token={unsubscribe_token}"},
    "recipients_page": {"asks": "?token={recipient_token}"},
    "invitations_page": {"asks": "?token={invitation_token}"},
}
# States, by the page's folder: what the name, the path or the stop gets in addition.
STATES: dict[str, dict[str, dict[str, object]]] = {
    "home_page": {"signed-in": {"who": "owner"}, "missing": {"path": "/nothing-here", "status": 404}},
    "sign_up_page": {"refused": {"step": sent(username="a", email="a", password="a"), "status": 422}},
    "sign_in_page": {"refused": {"step": sent(username="nobody", password="wrong"), "status": 401}},
    "sign_out_page": {"signed-in": {"who": "owner"}},
    "verify_email_page": {"dead": {"path": "/verify-email?token=none", "status": 404}},
    "reset_password_page": {
        "new": {"path": "/reset-password?token={reset_token}"},
        "refused": {"path": "/reset-password?token={reset_token}", "step": sent(password="a"), "status": 422},
    },
    "account_page": {"refused": {"step": sent("form:has([name=username])", username="a"), "status": 422}},
    "dashboard_page": {"empty": {"who": "second"}},
    "new_form_page": {"refused": {"step": sent(name="W" * 101), "status": 422}},
    "inbox_page": {
        "spam": {"asks": "?folder=spam"},
        "archive": {"asks": "?folder=archive"},
        "empty": {"path": "/forms/{empty_form_id}"},
        "viewer": {"who": "viewer"},
        "missing": {"path": "/forms/nothing", "status": 404},
    },
    "submission_page": {
        "spam": {"path": "/forms/{form_id}/submissions/{spam_id}"},
        "hostile": {"path": "/forms/{form_id}/submissions/{hostile_id}", "step": opened("main details")},
        "viewer": {"who": "viewer"},
    },
    "connect_page": {"hostile": {"path": "/forms/{hostile_form_id}/connect"}},
    "fields_page": {
        "empty": {"path": "/forms/{empty_form_id}/fields"},
        "starters": {"asks": "?starters=yes"},
        "versions": {"asks": "?versions=all"},
        "version": {"asks": "?version=1"},
        "hostile": {"path": "/forms/{hostile_form_id}/fields"},
    },
    "preview_page": {"hostile": {"path": "/forms/{hostile_form_id}/preview"}},
    "insights_page": {
        "empty": {"path": "/forms/{empty_form_id}/insights"},
        "hostile": {"path": "/forms/{hostile_form_id}/insights", "step": opened("main details")},
    },
    "settings_page": {
        **{part: {"asks": f"?part={part}"} for part in PARTS},
        **{f"{part}-hostile": {"path": f"/forms/{{hostile_form_id}}/settings?part={part}"} for part in PARTS},
    },
    "sharing_page": {
        "viewer": {"who": "viewer"},
        "refused": {"step": sent("form:has([name=email])", email="a"), "status": 422},
    },
    "webhooks_page": {
        "empty": {"path": "/forms/{empty_form_id}/webhooks"},
        "one": {"asks": "?webhook={webhook_id}", "step": opened("main details")},
        "refused": {"step": sent("form:has([name=url])", url="http://10.0.0.1/"), "status": 422},
    },
    "invitations_page": {"signed-in": {"asks": "?token={invitation_token}", "who": "second"}},
    "user_page": {"other": {"path": "/admin/users/{second_account_id}"}},
    "hosted_form_page": {
        "undeclared": {"path": "/f/{empty_form_id}"},
        "hostile": {"path": "/f/{hostile_form_id}"},
        "refused": {"step": sent(), "status": 422},
        "arabic": {"language": "ar"},
        "missing": {"path": "/f/nothing", "status": 404},
    },
    "thanks_page": {"hostile": {"path": "/f/{hostile_form_id}/thanks"}, "arabic": {"language": "ar"}},
}


def stops(template: Template | None = None) -> Iterator[Stop]:
    """Return all of the tour: each page as people meet it, then its states."""
    for function in (template or Template()).functions:
        if function.kind == "pages":
            folder = function.folder.name
            first, *others = _pages(function, NEEDS.get(folder, {}))
            yield first
            yield from (_state(first, name, more) for name, more in STATES.get(folder, {}).items())
            yield from others


def _pages(function: Function, needs: Mapping[str, str]) -> Iterator[Stop]:
    """Return a stop for each path that the function shows: the first has the folder's name, and what that needs."""
    name = function.folder.name.removesuffix("_page").replace("_", "-")
    may = matrix.row(function, "GET").partition(",")[0]
    for n, route in enumerate(route for route in function.routes if route.method == "GET"):
        asked = needs if n == 0 else {}
        called = name if n == 0 else f"{name}-{_last_word(route.path)}"
        path = asked.get("path", route.path) + asked.get("asks", "")
        yield Stop(called, path, asked.get("who") or PERSONAS.get(may, "owner"))


def _state(page: Stop, name: str, more: dict[str, object]) -> Stop:
    changed = {"path": page.path.partition("?")[0] + str(more["asks"])} if "asks" in more else {}
    told = {key: value for key, value in more.items() if key != "asks"} | changed
    return replace(page, name=f"{page.name}-{name}", main=False, **told)  # type: ignore[arg-type]


def _last_word(path: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", path.rpartition("/")[2].lower()).strip("-") or "more"
