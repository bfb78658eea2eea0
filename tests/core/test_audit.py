"""Every event that matters to security is kept twice: for whom it concerns, and for the operator."""

from datetime import UTC, datetime
from typing import get_args

import pytest

from pillarbox import audit, cursors, ids, table
from pillarbox.clients import Client
from pillarbox.errors import Invalid

PLACE = Client("192.0.2.7", "Firefox")


@pytest.fixture
def account(template):  # noqa: ARG001 - the table has to be there
    return ids.short()


def test_an_event_tells_who_what_when_and_from_where(account):
    audit.note("email-verified", account, PLACE, email="ada@example.com")

    (event,) = audit.page(account, limit=10).events
    assert event.sentence == "The e-mail address ada@example.com was verified."
    assert (event.account, event.actor, event.address, event.agent) == (account, account, *PLACE)
    assert abs((datetime.now(UTC) - event.at).total_seconds()) < 60


def test_the_operator_sees_everybodys_events_and_who_did_them(account):
    audit.note("session-ended", account, PLACE, actor="operator")

    events = [event for event in audit.everybodys(limit=100).events if event.account == account]
    assert [event.actor for event in events] == ["operator"]


def test_the_newest_come_first_page_by_page(account):
    for n in range(5):
        audit.note("email-asked", account, PLACE, email=f"{n}@example.com")

    first = audit.page(account, limit=3)
    second = audit.page(account, limit=3, cursor=first.next_cursor)
    assert [event.details["email"][0] for event in [*first.events, *second.events]] == list("43210")
    assert second.next_cursor is None


def test_the_operators_pages_go_on_through_the_months(account, monkeypatch):
    monkeypatch.setattr(audit, "MONTHS", 3)
    now = datetime.now(UTC)
    before = audit._before(now.strftime("%Y-%m"))  # noqa: SLF001
    audit.note("sign-in", account, PLACE)
    old = {"kind": "sign-out", "account": account, "actor": account, "address": "", "agent": "", "details": {}}
    moment = datetime.strptime(f"{before}-15", "%Y-%m-%d").replace(tzinfo=UTC).timestamp()
    table.put(table.key(f"EVENTS#{before}", ids.ulid(now=moment)) | old)

    kinds, cursor = [], None
    while True:
        page = audit.everybodys(limit=2, cursor=cursor)
        kinds += [event.kind for event in page.events if event.account == account]
        if (cursor := page.next_cursor) is None:
            break
    assert kinds == ["sign-in", "sign-out"]


def test_a_cursor_of_somebody_elses_list_opens_nothing(account):
    with pytest.raises(Invalid):
        audit.page(account, limit=3, cursor=cursors.seal("events of somebody", "x"))


def test_an_event_goes_after_400_days(account):
    audit.note("sign-in", account, PLACE)

    (item,) = table.query(f"EVENTS#{account}").items
    assert item["expires_at"] - ids.time_of(item["sk"]) == pytest.approx(400 * 24 * 60 * 60, abs=2)
    table.update(table.key(item["pk"], item["sk"]), {"expires_at": 1}, condition="attribute_exists(pk)")
    assert audit.page(account, limit=3).events == []


def test_every_kind_has_a_sentence_and_every_sentence_a_kind():
    assert set(get_args(audit.Kind.__value__)) == set(audit.SENTENCES)
    assert all(sentence.endswith(".") for sentence in audit.SENTENCES.values())


@pytest.mark.parametrize(("month", "before"), [("2026-11", "2026-10"), ("2026-01", "2025-12"), ("2026-02", "2026-01")])
def test_the_month_before(month, before):
    assert audit._before(month) == before  # noqa: SLF001
