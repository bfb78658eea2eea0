"""`make demo`: an account that can sign in, three forms, their webhooks, about a hundred believable submissions."""

from datetime import UTC, datetime, timedelta

import pytest

from infra.local import demo_data, receiver
from infra.local.demo import EMAIL
from infra.local.events import Request
from pillarbox import forms, recipients, sign_in, submissions, webhooks
from tests.outgoing import queued
from tests.people import SOMEWHERE

URL = "http://localhost:8000"
FOLDERS: list[submissions.Folder] = ["inbox", "spam", "archive", "trash"]


@pytest.fixture(scope="module")
def filled(template):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HTTP_RECEIVERS", "yes")
        demo_data.fill(template, EMAIL, URL)
    assert len(queued("webhooks")) >= 2, "each is tried out"
    return _found()


def _found():
    account = sign_in.by_password(demo_data.USERNAME, demo_data.PASSWORD, SOMEWHERE)
    return {
        form.name: [
            submission
            for folder in FOLDERS
            for submission in submissions.page(
                form.id, folder, shards=form.shards, retention_days=None, limit=100
            ).submissions
        ]
        for form in forms.every(account)
    }


def test_shows_what_it_tells_of(filled):
    assert {name: len(found) for name, found in filled.items()} == {
        "Contact": 45,
        "Workshop booking": 35,
        "Feedback": 30,
    }


def test_shows_the_last_thirty_days_in_all_folders_and_many_languages(filled):
    everything = [submission for found in filled.values() for submission in found]
    month_ago = datetime.now(UTC) - timedelta(days=demo_data.DAYS, minutes=5)

    assert all(submission.received_at > month_ago for submission in everything)
    assert max(submission.received_at for submission in everything) < datetime.now(UTC)
    assert {submission.folder for submission in everything} == set(FOLDERS)
    assert len({submission.source.language for submission in everything}) > 5
    assert {submission.read for submission in everything} == {True, False}


@pytest.mark.usefixtures("filled")
def test_tells_receivers_on_this_machine_and_one_of_them_fails():
    account = sign_in.by_password(demo_data.USERNAME, demo_data.PASSWORD, SOMEWHERE)
    told = {form.name: [one.url for one in webhooks.of_form(form.id)] for form in forms.every(account)}
    answers = {
        name: receiver.answer(Request("POST", url.removeprefix("http://127.0.0.1:8000")))
        for name, urls in told.items()
        for url in urls
    }

    assert {name: answer and answer.status for name, answer in answers.items()} == {
        "Contact": 507,
        "Workshop booking": 200,
    }
    assert receiver.answer(Request("GET", "/_local/receiver")) is None


@pytest.mark.usefixtures("filled")
def test_mails_its_owner_and_waits_for_a_yes_of_somebody_else():
    account = sign_in.by_password(demo_data.USERNAME, demo_data.PASSWORD, SOMEWHERE)
    (contact,) = (form for form in forms.every(account) if form.name == "Contact")

    assert [(one.state, one.asked) for one in recipients.of(contact)] == [("verified", False), ("waiting", True)]


def test_adds_nothing_to_what_is_there(filled, template):
    demo_data.fill(template, EMAIL, URL)

    assert _found() == filled


def test_tells_the_same_each_time(filled):
    oldest = min(filled["Contact"], key=lambda submission: submission.received_at)

    assert oldest.fields["name"] == "Lukas Bäumler"
