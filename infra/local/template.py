"""Read template.yaml: its functions with their routes and event sources, its nested stacks, its CORS.

What only a deployment would know (`Data.Outputs.TableName`) comes from `outputs`, else reads as its own name.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from infra.local.cloudformation import Outputs, Resolver, load

ROOT = Path(__file__).parent.parent.parent


@dataclass(frozen=True)
class Route:
    method: str  # GET, POST, …, ANY
    path: str  # /f/{form_id}, /static/{path+}, $default

    @property
    def key(self) -> str:
        return self.path if self.path == "$default" else f"{self.method} {self.path}"


@dataclass(frozen=True)
class Source:
    """What feeds a worker: a queue, a stream, a schedule."""

    name: str
    kind: str  # SQS, DynamoDB, Schedule, ScheduleV2
    properties: dict[str, Any]


@dataclass(frozen=True)
class Function:
    name: str  # CreateForm
    folder: Path  # functions/api/create_form
    timeout: int  # seconds
    memory: int  # MB
    environment: dict[str, str]
    routes: list[Route]
    sources: list[Source]
    properties: dict[str, Any]  # all of them, Globals merged, resolved
    entry: str = "handler.handler"  # module and attribute inside the folder

    @property
    def kind(self) -> str:
        """Return api, pages or workers."""
        return self.folder.parent.name

    @property
    def module(self) -> str:
        return ".".join((*self.folder.parts, self.entry.rpartition(".")[0]))

    @property
    def attribute(self) -> str:
        return self.entry.rpartition(".")[2]


@dataclass(frozen=True)
class Stack:
    """A nested stack: its own template, and the parameters that the parent hands it."""

    name: str
    file: Path
    parameters: dict[str, str]


class Template:
    def __init__(
        self,
        file: Path = ROOT / "template.yaml",
        *,
        parameters: Mapping[str, str] | None = None,
        outputs: Outputs | None = None,
        secret: str = "",
    ) -> None:
        self.file = file
        self.document = load(file)
        self.resolve = Resolver(self.document, parameters or {}, outputs or {}, secret)

    @cached_property
    def resources(self) -> dict[str, dict[str, Any]]:
        """Return every resource whose condition holds, its properties resolved."""
        return {
            name: {**resource, "Properties": self.resolve(resource.get("Properties", {}))}
            for name, resource in self.document["Resources"].items()
            if self.resolve.holds(resource.get("Condition"))
        }

    @cached_property
    def functions(self) -> list[Function]:
        return [self._function(name, entry) for name, entry in self._of_type("AWS::Serverless::Function")]

    @cached_property
    def stacks(self) -> list[Stack]:
        return [
            Stack(
                name,
                self.file.parent / entry["Location"],
                {key: str(value) for key, value in entry.get("Parameters", {}).items()},
            )
            for name, entry in self._of_type("AWS::Serverless::Application")
        ]

    @cached_property
    def cors(self) -> dict[str, Any] | None:
        """Return the API's CorsConfiguration, or None when it has none."""
        found = self._globals("HttpApi").get("CorsConfiguration")
        for _, api in self._of_type("AWS::Serverless::HttpApi"):
            found = api.get("CorsConfiguration", found)
        return found if isinstance(found, dict) else None

    def _of_type(self, kind: str) -> list[tuple[str, dict[str, Any]]]:
        return [(name, entry["Properties"]) for name, entry in self.resources.items() if entry["Type"] == kind]

    def _globals(self, section: str) -> dict[str, Any]:
        return dict(self.resolve(self.document.get("Globals", {}).get(section, {})))

    def _function(self, name: str, own: dict[str, Any]) -> Function:
        shared = self._globals("Function")
        variables = [entry.get("Environment", {}).get("Variables", {}) for entry in (shared, own)]
        environment = {key: str(value) for key, value in (variables[0] | variables[1]).items()}
        merged = shared | own | {"Layers": [*shared.get("Layers", []), *own.get("Layers", [])]}  # SAM adds lists
        events: dict[str, dict[str, Any]] = own.get("Events", {})
        return Function(
            name=name,
            folder=Path(own["CodeUri"]),
            timeout=merged.get("Timeout", 3),
            memory=merged.get("MemorySize", 128),
            environment=environment,
            routes=[_route(event) for event in events.values() if event["Type"] == "HttpApi"],
            sources=[
                Source(event_name, event["Type"], event.get("Properties", {}))
                for event_name, event in events.items()
                if event["Type"] != "HttpApi"
            ],
            properties=merged | {"Environment": {"Variables": environment}},
            entry=merged.get("Handler", "handler.handler"),
        )


def _route(event: dict[str, Any]) -> Route:
    properties = event.get("Properties", {})
    return Route(properties.get("Method", "ANY").upper(), properties.get("Path", "$default"))
