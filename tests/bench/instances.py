"""A Lambda instance without Docker: AWS's runtime interface emulator, and in it python3.13 with awslambdaric."""

import http.client
import json
import os
import platform
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from infra.local.build import HOST, TOOLS
from infra.local.engine import HOST as LOOPBACK
from infra.local.engine import free_port

EMULATOR = TOOLS / f"sam/lib/python3.13/site-packages/samcli/local/rapid/aws-lambda-rie-{HOST}"
INVOKE = "/2015-03-31/functions/function/invocations"
PATIENCE = 30  # seconds


class CannotMeasure(Exception):
    """The machine lacks what is needed, or a handler answered something else than it should."""


@dataclass(frozen=True)
class Subject:
    """A handler to measure: where its code lies, what it is called with, which status says that it worked."""

    name: str
    folders: list[Path]  # searched in this order, as /var/task and /opt/python are
    event: dict[str, Any]
    status: int
    variables: dict[str, str] = field(default_factory=dict)


class Instance:
    def __init__(self, subject: Subject, python: Path, runtime: Path) -> None:
        self.subject = subject
        self._port, api = free_port(), free_port()
        addresses = ["--runtime-interface-emulator-address", f"{LOOPBACK}:{self._port}"]
        addresses += ["--runtime-api-address", f"{LOOPBACK}:{api}"]
        command = [str(python), "-m", "awslambdaric", "handler.handler"]
        self._process = subprocess.Popen(
            [str(EMULATOR), "--log-level", "fatal", *addresses, *command],
            cwd=subject.folders[0],
            env={
                **subject.variables,
                "PATH": os.environ["PATH"],
                "PYTHONPATH": ":".join(str(folder) for folder in [*subject.folders, runtime]),
                "PYTHONDONTWRITEBYTECODE": "1",  # Lambda's file system is read-only
            },
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self._connection = self._connected()

    def _connected(self) -> http.client.HTTPConnection:
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline and self._process.poll() is None:
            connection = http.client.HTTPConnection(LOOPBACK, self._port, timeout=PATIENCE)
            try:
                connection.connect()
            except OSError:
                time.sleep(0.002)
            else:
                return connection
        raise CannotMeasure(f"{EMULATOR.name} doesn't start.")

    def invoke(self) -> float:
        """Return the seconds until the answer; the first invocation starts the Python process."""
        payload = json.dumps(self.subject.event)
        began = time.perf_counter()
        self._connection.request("POST", INVOKE, payload)
        answer = self._connection.getresponse().read()
        took = time.perf_counter() - began
        if json.loads(answer).get("statusCode") != self.subject.status:
            raise CannotMeasure(f"{self.subject.name} answered {answer[:2000].decode()}")
        return took

    def cpu(self) -> float:
        """Return the seconds of processor that the Python process has used in all its threads."""
        (emulator,) = Path(f"/proc/{self._process.pid}").glob("task")
        children = " ".join(task.read_text() for task in emulator.glob("*/children")).split()
        tasks = [task for child in children for task in Path(f"/proc/{child}/task").glob("*/schedstat")]
        return sum(int(task.read_text().split()[0]) for task in tasks) / 1e9

    def stop(self) -> None:
        self._connection.close()
        self._process.terminate()
        self._process.wait(PATIENCE)


@contextmanager
def running(subject: Subject, python: Path, runtime: Path) -> Iterator[Instance]:
    if platform.system() != "Linux":
        raise CannotMeasure("The runtime interface emulator runs on Linux.")
    instance = Instance(subject, python, runtime)
    try:
        yield instance
    finally:
        instance.stop()
