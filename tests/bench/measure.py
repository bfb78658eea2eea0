"""Measure functions of ours and what others would have built, always in turns."""

import json
import os
import statistics
import subprocess
from collections import defaultdict
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from infra.local import build, events, sample_events
from infra.local.engine import Engine
from infra.local.events import Request
from infra.local.routes import Match
from infra.local.template import Function, Template
from tests.bench.instances import Subject, running
from tests.bench.packages import Packages

REFERENCES = Path(__file__).parent / "references"
SUBMIT, BARE, FASTAPI, NOTHING = "submit_form", "bare", "with_fastapi", "nothing"
WARM_ROUNDS, WARM_CALLS = 8, 50
PROFILE_LINES = 15
SENT = b"name=Ada+Lovelace&email=ada%40example.com&message=Please+write+back+about+the+engine."


class Bench:
    def __init__(self, engine: Engine, packages: Packages) -> None:
        self._packages = packages
        self.built = build.build(build.HOST, build.HOST_FOLDER, log=subprocess.DEVNULL)
        self.template = Template(outputs=engine.deploy(), secret="bench")
        self._environment = engine.environment
        for function in self.template.functions:
            os.environ.update(function.environment)
        os.environ.update(engine.environment | {"FORM_CACHE_SECONDS": "0"})
        from tests import samples  # noqa: PLC0415 - its imports make clients out of the environment

        self._samples = samples

    def names(self) -> list[str]:
        """Return the folders of all JSON endpoints and pages."""
        return [function.folder.name for function in self.template.functions if function.routes]

    def ours(self, name: str) -> Subject:
        function = self._function(name)
        layers = [self.built / layer / "python" for layer in function.properties["Layers"]]
        code = [self.built / function.name, *layers]
        variables = self._environment | function.environment
        if name == SUBMIT:
            return Subject(name, code, self._form_sent(), 303, variables)
        status = self._samples.STATUS.get(function.name, 200)
        return Subject(name, code, sample_events.sample(function), status, variables)

    def reference(self, name: str, *, compiled: bool) -> Subject:
        tree = self._packages.compiled if compiled else self._packages.shipped
        variables = self._environment | self._function(SUBMIT).environment
        return Subject(name, [REFERENCES / name, tree], self._form_sent(), 303, variables)

    def cold(self, subject: Subject) -> float:
        """Return the seconds from the start of the Python process until its first answer."""
        self._samples.make(self.template)
        with running(subject, self._packages.python, self._packages.runtime) as instance:
            return instance.invoke()

    def cold_in_turns(self, subjects: list[Subject], rounds: int) -> list[float]:
        taken: dict[int, list[float]] = defaultdict(list)
        for _ in range(rounds):
            for n, subject in enumerate(subjects):
                taken[n].append(self.cold(subject))
        return [statistics.median(taken[n]) for n in range(len(subjects))]

    def warm_in_turns(self, subjects: list[Subject]) -> list[float]:
        """Return the seconds of processor that a call takes of each."""
        self._samples.make(self.template)
        used: dict[int, list[float]] = defaultdict(list)
        with ExitStack() as stack:
            instances = [
                stack.enter_context(running(subject, self._packages.python, self._packages.runtime))
                for subject in subjects
            ]
            for turn in range(WARM_ROUNDS + 1):
                for n, instance in enumerate(instances):
                    before = instance.cpu()
                    for _ in range(WARM_CALLS):
                        instance.invoke()
                    if turn:  # the first round started the process
                        used[n].append((instance.cpu() - before) / WARM_CALLS)
        return [statistics.median(used[n]) for n in range(len(subjects))]

    def profile_of_start(self, subject: Subject) -> str:
        """Return what its import takes, the slowest modules first."""
        said = self._run(subject, "-X", "importtime", "-c", "import handler").stderr.splitlines()
        modules = [line for line in said if line.startswith("import time:") and "[us]" not in line]
        slowest = sorted(modules, key=lambda line: int(line[12:].split("|")[0]), reverse=True)
        return "\n".join(["import time: self [us] | cumulative | imported package", *slowest[:PROFILE_LINES]])

    def profile_of_calls(self, subject: Subject) -> str:
        """Return where the time of warm calls goes, the slowest functions first."""
        code = f"""
import cProfile, contextlib, io, json, pstats, types, handler
event = json.loads({json.dumps(json.dumps(subject.event))})
context = types.SimpleNamespace(aws_request_id="bench")
profile = cProfile.Profile()
with contextlib.redirect_stdout(io.StringIO()):
    handler.handler(event, context)
    profile.enable()
    for _ in range({WARM_CALLS * WARM_ROUNDS}):
        handler.handler(event, context)
    profile.disable()
pstats.Stats(profile).sort_stats("tottime").print_stats({PROFILE_LINES})
"""
        return self._run(subject, "-c", code).stdout

    def _run(self, subject: Subject, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(self._packages.python), *arguments],
            env={**subject.variables, "PYTHONPATH": ":".join(map(str, subject.folders))},
            check=True,
            capture_output=True,
            text=True,
        )

    def _form_sent(self) -> dict[str, Any]:
        headers = [
            ("host", sample_events.HOST),
            ("content-type", "application/x-www-form-urlencoded"),
            ("x-forwarded-proto", "https"),
        ]
        function = self._function(SUBMIT)
        request = Request("POST", f"/f/{sample_events.FORM_ID}", headers, SENT)
        return events.event(request, Match(function, function.routes[0], {"form_id": sample_events.FORM_ID}))

    def _function(self, name: str) -> Function:
        return next(function for function in self.template.functions if function.folder.name == name)
