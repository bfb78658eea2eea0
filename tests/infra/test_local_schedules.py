from datetime import UTC, datetime, timedelta

import pytest

from infra.local.schedules import Schedule

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


def _moment(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("expression", "passed", "due"),
    [
        ("rate(5 minutes)", timedelta(minutes=5), True),
        ("rate(5 minutes)", timedelta(minutes=4, seconds=59), False),
        ("rate(1 hour)", timedelta(minutes=60), True),
        ("rate(2 days)", timedelta(hours=47), False),
    ],
)
def test_a_rate_is_due_when_that_much_time_has_passed(expression, passed, due):
    now = _moment("2026-11-21T10:00:00")

    assert Schedule(expression).due(now, now - passed) is due


@pytest.mark.parametrize(
    ("expression", "moment", "due"),
    [
        ("cron(0 3 * * ? *)", "2026-11-21T03:00:40", True),
        ("cron(0 3 * * ? *)", "2026-11-21T03:01:00", False),
        ("cron(*/15 * * * ? *)", "2026-11-21T10:45:00", True),
        ("cron(5/20 * * * ? *)", "2026-11-21T10:25:00", True),
        ("cron(5/20 * * * ? *)", "2026-11-21T10:20:00", False),
        ("cron(0 8 ? * MON-FRI *)", "2026-11-20T08:00:00", True),  # a Friday
        ("cron(0 8 ? * MON-FRI *)", "2026-11-21T08:00:00", False),
        ("cron(0 8 ? * 1,7 *)", "2026-11-22T08:00:00", True),  # a Sunday is 1
        ("cron(0 0 1 JAN,JUL ? 2027)", "2027-07-01T00:00:00", True),
        ("cron(0 0 1 JAN,JUL ? 2027)", "2026-07-01T00:00:00", False),
    ],
)
def test_a_cron_is_due_in_its_minutes(expression, moment, due):
    assert Schedule(expression).due(_moment(moment), LONG_AGO) is due


def test_a_cron_is_due_once_in_its_minute():
    assert not Schedule("cron(0 3 * * ? *)").due(_moment("2026-11-21T03:00:40"), _moment("2026-11-21T03:00:01"))


@pytest.mark.parametrize(
    "expression",
    ["every day", "rate(5 weeks)", "cron(0 3 * *)", "cron(61 * * * ? *)", "cron(0 0 L * ? *)", "cron(a b c d e f)"],
)
def test_refuses_what_it_does_not_know(expression):
    with pytest.raises(ValueError, match=r"\S"):
        Schedule(expression)
