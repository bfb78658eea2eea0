"""docs/webhooks.md is held to the code: its numbers, its example, and its two ways to check a signature."""

import json
import re
import subprocess
from datetime import UTC, datetime

import pytest

from infra.local.template import ROOT
from pillarbox import forms, ids, receivers, resending, retries, signing, submissions, webhook_changes, webhooks

DOCUMENT = (ROOT / "docs" / "webhooks.md").read_text()
AT = datetime(2026, 11, 27, tzinfo=UTC)
BODY = '{"type": "submission.test", "data": {"name": "Zoë"}}'.encode()


def block(language):
    (found,) = re.findall(rf"```{language}\n(.*?)```", DOCUMENT, re.DOTALL)
    return found


@pytest.fixture
def signed():
    """A message as it is sent while a new secret comes into force, with the one before."""
    webhook_id = ids.short()
    headers = signing.headers(webhook_id, [2, 1], f"{ids.ulid()}-0123456789abcdef", BODY)
    return signing.secret(webhook_id, 1), headers


def in_python(secret, headers, body):
    known: dict[str, object] = {}
    exec(block("python"), known)  # noqa: S102  it is ours
    try:
        return known["verified"](secret, headers, body)  # type: ignore[operator]
    except ValueError as error:
        return str(error)


def in_node(secret, headers, body):
    given = [secret, headers, body.decode()]
    script = f"""{block("js")}
    const [secret, headers, body] = {json.dumps(given)};
    try {{ console.log(JSON.stringify(verified(secret, headers, Buffer.from(body)))); }}
    catch (error) {{ console.log(JSON.stringify(error.message)); }}"""
    node = (ROOT / ".tools" / "node.path").read_text().strip()
    asked = [node, "--input-type=module", "-"]
    done = subprocess.run(asked, input=script, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize("check", [in_python, in_node])
def test_what_is_recommended_takes_what_we_send_and_nothing_else(check, signed):
    secret, headers = signed

    assert check(secret, headers, BODY) == json.loads(BODY)
    assert check(secret, headers, BODY + b" ") == "wrong signature"
    assert check(signing.secret(ids.short(), 1), headers, BODY) == "wrong signature"
    assert check(secret, headers | {"webhook-id": "another"}, BODY) == "wrong signature"
    assert check(secret, headers | {"webhook-timestamp": "1700000000"}, BODY) == "too old"


def test_the_example_has_the_shape_of_what_is_sent():
    example = json.loads(block("json"))
    form = forms.Form(name="Contact", id=ids.short(), created_at=AT, updated_at=AT, version=1)
    hook = webhooks.Webhook(id="1", form_id=form.id, url="https://example.com", events=[], created_at=AT)
    source = submissions.Source.model_validate(example["data"]["source"])
    one = webhooks.sample(form, ids.ulid()).model_copy(update={"source": source})
    _, body = webhooks.body(hook, form, one, "created", at=AT, origin="https://pillarbox.example")
    sent = json.loads(body)

    assert list(sent) == list(example)
    assert list(sent["data"]) == list(example["data"])
    assert list(sent["data"]["source"]) == list(example["data"]["source"])


def test_its_numbers_are_those_of_the_code():
    assert f"up to {webhook_changes.MOST}," in DOCUMENT
    assert f"within {receivers.SECONDS} seconds" in DOCUMENT
    assert f"look at {resending.MOST} at a time" in DOCUMENT
    assert len(retries.PAUSES) == 9
    assert retries.PAUSES[:4] == (5, 5 * 60, 30 * 60, 2 * 60 * 60)
    hours = [pause // 3600 for pause in retries.PAUSES[3:]]
    assert f"{', '.join(map(str, hours[:-1]))} and {hours[-1]} hours" in DOCUMENT
    assert (webhooks.BOTH_SECONDS, webhooks.DEAD_SECONDS) == (24 * 3600, 5 * 24 * 3600)
