import pytest

from pillarbox import audit
from pillarbox.clients import Client

MAY = "signed in"


def test_tells_what_happened_from_where_and_with_what(owner):
    audit.note("password-changed", owner.account.id, Client("203.0.113.5", "Mozilla/5.0 (X11; Linux) Firefox/150.0"))

    page = owner.get("/account/activity").text

    assert "The password was changed." in page
    assert "Firefox on Linux" in page
    assert "203.0.113.5" in page


def test_tells_nothing_of_somebody_else(owner, stranger):
    audit.note("username-changed", stranger.account.id, Client("203.0.113.6", ""), before="a", after="mallory7")

    assert "mallory7" not in owner.get("/account/activity").text


def test_long_lists_go_on_page_by_page(owner):
    for n in range(51):
        audit.note("email-asked", owner.account.id, Client("203.0.113.6", ""), email=f"e{n}@example.com")

    first = owner.get("/account/activity")
    older = first.text.partition('href="/account/activity?cursor=')[2].partition('"')[0]

    assert "e50@example.com" in first.text
    assert "e0@example.com" not in first.text
    assert "e0@example.com" in owner.get(f"/account/activity?cursor={older}").text


@pytest.mark.parametrize("cursor", ["x", "%00", "a" * 500])
def test_a_cursor_that_we_never_made_is_refused(owner, cursor):
    assert owner.get(f"/account/activity?cursor={cursor}").status_code == 422


def test_what_an_agent_calls_itself_is_only_text(owner):
    audit.note("sign-in", owner.account.id, Client("203.0.113.6", "<script>alert(1)</script>"))

    assert "<script>alert" not in owner.get("/account/activity").text


def test_asks_somebody_who_is_not_signed_in_to_sign_in(visitor):
    assert visitor.get("/account/activity").headers["location"] == "/sign-in?next=/account/activity"
