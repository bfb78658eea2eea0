"""What a function may do in AWS, told from its source: every call that its handler can reach.

Definitions are nodes; a definition that names another can reach it, be it called there or handed on. Annotations don't
count, nor do names that are local to a function. The leaves are calls to AWS: `client.get_item(…)` on a client of
boto3's, `call("dynamodb", "GetItem", …)` of the submit path, and parts of a transaction, which IAM names one by one.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import NamedTuple

from infra.local.cloudformation import ACCOUNT, REGION
from infra.local.template import ROOT, Function

LAYER = ROOT / "layers" / "core"
PACKAGE = "pillarbox"
# How IAM calls the parts of TransactWriteItems, which needs no permission of its own.
TRANSACTED = {"Put": "PutItem", "Update": "UpdateItem", "Delete": "DeleteItem", "ConditionCheck": "ConditionCheckItem"}
TRANSACTIONS = {"TransactWriteItems", "TransactGetItems"}
TRANSACTING = {"pillarbox.table", "pillarbox.once"}  # the modules that spell transactions
SUBMIT_CALL = ("pillarbox.aws", "call")
API, WHO_ASKS = ("pillarbox.api", "Api"), ("pillarbox.api", "_account")
CONFIGURATION = f"arn:aws:ses:{REGION}:{ACCOUNT}:configuration-set/Mail.Outputs.ConfigurationSetName"
IAM_NAMES = {"sesv2": "ses"}  # where IAM's name of a service isn't boto3's
PRESIGNED = {"s3:GeneratePresignedUrl": "s3:GetObject"}  # what whoever follows the address does in our name
PLACE = re.compile(
    r"TABLE_NAME|[A-Z_]+_QUEUE_URL|[A-Z_]+_BUCKET"
)  # variables of the environment that say where something lies
PLACES = {
    "dynamodb": re.compile("TABLE_NAME"),
    "s3": re.compile("[A-Z_]+_BUCKET"),
    "sqs": re.compile("[A-Z_]+_QUEUE_URL"),
}
PLACE = re.compile("|".join(pattern.pattern for pattern in PLACES.values()))

type Node = tuple[str, str]  # module, name in it; the module's own statements have the name ""


class Unclear(Exception):
    """The source does something that this analysis can't follow."""


class Reached(NamedTuple):
    actions: set[str]  # dynamodb:GetItem
    variables: set[str]  # of the environment
    modules: set[str]  # pillarbox.table


class Grant(NamedTuple):
    action: str
    resource: str


@dataclass
class Module:
    name: str
    tree: ast.Module
    definitions: dict[str, ast.AST] = field(default_factory=dict)
    clients: dict[str, str] = field(default_factory=dict)  # name -> service

    def __post_init__(self) -> None:
        for statement in self.tree.body:
            for name in _defined(statement):
                self.definitions[name] = statement
            if isinstance(statement, ast.Assign | ast.AnnAssign) and (service := _client(statement.value)):
                self.clients |= dict.fromkeys(_defined(statement), service)

    @cached_property
    def imports(self) -> dict[str, Node]:
        """Return what names of our own package stand for; a whole module has no name in it."""
        found: dict[str, Node] = {}
        for statement in ast.walk(self.tree):
            if isinstance(statement, ast.ImportFrom) and (statement.module or "").partition(".")[0] == PACKAGE:
                for alias in statement.names:
                    whole = f"{statement.module}.{alias.name}"
                    own = (whole, "") if _file(whole).exists() else (str(statement.module), alias.name)
                    found[alias.asname or alias.name] = own
            elif isinstance(statement, ast.Import) and PACKAGE in ast.unparse(statement):
                raise Unclear(f"{self.name}, line {statement.lineno}: say `from {PACKAGE} import …`")
        return found


def required(function: Function) -> set[Grant]:
    """Return what the function's policy has to allow, each action with the one table or queue it is for."""
    reached = reachable(source(function))
    grants = set()
    for action in reached.actions:
        service = action.partition(":")[0]
        if service == "ses":
            grants |= {Grant(action, _identity(function)), Grant(action, CONFIGURATION)}
            continue
        places = {name for name in reached.variables if PLACES[service].fullmatch(name)}
        if not places:
            raise Unclear(f"{function.name} calls {action}, and reads no setting that says where")
        inside = "/*" if service == "s3" else ""  # the objects, not the bucket
        grants |= {Grant(action, _arn(function.environment[name]) + inside) for name in places}
    return grants


def _identity(function: Function) -> str:
    """Return the ARN of whom mails come from."""
    return f"arn:aws:ses:{REGION}:{ACCOUNT}:identity/{function.environment['MAIL_FROM']}"


def granted(function: Function) -> set[Grant]:
    return {
        Grant(action, resource)
        for policy in function.properties.get("Policies", [])
        for statement in policy["Statement"]
        if statement["Effect"] == "Allow"
        for action in _listed(statement["Action"])
        for resource in _listed(statement["Resource"])
    }


def source(function: Function) -> str:
    return (ROOT / function.folder / "handler.py").read_text()


def reachable(source: str) -> Reached:
    """Return what a handler of this source can reach."""
    handler = Module("handler", ast.parse(source))
    forbidden = {WHO_ASKS} if _for_anybody(handler) else set()
    waiting: list[Node] = [("handler", ""), *(("handler", name) for name in handler.definitions)]
    seen: set[Node] = set()
    reached = Reached(set(), set(), set())
    while waiting:
        node = waiting.pop()
        if node in seen or node in forbidden:
            continue
        seen.add(node)
        module = handler if node[0] == "handler" else load(node[0])
        reached.modules.add(module.name)
        waiting += [(module.name, ""), *_visit(module, node[1], reached)]
    return reached


@cache
def load(name: str) -> Module:
    return Module(name, ast.parse(_file(name).read_text()))


def _visit(module: Module, name: str, reached: Reached) -> Iterator[Node]:
    """Note the calls to AWS in a definition, and return what it names."""
    if name and name not in module.definitions:
        if name in module.imports:  # handed on: `from pillarbox.places import FOLDERS`
            yield module.imports[name]
            return
        raise Unclear(f"{module.name} has no {name}")
    for statement in [module.definitions[name]] if name else _own_statements(module):
        hidden = _locals(statement)
        for part in _without_annotations(statement):
            _note(module, part, reached)
            if isinstance(part, ast.Attribute) and isinstance(part.value, ast.Name):
                target = module.imports.get(part.value.id)
                if target and target[1] == "" and part.value.id not in hidden:
                    yield target[0], part.attr
            elif isinstance(part, ast.Name) and isinstance(part.ctx, ast.Load) and part.id not in hidden:
                if part.id in module.definitions:
                    yield module.name, part.id
                elif part.id in module.imports:
                    yield module.imports[part.id]


def _note(module: Module, part: ast.AST, reached: Reached) -> None:
    if isinstance(part, ast.Dict) and module.name in TRANSACTING:
        keys = {str(key.value) for key in part.keys if isinstance(key, ast.Constant)}
        reached.actions.update(f"dynamodb:{TRANSACTED[key]}" for key in keys & TRANSACTED.keys())
    if isinstance(part, ast.Constant) and PLACE.fullmatch(str(part.value)):
        reached.variables.add(str(part.value))
    if not isinstance(part, ast.Call):
        return
    called = part.func
    if isinstance(called, ast.Attribute) and isinstance(called.value, ast.Name):
        service = module.clients.get(called.value.id)
        operation = "".join(word.title() for word in called.attr.split("_"))
        if service and operation not in TRANSACTIONS:
            action = f"{IAM_NAMES.get(service, service)}:{operation}"
            reached.actions.add(PRESIGNED.get(action, action))
    if _target(module, called) == SUBMIT_CALL:
        said = [argument.value for argument in part.args[:2] if isinstance(argument, ast.Constant)]
        if len(said) != 2:
            raise Unclear(f"{module.name}, line {part.lineno}: service and operation aren't literals")
        if said[1] not in TRANSACTIONS:
            reached.actions.add(":".join(map(str, said)))


def _target(module: Module, called: ast.expr) -> Node | None:
    """Return which definition of ours a call is to, where it is spelt `name(…)` or `module.name(…)`."""
    if isinstance(called, ast.Name):
        if called.id in module.definitions:
            return module.name, called.id
        return module.imports.get(called.id)
    if isinstance(called, ast.Attribute) and isinstance(called.value, ast.Name):
        target = module.imports.get(called.value.id)
        return (target[0], called.attr) if target and not target[1] else None
    return None


def _for_anybody(handler: Module) -> bool:
    """Whether the handler's Api has no scope, and so never looks up who asks."""
    calls = [part for part in ast.walk(handler.tree) if isinstance(part, ast.Call)]
    made = [keyword for call in calls if _target(handler, call.func) == API for keyword in call.keywords]
    scopes = [keyword.value for keyword in made if keyword.arg == "scope"]
    return bool(scopes) and all(isinstance(scope, ast.Constant) and scope.value is None for scope in scopes)


def _own_statements(module: Module) -> Iterator[ast.stmt]:
    """What runs when the module is imported and defines nothing."""
    quiet = (ast.Import, ast.ImportFrom, ast.If)
    for statement in module.tree.body:
        if not _defined(statement) and not isinstance(statement, quiet):
            yield statement


def _defined(statement: ast.stmt) -> list[str]:
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return [statement.name]
    if isinstance(statement, ast.TypeAlias):
        return [statement.name.id]
    targets: list[ast.expr] = []
    if isinstance(statement, ast.Assign):
        targets = statement.targets
    elif isinstance(statement, ast.AnnAssign):
        targets = [statement.target]
    return [name.id for target in targets for name in ast.walk(target) if isinstance(name, ast.Name)]


def _client(value: ast.expr | None) -> str | None:
    """Return the service of `boto3.client("dynamodb", …)`."""
    if isinstance(value, ast.Call) and ast.unparse(value.func) == "boto3.client" and value.args:
        return str(ast.literal_eval(value.args[0]))
    return None


def _locals(statement: ast.AST) -> set[str]:
    """Return the names that a function binds itself; a module's or class's own are no locals."""
    found: set[str] = set()
    for part in ast.walk(statement):
        if isinstance(part, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            found |= {argument.arg for argument in ast.walk(part.args) if isinstance(argument, ast.arg)}
            names = [name for name in ast.walk(part) if isinstance(name, ast.Name)]
            found |= {name.id for name in names if isinstance(name.ctx, ast.Store)}
    return found


def _without_annotations(part: ast.AST) -> Iterator[ast.AST]:
    if isinstance(part, ast.TypeAlias):
        return
    yield part
    for name, child in ast.iter_fields(part):
        if name in {"annotation", "returns", "type_params"}:
            continue
        for one in child if isinstance(child, list) else [child]:
            if isinstance(one, ast.AST):
                yield from _without_annotations(one)


def _file(module: str) -> Path:
    return LAYER / Path(*module.split(".")).with_suffix(".py")


def _arn(place: str) -> str:
    """Return the ARN that stands beside a name or URL among a nested stack's outputs."""
    return re.sub(r"(Name|Url)$", "Arn", place)


def _listed(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value
