"""What is killed, and who sends to it meanwhile."""

import json
import os
import random
import select
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from contextlib import contextmanager
from pathlib import Path

import httpx

from infra.local.cloudformation import Outputs
from infra.local.engine import HOST, Engine, end_with_parent
from infra.local.template import ROOT
from pillarbox import ids

VISITORS = 3  # who send at the same time
SPAM = 0.1  # of what comes
PAUSE = 0.1  # seconds, between what a visitor sends
AGAIN = 0.2  # seconds, until somebody sends again who got no answer
PATIENCE = 300  # seconds for what takes a few, on a machine that has other things to do


class Stack:
    """The process group of everything but the engine."""

    def __init__(self, engine: Engine, outputs: Outputs, data: Path) -> None:
        data.mkdir()
        (data / "outputs.json").write_text(json.dumps(outputs))
        self._command = [sys.executable, "-m", "tests.faults.stack", engine.url.rpartition(":")[2], str(data)]
        self._log = data / "stack.log"
        self.url = f"http://{HOST}:1"  # where nobody listens

    def start(self) -> None:
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                self._command,
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=log,
                start_new_session=True,  # and so a process group of its own
                preexec_fn=end_with_parent if sys.platform == "linux" else None,  # noqa: PLW1509 - only a prctl
            )

    def is_up(self, seconds: float) -> bool:
        """Wait so long for it to serve, and return whether it does."""
        said = self._process.stdout
        assert said
        if not select.select([said], [], [], seconds)[0]:
            return False
        port = said.readline().decode().strip()
        assert port, self._log.read_text()
        self.url = f"http://{HOST}:{port}"
        return True

    def kill(self) -> None:
        """End the gateway, the pump and all workers in the midst of what they do."""
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.communicate()


class Load:
    """Visitors who send one submission after the other, each until it is accepted."""

    def __init__(self, stack: Stack, form_ids: list[str], seed: int) -> None:
        self._stack, self._forms, self._seed = stack, form_ids, seed
        self.accepted: dict[str, str] = {}  # id: form
        self.spam: set[str] = set()
        self.repeated: Counter[str] = Counter()  # by what came instead of an answer
        self.wrong: list[str] = []
        self._over = threading.Event()

    @contextmanager
    def running(self):
        visitors = [threading.Thread(target=self._visit, args=(n,)) for n in range(VISITORS)]
        for visitor in visitors:
            visitor.start()
        try:
            yield
        finally:
            self._over.set()
            for visitor in visitors:
                visitor.join()

    def _visit(self, number: int) -> None:
        chance = random.Random(f"{self._seed} {number}")  # noqa: S311 - it is to be the same again
        with httpx.Client(timeout=30, headers={"accept": "application/json"}) as client:
            while not self._over.is_set():
                form_id, spam = chance.choice(self._forms), chance.random() < SPAM
                data = {"name": "Ada", "number": str(chance.random())} | ({"_gotcha": "robot"} if spam else {})
                if submission_id := self._send(client, form_id, data):
                    self.accepted[submission_id] = form_id
                    self.spam.update([submission_id] if spam else [])
                time.sleep(PAUSE)

    def _send(self, client: httpx.Client, form_id: str, data: dict[str, str]) -> str | None:
        """Send it under one key until it is accepted; None for what never was."""
        key, until = ids.short(), time.monotonic() + PATIENCE
        while time.monotonic() < until:
            try:
                answer = client.post(f"{self._stack.url}/f/{form_id}", data=data, headers={"idempotency-key": key})
            except httpx.TransportError as error:
                self.repeated[type(error).__name__] += 1
            else:
                if answer.status_code == httpx.codes.OK:
                    return str(answer.json()["id"])
                self.repeated[str(answer.status_code)] += 1
            time.sleep(AGAIN)
        self.wrong.append(f"What was sent to {form_id} with the key {key} was never accepted.")
        return None
