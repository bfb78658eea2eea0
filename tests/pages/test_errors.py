"""What a page says when the table is away: not now, and when to come again."""

import boto3
import pytest

from infra.local.engine import free_port
from pillarbox import ids, table
from pillarbox.errors import Unavailable
from tests.people import PASSWORD


def test_a_page_whose_table_is_busy_says_when_to_come_again(owner, monkeypatch):
    def busy(_key):
        raise Unavailable("The table is too busy. Please try again.")

    monkeypatch.setattr(table, "get", busy)

    answer = owner.get("/dashboard")

    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    assert "too busy" in answer.text


@pytest.fixture
def away(visitor, monkeypatch):  # noqa: ARG001 - who finds the table where it is
    """The table at an address where nobody answers."""
    nowhere = boto3.client("dynamodb", endpoint_url=f"http://127.0.0.1:{free_port()}", config=table.CONFIG)
    monkeypatch.setattr(table, "client", nowhere)


@pytest.mark.usefixtures("away")
def test_a_sign_up_without_a_table_says_when_to_come_again(visitor):
    name = f"grace-{ids.short()}"

    answer = visitor.fill("/sign-up", {"username": name, "email": f"{name}@example.com", "password": PASSWORD})

    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    assert "out of reach" in answer.text
