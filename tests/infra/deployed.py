"""The application as CloudFormation makes it in a local engine that enforces IAM."""

import json
import os
import subprocess
import time
from pathlib import Path
from typing import Any

import httpx

from infra.local import build
from infra.local.engine import Engine
from infra.local.template import ROOT

STACK = "pillarbox-dev"  # as samconfig.toml names it
PATIENCE = 60  # seconds for what takes a few
QUIET_SECONDS = 6  # without a call, by which the last one is over


def sam_deploy(engine: Engine, built: Path, home: Path) -> str:
    """Run `sam deploy` as `make deploy` does, and return what it says; `home` is sam's own memory."""
    # Else it would ask PyPI whether there is a newer sam.
    (home / "metadata.json").write_text(json.dumps({"lastVersionCheck": time.time()}))
    files = ["--config-file", str(ROOT / "samconfig.toml"), "--template-file", str(built / "template.yaml")]
    parameters = ["--parameter-overrides", "Stage=dev", f"Architecture={build.HOST}"]
    done = subprocess.run(
        [str(build.TOOLS / "sam/bin/sam"), "deploy", "--config-env", "dev", *files, *parameters, "--no-progressbar"],
        cwd=ROOT,
        env={**os.environ, **engine.environment, "SAM_CLI_TELEMETRY": "0", "__SAM_CLI_APP_DIR": str(home)},
        check=False,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


def resources(engine: Engine) -> dict[str, str]:
    """Return logical and physical ids of what the stack made."""
    made = engine.client("cloudformation").describe_stack_resources(StackName=STACK)["StackResources"]
    return {resource["LogicalResourceId"]: resource["PhysicalResourceId"] for resource in made}


def add_routes(engine: Engine) -> None:
    """Add the routes of the processed template one by one: the engine leaves out the OpenAPI body that SAM writes."""
    gateway, lambdas, made = engine.client("apigatewayv2"), engine.client("lambda"), resources(engine)
    template: Any = engine.client("cloudformation").get_template(StackName=STACK, TemplateStage="Processed")
    body = template["TemplateBody"]["Resources"]["Api"]["Properties"]["Body"]
    for path, methods in body["paths"].items():
        for method, described in methods.items():
            uri = described["x-amazon-apigateway-integration"]["uri"]["Fn::Sub"]
            name = uri.rpartition("${")[2].partition(".Arn}")[0]
            function = lambdas.get_function_configuration(FunctionName=made[name])
            integration = gateway.create_integration(
                ApiId=made["Api"],
                IntegrationType="AWS_PROXY",
                IntegrationUri=function["FunctionArn"],
                PayloadFormatVersion="2.0",
            )
            gateway.create_route(
                ApiId=made["Api"],
                RouteKey="$default" if path == "$default" else f"{method.upper()} {path}",
                Target=f"integrations/{integration['IntegrationId']}",
            )


def quieten(engine: Engine) -> None:
    """Stop the engine's own reader of the stream, and wait until nothing runs any more.

    It names no shard, so that what it calls fails and is called again for ever: a call that outlasts the stack writes
    to a log that was just deleted, and so makes it anew.
    """
    lambdas, logs = engine.client("lambda"), engine.client("logs")
    for source in lambdas.list_event_source_mappings()["EventSourceMappings"]:
        if ":dynamodb:" in source["EventSourceArn"]:
            lambdas.update_event_source_mapping(UUID=source["UUID"], Enabled=False)
    (group,) = [one["logGroupName"] for one in logs.describe_log_groups()["logGroups"] if STACK in one["logGroupName"]]
    before, quiet_since = -1, time.monotonic()
    while time.monotonic() - quiet_since < QUIET_SECONDS:
        written = len(logs.describe_log_streams(logGroupName=group)["logStreams"])
        if written != before:
            before, quiet_since = written, time.monotonic()
        time.sleep(0.2)


def delete(engine: Engine) -> None:
    cloudformation = engine.client("cloudformation")
    cloudformation.delete_stack(StackName=STACK)
    cloudformation.get_waiter("stack_delete_complete").wait(
        StackName=STACK, WaiterConfig={"Delay": 1, "MaxAttempts": PATIENCE}
    )


def left(engine: Engine) -> dict[str, list[str]]:
    """Return what is in the account, but for the bucket that sam keeps for itself."""
    call = engine.client
    everything = {
        "stacks": [stack["StackName"] for stack in call("cloudformation").describe_stacks()["Stacks"]],
        "functions": [one["FunctionName"] for one in call("lambda").list_functions()["Functions"]],
        "layers": [one["LayerName"] for one in call("lambda").list_layers()["Layers"]],
        "sources": [one["UUID"] for one in call("lambda").list_event_source_mappings()["EventSourceMappings"]],
        "roles": [one["RoleName"] for one in call("iam").list_roles()["Roles"]],
        "tables": call("dynamodb").list_tables()["TableNames"],
        "queues": call("sqs").list_queues().get("QueueUrls", []),
        "logs": [one["logGroupName"] for one in call("logs").describe_log_groups()["logGroups"]],
        "secrets": [one["Name"] for one in call("secretsmanager").list_secrets()["SecretList"]],
        "apis": [one["Name"] for one in call("apigatewayv2").get_apis()["Items"]],
    }
    return {
        kind: kept for kind, names in everything.items() if (kept := [name for name in names if "sam-cli" not in name])
    }


class Deployed(httpx.Client):
    """Somebody who talks to the deployed API, over https as far as they and the functions know."""

    def __init__(self, engine: Engine) -> None:
        host = f"{resources(engine)['Api']}.execute-api.127.0.0.1"
        super().__init__(
            base_url=f"https://{host}",
            transport=_Plain(engine),
            headers={"x-forwarded-proto": "https"},
            timeout=PATIENCE,
        )


class _Plain(httpx.HTTPTransport):
    def __init__(self, engine: Engine) -> None:
        super().__init__()
        self._engine = httpx.URL(engine.url)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        # The stage leads the path, else the engine would answer /health itself.
        path = b"/$default" + request.url.raw_path
        request.url = request.url.copy_with(
            scheme="http", host=self._engine.host, port=self._engine.port, raw_path=path
        )
        return super().handle_request(request)
