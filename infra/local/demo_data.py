"""Fills an empty table with what demo.yaml tells, by the layer's own verbs and the real submit endpoint.

The same seed makes the same people write the same things; only their ids differ. What is there already stays.
"""

import json
import random
import time
import unicodedata
from pathlib import Path
from typing import Any
from unittest import mock
from urllib.parse import urlencode, urlsplit

import yaml

from infra.local import lambdas
from infra.local.events import Request
from infra.local.http_api import HttpApi
from infra.local.template import Template
from pillarbox import (
    accounts,
    definitions,
    forms,
    judge,
    recipients,
    registration,
    resending,
    submissions,
    webhook_changes,
)
from pillarbox.clients import Client

USERNAME = "demo"
PASSWORD = "clay-and-fire"  # noqa: S105 - printed for whoever looks at the demo
HERE = Client("127.0.0.1", "")
SEED = 20
DAYS = 30
DAY = 24 * 60 * 60  # seconds
DONE_AFTER_DAYS = 3  # by then everything is read, and some of it put away
FOLDERS = [("archive", 0.3), ("trash", 0.06)]  # shares of that
READ_SHARE = 0.3  # of what is newer
SPAM_SHARE = 0.15
TRAPPED_SHARE = 0.6  # of spam: what fills in the field that nobody sees; its owner finds the rest
HOSTED_SHARE = 0.7  # of bookings: sent from the hosted form
SECONDS = (25, 400)  # to fill it in, by those who do
LOOKERS = 1.4  # who open the hosted form and don't send it, for each who does

TOLD: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("demo.yaml").read_text())


def fill(template: Template, email: str, url: str) -> None:
    new = registration.NewAccount(username=USERNAME, email=email, password=PASSWORD)
    account = accounts.find(USERNAME) or accounts.change(accounts.create(new, verified=True), role="admin")
    there = {form.name for form in forms.every(account)}
    chance = random.Random(SEED)  # noqa: S311 - no secret, but the same each time
    for told in TOLD["forms"]:
        if told["name"] not in there:
            definition = {key: value for key, value in told.items() if key not in {"submissions", "webhooks"}}
            form = forms.create(account, definitions.Definition.model_validate(definition))
            recipients.ask(account, form, origin=url)
            for path, about in told.get("webhooks", {}).items():
                wanted = webhook_changes.Wanted(url=f"http://127.0.0.1:{urlsplit(url).port}{path}", **about)
                hook = webhook_changes.create(account, form, wanted, HERE, origin=url)
                resending.try_out(form, hook.id, origin=url)
            _Visitors(template, form, chance).send(told["submissions"])


class _Visitors:
    def __init__(self, template: Template, form: forms.Form, chance: random.Random) -> None:
        self._api = HttpApi(template, lambdas.invoke)
        self._form = form
        self._chance = chance

    def send(self, count: int) -> None:
        now = time.time()
        for moment in sorted(now - DAYS * DAY * self._chance.random() ** 1.5 for _ in range(count)):
            language = self._chance.choices([*TOLD["people"]], [len(p["names"]) for p in TOLD["people"].values()])[0]
            if self._form.name == "Contact" and self._chance.random() < SPAM_SHARE:
                trapped = self._chance.random() < TRAPPED_SHARE
                spam = self._chance.choice(TOLD["spam"]) | ({"_gotcha": "yes"} if trapped else {})
                self._file(self._sent(spam, "en-US", moment), None if trapped else "spam")
                continue
            typed = self._typed(TOLD["people"][language], moment)
            page = TOLD["pages"][self._form.name]
            if self._form.name == "Workshop booking" and self._chance.random() < HOSTED_SHARE:
                page = f"http://localhost/f/{self._form.id}"
                typed["_loaded"] = judge.loaded(self._form.id, moment - self._chance.triangular(*SECONDS, 60))
                self._visit(moment, "view", "start", 2)
                self._look(moment)
            sent = self._sent(typed, language, moment, page)
            old = now - moment > DONE_AFTER_DAYS * DAY
            folder = next((name for name, share in FOLDERS if old and self._chance.random() < share), None)
            self._file(sent, folder, read=old or self._chance.random() < READ_SHARE)

    def _look(self, moment: float) -> None:
        """Have others open the hosted form within a day, of whom most stop at its first page or its second."""
        while self._chance.random() < LOOKERS / (1 + LOOKERS):
            told: tuple[str | int, ...] = ("view", "start", 2)[: self._chance.choice([1, 1, 1, 2, 3])]
            self._visit(moment - self._chance.random() * DAY, *told)

    def _visit(self, moment: float, *told: str | int) -> None:
        """Tell what the hosted form's script would: what happened, or the page that somebody came to."""
        host = self._chance.choice(TOLD["referrers"])
        headers = [("host", "localhost"), ("content-type", "text/plain;charset=UTF-8")]
        address = f"198.51.100.{self._chance.randint(1, 254)}"
        for what in told:
            said = {"what": "page", "page": what} if isinstance(what, int) else {"what": what, "from": host}
            request = Request("POST", f"/f/{self._form.id}/visit", headers, json.dumps(said).encode(), address)
            with mock.patch.object(time, "time", return_value=moment):
                self._api.answer(request)

    def _typed(self, people: dict[str, Any], moment: float) -> dict[str, str]:
        name = self._chance.choice(people["names"])
        who = {"name": name, "email": self._address(name)}
        match self._form.name:
            case "Contact":
                return who | {"message": self._chance.choice(people["messages"])}
            case "Workshop booking":
                day = time.strftime("%Y-%m-%d", time.gmtime(moment + self._chance.randint(10, 60) * DAY))
                workshop = self._chance.choice(["wheel", "wheel", "glaze", "raku"])
                booked = {"workshop": workshop, "seats": str(self._chance.choice([1, 1, 2, 2, 2, 3, 4])), "day": day}
                notes = {"notes": self._chance.choice(["", "", *people.get("notes", [])])}
                return who | booked | notes | self._chance.choice([{}, {"newsletter": "on"}])
            case _:
                stars = str(self._chance.choice([3, 4, 4, 5, 5, 5]))
                said = {"rating": stars, "comment": self._chance.choice(people["praise"])}
                return said | self._chance.choice([{}, {"name": name}])

    def _address(self, name: str) -> str:
        plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
        words = "".join(letter if letter.isalpha() else " " for letter in plain).lower().split()
        return f"{'.'.join(words) or f'guest{self._chance.randint(10, 99)}'}@example.com"

    def _sent(self, typed: dict[str, str], language: str, moment: float, page: str = "") -> str:
        """Send the form as a browser would have at that moment; return the submission's id."""
        countries = TOLD["people"][language]["countries"]
        headers = [
            ("host", "localhost"),
            ("accept", "application/json"),
            ("accept-language", language),
            ("cloudfront-viewer-country", self._chance.choice(countries)),
            ("content-type", "application/x-www-form-urlencoded"),
            ("referer", page or TOLD["pages"][self._form.name]),
            ("user-agent", self._chance.choice(TOLD["agents"])),
        ]
        address = f"198.51.100.{self._chance.randint(1, 254)}"
        request = Request("POST", f"/f/{self._form.id}", headers, urlencode(typed).encode(), address)
        with mock.patch.object(time, "time", return_value=moment):  # for its id, and for what counts as lately
            answer = self._api.answer(request)
        if answer.status != 200:  # noqa: PLR2004 - accepted
            raise RuntimeError(f"The demo's own form was refused: {answer.body.decode()}")
        return str(json.loads(answer.body)["id"])

    def _file(self, submission: str, folder: Any, *, read: bool = False) -> None:
        if folder or read:
            submissions.update(self._form.id, submission, folder=folder, read=read)
