"""What `make run` runs, but for the engine, which is there already: so that it can be killed without that.

    python -m tests.faults.stack ENGINE_PORT DATA

DATA/outputs.json has the outputs of what is deployed to the engine. Says in a line at which port it listens, and serves
until it is killed, or told to stop.
"""

import json
import socket
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import Any, cast, override

from infra.local import engine as local_engine
from infra.local import gateway
from infra.local.engine import HOST, Engine
from infra.local.instances import Instances
from infra.local.run import LAPTOP, Stack
from infra.local.template import ROOT


class Deployed(Engine):
    """An engine of somebody else's, to which everything is deployed."""

    def __init__(self, port: int, outputs: dict[str, dict[str, str]]) -> None:
        super().__init__(cast("Any", None), port)
        self._outputs = outputs

    @override
    def deploy(self, file: Path = ROOT / "template.yaml") -> dict[str, dict[str, str]]:
        return self._outputs


def main(engine_port: int, data: Path) -> None:
    variables = local_engine.environment(engine_port) | LAPTOP
    engine = Deployed(engine_port, json.loads((data / "outputs.json").read_text()))
    with ExitStack() as stop, socket.create_server((HOST, 0)) as listener:
        port = listener.getsockname()[1]
        parameters = {"MailFrom": local_engine.MAIL_FROM, "PublicUrl": f"http://{HOST}:{port}"}
        instances = Instances(variables, log=data / "functions.log")
        stop.callback(instances.close)
        stack = Stack(engine, instances, data, ROOT, variables=variables, parameters=parameters)
        stop.callback(stack.stop)
        server = gateway.server(stack.gateway)
        sys.stdout.write(f"{port}\n")
        sys.stdout.flush()
        server.run(sockets=[listener])


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
