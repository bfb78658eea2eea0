"""Lambda's instances: processes that handle one event at a time, so that no two requests share a module's state.

There are as many as are at work at once, up to MOST. After a change of the code `renew` lets busy ones finish and
gives the next event to a fresh one, so that no request is dropped.
"""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from infra.local.lambdas import FunctionFailed, packed
from infra.local.template import ROOT, Function

MOST = 8


class _Instance:
    def __init__(self, connection: Connection, generation: int) -> None:
        self.connection = connection
        self.generation = generation
        self._pid: int = connection.recv()

    def kill(self) -> None:
        with suppress(ProcessLookupError):
            os.kill(self._pid, signal.SIGKILL)


class Instances:
    def __init__(self, environment: dict[str, str], *, log: Path, root: Path = ROOT) -> None:
        """Start; `environment` is what every function gets beside its own variables."""
        self._environment = {name: os.environ[name] for name in ("HOME", "LANG", "PATH") if name in os.environ}
        self._environment |= environment
        self._generation = 0
        self._free: list[_Instance] = []
        self._busy: set[_Instance] = set()
        self._lock = threading.Lock()
        self._room = threading.BoundedSemaphore(MOST)
        self._control, theirs = socket.socketpair()
        with log.open("ab") as printed:
            kept = (theirs.fileno(), printed.fileno())
            self._nursery = subprocess.Popen(  # noqa: S603 - our own module
                [sys.executable, "-m", "infra.local.nursery", root, *map(str, kept)], cwd=ROOT, pass_fds=kept
            )
        theirs.close()

    def invoke(self, function: Function, event: dict[str, Any]) -> Any:
        payload = packed(event)
        own = function.environment | {
            "AWS_LAMBDA_FUNCTION_NAME": function.name,
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(function.memory),
        }
        with self._room:
            instance = self._take()
            try:
                instance.connection.send((function, self._environment | own, payload))
                in_time = instance.connection.poll(function.timeout)
                answer, failure = instance.connection.recv() if in_time else (b"", None)
            except (EOFError, OSError) as error:
                self._end(instance)
                raise FunctionFailed(f"{function.name}: its process ended.") from error
            if not in_time:
                self._end(instance)
                raise FunctionFailed(f"{function.name} timed out after {function.timeout} seconds.")
            self._give_back(instance)
        if failure:
            raise FunctionFailed(failure)
        return json.loads(answer)

    def renew(self) -> None:
        """Let the next event meet the code as it is now."""
        with self._lock:
            self._generation += 1
            retired, self._free = self._free, []
        for instance in retired:
            instance.connection.close()

    def close(self) -> None:
        """End every instance, at work or not."""
        self.renew()
        with self._lock:
            busy = [*self._busy]
        for instance in busy:
            instance.kill()
        self._control.close()
        self._nursery.wait()

    def _take(self) -> _Instance:
        with self._lock:
            # The one used last has imported most.
            instance = self._free.pop() if self._free else self._fork()
            self._busy.add(instance)
            return instance

    def _fork(self) -> _Instance:
        ours, theirs = socket.socketpair()
        with theirs:
            socket.send_fds(self._control, [b"+"], [theirs.fileno()])
        return _Instance(Connection(ours.detach()), self._generation)

    def _give_back(self, instance: _Instance) -> None:
        with self._lock:
            self._busy.remove(instance)
            if instance.generation == self._generation:
                self._free.append(instance)
                return
        instance.connection.close()

    def _end(self, instance: _Instance) -> None:
        with self._lock:
            self._busy.remove(instance)
        instance.connection.close()
        instance.kill()
