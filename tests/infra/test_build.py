"""What `make build` leaves: small, compiled, and complete without the environment that tests run in."""

import importlib.util
import json
import os
import re
import subprocess
import sys
import zipfile
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from infra.local import build
from infra.local.template import ROOT, Template
from tests.infra.privileges import reachable, source

UNCHECKED_HASH = b"\1\0\0\0"  # the flags of a .pyc, PEP 552
MACHINES = {"x86_64": b"\x3e\0", "arm64": b"\xb7\0"}  # e_machine, 18 bytes into an ELF file
TEMPLATE = Template()


def bytecode(source: Path) -> Path:
    return Path(importlib.util.cache_from_source(str(source)))


def is_good(source: Path) -> bool:
    """Whether there is a .pyc of this very source that nobody will compare with its date."""
    if not bytecode(source).exists():
        return False
    head = bytecode(source).read_bytes()[:16]
    return head[4:8] == UNCHECKED_HASH and head[8:] == importlib.util.source_hash(source.read_bytes())


def run_on_layer(layer: Path, code: str, **environment: str) -> str:
    """Run code in a fresh interpreter that knows the standard library and the layer, and nothing else."""
    paths = f"import sys; sys.path.insert(0, {str(layer)!r})\n"
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", paths + code],
        env=environment,
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def layer(built):
    return built / "Core" / "python"


def test_every_module_of_the_layer_is_compiled_and_never_checked_for_its_date(layer):
    sources = list(layer.rglob("*.py"))

    assert len(sources) > 500
    assert [source for source in sources if not is_good(source)] == []


@pytest.fixture(scope="module")
def passkeys(built):
    return built / "Passkeys" / "python"


def test_every_module_of_the_layer_for_passkeys_is_compiled_too(passkeys):
    sources = list(passkeys.rglob("*.py"))

    assert len(sources) > 100
    assert [source for source in sources if not is_good(source)] == []


def test_only_functions_with_that_layer_can_import_what_is_in_it(layer, passkeys):
    assert {path.name for path in layer.iterdir()} & {path.name for path in passkeys.iterdir()} <= {"__pycache__"}
    assert "webauthn" in {path.name for path in passkeys.iterdir()}
    run_on_layer(layer, f"import sys; sys.path.insert(0, {str(passkeys)!r}); import webauthn, argon2")

    with_it = {function.name for function in TEMPLATE.functions if "Passkeys" in function.properties["Layers"]}
    importing = {one.name for one in TEMPLATE.functions if "pillarbox.passkeys" in reachable(source(one)).modules}
    assert with_it == importing == {"PasskeysPage", "PasskeySignInPage"}


def test_every_handler_is_compiled_and_never_checked_for_its_date(built):
    handlers = [built / function.name / "handler.py" for function in TEMPLATE.functions]

    assert [handler for handler in handlers if not is_good(handler)] == []


def test_a_missing_stale_or_dated_bytecode_would_be_noticed(tmp_path):
    source = tmp_path / "module.py"
    source.write_text("answer = 42\n")
    assert not is_good(source)

    subprocess.run([sys.executable, "-m", "compileall", "-q", str(tmp_path)], check=True)
    assert not is_good(source)

    mode = ["--invalidation-mode", "unchecked-hash"]
    subprocess.run([sys.executable, "-m", "compileall", "-q", "-f", *mode, str(tmp_path)], check=True)
    assert is_good(source)

    source.write_text("answer = 43\n")
    assert not is_good(source)


def test_tracebacks_name_the_places_on_lambda(built, layer):
    assert b"/opt/python/pillarbox/ids.py" in bytecode(layer / "pillarbox" / "ids.py").read_bytes()
    assert b"/var/task/handler.py" in bytecode(built / "GetHealth" / "handler.py").read_bytes()


def test_the_layer_stays_small(layer, tmp_path):
    packed = tmp_path / "layer.zip"
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in layer.parent.rglob("*"):
            archive.write(file, file.relative_to(layer.parent))

    assert packed.stat().st_size <= 12_000_000


def test_the_layer_for_passkeys_stays_smaller_still(passkeys, tmp_path):
    packed = tmp_path / "passkeys.zip"
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in passkeys.rglob("*"):
            archive.write(file, file.relative_to(passkeys))

    assert packed.stat().st_size <= 7_000_000


def test_botocore_knows_the_services_that_the_policies_name_and_no_other(layer):
    code = """
import botocore.session, json
session = botocore.session.Session()
names = session.get_available_services()
clients = {name: session.create_client(name, region_name="eu-west-1") for name in names}
print(json.dumps({
    client.meta.service_model.signing_name: client.meta.service_model.operation_names
    for client in clients.values()
}))
"""
    known = json.loads(run_on_layer(layer, code, AWS_ACCESS_KEY_ID="a", AWS_SECRET_ACCESS_KEY="b"))

    used = {action for function in TEMPLATE.functions for action in policy_actions(function)}
    assert set(known) == {action.partition(":")[0] for action in used}
    missing = [action for action in used if action.partition(":")[2] not in known[action.partition(":")[0]]]
    # Inside a transaction this one goes by another name.
    assert set(missing) <= {"dynamodb:ConditionCheckItem"}


def policy_actions(function):
    for policy in function.properties.get("Policies", []):
        for statement in policy["Statement"]:
            actions = statement["Action"]
            yield from [actions] if isinstance(actions, str) else actions


def test_everything_the_layer_carries_works_without_anything_beside_it(layer):
    code = """
import argon2, boto3, jinja2, mangum, multipart, pydantic, python_multipart
import starlette.applications, starlette.responses, starlette.routing, starlette.templating
from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.event_handler import APIGatewayHttpResolver
from aws_lambda_powertools.event_handler.openapi.merge import OpenAPIMerge
from aws_lambda_powertools.utilities.batch import BatchProcessor

hasher = argon2.PasswordHasher()
hasher.verify(hasher.hash("secret"), "secret")
assert pydantic.TypeAdapter(int).validate_python("3") == 3
assert jinja2.Environment(autoescape=True).from_string("{{ x }}").render(x="<") == "&lt;"
app = APIGatewayHttpResolver(enable_validation=True)
@app.get("/")
def root() -> dict[str, int]:
    return {"a": 1}
app.get_openapi_json_schema()
print("works")
"""
    assert run_on_layer(layer, code, POWERTOOLS_SERVICE_NAME="test") == "works\n"


@pytest.mark.parametrize("function", TEMPLATE.functions, ids=lambda function: function.name)
def test_a_built_function_starts_with_its_layers_alone(function, built, layer):
    code = f"sys.path.insert(0, {str(built / function.name)!r}); import handler; print(callable(handler.handler))"
    if "Passkeys" in function.properties["Layers"]:
        code = f"sys.path.append({str(built / 'Passkeys' / 'python')!r}); {code}"
    environment = function.environment | {
        "AWS_REGION": "eu-west-1",
        "AWS_DEFAULT_REGION": "eu-west-1",
        "PATH": os.environ["PATH"],
    }

    assert run_on_layer(layer, code, **environment) == "True\n"


def test_the_layer_holds_what_its_requirements_name_and_nothing_for_tests(layer):
    pinned = re.findall(r"^([a-z0-9-]+)==", (ROOT / "layers/core/requirements.txt").read_text(), re.MULTILINE)
    known = packages_distributions()
    names = {entry.name.partition(".")[0] for entry in layer.iterdir()} - {"__pycache__", "pillarbox"}

    strangers = {name for name in names if not {normal(found) for found in known[name]} & set(pinned)}
    assert strangers == set()
    assert [folder for folder in layer.rglob("tests") if folder.is_dir()] == []
    assert list(layer.glob("*.dist-info")) == []


def normal(distribution: str) -> str:
    return distribution.lower().replace("_", "-")


@pytest.mark.parametrize("architecture", ["arm64", "x86_64"])
def test_a_layer_carries_binaries_of_the_processor_it_is_built_for(architecture, tmp_path):
    folder = build.build(architecture, tmp_path / "build", log=subprocess.DEVNULL)

    binaries = list((folder / "Core").rglob("*.so"))
    assert len(binaries) >= 3
    assert {binary.read_bytes()[18:20] for binary in binaries} == {MACHINES[architecture]}
