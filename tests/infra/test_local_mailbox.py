"""What stands at /_local/mail: the mail that would have been sent, for people and for programs."""

import json

import pytest

from infra.local.events import Request
from infra.local.mailbox import Mailbox
from pillarbox import ids, outbox

LETTER = {
    "paragraphs": ["Hello <b>Ada</b>"],
    "button": "Look",
    "link": "https://pillarbox.test/verify-email?token=abc",
    "close": "",
}


@pytest.fixture
def pages(engine, template):  # noqa: ARG001 - the sender has to be verified
    mailbox = Mailbox(engine)
    return lambda path, method="GET": mailbox.answer(Request(method, path))


@pytest.fixture
def address(pages):  # noqa: ARG001
    address = f"{ids.short()}@example.com"
    outbox.send(address, "Hello <i>you</i>", LETTER)
    return address


def test_a_program_reads_who_got_what(pages, address):
    mails = json.loads(pages("/_local/mail.json").body)["mails"]

    (mail,) = [mail for mail in mails if mail["to"] == [address]]
    assert mail["subject"] == "Hello <i>you</i>"
    assert "Hello <b>Ada</b>" in mail["text"]
    assert LETTER["link"] in mail["text"]
    assert mails == sorted(mails, key=lambda mail: mail["sent_at"], reverse=True)


def test_a_person_reads_the_newest_and_follows_its_links(pages, address):
    answer = pages("/_local/mail")

    assert answer.status == 200
    text = answer.body.decode()
    assert address in text
    assert f'<a href="{LETTER["link"]}">' in text
    assert "<i>you</i>" not in text


def test_its_html_is_shown_as_it_was_sent_and_may_run_nothing(pages, address):
    mails = json.loads(pages("/_local/mail.json").body)["mails"]
    (mail,) = [mail for mail in mails if mail["to"] == [address]]

    answer = pages(f"/_local/mail/{mail['id']}.html")

    assert "Hello &lt;b&gt;Ada&lt;/b&gt;" in answer.body.decode()
    assert '<base target="_top">' in answer.body.decode()
    assert dict(answer.headers)["content-security-policy"].startswith("default-src 'none'")
    assert pages(f"/_local/mail/{mail['id']}").status == 200


@pytest.mark.parametrize("path", ["/_local/mail/none", "/_local/mail/none.html", "/_local/other", "/_local/"])
def test_what_is_not_there_is_said_to_be_gone(pages, path):
    assert pages(path).status == 404


def test_nothing_can_be_sent_to_it(pages):
    assert pages("/_local/mail", "POST").status == 404
