"""`make run` as a process: it starts, serves, reloads, keeps its data, and leaves nothing behind."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import httpx
import pytest

from infra.local.engine import free_port
from infra.local.template import ROOT
from tests.infra.small import Application

PATIENCE = 30  # seconds

NOTE = """
    import json, os
    import boto3

    def handler(event, context):
        client = boto3.client("dynamodb")
        name = os.environ["TABLE_NAME"]
        if event["requestContext"]["http"]["method"] == "POST":
            client.put_item(TableName=name, Item={"pk": {"S": "note"}, "sk": {"S": event["rawPath"]}})
        return {"count": client.scan(TableName=name)["Count"], "secret": os.environ["SECRET"], "version": 1}
"""


@pytest.fixture
def application(tmp_path):
    """One function that counts what it was sent, on the project's own table."""
    application = Application(tmp_path / "application")
    application.root.mkdir()
    shutil.copytree(ROOT / "infra", application.root / "infra", ignore=shutil.ignore_patterns("local"))
    application.resource(
        "Data", "AWS::Serverless::Application", Location="infra/data.yaml", Parameters={"Stage": "dev"}
    )
    variables = {
        "TABLE_NAME": {"Fn::GetAtt": ["Data", "Outputs.TableName"]},
        "SECRET": {"Fn::Sub": "{{resolve:secretsmanager:${Secret}:SecretString:key}}"},
    }
    application.route("Note", "GET /notes", "POST /notes/{name}", code=NOTE, Environment={"Variables": variables})
    application.save()
    return application


class Running:
    def __init__(self, process, log, port):
        self.process = process
        self.log = log
        self.url = f"http://127.0.0.1:{port}"

    def wait(self, condition):
        deadline = time.monotonic() + PATIENCE
        while not condition():
            assert self.process.poll() is None, self.log.read_text()
            assert time.monotonic() < deadline, self.log.read_text()
            time.sleep(0.05)

    def stop(self, number=signal.SIGTERM):
        """Send the signal, and return the exit status and the seconds it took."""
        started = time.monotonic()
        self.process.send_signal(number)
        return self.process.wait(PATIENCE), time.monotonic() - started


def _start(application, tmp_path, port):
    log = tmp_path / "log"
    command = [sys.executable, "-m", "infra.local.run", "--data", tmp_path / "data", "--root", application.root]
    with log.open("ab") as output:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=os.environ | {"PORT": str(port)},
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    return Running(process, log, port)


@pytest.fixture
def running(application, tmp_path):
    @contextmanager
    def running():
        site = _start(application, tmp_path, free_port())
        try:
            site.wait(lambda: "Pillarbox is at" in site.log.read_text().rpartition("stopped\n")[2])
            yield site
        finally:
            if site.process.poll() is None:
                site.stop()
            with site.log.open("a") as log:
                log.write("stopped\n")

    return running


def _children(pid):
    listed = subprocess.run(["ps", "-axo", "pid,ppid"], capture_output=True, text=True, check=True).stdout  # noqa: S607
    pairs = [line.split() for line in listed.splitlines()[1:]]
    own = [child for child, parent in pairs if parent == str(pid)]
    return own + [grandchild for child in own for grandchild in _children(child)]


def _command(pid):
    """Return the command line of a process, nothing when there is no such process."""
    listed = subprocess.run(["ps", "-ww", "-o", "args=", "-p", pid], capture_output=True, text=True, check=False)  # noqa: S607
    return listed.stdout.strip()


def test_serves_and_keeps_data_and_secret_across_a_restart(running):
    with running() as site:
        first = httpx.post(f"{site.url}/notes/a").json()
        assert re.search(r"POST /notes/a 200 \d+ ms Note", site.log.read_text())

    with running() as site:
        second = httpx.get(f"{site.url}/notes").json()

    assert first["count"] == second["count"] == 1
    assert first["secret"] == second["secret"]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_stops_cleanly_and_leaves_no_process(running, number):
    with running() as site, httpx.Client() as keeping_its_connection:
        keeping_its_connection.post(f"{site.url}/notes/a")
        children = _children(site.process.pid)
        assert len(children) >= 3  # the engine, the nursery and an instance

        status, seconds = site.stop(number)

        assert status == 0
        assert seconds < 10
        assert "Traceback" not in site.log.read_text()
        assert [_command(pid) for pid in children] == [""] * len(children)


def test_takes_up_changed_code_and_drops_no_request(running, application):
    with running() as site, ThreadPoolExecutor(4) as threads, httpx.Client(timeout=PATIENCE) as client:
        (note,) = application.template().functions
        changed = NOTE.replace('"version": 1', '"version": 22')
        answers = [threads.submit(client.get, f"{site.url}/notes") for _ in range(40)]
        application.write(note.folder, changed)
        answers += [threads.submit(client.get, f"{site.url}/notes") for _ in range(40)]

        site.wait(lambda: client.get(f"{site.url}/notes").json()["version"] == 22)

        assert {answer.result().status_code for answer in answers} == {200}
        assert f"Reloaded: {note.folder}/handler.py" in site.log.read_text()


def test_takes_up_a_route_that_was_added_to_the_template(running, application):
    with running() as site:
        assert httpx.get(f"{site.url}/new").status_code == 404

        application.route("New", "GET /new")
        application.save()

        site.wait(lambda: httpx.get(f"{site.url}/new").status_code == 200)


def test_goes_on_as_it_was_while_the_template_cannot_be_read(running, application):
    with running() as site:
        application.file.write_text("Resources: [")
        site.wait(lambda: "stay as they were" in site.log.read_text())

        assert httpx.get(f"{site.url}/notes").status_code == 200


def test_says_so_when_the_port_is_taken(application, tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        site = _start(application, tmp_path, port)
        assert site.process.wait(PATIENCE) == 1

    assert site.log.read_text().strip().startswith(f"Port {port} is taken")
    assert f"PORT={port + 1} make run" in site.log.read_text()


@pytest.mark.parametrize("port", ["http", "0", "65536", ""])
def test_says_so_when_the_port_is_none(application, tmp_path, port):
    site = _start(application, tmp_path, port)

    assert site.process.wait(PATIENCE) == 1
    assert site.log.read_text() == f"PORT is {port}: it has to be a number from 1 to 65535.\n"


def test_says_so_when_it_runs_already_on_the_same_data(running, application, tmp_path):
    with running():
        (tmp_path / "other").mkdir()
        second = tmp_path / "second.log"
        command = [sys.executable, "-m", "infra.local.run", "--data", tmp_path / "data", "--root", application.root]
        with second.open("wb") as output:
            status = subprocess.run(
                command,
                cwd=ROOT,
                env=os.environ | {"PORT": str(free_port())},
                stderr=output,
                timeout=PATIENCE,
                check=False,
            ).returncode

    assert status == 1
    assert "runs already" in second.read_text()


def test_stops_and_says_so_when_the_engine_dies(running):
    with running() as site:
        engine = next(pid for pid in _children(site.process.pid) if "ministack" in _command(pid))
        os.kill(int(engine), signal.SIGKILL)

        assert site.process.wait(PATIENCE) == 1

    assert "The local engine has stopped" in site.log.read_text()
