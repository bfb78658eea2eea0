"""A run of faults: visitors send, owners move, workers work, and all of it goes wrong as a seed says."""

import os
import random
from collections import Counter
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from unittest.mock import patch

import httpx
from standardwebhooks import Webhook

from infra.local.engine import Engine
from infra.local.template import Template
from infra.redrive import of_engine, redrive
from pillarbox import accounts, definitions, deliveries, forms, ids, outbox, places, queues, receivers, signing, table
from tests.faults.feeds import Queue, Stream, Worker
from tests.faults.injection import Clock, Crash, Injection
from tests.outgoing import webhook
from tests.people import Person, new_account
from tests.receiver import Call, Receiver, receiving

SECONDS_A_CALL = 0.15  # that a receiver has, instead of fifteen: those that hang are many
# What receivers answer: one that is well, one that often isn't, and one that is slow; each has its webhook.
TEMPERS: dict[str, list[tuple[int | str, float]]] = {
    "well": [(200, 0.98), (500, 0.02)],
    "moody": [
        (200, 0.6),
        (503, 0.1),
        ("reset", 0.1),
        ("redirect", 0.05),
        ("nonsense", 0.05),
        ("hugely", 0.02),
        (404, 0.08),
    ],
    "slow": [(200, 0.9), ("hang", 0.05), ("slowly", 0.05)],
}
EVENTS = {"well": ("created", "spam", "updated"), "moody": ("created",), "slow": ("created", "updated")}
EVERY = ("each", "15m", "never")  # how often each form mails its owner
SPAM = 0.15  # of what comes
MESSAGES = 6  # or batches, that a queue hands over in one turn
QUIET = 3  # rounds in which there was nothing to do: then a run is at its end


class Visitors:
    """What was sent, and what its sender was told."""

    def __init__(self) -> None:
        self.accepted: dict[str, str] = {}  # id: form
        self.spam: set[str] = set()
        self.saved: set[str] = set()  # moved from spam to the inbox, and told that it was
        self.updates: Counter[str] = Counter()  # by id: changes that were answered with success
        self.unsure: set[str] = set()  # the owner's change failed or crashed: it may have happened


class World:
    def __init__(self, seed: int, engine: Engine, template: Template, folder: Path) -> None:
        self.chance = random.Random(seed)  # noqa: S311 - it is to be the same again
        self._own_chance = random.Random(-seed)  # noqa: S311 - as above
        random.seed(seed)
        self.clock = Clock()
        self.faults = Injection(self.chance, self.clock)
        self.counts = self.faults.counts
        self.visitors = Visitors()
        self.done: set[str] = set()  # deliveries whose success is in the table
        self.calls: dict[str, int] = Counter()  # of receivers, by webhook-id
        self.taken: Counter[str] = Counter()  # those that they answered with a success
        self.forged: list[str] = []  # calls that the official package doesn't take for ours
        self.late: list[str] = []  # calls after a recorded success: there must be none
        self._closing = ExitStack()
        self._open(engine, template, folder)

    def _open(self, engine: Engine, template: Template, folder: Path) -> None:
        self.owner = Person(template, accounts.change(new_account(), email_verified=True))
        self.visitor = Person(template)
        limits = {"per_address_per_minute": None, "per_form_per_minute": None}
        self.forms = []
        for every in EVERY:
            asked = {"name": f"Mails {every}", "limits": limits, "notify": {"every": every}}
            self.forms.append(forms.create(self.owner.account, definitions.Definition.model_validate(asked)).id)
        self.hooks: dict[str, dict[str, str]] = {}  # form: id of webhook: temper
        for form_id, tempers in zip(self.forms, (["well"], ["well", "moody"], ["slow"]), strict=True):
            self.hooks[form_id] = {self._hook(form_id, temper): temper for temper in tempers}
        workers = {function.name: Worker(function, self.counts) for function in template.functions}
        of_kind = {
            kind: [worker for worker in workers.values() for source in worker.function.sources if source.kind == kind]
            for kind in ("DynamoDB", "SQS")
        }
        self.streams = [Stream(worker, engine, folder, self.chance, self.clock) for worker in of_kind["DynamoDB"]]
        self.queues = [Queue(worker, engine, self.chance) for worker in of_kind["SQS"]]
        self._sweep = workers["SweepDue"]
        self.failures = of_engine(engine, template, lambda function, event: workers[function.name](event))

    def _hook(self, form_id: str, temper: str) -> str:
        receiver: Receiver = self._closing.enter_context(receiving())
        receiver.patience = 1
        hook = webhook(form_id, *EVENTS[temper], url=receiver.url)
        oracle = Webhook(signing.secret(hook.id, hook.version))
        receiver.next = lambda: self._answer(receiver.calls.pop(), temper, oracle)  # type: ignore[method-assign]
        return str(hook.id)

    def _answer(self, call: Call, temper: str, oracle: Webhook) -> int | str:
        """Answer as the receiver's temper is, and note the call."""
        message_id = call.headers["webhook-id"]
        self.calls[message_id] += 1
        sent = datetime.fromtimestamp(int(call.headers["webhook-timestamp"]), UTC)  # by the run's own clock
        if oracle.sign(message_id, sent, call.body.decode()) not in call.headers["webhook-signature"].split():
            self.forged.append(message_id)
        if message_id in self.done:
            self.late.append(message_id)
        answers = [answer for answer, _ in TEMPERS[temper]]
        weights = [weight for _, weight in TEMPERS[temper]]
        (answer,) = self.chance.choices(answers, weights) if self.faults.on else [200]
        self.taken[message_id] += answer in {200, "hugely", "slowly"}
        return answer

    def run(self, submissions: int) -> None:
        """Let so many be sent and everything be tried to the end."""
        clients = {"dynamodb": table.client, "sqs": queues.client, "sesv2": outbox.client}
        with (
            self._closing,
            self.faults.installed(clients),
            patch.object(receivers, "SECONDS", SECONDS_A_CALL),
            patch.dict(os.environ, {"HTTP_RECEIVERS": "yes"}),
            patch.object(os, "urandom", self._own_chance.randbytes),  # ids are the same again too
        ):
            self.faults.on = True
            while len(self.visitors.accepted) < submissions:
                self._something()
            self.faults.on = False
            self._finish()

    def _something(self) -> None:
        (what,) = self.chance.choices(
            [self._send, self._move, self._stream, self._queue, self._sweep_due, self._pass_time, self._poison],
            [30, 4, 10, 20, 2, 3, 0.3],
        )
        what()

    def _send(self) -> None:
        form_id = self.chance.choice(self.forms)
        spam = self.chance.random() < SPAM
        data = {"name": "Ada", "number": str(self.chance.random())} | ({"_gotcha": "robot"} if spam else {})
        headers = {"accept": "application/json"}
        if self.chance.random() < 0.1:
            headers["idempotency-key"] = ids.short()
        for _ in range(3):  # who is told that it failed sends it again
            try:
                answer = self.visitor.post(f"/f/{form_id}", data=data, headers=headers)
            except Crash:
                self.counts["SubmitForm crashed"] += 1
                continue
            if answer.status_code == httpx.codes.OK:
                submission_id = answer.json()["id"]
                self.visitors.accepted[submission_id] = form_id
                if spam:
                    self.visitors.spam.add(submission_id)
                return
            self.counts[f"visitor was answered {answer.status_code}"] += 1

    def _move(self) -> None:
        """Let the owner read or move something; spam to the inbox, too."""
        if not self.visitors.accepted:
            return
        submission_id = self.chance.choice(list(self.visitors.accepted))
        form_id = self.visitors.accepted[submission_id]
        spam = submission_id in self.visitors.spam
        change: dict[str, Any] = {"folder": "inbox"} if spam else {"folder": self.chance.choice(["archive", "inbox"])}
        try:
            answer = self.owner.patch(f"/v1/forms/{form_id}/submissions/{submission_id}", json=change)
        except Crash:
            self.visitors.unsure.add(submission_id)
            return
        if answer.status_code != httpx.codes.OK:
            self.visitors.unsure.add(submission_id)
        elif spam:
            self.visitors.saved.add(submission_id)

    def _stream(self) -> None:
        self.chance.choice(self.streams).turn()

    def _queue(self) -> None:
        for queue in self.queues:
            for _ in range(MESSAGES):
                if not (messages := queue.turn()):
                    break
                self._note(queue, messages)

    def _note(self, queue: Queue, messages: list[dict[str, Any]]) -> None:
        """Note the successes that are in the table now: from here on nobody may be called with them."""
        if "Outcomes" not in queue.name:
            return
        on, self.faults.on = self.faults.on, False
        keys = {
            message["delivery_id"]: deliveries.key(message["form_id"], message["delivery_id"]) for message in messages
        }
        found = table.get_many(keys.values())
        self.done.update(f"{item['submission_id']}-{item['sk']}" for item in found if item["state"] == "done")
        self.faults.on = on

    def _sweep_due(self) -> None:
        try:
            self._sweep({})
        except Exception:  # noqa: BLE001 - whatever it was, the next minute comes
            self.counts["sweep failed"] += 1

    def _pass_time(self) -> None:
        """Let some time pass; clocks differ by some seconds."""
        self.clock.ahead += self.chance.choice([-20, 5, 11, 61, 20 * 60])

    def _poison(self) -> None:
        """Put what nobody can read where submissions lie."""
        form_id, ulid = self.chance.choice(self.forms), ids.ulid()
        item = table.key(places.partition(form_id, "inbox", 15), f"{ulid[:-1]}F")
        self.faults.on = False
        table.put(item | {"folder": "inbox", "announce": "nonsense", "poison": True})
        self.faults.on = True
        self.counts["poison"] += 1

    def _finish(self) -> None:
        """Let everything that is under way come to its end, days later if need be."""
        self._drain()
        redrive(self.failures, dry_run=False, say=lambda _: None)
        self._drain()

    def _drain(self) -> None:
        quiet = 0
        while quiet < QUIET:
            busy = False
            for stream in self.streams:
                busy |= stream.turn()
            self._sweep({})
            for queue in self.queues:
                while messages := queue.turn():
                    self._note(queue, messages)
                    busy = True
            if busy:
                quiet = 0
            elif not self._due():
                quiet += 1
            self.clock.ahead += 30 * 60

    def _due(self) -> bool:
        return any(table.query(f"DUE#{n}", limit=1).items for n in range(deliveries.SHARDS))
