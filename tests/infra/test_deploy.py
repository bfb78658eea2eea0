"""The built application, deployed whole to the local engine with IAM enforced, used once, and deleted."""

import json
import time
from collections.abc import Callable
from typing import Any

import pytest

from infra.local import engine as local_engine
from infra.local import sample_events
from infra.local.engine import Engine
from infra.local.template import Template
from tests.infra import deployed
from tests.infra.deployed import Deployed
from tests.people import PASSWORD, csrf_token


@pytest.fixture
def guarded(tmp_path, monkeypatch):
    """An engine of its own that lets a function do only what its role allows."""
    monkeypatch.setenv("AUTH", "true")
    with local_engine.running(log=tmp_path / "engine.log") as engine:
        yield engine


def test_the_built_application_deploys_works_under_its_own_policies_and_leaves_nothing(guarded, built, tmp_path):
    said = deployed.sam_deploy(guarded, built, tmp_path)
    assert "Successfully created/updated stack" in said
    deployed.add_routes(guarded)

    with Deployed(guarded) as program, Deployed(guarded) as visitor, Deployed(guarded) as browser:
        form_id = makes_a_form(program)
        is_refused_without_a_right(guarded, program)
        sends(visitor, form_id)
        reads_moves_and_deletes(program, form_id)
        reads_the_pages(browser, form_id)
        overflow_is_stored(guarded, program, form_id)
        is_counted(guarded, form_id)
        deletes_the_form(guarded, program, form_id)

    assert "is up to date" in deployed.sam_deploy(guarded, built, tmp_path)
    deployed.quieten(guarded)
    deployed.delete(guarded)
    assert deployed.left(guarded) == {}


def makes_a_form(program: Deployed) -> str:
    assert program.get("/health").json() == {"status": "ok"}
    account = {"username": "ada", "email": "ada@example.com", "password": PASSWORD}
    assert program.post("/v1/accounts", json=account).status_code == 201
    assert program.post("/v1/accounts", json=account).status_code == 409
    token = program.post("/v1/tokens", json={"username": "ada", "password": PASSWORD, "name": "journey"})
    assert token.status_code == 201
    program.headers["authorization"] = f"Bearer {token.json()['token']}"

    made = program.post("/v1/forms", json={"name": "Contact"})
    assert made.status_code == 201
    form_id = made.json()["id"]
    assert made.json()["url"] == str(program.base_url).rstrip("/") + f"/f/{form_id}"
    assert [form["id"] for form in program.get("/v1/forms").json()["forms"]] == [form_id]
    assert program.patch(f"/v1/forms/{form_id}", json={"name": "Write to us"}).json()["name"] == "Write to us"
    assert program.get(f"/v1/forms/{form_id}").json()["name"] == "Write to us"
    return str(form_id)


def is_refused_without_a_right(engine: Engine, program: Deployed) -> None:
    """Show that the engine does enforce policies: without its own a function fails, with it again it works."""
    iam, role = engine.client("iam"), deployed.resources(engine)["ListFormsRole"]
    (policy,) = iam.list_role_policies(RoleName=role)["PolicyNames"]
    document = iam.get_role_policy(RoleName=role, PolicyName=policy)["PolicyDocument"]

    iam.delete_role_policy(RoleName=role, PolicyName=policy)
    assert program.get("/v1/forms").status_code == 500

    iam.put_role_policy(RoleName=role, PolicyName=policy, PolicyDocument=json.dumps(document))
    assert program.get("/v1/forms").status_code == 200


def sends(visitor: Deployed, form_id: str) -> None:
    navigated = visitor.post(f"/f/{form_id}", data={"name": "Ada", "message": "Hi"})
    assert navigated.status_code == 303
    assert navigated.headers["location"].endswith(f"/f/{form_id}/thanks")

    fetched = visitor.post(f"/f/{form_id}", json={"name": "Grace", "amount": 1.10})
    assert fetched.status_code == 200
    assert fetched.json()["ok"] is True

    assert visitor.post("/f/samp1ef0rm00", json={"name": "Nobody"}).status_code == 404
    assert visitor.get("/no/such/path").status_code == 404
    assert visitor.get(f"/f/{form_id}").status_code == 200
    assert visitor.get(f"/f/{form_id}/thanks").status_code == 200


def reads_moves_and_deletes(program: Deployed, form_id: str) -> None:
    place = f"/v1/forms/{form_id}/submissions"
    newer, older = program.get(place).json()["submissions"]
    assert newer["fields"] == {"name": "Grace", "amount": 1.1}
    assert older["fields"] == {"name": "Ada", "message": "Hi"}

    one = f"{place}/{newer['id']}"
    assert program.get(one).json()["fields"] == newer["fields"]
    assert program.patch(one, json={"read": True}).json()["read"] is True
    assert program.patch(one, json={"folder": "archive"}).json()["folder"] == "archive"
    assert [found["id"] for found in program.get(place).json()["submissions"]] == [older["id"]]
    assert [found["id"] for found in program.get(f"{place}?folder=archive").json()["submissions"]] == [newer["id"]]
    delete(program, one)


def reads_the_pages(browser: Deployed, form_id: str) -> None:
    for page in ("/", "/sign-up", "/static/site.css"):
        assert browser.get(page).status_code == 200, page
    fill(browser, "/sign-in", {"username": "ada", "password": PASSWORD})
    assert "Write to us" in browser.get("/dashboard").text
    inbox = browser.get(f"/forms/{form_id}")
    assert "Ada" in inbox.text
    assert browser.get("/sign-out").status_code == 200


def fill(browser: Deployed, page: str, fields: dict[str, str]) -> None:
    token = csrf_token(browser.get(page))
    origin = str(browser.base_url).rstrip("/")
    sent = browser.post(page, data=fields | {"csrf_token": token}, headers={"origin": origin})
    assert sent.status_code == 303, sent.text


def overflow_is_stored(engine: Engine, program: Deployed, form_id: str) -> None:
    """A message as submit_form sends it when the table is too busy becomes a submission."""
    (overflow,) = [function for function in Template().functions if function.name == "StoreOverflow"]
    (record,) = sample_events.sample(overflow)["Records"]
    place = f"/v1/forms/{form_id}/submissions"

    send(engine, "Overflow-", json.loads(record["body"].replace(sample_events.FORM_ID, form_id)) | {"busy": True})

    until(lambda: sample_events.OVERFLOWED_ID in program.get(place).text)


def is_counted(engine: Engine, form_id: str) -> None:
    """The worker is called as Lambda calls it, since the engine's own calls name no shard of the stream."""
    (count,) = [function for function in Template().functions if function.name == "Count"]
    event = json.dumps(sample_events.sample(count)).replace(sample_events.FORM_ID, form_id)

    called = engine.client("lambda").invoke(FunctionName=deployed.resources(engine)["Count"], Payload=event)

    answer = json.load(called["Payload"])
    assert answer == {"state": {}, "batchItemFailures": []}
    counted = {sk.partition("#")[0] for pk, sk in items(engine, f"FORM#{form_id}") if pk == f"FORM#{form_id}"}
    assert counted >= {"FORM", "MEMBER", "COUNTS", "DAYS"}


def deletes_the_form(engine: Engine, program: Deployed, form_id: str) -> None:
    delete(program, f"/v1/forms/{form_id}")

    # The message that the deletion queued comes in a minute; this one asks for the same at once.
    send(engine, "Purges-", {"form_id": form_id})
    until(lambda: not items(engine, f"FORM#{form_id}"))


def send(engine: Engine, queue: str, message: dict[str, Any]) -> None:
    sqs = engine.client("sqs")
    (url,) = [url for url in sqs.list_queues()["QueueUrls"] if queue in url]
    sqs.send_message(QueueUrl=url, MessageBody=json.dumps(message))


def delete(program: Deployed, path: str) -> None:
    # The engine's gateway falls over a body of null, which AWS takes, once the handler has done its work.
    assert program.delete(path).status_code in {204, 500}
    assert program.get(path).status_code == 404


def items(engine: Engine, start: str) -> list[tuple[str, str]]:
    """Return the keys of all items whose partition begins so."""
    dynamodb = engine.client("dynamodb")
    (table,) = dynamodb.list_tables()["TableNames"]
    found = [(item["pk"]["S"], item["sk"]["S"]) for item in dynamodb.scan(TableName=table)["Items"]]
    return [(pk, sk) for pk, sk in found if pk.startswith(start)]


def until(done: Callable[[], bool]) -> None:
    deadline = time.monotonic() + deployed.PATIENCE
    while not done():
        assert time.monotonic() < deadline, "It didn't happen."
        time.sleep(0.1)
