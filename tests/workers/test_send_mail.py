import json
import logging

import pytest
from botocore.exceptions import ClientError

from infra.local import lambdas
from pillarbox import accounts, attempts, ids, letters, links, mails, outbox, settings
from pillarbox.clients import Client
from tests.people import new_account

ORIGIN = "https://pillarbox.test"


@pytest.fixture
def account(template):  # noqa: ARG001 - the table has to be there
    return new_account()


def test_a_mail_carries_a_link_that_works_and_says_who_and_what(mailbox, account):
    mails.send("verify-email", origin=ORIGIN, account=account.id)

    (mail,) = mailbox.of(account.email)
    assert mail["from"] == settings.mail_from()
    assert mail["subject"] == "Confirm your e-mail address"
    assert account.username in mail["text"]
    path, _, secret = mailbox.link(account.email).partition("?token=")
    assert path == "/verify-email"
    assert links.read(secret, "verify-email")[1] == {"account": account.id, "email": account.email}
    assert f"{ORIGIN}/verify-email?token={secret}" in mail["html"]


def test_the_queue_never_holds_a_links_secret(mailbox, account):
    mails.send("reset-password", origin=ORIGIN, name=account.username)

    assert mailbox.waiting() == [{"kind": "reset-password", "origin": ORIGIN, "name": account.username}]


def test_every_kind_of_mail_is_escaped_and_its_subject_is_one_line(mailbox, account):
    hostile = '<img src=x onerror="alert(1)">\r\nBcc: all@example.com'
    address = f"{ids.short()}@example.com"
    sent: dict[mails.Kind, dict[str, str]] = {
        "change-email": {"account": account.id, "email": address},
        "reset-password": {"name": account.username},
        "verify-email": {"account": account.id},
        "invitation": {"email": address, "inviter": hostile, "number": "n"},
        "share": {
            "email": address,
            "form_id": "f",
            "number": "n",
            "form_name": hostile,
            "role": "viewer",
            "inviter": hostile,
        },
        "recipient": {"account": "a", "email": address, "form_id": "f", "form_name": hostile, "asker": hostile},
        "webhook-off": {"to": address, "form_id": "f", "form_name": hostile, "url": hostile, "reason": hostile},
    }
    for kind, data in sent.items():
        mails.send(kind, origin=ORIGIN, **data)
    verified = account.model_copy(update={"email_verified": True})
    mails.notify(verified, "email-changed", Client("192.0.2.9", hostile), origin=ORIGIN, email=hostile)

    found = [*mailbox.of(address), *mailbox.of(account.email)]
    assert len(found) == len(letters.KINDS)
    for mail in found:
        assert "<img" not in mail["html"]
        assert "\n" not in mail["subject"]
        assert "\r" not in mail["subject"]
        assert "src=" not in mail["html"].replace("&lt;img src=", "")


@pytest.mark.usefixtures("template")
def test_nobody_who_is_not_there_gets_a_mail(mailbox):
    mails.send("reset-password", origin=ORIGIN, name="nobody@example.com")
    mails.send("verify-email", origin=ORIGIN, account="nobody")

    assert mailbox.send() == [{"batchItemFailures": []}]
    assert mailbox.of("nobody@example.com") == []


def test_an_address_that_was_never_verified_is_told_nothing_of_the_account(mailbox, account):
    mails.notify(account, "password-changed", Client("192.0.2.9", ""), origin=ORIGIN)

    assert mailbox.of(account.email) == []


@pytest.mark.usefixtures("slow_pauses")
def test_one_address_gets_no_more_than_a_few_an_hour(mailbox, account):
    most = attempts.LIMITS["mail"].free + 1
    for _ in range(most + 5):
        mails.send("reset-password", origin=ORIGIN, name=account.email)

    assert len(mailbox.of(account.email)) == most


@pytest.mark.usefixtures("slow_pauses")
def test_another_spelling_of_an_address_is_the_same_address(mailbox, account, monkeypatch):
    monkeypatch.setitem(attempts.LIMITS, "mail", attempts.LIMITS["mail"]._replace(free=1))
    name = account.username
    spelt = [f"Vic{name}@example.com", f"vIc{name}@EXAMPLE.com", f"vic{name}@example.com"]
    for address in spelt:
        mails.send("change-email", origin=ORIGIN, account=account.id, email=address)

    assert sum(len(mailbox.of(address)) for address in spelt) == 2  # the free one and one more


def test_without_a_sender_nothing_is_asked_for(mailbox, account, monkeypatch):
    monkeypatch.setenv("MAIL_FROM", "")

    mails.send("verify-email", origin=ORIGIN, account=account.id)

    assert mailbox.waiting() == []


def test_a_mail_that_ses_does_not_take_comes_again_and_the_others_go(template, account, mailbox, monkeypatch, caplog):
    (worker,) = [function for function in template.functions if function.name == "SendMail"]
    send, other = outbox.client.send_email, new_account()

    def refuse(**mail):
        if mail["Destination"]["ToAddresses"] == [account.email]:
            raise ClientError({"Error": {"Code": "TooManyRequestsException", "Message": "slowly"}}, "SendEmail")
        return send(**mail)

    monkeypatch.setattr(outbox.client, "send_email", refuse)
    bodies = [{"kind": "verify-email", "origin": ORIGIN, "account": one.id} for one in (account, other)]
    records = [
        {"messageId": str(n), "body": json.dumps(body), "eventSource": "aws:sqs", "eventSourceARN": "Mails"}
        for n, body in enumerate(bodies)
    ]

    with caplog.at_level(logging.INFO):
        answer = lambdas.invoke(worker, {"Records": records})

    assert answer == {"batchItemFailures": [{"itemIdentifier": "0"}]}
    assert len(mailbox.of(other.email)) == 1
    assert account.email not in caplog.text


def test_an_account_that_was_switched_off_gets_no_link(mailbox, account):
    accounts.change(account, active=False)

    mails.send("reset-password", origin=ORIGIN, name=account.username)

    assert mailbox.of(account.email) == []
