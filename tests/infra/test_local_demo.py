"""`make demo`: an account that can sign in, three forms, about a hundred believable submissions."""

from datetime import UTC, datetime, timedelta

import pytest

from infra.local import demo_data
from infra.local.demo import EMAIL
from pillarbox import forms, sign_in, submissions
from tests.people import SOMEWHERE

FOLDERS: list[submissions.Folder] = ["inbox", "spam", "archive", "trash"]


@pytest.fixture(scope="module")
def filled(template):
    demo_data.fill(template, EMAIL)
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


def test_adds_nothing_to_what_is_there(filled, template):
    demo_data.fill(template, EMAIL)

    assert _found() == filled


def test_tells_the_same_each_time(filled):
    oldest = min(filled["Contact"], key=lambda submission: submission.received_at)

    assert oldest.fields["name"] == "Lukas Bäumler"
