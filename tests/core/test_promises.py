"""Promises that hold by a line or a figure each, which nothing else would miss."""

import time

import pytest

from infra.local import gateway
from infra.local.template import Template
from pillarbox import aws, errors, ids, sessions, settings, storing, table
from tests.people import SOMEWHERE
from tests.proxy import LOST


def test_a_repeat_after_a_lost_answer_leaves_what_the_owner_did_in_between(owner, visitor, form, faults, monkeypatch):
    url = f"/v1/forms/{form.id}/submissions"

    def mark(_seconds):
        (submission,) = owner.get(url).json()["submissions"]
        assert owner.patch(f"{url}/{submission['id']}", json={"read": True}).status_code == 200

    faults.answer("PutItem", LOST, times=2)
    with monkeypatch.context() as patch:
        patch.setattr(time, "sleep", mark)  # the pause before the third attempt
        visitor.post(f"/f/{form.id}", data={"name": "Ada"})

    assert faults.calls["PutItem"] == 3
    assert [submission["read"] for submission in owner.get(url).json()["submissions"]] == [True]


@pytest.mark.parametrize(
    ("service", "operation", "kind"),
    [
        ("dynamodb", "PutItem", "ProvisionedThroughputExceededException"),
        ("dynamodb", "PutItem", "RequestLimitExceeded"),
        ("dynamodb", "PutItem", "ThrottlingException"),
        ("sqs", "SendMessage", "RequestThrottled"),
    ],
)
def test_being_asked_for_fewer_requests_is_no_bug_by_whatever_name(faults, service, operation, kind):
    faults.answer(operation, (400, kind))

    with pytest.raises(aws.Throttled) as raised:
        aws.call(service, operation, {}, until=time.monotonic() + 5)

    assert isinstance(raised.value, errors.Unavailable)
    assert faults.calls[operation] == 3


def test_a_session_is_to_end_after_its_absolute_time(owner):
    session = table.get(table.key(f"SESSION#{ids.digest(sessions.start(owner.account, SOMEWHERE))}", "SESSION"))

    assert session is not None
    assert session["expires_at"] - session["started_at"] == settings.session_absolute_seconds() == 14 * 24 * 60 * 60


# ── Reads see what was written before them ───────────────────────────────────


@pytest.fixture
def asked():
    """The parameters of what boto3 asks the table."""
    requests = []

    def note(params, **_):
        requests.append(params)

    table.client.meta.events.register("before-parameter-build.dynamodb", note)
    yield requests
    table.client.meta.events.unregister("before-parameter-build.dynamodb", note)


@pytest.mark.usefixtures("template")
@pytest.mark.parametrize(
    "read", [lambda: table.get(table.key("a", "b")), lambda: table.query("a")], ids=["get", "query"]
)
def test_a_read_of_the_table_is_a_strong_one(asked, read):
    read()

    assert [request.get("ConsistentRead") for request in asked] == [True]


@pytest.mark.usefixtures("template")
def test_a_read_of_many_items_is_a_strong_one(asked):
    table.get_many([table.key("a", "b")])

    (request,) = asked
    assert [wanted.get("ConsistentRead") for wanted in request["RequestItems"].values()] == [True]


def test_a_submission_reads_its_form_by_a_strong_read(visitor, form, monkeypatch):
    call, reads = aws.call, []

    def note(service, operation, body, **options):
        if operation == "GetItem":
            reads.append(body)
        return call(service, operation, body, **options)

    monkeypatch.setattr(aws, "call", note)
    visitor.post(f"/f/{form.id}", data={"name": "Ada"})

    assert [read.get("ConsistentRead") for read in reads] == [True]


# ── Figures ──────────────────────────────────────────────────────────────────


def test_the_submit_path_waits_a_second_for_a_connection_and_three_for_an_answer():
    assert (aws.CONNECT_SECONDS, aws.READ_SECONDS) == (1, 3)


def test_read_write_and_queue_are_given_up_in_turn_before_the_function_is_over():
    (submit,) = [function for function in Template().functions if function.name == "SubmitForm"]

    assert 0 < storing.READ_BY < storing.WRITE_BY < storing.QUEUE_BY < submit.timeout


def test_a_change_of_a_form_is_in_force_within_ten_seconds(monkeypatch):
    monkeypatch.delenv("FORM_CACHE_SECONDS")

    assert 0 < settings.form_cache_seconds() <= 10


def test_the_local_gateway_waits_for_a_function_as_long_as_an_http_api_does():
    assert gateway.INTEGRATION_TIMEOUT == 30
