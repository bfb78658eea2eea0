"""The process that instances are forked from: it has imported what is slow to import and never changes.

    python -m infra.local.nursery ROOT CONTROL LOG

Over the Unix socket CONTROL it is sent one end of a socket for each instance wanted. An instance takes invocations
from that socket, one at a time, until the other end is closed; what handlers print goes to the descriptor LOG.
"""

import importlib
import os
import signal
import socket
import sys
import traceback
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path

from infra.local import lambdas
from infra.local.lambdas import FunctionFailed

SLOW_TO_IMPORT = (
    "argon2",
    "aws_lambda_powertools.event_handler",
    "aws_lambda_powertools.event_handler.openapi.params",
    "aws_lambda_powertools.utilities.batch",
    "boto3.dynamodb.types",
    "jinja2",
    "mangum",
    "python_multipart",
    "starlette.applications",
)


def main(root: Path, control: socket.socket, log: int) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; we end with our parent
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for instances
    for module in SLOW_TO_IMPORT:
        importlib.import_module(module)
    sys.path[:0] = [str(root), str(root / "layers" / "core")]
    while True:
        message, descriptors, _, _ = socket.recv_fds(control, 1, 1)
        if not message:
            with suppress(ChildProcessError):  # as it says when the last one has ended
                os.wait()
            return
        if os.fork() == 0:
            control.close()
            os.dup2(log, sys.stdout.fileno())
            _serve(Connection(descriptors[0]))
            return
        os.close(descriptors[0])


def _serve(connection: Connection) -> None:
    """Say who we are, then answer each `(function, environment, event)` by `(answer, None)` or `(None, failure)`."""
    connection.send(os.getpid())
    while True:
        try:
            function, environment, event = connection.recv()
        except EOFError:
            return
        os.environ.clear()
        os.environ.update(environment)
        try:
            connection.send((lambdas.invoke_bytes(function, event), None))
        except FunctionFailed as failed:
            cause = "".join(traceback.format_exception(failed.__cause__)) if failed.__cause__ else ""
            connection.send((None, f"{failed}\n{cause}".strip()))
        sys.stdout.flush()


if __name__ == "__main__":
    main(Path(sys.argv[1]), socket.socket(fileno=int(sys.argv[2])), int(sys.argv[3]))
