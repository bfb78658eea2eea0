"""What deployed code doesn't do, read from the code itself: no commands, no code from text, no markup by scripts."""

import ast
import re

import pytest

from infra.local.cloudformation import load
from infra.local.template import ROOT, Template

PYTHON = sorted([*ROOT.glob("layers/core/pillarbox/*.py"), *ROOT.glob("functions/**/*.py")])
SCRIPTS = sorted(ROOT.glob("layers/core/pillarbox/static/*.js"))
COMMANDS_AND_CODE = {
    "subprocess",
    "pickle",
    "marshal",
    "shelve",
    "ctypes",
    "code",
    "codeop",
    "runpy",
    "importlib",
    "pty",
}
XML = {"xml", "lxml", "defusedxml", "plistlib"}
FOLLOW_REDIRECTS = {"urllib.request", "requests", "httpx", "urllib3", "aiohttp"}
FROM_TEXT = {"eval", "exec", "compile", "__import__"}
DEVELOPMENT = {"infra", "tests", "pytest", "moto"}
DRAW = {"charts.py", "insight_words.py"}  # what they put into a drawing is escaped by Markup.format
MAY_TAKE_A_CHANCE = {
    "counting.py",
    "table.py",
    "queues.py",
    "retries.py",
    "sweeping.py",
}  # for pauses; secrets come from the system


def imported(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def called(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func)


@pytest.mark.parametrize("file", PYTHON, ids=lambda file: str(file.relative_to(ROOT)))
def test_deployed_code_runs_no_command_and_nothing_that_somebody_sent(file):
    tree = ast.parse(file.read_text())
    modules, calls = set(imported(tree)), set(called(tree))

    assert {name.partition(".")[0] for name in modules} & (COMMANDS_AND_CODE | XML | DEVELOPMENT) == set()
    assert modules & FOLLOW_REDIRECTS == set()
    assert calls & FROM_TEXT == set()
    assert [name for name in calls if name.endswith((".from_string", "os.system", "os.popen", "os.exec"))] == []
    assert "markupsafe.Markup" not in modules or file.name in DRAW
    declared = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and ast.unparse(node.func) == "Markup"]
    assert all(isinstance(given, ast.Constant) for node in declared for given in node.args)  # safe is what we wrote
    assert file.name in MAY_TAKE_A_CHANCE or "random" not in modules


@pytest.mark.parametrize("file", PYTHON, ids=lambda file: str(file.relative_to(ROOT)))
def test_what_is_signed_or_hidden_uses_sha_256_and_comparisons_of_constant_time(file):
    text = file.read_text()

    assert re.findall(r"md5|sha1\b", text) == []
    assert re.findall(r"[!=]= _?(?:signature|digest|mac)\b", text) == []  # hmac.compare_digest is for that


def test_no_template_declares_anything_safe():
    pages = [*ROOT.glob("layers/core/pillarbox/templates/**/*.html"), *ROOT.glob("functions/**/*.html")]

    found = {
        str(page.relative_to(ROOT)): re.findall(r"\|\s*safe\b|autoescape false", page.read_text()) for page in pages
    }

    assert len(pages) > 20
    # The QR code of a second factor is SVG that segno draws of a secret that we made.
    assert {name for name, uses in found.items() if uses} == {"functions/pages/second_factor_page/page.html"}


@pytest.mark.parametrize("file", SCRIPTS, ids=lambda file: file.name)
def test_scripts_write_text_and_keep_nothing(file):
    script = file.read_text()

    forbidden = r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function"
    forbidden += r"|sessionStorage|indexedDB|document\.cookie|__proto__|javascript:"
    assert re.findall(forbidden, script) == []
    kept = re.findall(r"localStorage\.setItem\(.*", script)
    whether = 'localStorage.setItem(KEYS, toggle.checked ? "on" : "off"));'  # whether the inbox takes keys, and no more
    assert kept == ([whether] if file.name == "inbox.js" else [])


@pytest.mark.parametrize("file", SCRIPTS, ids=lambda file: file.name)
def test_a_script_hears_other_windows_only_where_it_says_who(file):
    """embed.js, in pages of owners, hears the frames that it made itself; nothing of ours hears anybody else."""
    script = file.read_text()
    listeners = re.findall(
        r"addEventListener\(\s*['\"`]message.*|onmessage.*|new (?:Broadcast|Message)Channel.*", script
    )

    assert len(listeners) == (file.name == "embed.js")
    for listener in listeners:
        body = script[script.index(listener) :]
        # Before anything else: whose origin it is, then whose window, then of which form it speaks.
        checks = [
            "origin !== home) return",
            "one.contentWindow === source",
            "said.pillarbox !== id) return",
            "said.height",
        ]
        assert sorted(checks, key=body.index) == checks


@pytest.mark.parametrize("file", SCRIPTS, ids=lambda file: file.name)
def test_only_a_frame_speaks_to_the_page_around_and_says_nothing_of_what_was_typed(file):
    said = re.findall(r"postMessage\(.*|\btell\(\{.*?\}\)", file.read_text())

    assert bool(said) == (file.name == "framed.js")
    assert not re.search(r"value|FormData|input", " ".join(said))


def test_only_the_routes_of_the_template_are_deployed_and_none_is_for_developers():
    paths = {route.path for function in Template().functions for route in function.routes}

    ours = paths - {"/v1/forms/{form_id}/webhooks/{webhook_id}/test"}  # of a webhook, by its manager
    assert [path for path in ours if re.search(r"local|debug|test|swagger|openapi|\.git", path)] == []


def test_functions_share_one_log_that_ends_after_thirty_days_and_none_may_change_it():
    template = load(ROOT / "template.yaml")

    assert template["Resources"]["Logs"]["Properties"]["RetentionInDays"] == 30
    assert template["Globals"]["Function"]["LoggingConfig"]["LogGroup"] == {"Ref": "Logs"}
    assert "logs:" not in (ROOT / "template.yaml").read_text()


def test_what_is_stored_is_encrypted_and_out_of_the_publics_reach():
    stored = {
        name: one["Properties"] | {"Type": one["Type"]}
        for file in ("data", "queues", "exports", "failures")
        for name, one in load(ROOT / "infra" / f"{file}.yaml")["Resources"].items()
    }

    for name, properties in stored.items():
        match properties["Type"]:
            case "AWS::DynamoDB::Table":
                assert properties["SSESpecification"]["SSEEnabled"], name
            case "AWS::SQS::Queue":
                assert properties["SqsManagedSseEnabled"], name
            case "AWS::S3::Bucket":
                assert properties["BucketEncryption"], name
                assert all(properties["PublicAccessBlockConfiguration"].values()), name
            case other:
                pytest.fail(f"{name}: say how {other} is encrypted")


def test_no_secret_stands_in_the_code():
    """The one secret is made by CloudFormation; what a laptop uses in its place is made there."""
    text = (ROOT / "template.yaml").read_text()

    assert "GenerateSecretString" in text
    assert (
        re.findall(r"AKIA[0-9A-Z]{16}|BEGIN [A-Z ]*PRIVATE KEY|pbx_[0-9A-Za-z]{36}", "".join(map(_read, PYTHON))) == []
    )


def _read(file):
    return file.read_text()
