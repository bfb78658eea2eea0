"""A stack that lives for a moment, is killed under load, and is started again, many times; and what has to be left."""

import random
import time
from collections import Counter
from collections.abc import Sized
from contextlib import ExitStack
from itertools import islice
from typing import Any

from infra.local.template import Template
from pillarbox import accounts, definitions, deliveries, forms
from tests.faults.verdict import miscounted, not_once, stored
from tests.faults.victim import PATIENCE, Load, Stack
from tests.outgoing import due_now, swept, webhook
from tests.people import new_account
from tests.receiver import receiving

LIFE = (0.3, 2.0)  # seconds, at least and at most
STILLBORN = 0.2  # of the lives end while it starts
QUIET = 3  # seconds in which nothing came to its end: what is left waits for a lease to end
AT_ONCE = 20  # submissions that are waited for


class Lives:
    def __init__(self, seed: int, stack: Stack, template: Template) -> None:
        self._chance = random.Random(seed)  # noqa: S311 - it is to be the same again
        self._template = template
        self._closing = ExitStack()
        self._receiver = self._closing.enter_context(receiving())
        owner = accounts.change(new_account(), email_verified=True)
        limits = {"per_address_per_minute": None, "per_form_per_minute": None}
        # Of the three forms the first mails its owner too.
        mails = [{"every": "each", "most_per_minute": 1000}, {"every": "never"}, {"every": "never"}]
        made = [
            definitions.Definition.model_validate({"name": f"Form {n}", "limits": limits, "notify": notify})
            for n, notify in enumerate(mails)
        ]
        self._forms = [forms.create(owner, form).id for form in made]
        # Two webhooks a form: one is told of everything, one of what isn't spam.
        self._told = {form_id: (self._hook(form_id, "created", "spam"), self._hook(form_id)) for form_id in self._forms}
        self._mailed = {self._forms[0]: owner.email}
        self._stack = stack
        self._load = Load(stack, self._forms, seed)
        self._ended: set[str] = set()  # submissions all of whose deliveries are done
        self._counts: Counter[str] = Counter()
        self.wrong = self._load.wrong

    def _hook(self, form_id: str, *events: str) -> str:
        return str(webhook(form_id, *events, url=self._receiver.url).id)

    def run(self, times: int) -> None:
        """Kill so many times, let everything come to its end, and look."""
        with self._closing:
            self._stack.start()
            try:
                with self._load.running():
                    for _ in range(times):
                        self._live()
                    assert self._stack.is_up(PATIENCE)
                self._finish()
            finally:
                self._stack.kill()
        self._judge()

    def _live(self) -> None:
        """Let it live for a moment, kill it, and start it again."""
        moment = self._chance.uniform(*LIFE)
        if self._chance.random() < STILLBORN:
            born = self._stack.is_up(moment)
        else:
            assert self._stack.is_up(PATIENCE)
            # By then something came in, or went out: so what is met is at work at either end.
            self._wait(self._chance.choice([self._load.accepted, self._receiver.calls]))
            time.sleep(moment)
            born = True
        self._stack.kill()
        self._counts.update({"kills": 1, "kills while it started": not born})
        self._stack.start()

    @staticmethod
    def _wait(growing: Sized) -> None:
        until, before = time.monotonic() + PATIENCE, len(growing)
        while len(growing) == before and time.monotonic() < until:
            time.sleep(0.02)

    def _finish(self) -> None:
        """Wait until all is done; what waits for a lease to end is due as soon as nothing else happens."""
        moved = swept_at = time.monotonic()
        before = (0, 0)
        while (self._left() or self._miscounted()) and (now := time.monotonic()) < moved + PATIENCE:
            so_far = len(self._ended), len(self._receiver.calls)
            if so_far != before:
                before, moved = so_far, now
            elif now > max(moved, swept_at) + QUIET:
                self._sweep()
                swept_at = time.monotonic()
            time.sleep(0.5)

    def _left(self) -> int:
        """Look which of the oldest submissions have everything behind them, and return how many are left."""
        left = (one for one in self._load.accepted if one not in self._ended)
        for submission_id in list(islice(left, AT_ONCE)):
            made = deliveries.of_submission(self._load.accepted[submission_id], submission_id)
            if all(one.state == "done" for one in made) and len(made) >= len(self._wanted(submission_id)):
                self._ended.add(submission_id)
        return len(self._load.accepted) - len(self._ended)

    def _miscounted(self) -> list[str]:
        return miscounted(stored(self._forms))

    def _sweep(self) -> None:
        """Let leases end, and what they were of be sent again."""
        for submission_id, form_id in self._load.accepted.items():
            if submission_id not in self._ended:
                for one in deliveries.of_submission(form_id, submission_id):
                    if one.state == "pending":
                        due_now(form_id, one.id)
        while queued := swept(self._template):
            self._counts["sent when a lease had ended"] += queued

    def _wanted(self, submission_id: str) -> list[tuple[str, str]]:
        """Return target and event of each delivery that has to be."""
        form_id = self._load.accepted[submission_id]
        all_, inbox = self._told[form_id]
        if submission_id in self._load.spam:
            return [(all_, "spam")]
        mails = [(self._mailed[form_id], "created")] if form_id in self._mailed else []
        return sorted([(all_, "created"), (inbox, "created"), *mails])

    def _judge(self) -> None:
        accepted, found = self._load.accepted, stored(self._forms)
        self._calls = Counter(call.headers["webhook-id"] for call in self._receiver.calls)
        self._states: Counter[str] = Counter()
        self._stored = sum(map(len, found.values()))
        self.wrong += not_once(accepted, found) + miscounted(found)
        self.wrong += [
            f"{submission_id} is stored, and nobody was told that it was accepted."
            for some in found.values()
            for submission_id in some.keys() - accepted.keys()
        ]
        for submission_id, form_id in accepted.items():
            made = deliveries.of_submission(form_id, submission_id)
            told, wanted = sorted((one.target, one.event) for one in made), self._wanted(submission_id)
            if told != wanted:
                self.wrong.append(f"{submission_id}: told {told}, and not {wanted}.")
            for one in made:
                self._states[f"{one.kind} {one.state}"] += 1
                if one.state != "done":
                    self.wrong.append(f"{one.id} is {one.state}.")
                if one.kind == "webhook" and not self._calls[one.id]:
                    self.wrong.append(f"{one.id} is {one.state}, and the receiver never got it.")

    def counts(self) -> dict[str, Any]:
        return {
            **{what: self._counts[what] for what in ("kills", "kills while it started")},
            "accepted": len(self._load.accepted),
            "stored": self._stored,
            "requests repeated": dict(sorted(self._load.repeated.items())),
            "deliveries": dict(sorted(self._states.items())),
            "sent when a lease had ended": self._counts["sent when a lease had ended"],
            "calls of receivers": self._calls.total(),
            "repeated under the same webhook-id": sum(times - 1 for times in self._calls.values()),
        }
