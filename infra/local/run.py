"""`make run`: the engine, the gateway and the pump until Ctrl-C, with data kept in a folder and reload on change.

python -m infra.local.run            PORT chooses another port than 8000
"""

import argparse
import fcntl
import logging
import os
import re
import secrets
import signal
import socket
import sys
import threading
from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import uvicorn

from infra.local import engine as local_engine
from infra.local import files, gateway, receiver, showcase
from infra.local.cloudformation import load
from infra.local.engine import HOST, Engine, EngineFailed
from infra.local.gateway import Gateway
from infra.local.http_api import HttpApi
from infra.local.instances import Instances
from infra.local.mailbox import Mailbox
from infra.local.pump import Pump
from infra.local.template import ROOT, Template
from infra.local.watch import watching

# What only a laptop has: cookies over http, changes of forms in force at once, receivers of webhooks on this machine.
LAPTOP = {"PLAIN_HTTP": "yes", "FORM_CACHE_SECONDS": "0", "HTTP_RECEIVERS": "yes"}
PORT_FILE = "engine.port"  # tells other commands where the engine of a run listens

logger = logging.getLogger("pillarbox.local")


class CannotRun(Exception):
    """Something that the person at the keyboard can put right; the message says how."""


class Stack:
    """What runs, as template.yaml describes it; `reload` brings it up to date while requests go on."""

    def __init__(  # noqa: PLR0913  each is one thing that runs
        self,
        engine: Engine,
        instances: Instances,
        data: Path,
        root: Path,
        *,
        variables: dict[str, str],
        parameters: dict[str, str],
    ) -> None:
        self._engine = engine
        self._instances = instances
        self.data = data
        self._root = root
        self._secret = _secret(data / "secret")
        self._variables = variables
        self._parameters = parameters
        self.template = self._read()
        mailbox = Mailbox(engine)
        self.gateway = Gateway(
            HttpApi(self.template, instances.invoke),
            lambda asked: receiver.answer(asked) or showcase.answer(asked) or mailbox.answer(asked),
        )
        self._pump = self._new_pump()

    @property
    def environment(self) -> dict[str, str]:
        """Return what functions find in their environment, all of it together."""
        own = [function.environment for function in self.template.functions]
        return self._variables | {name: value for variables in own for name, value in variables.items()}

    def reload(self, changed: list[str]) -> None:
        """Take up a change of these files; templates that can't be read are told of, and change nothing."""
        if any(name.endswith(".yaml") for name in changed):
            try:
                self.template = self._read()
            except Exception:
                logger.exception("The templates stay as they were.")
            else:
                self.gateway.api = HttpApi(self.template, self._instances.invoke)
                self._pump.stop()
                self._pump = self._new_pump()
        self._instances.renew()
        logger.info("Reloaded: %s", ", ".join(changed))
        if any(name.startswith("infra/local/") for name in changed):
            logger.info("A change in infra/local is in force when you stop this and start it again.")

    def stop(self) -> None:
        self._pump.stop()
        self._instances.close()
        self.gateway.close()

    def _read(self) -> Template:
        outputs = self._engine.deploy(self._root / "template.yaml")
        template = Template(
            self._root / "template.yaml", outputs=outputs, secret=self._secret, parameters=self._parameters
        )
        self._engine.let_mail_go(template)
        return template

    def _new_pump(self) -> Pump:
        pump = Pump(self.template, self._engine, self._instances.invoke, self.data / "pump")
        pump.start()
        return pump


def run(data: Path, root: Path, ready: Callable[[Stack, str], None], given: dict[str, str]) -> None:
    """Serve until a signal or the engine's end; `ready` is called with the address once everything stands.

    `given` are parameters of the template, unless the environment says otherwise.
    """
    port = _port()
    data.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stop:
        stop.enter_context(_only_one(data))
        listener = stop.enter_context(_listening(port))
        engine_port = local_engine.free_port()
        variables = local_engine.environment(engine_port) | LAPTOP
        printed = data / "functions.log"
        printed.write_bytes(b"")  # of this run alone
        instances = Instances(variables, log=printed, root=root)
        stop.callback(instances.close)
        engine = stop.enter_context(
            local_engine.running(log=data / "engine.log", state=data / "state", port=engine_port)
        )
        (data / PORT_FILE).write_text(str(engine_port))
        stop.callback((data / PORT_FILE).unlink, missing_ok=True)
        stack = Stack(engine, instances, data, root, variables=variables, parameters=_parameters(root, given, port))
        stop.callback(stack.stop)
        server = gateway.server(stack.gateway)
        stop.enter_context(watching(root, stack.reload))
        threading.Thread(target=_watch_engine, args=(engine, server), daemon=True).start()
        ready(stack, f"http://localhost:{port}")
        _serve(server, listener)
        if engine.process.poll() is not None:
            raise CannotRun(f"The local engine has stopped; {data / 'engine.log'} says why.")


def _serve(server: uvicorn.Server, listener: socket.socket) -> None:
    with suppress(KeyboardInterrupt):  # uvicorn stops at a signal, and then hands it on
        server.run(sockets=[listener])
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)  # from here on we are stopping


def _watch_engine(engine: Engine, server: uvicorn.Server) -> None:
    engine.process.wait()
    server.should_exit = True


def _parameters(root: Path, given: dict[str, str], port: int) -> dict[str, str]:
    """Return the template's parameters: AdminEmail is ADMIN_EMAIL in the environment, and so on."""
    declared = load(root / "template.yaml").get("Parameters", {})
    names = {name: re.sub(r"(?<!^)(?=[A-Z])", "_", name).upper() for name in declared}
    asked = {name: os.environ[variable] for name, variable in names.items() if variable in os.environ}
    for name, value in asked.items():
        if value not in (allowed := declared[name].get("AllowedValues", [value])):
            raise CannotRun(f"{names[name]} is {value}: it has to be one of {', '.join(map(str, allowed))}.")
    return {"MailFrom": local_engine.MAIL_FROM, "PublicUrl": f"http://localhost:{port}"} | given | asked


def _port() -> int:
    given = os.environ.get("PORT", "8000")
    if not given.isdecimal() or not 0 < int(given) < 2**16:
        raise CannotRun(f"PORT is {given}: it has to be a number from 1 to 65535.")
    return int(given)


@contextmanager
def _only_one(data: Path) -> Generator[None]:
    with (data / "lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CannotRun(f"Pillarbox runs already with the data in {data}: stop that one first.") from None
        yield


@contextmanager
def _listening(port: int) -> Iterator[socket.socket]:
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((HOST, port))
        except OSError as error:
            raise CannotRun(
                f"Port {port} is taken ({error.strerror}). Choose another: PORT={port + 1} make run"
            ) from None
        listener.listen(2048)
        yield listener


def _secret(file: Path) -> str:
    if not file.exists():
        files.write(file, secrets.token_hex(32), mode=0o600)
    return file.read_text()


def _welcome(stack: Stack, url: str) -> None:
    logger.info("Pillarbox is at %s. Sign up there and make a form; Ctrl-C stops it.", url)
    logger.info("Mail that it would send is at %s/_local/mail, all components at %s/_local/components.", url, url)
    logger.info("Data stays in %s, and what functions log goes to functions.log there.", stack.data)


def main(
    data: Path, ready: Callable[[Stack, str], None], root: Path = ROOT, given: dict[str, str] | None = None
) -> int:
    logging.basicConfig(format="%(asctime)s %(message)s", datefmt="%H:%M:%S", level=logging.WARNING)
    logger.setLevel(logging.INFO)
    for number in (signal.SIGINT, signal.SIGTERM):  # SIGINT too: a shell's background jobs begin without it
        signal.signal(number, signal.default_int_handler)
    try:
        run(data.resolve(), root.resolve(), ready, given or {})
    except KeyboardInterrupt:
        pass
    except (CannotRun, EngineFailed) as problem:
        sys.stderr.write(f"{problem}\n")
        return 1
    return 0


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description="Run Pillarbox on this machine.")
    arguments.add_argument("--data", type=Path, default=ROOT / ".local", help="the folder that keeps the data")
    arguments.add_argument("--root", type=Path, default=ROOT, help="where template.yaml is")
    given = arguments.parse_args()
    sys.exit(main(given.data, _welcome, given.root))
