"""CloudFormation's YAML and its intrinsic functions, as far as our templates use them."""

import hashlib
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import yaml

REGION = "eu-west-1"
ACCOUNT = "000000000000"
PSEUDO = {
    "AWS::AccountId": ACCOUNT,
    "AWS::Partition": "aws",
    "AWS::Region": REGION,
    "AWS::StackName": "pillarbox",
    "AWS::URLSuffix": "amazonaws.com",
}

Outputs = Mapping[str, Mapping[str, str]]  # nested stack -> output -> value

_NOTHING = object()  # what AWS::NoValue leaves behind
_SECRET = re.compile(r"\{\{resolve:secretsmanager:([^}]*)\}\}")


class Resolver:
    """Works out intrinsic functions.

    What only a deployment knows (`Data.Outputs.TableName`) comes from `outputs`, else reads as its own name.
    A secret of Secrets Manager is made out of `secret`.
    """

    def __init__(self, document: dict[str, Any], parameters: Mapping[str, str], outputs: Outputs, secret: str) -> None:
        declared = document.get("Parameters", {})
        defaults = {name: str(entry.get("Default", "")) for name, entry in declared.items()}
        self._known = PSEUDO | defaults | dict(parameters)
        self._conditions = document.get("Conditions", {})
        self._outputs = outputs
        self._secret = secret

    def __call__(self, value: Any) -> Any:
        if isinstance(value, dict):
            if len(value) == 1 and (function := _FUNCTIONS.get(next(iter(value)))):
                return function(self, next(iter(value.values())))
            resolved = {key: self(entry) for key, entry in value.items()}
            return {key: entry for key, entry in resolved.items() if entry is not _NOTHING}
        if isinstance(value, list):
            return [entry for entry in map(self, value) if entry is not _NOTHING]
        if isinstance(value, str):
            return _SECRET.sub(lambda found: self._local_secret(found[1]), value)
        return value

    def holds(self, condition: str | None) -> bool:
        return condition is None or bool(self(self._conditions[condition]))

    def ref(self, name: str) -> Any:
        return _NOTHING if name == "AWS::NoValue" else self._known.get(name, name)

    def attribute(self, argument: str | list[str]) -> str:
        whole = ".".join(argument) if isinstance(argument, list) else argument
        name, _, attribute = whole.partition(".")
        return self._outputs.get(name, {}).get(attribute.removeprefix("Outputs."), whole)

    def sub(self, argument: str | list[Any]) -> Any:
        text, given = argument if isinstance(argument, list) else (argument, {})

        def replaced(found: re.Match[str]) -> str:
            name = found[1]
            if name.startswith("!"):
                return f"${{{name[1:]}}}"
            if name in given:
                return str(self(given[name]))
            return str(self.attribute(name) if "." in name else self.ref(name))

        return self(re.sub(r"\$\{([^}]+)\}", replaced, text))

    def either(self, argument: list[Any]) -> Any:
        condition, then, otherwise = argument
        return self(then if self.holds(condition) else otherwise)

    def _local_secret(self, reference: str) -> str:
        return hashlib.sha256(f"{self._secret} {reference}".encode()).hexdigest()


_FUNCTIONS: dict[str, Callable[[Resolver, Any], Any]] = {
    "Ref": Resolver.ref,
    "Condition": Resolver.holds,
    "Fn::GetAtt": Resolver.attribute,
    "Fn::Sub": Resolver.sub,
    "Fn::If": Resolver.either,
    "Fn::Equals": lambda resolve, pair: str(resolve(pair[0])) == str(resolve(pair[1])),
    "Fn::Not": lambda resolve, argument: not resolve(argument[0]),
    "Fn::And": lambda resolve, arguments: all(map(resolve, arguments)),
    "Fn::Or": lambda resolve, arguments: any(map(resolve, arguments)),
    "Fn::Join": lambda resolve, argument: argument[0].join(resolve(argument[1])),
    "Fn::Select": lambda resolve, argument: resolve(argument[1])[int(argument[0])],
}


def load(file: Path) -> dict[str, Any]:
    """Return a template as data, `!Ref X` read as `{"Ref": "X"}` and so on."""
    with file.open() as stream:
        document: dict[str, Any] = yaml.load(stream, _Loader)  # noqa: S506 - a safe loader, with tags
    return document


class _Loader(yaml.CSafeLoader):
    """Reads CloudFormation's short tags."""


def _tag(loader: yaml.CSafeLoader, name: str, node: yaml.Node) -> dict[str, Any]:
    argument: Any
    if isinstance(node, yaml.ScalarNode):
        argument = loader.construct_scalar(node)
    elif isinstance(node, yaml.SequenceNode):
        argument = loader.construct_sequence(node, deep=True)
    else:
        assert isinstance(node, yaml.MappingNode)  # noqa: S101 - YAML has no fourth kind
        argument = loader.construct_mapping(node, deep=True)
    if name == "GetAtt" and isinstance(argument, str):
        argument = argument.split(".", 1)  # CloudFormation itself takes only the list
    return {name if name in {"Ref", "Condition"} else f"Fn::{name}": argument}


_Loader.add_multi_constructor("!", _tag)
