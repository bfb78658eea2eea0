"""The local AWS engine: ministack as a process of its own, on loopback.

Tables and queues come from infra/*.yaml through its own CloudFormation: nothing describes them twice.
"""

import ctypes
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit, urlunsplit

from infra.local.cloudformation import ACCOUNT, REGION, load
from infra.local.template import ROOT, Stack, Template

if TYPE_CHECKING:
    from mypy_boto3_cloudformation import CloudFormationClient
    from mypy_boto3_cloudformation.type_defs import ParameterTypeDef, StackTypeDef
    from mypy_boto3_sesv2 import SESV2Client

COMMAND = ROOT / ".tools" / "engine" / "bin" / "ministack"
HOST = "127.0.0.1"
SECRET = "test"  # noqa: S105 - what the engine holds addresses to that were signed beforehand; else it takes any
PATIENCE = 30  # seconds for a start, a stop, a stack: they take one or two
MAIL_FROM = "pillarbox@localhost.example"
KEEPS_DATA = {"AWS::DynamoDB::Table", "AWS::SQS::Queue", "AWS::S3::Bucket"}


class EngineFailed(Exception):
    """The engine didn't start, or couldn't make what a template describes."""


class Engine:
    def __init__(self, process: subprocess.Popen[bytes], port: int) -> None:
        self.process = process
        self.url = f"http://{HOST}:{port}"
        self.environment = environment(port)
        # Here, so that the engine starts meanwhile; boto3 takes twice as long to import.
        import botocore.session  # noqa: PLC0415

        self._session = botocore.session.get_session()

    def client(self, service: str) -> Any:
        return self._session.create_client(
            service,
            endpoint_url=self.url,
            region_name=REGION,
            aws_access_key_id=ACCOUNT,
            aws_secret_access_key=SECRET,
        )

    def deploy(self, file: Path = ROOT / "template.yaml") -> dict[str, dict[str, str]]:
        """Make or update what the nested stacks describe; return each stack's outputs."""
        outputs: dict[str, dict[str, str]] = {}
        for name in [stack.name for stack in Template(file).stacks]:
            # Read anew, because a stack's parameters may be the outputs of one before it.
            stack = next(stack for stack in Template(file, outputs=outputs).stacks if stack.name == name)
            if any(resource["Type"] in KEEPS_DATA for resource in load(stack.file)["Resources"].values()):
                outputs[name] = self._deploy(stack)
        return outputs

    def let_mail_go(self, template: Template) -> None:
        """Verify whom mails come from, as on AWS its owner does by following a link, and leave SES's sandbox."""
        sender = template.resolve.ref("MailFrom")
        if sender and sender != "MailFrom":
            ses: SESV2Client = self.client("sesv2")
            ses.put_account_details(
                ProductionAccessEnabled=True, MailType="TRANSACTIONAL", WebsiteURL="http://localhost"
            )
            with suppress(ses.exceptions.AlreadyExistsException):
                ses.create_email_identity(EmailIdentity=sender)

    def _deploy(self, stack: Stack) -> dict[str, str]:
        cloudformation: CloudFormationClient = self.client("cloudformation")
        name = f"pillarbox-{stack.name.lower()}"
        body = stack.file.read_text()
        parameters: list[ParameterTypeDef] = [
            {"ParameterKey": key, "ParameterValue": value} for key, value in stack.parameters.items()
        ]
        try:
            cloudformation.create_stack(StackName=name, TemplateBody=body, Parameters=parameters)
        except cloudformation.exceptions.AlreadyExistsException:
            _update(cloudformation, StackName=name, TemplateBody=body, Parameters=parameters)
        except cloudformation.exceptions.ClientError as error:
            raise EngineFailed(f"{stack.file.name}: {error}") from error
        done = _settled(cloudformation, name)
        if done["StackStatus"] not in {"CREATE_COMPLETE", "UPDATE_COMPLETE"}:
            reasons = _reasons(cloudformation, name)
            if done["StackStatus"] == "ROLLBACK_COMPLETE":
                cloudformation.delete_stack(StackName=name)  # nothing was made; so it can be tried again
            raise EngineFailed(f"{stack.file.name} couldn't be made: {reasons}")
        self._add_expiry(cloudformation, stack, name)
        return {output["OutputKey"]: self._here(output["OutputValue"]) for output in done.get("Outputs", [])}

    def _add_expiry(self, cloudformation: "CloudFormationClient", stack: Stack, name: str) -> None:
        """Switch on TimeToLiveSpecification, which the engine's CloudFormation leaves out."""
        described = Template(stack.file, parameters=stack.parameters).resources
        made = cloudformation.describe_stack_resources(StackName=name)["StackResources"]
        for resource in made:
            properties = described[resource["LogicalResourceId"]]["Properties"]
            if "TimeToLiveSpecification" in properties:
                self.client("dynamodb").update_time_to_live(
                    TableName=resource["PhysicalResourceId"],
                    TimeToLiveSpecification=properties["TimeToLiveSpecification"],
                )

    def _here(self, value: str) -> str:
        """Return a URL that an earlier run made, on another port, as it is now."""
        parts = urlsplit(value)
        if parts.scheme != "http" or parts.hostname != HOST:
            return value
        return urlunsplit(parts._replace(netloc=urlsplit(self.url).netloc))


def environment(port: int) -> dict[str, str]:
    """Return the variables that lead any AWS client to the engine on this port, and nowhere else."""
    return {
        "AWS_ENDPOINT_URL": f"http://{HOST}:{port}",
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_ACCESS_KEY_ID": ACCOUNT,  # a key of 12 digits is an account of its own
        "AWS_SECRET_ACCESS_KEY": SECRET,
        "AWS_EC2_METADATA_DISABLED": "true",
    }


@contextmanager
def running(*, log: Path, state: Path | None = None, port: int | None = None) -> Iterator[Engine]:
    """Start an engine, on a free port unless told, stop it at the end; in `state` it keeps its data."""
    engine = start(log=log, state=state, port=port)
    try:
        yield engine
    finally:
        stop(engine)


def start(*, log: Path, state: Path | None = None, port: int | None = None) -> Engine:
    if not COMMAND.exists():
        raise EngineFailed("The local engine isn't installed: run `make install`.")
    port = port or free_port()
    settings = {
        **{name: value for name, value in os.environ.items() if not name.startswith("AWS_")},
        "GATEWAY_PORT": str(port),
        "BIND_HOST": HOST,
        "MINISTACK_HOST": HOST,
        "MINISTACK_REGION": REGION,
        "IOT_MTLS_ENABLED": "0",
        "SFTP_ENABLED": "0",
        "DOCKER_HOST": "unix:///nonexistent",
        "LOG_LEVEL": "WARNING",
        "TMPDIR": str(log.parent),
        "PERSIST_STATE": "0",
    }
    if state:
        settings |= {
            "PERSIST_STATE": "1",
            "STATE_DIR": str(state),
            "S3_PERSIST": "1",
            "S3_DATA_DIR": str(state / "s3"),
        }
    with log.open("ab") as output:
        process = subprocess.Popen(  # noqa: S603 - a command of our own
            [COMMAND],
            env=settings,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,  # Ctrl-C is for us: the engine stops last, and saves
            preexec_fn=end_with_parent if sys.platform == "linux" else None,  # noqa: PLW1509 - only a prctl
        )
    engine = Engine(process, port)
    try:
        engine.client("cloudformation")  # reads its description, which takes as long, while the engine starts
        _wait_until_up(engine, port, log)
    except BaseException:
        stop(engine)
        raise
    return engine


def stop(engine: Engine) -> None:
    """Stop the engine and wait until it has saved: it does so on SIGTERM, and only then."""
    engine.process.terminate()
    try:
        engine.process.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        engine.process.kill()
        engine.process.wait()


def _update(cloudformation: "CloudFormationClient", **wanted: Any) -> None:
    try:
        cloudformation.update_stack(**wanted)
    except cloudformation.exceptions.ClientError as error:
        if "No updates" not in str(error):
            raise EngineFailed(f"{wanted['StackName']}: {error}") from error


def _reasons(cloudformation: "CloudFormationClient", name: str) -> str:
    events = cloudformation.describe_stack_events(StackName=name)["StackEvents"]
    failed = [event for event in events if event.get("ResourceStatus", "").endswith("FAILED")]
    return "; ".join(f"{event['LogicalResourceId']}: {event.get('ResourceStatusReason', '')}" for event in failed)


def _settled(cloudformation: "CloudFormationClient", name: str) -> "StackTypeDef":
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        stack = cloudformation.describe_stacks(StackName=name)["Stacks"][0]
        if not stack["StackStatus"].endswith("IN_PROGRESS"):
            return stack
        time.sleep(0.02)
    raise EngineFailed(f"The stack {name} wasn't done after {PATIENCE} seconds.")


def _wait_until_up(engine: Engine, port: int, log: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and engine.process.poll() is None:
        connection = http.client.HTTPConnection(HOST, port, timeout=5)
        try:
            connection.request("GET", "/_ministack/health")
            if connection.getresponse().status == http.client.OK:
                return
        except OSError:
            time.sleep(0.02)
        finally:
            connection.close()
    raise EngineFailed(f"The local engine didn't start; {log} says why.")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def end_with_parent() -> None:
    """Ask Linux to send SIGTERM when the parent is gone, however it went."""
    set_parent_death_signal = 1
    ctypes.CDLL(None).prctl(set_parent_death_signal, signal.SIGTERM)
