"""Make the installed layer small and quick: `python3.13 prune.py FOLDER`, called by the Makefile beside it.

botocore carries 400 services, and reads 1.2 MB of endpoints before its first call. What no function can reach
goes, and so does documentation.
"""

import gzip
import json
import shutil
import sys
from pathlib import Path
from typing import Any

SERVICES = ("dynamodb", "s3", "sesv2", "sqs")  # what functions may call; a test holds it to the templates' policies

# Only read by tools that never run on Lambda. Nothing asks importlib.metadata for a version at run time.
NEEDLESS = (
    "*.dist-info",
    ".lock",
    "bin",
    "share",  # manuals
    "boto3/data",  # resources; we use clients
    "boto3/examples",
    "cffi",  # argon2 needs _cffi_backend alone; these two compile bindings
    "pycparser",
    "**/*.pyi",
    "**/py.typed",
    "**/tests",
    "annotated_types/test_cases.py",
    "anyio/pytest_plugin.py",
    "aws_lambda_powertools/event_handler/openapi/swagger_ui/*.js",
    "aws_lambda_powertools/event_handler/openapi/swagger_ui/*.css",
    "pydantic/mypy.py",
    "pydantic/v1",
    "starlette/testclient.py",
)
SHARED_DATA = {"_retry.json", "endpoints.json", "partitions.json", "sdk-default-configuration.json"}
EXAMPLES = "examples-1.json*"


def prune(layer: Path) -> None:
    for pattern in NEEDLESS:
        for found in list(layer.glob(pattern)):
            remove(found)
    data = layer / "botocore" / "data"
    if not data.exists():
        return  # the layer for passkeys
    for entry in data.iterdir():
        if entry.name not in SHARED_DATA and entry.name not in SERVICES:
            remove(entry)
    for examples in list(data.rglob(EXAMPLES)):
        remove(examples)
    for description in [*data.rglob("*.json"), *data.rglob("*.json.gz")]:
        content = read(description)
        if description.name == "endpoints.json":
            content = only_services(content)
        rewrite(description, without_documentation(content))


def read(file: Path) -> Any:
    content = file.read_bytes()
    return json.loads(gzip.decompress(content) if file.suffix == ".gz" else content)


def only_services(endpoints: dict[str, Any]) -> dict[str, Any]:
    for partition in endpoints["partitions"]:
        services = partition["services"]
        partition["services"] = {name: services[name] for name in SERVICES if name in services}
    return endpoints


def without_documentation(value: Any) -> Any:
    """Drop prose; a member of a shape that is called "documentation" is a mapping, and stays."""
    if isinstance(value, dict):
        return {
            name: without_documentation(entry)
            for name, entry in value.items()
            if not (name == "documentation" and isinstance(entry, str))
        }
    if isinstance(value, list):
        return [without_documentation(entry) for entry in value]
    return value


def rewrite(file: Path, content: Any) -> None:
    """Replace a description by a plain one: unpacking is slower than reading."""
    file.unlink()  # never write through: the installer may have linked it to its cache
    file.with_name(file.name.removesuffix(".gz")).write_text(json.dumps(content, separators=(",", ":")))


def remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


if __name__ == "__main__":
    if sys.version_info[:2] != (3, 13):
        raise SystemExit(f"Lambda runs python3.13, and this is {sys.version}: its .pyc files would be ignored")
    prune(Path(sys.argv[1]))
