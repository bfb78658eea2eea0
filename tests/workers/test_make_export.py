import csv
import io
import json
import tracemalloc
import zipfile

import httpx
import pytest

from infra.local import lambdas
from pillarbox import accounts, definitions, exports, forms, logos, submissions
from pillarbox.exact import DEEPEST
from tests.drawings import png
from tests.outgoing import webhook
from tests.people import SOMEWHERE


@pytest.fixture
def make(template):
    """Hand an account to the worker as the queue would, and return what it answers."""
    (function,) = [function for function in template.functions if function.name == "MakeExport"]

    def make(account_id):
        if account := accounts.of(account_id):
            exports.ask(account, SOMEWHERE)
        body = json.dumps({"account_id": account_id})
        record = {"messageId": "0", "body": body, "eventSource": "aws:sqs", "eventSourceARN": "Exports"}
        return lambdas.invoke(function, {"Records": [record]})

    return make


def fetched(account):
    answer = httpx.get(exports.address(account))
    assert answer.status_code == 200
    return zipfile.ZipFile(io.BytesIO(answer.content))


def lines(archive, name):
    return [json.loads(line) for line in archive.read(name).decode().splitlines()]


def test_holds_everything_that_the_account_owns(make, owner, visitor, form):
    for n in range(3):
        visitor.post(
            f"/f/{form.id}", content=f'{{"n": {n}, "amount": 1.10}}', headers={"content-type": "application/json"}
        )
    first = owner.get(f"/v1/forms/{form.id}/submissions").json()["submissions"][0]["id"]
    owner.patch(f"/v1/forms/{form.id}/submissions/{first}", json={"folder": "spam"})

    assert make(owner.account.id) == {"batchItemFailures": []}

    archive = fetched(owner.account)
    known = json.loads(archive.read("account.json"))
    assert known["account"]["email"] == owner.account.email
    assert [token["name"] for token in known["tokens"]] == ["tests"]
    assert len(known["sessions"]) == 1
    assert json.loads(archive.read(f"forms/{form.id}/form.json"))["name"] == form.name
    sent = lines(archive, f"forms/{form.id}/submissions.jsonl")
    assert sorted(one["fields"]["n"] for one in sent) == [0, 1, 2]
    assert sorted(one["folder"] for one in sent) == ["inbox", "inbox", "spam"]
    assert b'"amount":1.10' in archive.read(f"forms/{form.id}/submissions.jsonl")
    assert "activity.jsonl" in archive.namelist()


def test_holds_what_came_in_for_spreadsheets_too(make, owner, visitor, form):
    for sent in ({"name": "Ada", "seats": 3}, {"name": "=HYPERLINK(1)", "others": ["a", "b"], "deep": {"é": [1]}}):
        visitor.post(f"/f/{form.id}", json=sent).raise_for_status()

    make(owner.account.id)

    file = fetched(owner.account).read(f"forms/{form.id}/submissions.csv").decode("utf-8-sig")
    newest, older = csv.DictReader(io.StringIO(file, newline=""))
    assert (older["name"], older["seats"], older["others"], older["deep"]) == ("Ada", "3", "", "")
    assert (newest["name"], newest["others"], newest["deep"]) == ("'=HYPERLINK(1)", "a; b", '{"é":[1]}')
    assert (newest["pillarbox_folder"], newest["pillarbox_read"]) == ("inbox", "false")


def test_holds_what_is_nested_as_deep_as_is_taken(make, owner, visitor, form):
    deep = '{"a":' * DEEPEST + "1" + "}" * DEEPEST
    visitor.post(f"/f/{form.id}", content=deep, headers={"content-type": "application/json"}).raise_for_status()

    assert make(owner.account.id) == {"batchItemFailures": []}

    archive = fetched(owner.account)
    assert deep.encode() in archive.read(f"forms/{form.id}/submissions.jsonl")
    assert deep.removeprefix('{"a":').removesuffix("}").replace('"', '""').encode() in archive.read(
        f"forms/{form.id}/submissions.csv"
    )


def test_holds_every_version_the_logo_and_the_webhooks_without_their_secrets(make, owner, form):
    picture = png(40, 20)
    logos.put(form.id, logos.checked(picture), seen=None)
    owner.patch(f"/v1/forms/{form.id}", json={"name": "Write to us"}).raise_for_status()
    hook = webhook(form.id)

    make(owner.account.id)

    archive = fetched(owner.account)
    names = [one["definition"]["name"] for one in lines(archive, f"forms/{form.id}/versions.jsonl")]
    assert names == ["Write to us", form.name]
    assert archive.read(f"forms/{form.id}/logo.png") == picture
    (kept,) = lines(archive, f"forms/{form.id}/webhooks.jsonl")
    assert kept["url"] == hook.url
    assert "secret" not in kept


def test_holds_nothing_that_opens_the_account_and_nothing_of_others(make, owner, stranger, viewer, form):
    theirs = forms.create(stranger.account, definitions.Definition(name="Theirs"))
    make(owner.account.id)
    make(viewer.account.id)

    everything = b"".join(fetched(owner.account).read(name) for name in fetched(owner.account).namelist())
    assert owner.headers["authorization"].removeprefix("Bearer ").encode() not in everything
    assert b"argon2" not in everything
    assert theirs.id.encode() not in everything
    assert f"forms/{form.id}/form.json" not in fetched(viewer.account).namelist()


def test_an_account_that_is_gone_is_no_failure(make):
    assert make("nobody000000") == {"batchItemFailures": []}


def test_takes_no_more_memory_for_more(make, owner, form, monkeypatch):
    """Each page of a long list is let go before the next."""
    told = {"form_id": form.id, "received_at": 0, "folder": "inbox", "read": True, "source": {}, "form_version": 1}
    one = submissions.Submission.model_validate(told | {"id": "1", "fields": {"text": "x" * 10_000}})
    length = [0]

    def page(_form_id, folder, *, limit, cursor, **_):
        n = int(cursor or 0) + 1
        found = [one.model_copy(deep=True) for _ in range(limit)] if folder == "inbox" else []
        more = str(n) if folder == "inbox" and n < length[0] else None
        return submissions.Page(submissions=found, next_cursor=more)

    monkeypatch.setattr(submissions, "page", page)
    peaks = []
    for length[0] in (5, 40):
        tracemalloc.start()
        make(owner.account.id)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()

    assert peaks[1] < peaks[0] * 1.5


def test_a_new_copy_is_asked_for_and_the_page_says_so(owner):
    exports.ask(owner.account, SOMEWHERE)

    state = exports.state(accounts.get(owner.account.id))
    assert state is not None
    assert "object" not in state
