import json
import time

import boto3
import httpx
import pytest

from infra.local import lambdas
from pillarbox import (
    accounts,
    attempts,
    definitions,
    departures,
    erasures,
    exports,
    forms,
    ids,
    places,
    registration,
    sessions,
    settings,
    table,
    tokens,
)
from pillarbox.errors import Changed
from tests.people import PASSWORD, SOMEWHERE, Person

MAY = "signed in"

PATH = "/account/data"
FETCH = f"{PATH}?fetch"


@pytest.fixture
def waiting():
    """Return what waits in the queues, and take it out."""
    sqs = boto3.client("sqs")

    def waiting(url):
        found = []
        while some := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
            for one in some:
                sqs.delete_message(QueueUrl=url, ReceiptHandle=one["ReceiptHandle"])
                found.append(json.loads(one["Body"]))
        return found

    return waiting


@pytest.fixture
def purge(template):
    (function,) = [function for function in template.functions if function.name == "PurgeDeleted"]

    def purge(message):
        record = {"messageId": "0", "body": json.dumps(message), "eventSource": "aws:sqs", "eventSourceARN": "Purges"}
        return lambdas.invoke(function, {"Records": [record]})

    return purge


def delete(person, confirm=None):
    return person.fill(PATH, {"do": "delete", "confirm": person.account.username if confirm is None else confirm})


def test_a_copy_is_asked_for_made_and_fetched(owner, waiting):
    waiting(settings.exports_queue_url())
    assert owner.fill(PATH, {"do": "copy"}).headers["location"] == PATH
    assert "It is being made" in owner.get(PATH).text
    (message,) = waiting(settings.exports_queue_url())

    exports.make(message)

    assert "Download it" in owner.get(PATH).text
    answer = owner.get(FETCH)
    assert answer.status_code == 303
    fetched = httpx.get(answer.headers["location"])
    assert fetched.content.startswith(b"PK")
    assert "pillarbox.zip" in fetched.headers["content-disposition"]


def test_a_copy_that_is_not_there_is_not_found(owner):
    assert owner.get(FETCH).status_code == 404


def test_a_copy_is_nobody_elses(owner, stranger):
    exports.ask(owner.account, SOMEWHERE)
    exports.make({"account_id": owner.account.id})

    assert owner.get(FETCH).status_code == 303
    assert stranger.get(FETCH).status_code == 404


def test_a_copy_that_is_made_while_the_account_goes_is_not_kept(owner):
    exports.ask(owner.account, SOMEWHERE)
    account = owner.account
    exports.forget(account.id)  # as the purge does

    exports.make({"account_id": account.id})

    assert exports.state(account) is None
    assert "Contents" not in exports.s3.list_objects_v2(Bucket=settings.exports_bucket(), Prefix=account.id)


@pytest.mark.usefixtures("slow_pauses")
def test_copies_are_made_a_few_times_and_not_for_ever(owner, monkeypatch):
    monkeypatch.setitem(attempts.LIMITS, "export", attempts.LIMITS["export"]._replace(free=1))

    assert [owner.fill(PATH, {"do": "copy"}).status_code for _ in range(3)] == [303, 303, 429]


def test_an_account_that_is_renamed_while_it_goes_leaves_no_name_behind(owner):
    """The deletion is refused: it would free names that the account has no longer, and leave those that it has."""
    before, new = owner.account, f"new-{ids.short()}"
    accounts.rename(before, username=new)

    with pytest.raises(Changed):
        departures.delete(before, before.username, SOMEWHERE, origin="https://pillarbox.test")

    account = accounts.find(new)
    assert account is not None
    departures.delete(account, new, SOMEWHERE, origin="https://pillarbox.test")
    assert accounts.find(new) is None
    assert (
        accounts.create(registration.NewAccount(username=new, email=f"{new}@example.com", password=PASSWORD)).username
        == new
    )


def test_a_deleted_account_is_gone_at_once_and_its_names_are_free(owner, visitor):
    account = owner.account
    answer = delete(owner)

    assert answer.headers["location"] == "/"
    assert answer.headers["clear-site-data"] == '"cache"'
    assert owner.get("/dashboard").status_code == 303
    assert owner.get("/v1/forms").status_code == 401
    assert visitor.fill("/sign-in", {"username": account.username, "password": PASSWORD}).status_code == 401
    assert accounts.create(registration.NewAccount(username=account.username, email=account.email, password=PASSWORD))


def test_everything_it_owned_goes_soon_after(owner, visitor, form, viewer, purge, waiting):
    account = owner.account
    visitor.post(f"/f/{form.id}", json={"name": "Ada"})
    exports.make({"account_id": account.id})
    shared = forms.create(viewer.account, definitions.Definition(name="Shared"))
    table.put(table.key(f"ACCOUNT#{account.id}", f"FORM#{shared.id}") | {"role": "editor"})
    table.put(forms.member_key(shared.id, account.id) | {"role": "editor", "since": 0})
    kept = [*sessions.keys_of(account.id), *tokens.keys_of(account.id)]
    delete(owner)

    assert purge({"account_id": account.id}) == {"batchItemFailures": []}
    assert purge({"form_id": form.id}) == {"batchItemFailures": []}

    assert visitor.post(f"/f/{form.id}", json={"name": "Ada"}).status_code == 404
    assert list(table.query_all(f"ACCOUNT#{account.id}")) == []
    assert list(table.query_all(f"EVENTS#{account.id}")) == []
    assert [table.get(key) for key in kept] == [None] * len(kept)
    assert list(table.query_all(places.partition(form.id, "inbox", 0))) == []
    assert viewer.get("/v1/forms").json()["forms"] == [viewer.get(f"/v1/forms/{shared.id}").json()]
    assert table.get(forms.member_key(shared.id, account.id)) is None
    waiting(settings.purges_queue_url())


def test_a_purge_of_an_account_that_is_still_there_deletes_nothing(owner, purge):
    assert purge({"account_id": owner.account.id}) == {"batchItemFailures": [{"itemIdentifier": "0"}]}
    assert owner.get("/v1/forms").status_code == 200


@pytest.mark.parametrize("confirm", ["", "somebody else"])
def test_without_the_username_nothing_is_deleted(owner, confirm):
    answer = delete(owner, confirm)

    assert answer.status_code == 422
    assert 'id="confirm-error"' in answer.text
    assert owner.get("/dashboard").status_code == 200


def test_deleting_asks_for_a_fresh_sign_in(owner):
    key = table.key(f"SESSION#{ids.digest(owner.cookies[settings.session_cookie()])}", "SESSION")
    table.update(key, {"confirmed_at": int(time.time()) - 700}, condition="attribute_exists(pk)")

    answer = owner.fill(PATH, {"do": "delete"}, to=PATH)

    assert answer.headers["location"] == f"/confirm?next={PATH}"
    assert accounts.get(owner.account.id)


def test_a_session_that_begins_while_the_account_goes_opens_nothing(owner, template):
    delete(owner)
    late = sessions.start(owner.account, SOMEWHERE)

    with Person(template) as person:
        person.cookies.set(settings.session_cookie(), late, domain="pillarbox.test")
        assert person.get("/dashboard").status_code == 303


def test_a_button_that_is_unknown_does_nothing(owner):
    assert owner.fill(PATH, {"do": "everything"}).status_code == 400


def test_asks_somebody_who_is_not_signed_in_to_sign_in(visitor):
    assert visitor.get(PATH).headers["location"] == f"/sign-in?next={PATH}"


def test_what_an_address_sent_is_erased_and_the_receipt_stands_on_the_page(owner, visitor, form, waiting, purge):
    waiting(settings.purges_queue_url())
    for email in ("ada@example.com", "bob@example.com"):
        visitor.post(f"/f/{form.id}", json={"email": email})

    assert owner.fill(PATH, {"do": "erase", "email": " Ada@example.com "}).headers["location"] == PATH
    page = owner.get(PATH).text
    assert "Under way" in page
    while messages := waiting(settings.purges_queue_url()):
        for message in messages:
            purge(message)

    page = owner.get(PATH).text
    assert "1 submission deleted" in page
    assert '1 of <span dir="auto">Contact</span>' in page
    assert ids.digest("ada@example.com") in page
    assert "Under way" not in page
    assert "Nothing was found" not in page
    assert "ada@" not in page
    assert len(owner.get(f"/v1/forms/{form.id}/submissions").json()["submissions"]) == 1


def test_a_slip_in_the_address_is_told_beside_it_and_stays_to_be_mended(owner):
    answer = owner.fill(PATH, {"do": "erase", "email": "ada@example"})

    assert answer.status_code == 422
    assert "isn&#39;t an e-mail address" in answer.text
    assert 'value="ada@example"' in answer.text
    assert "Receipts" not in answer.text


def test_erasing_asks_for_a_fresh_sign_in(owner):
    key = table.key(f"SESSION#{ids.digest(owner.cookies[settings.session_cookie()])}", "SESSION")
    table.update(key, {"confirmed_at": int(time.time()) - 700}, condition="attribute_exists(pk)")

    answer = owner.fill(PATH, {"do": "erase", "email": "ada@example.com"}, to=PATH)

    assert answer.headers["location"] == f"/confirm?next={PATH}"
    assert 'value="erase"' not in owner.get(PATH).text
    assert erasures.shown(owner.account)["receipts"] == []


def test_receipts_are_nobody_elses(owner, stranger):
    erasures.ask(owner.account, erasures.NewErasure(email="ada@example.com"), SOMEWHERE)

    assert "Receipts" in owner.get(PATH).text
    assert "Receipts" not in stranger.get(PATH).text
