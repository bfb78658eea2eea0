import re
from datetime import UTC, datetime, timedelta

import pytest

from pillarbox import accounts, ids, operators, registration, settings, sign_up, table
from tests.people import PASSWORD, csrf_token, new_account

MAY = "operator"

PATH = "/admin/users"


@pytest.fixture(autouse=True)
def _no_invitations(template):  # noqa: ARG001 - the table has to be there
    for item in sign_up.waiting():
        table.delete(table.key(item["pk"], item["sk"]))


def test_lists_the_newest_first(operator):
    older, newer = new_account(), new_account()

    page = operator.get(PATH).text

    assert page.index(newer.username) < page.index(older.username)
    assert newer.email in page


@pytest.mark.parametrize("by", ["username", "email"])
def test_finds_by_a_part_of_name_or_address_whatever_its_case(operator, by):
    wanted, other = new_account(), new_account()
    part = getattr(wanted, by)[5:20].upper()

    page = operator.get(f"{PATH}?q={part}").text

    assert wanted.username in page
    assert other.username not in page


def test_finds_by_the_day_that_an_account_was_made(operator):
    account = new_account()
    today = datetime.now(UTC).date()
    day = timedelta(days=1)

    def finds(**days):
        asked = "&".join(f"{name}={value}" for name, value in days.items())
        return f">{account.username}</a>" in operator.get(f"{PATH}?q={account.username}&{asked}").text

    assert finds(since=today)
    assert finds(until=today)
    assert finds(since=today - day, until=today + day)
    assert not finds(since=today + day)
    assert not finds(until=today - day)


def test_goes_on_page_by_page_and_keeps_the_search(operator):
    mark = ids.short()
    for n in range(operators.ROWS + 2):
        new = registration.NewAccount(username=f"{mark}-{n}", email=f"{mark}{n}@example.com", password=PASSWORD)
        accounts.create(new)

    first = operator.get(f"{PATH}?q={mark}")
    older = first.text.partition(f'href="{PATH}?q={mark}&amp;cursor=')[2].partition('"')[0]
    second = operator.get(f"{PATH}?q={mark}&cursor={older}")

    assert first.text.count(f'dir="auto">{mark}-') == operators.ROWS
    assert second.text.count(f'dir="auto">{mark}-') == 2


def test_a_search_that_finds_little_says_how_far_it_looked(operator, monkeypatch):
    monkeypatch.setattr(operators, "LOOKED_AT", 2)
    for _ in range(4):
        new_account()

    assert "Looked at accounts back to" in operator.get(f"{PATH}?q=nobody-at-all").text


@pytest.mark.parametrize("query", ["since=yesterday", "until=2026-13-01", "cursor=x"])
def test_what_is_no_day_or_cursor_is_refused(operator, query):
    assert operator.get(f"{PATH}?{query}").status_code == 422


def test_invites_somebody_whose_account_is_confirmed_at_once(operator, visitor, mailbox, monkeypatch):
    monkeypatch.setenv("SIGN_UP", "invitation")
    email = f"{ids.short()}@example.com"
    assert operator.fill(PATH, {"email": email}).headers["location"] == f"{PATH}?done=invited"
    assert email in operator.get(PATH).text

    link = mailbox.link(email)
    name, page = f"guest-{ids.short()}", visitor.get(link)
    assert email in page.text
    secret = link.partition("invitation=")[2]
    sent = {"username": name, "email": email, "password": PASSWORD, "invitation": secret}
    assert visitor.post("/sign-up", data=sent | {"csrf_token": csrf_token(page)}).status_code == 303

    account = accounts.find(name)
    assert account is not None
    assert account.email_verified
    assert visitor.get(link).status_code == 404
    assert sign_up.waiting() == []


def test_a_withdrawn_invitation_is_worth_nothing(operator, visitor, mailbox):
    email = f"{ids.short()}@example.com"
    operator.fill(PATH, {"email": email})
    link = mailbox.link(email)

    operator.fill(PATH, {"withdraw": email})

    assert visitor.get(link).status_code == 404


@pytest.mark.parametrize("mode", ["invitation", "closed"])
def test_without_an_invitation_nobody_makes_an_account_where_it_takes_one(visitor, monkeypatch, mode):
    monkeypatch.setenv("SIGN_UP", mode)
    name = f"guest-{ids.short()}"
    sent = {"username": name, "email": f"{name}@example.com", "password": PASSWORD}

    assert visitor.fill("/sign-up", sent).status_code == 403
    assert visitor.post("/v1/accounts", json=sent).status_code == 403
    assert accounts.find(name) is None


@pytest.mark.parametrize("mode", ["closed", "invitation"])
def test_the_operator_makes_an_account_by_a_link_that_is_mailed_to_their_address(visitor, mailbox, monkeypatch, mode):
    monkeypatch.setenv("SIGN_UP", mode)
    address = f"{ids.short()}@operator.example"
    monkeypatch.setenv("ADMIN_EMAIL", address)
    sent = {"username": f"boss-{ids.short()}", "email": address, "password": PASSWORD}

    assert visitor.fill("/sign-up", sent).status_code == 403
    assert accounts.find(address) is None

    path = mailbox.link(address)
    visitor.fill("/sign-up", sent)  # asking again, or by somebody else, makes no link worthless
    secret = path.partition("invitation=")[2]
    made = visitor.fill(path, sent | {"invitation": secret}, to="/sign-up")
    account = accounts.find(address)
    assert made.status_code == 303
    assert account is not None
    assert account.email_verified


def test_knowing_the_operator_s_address_makes_nobody_an_account(visitor, monkeypatch):
    monkeypatch.setenv("SIGN_UP", "closed")
    monkeypatch.setenv("ADMIN_EMAIL", f"{ids.short()}@operator.example")
    others = {"username": f"x-{ids.short()}", "email": f"{ids.short()}@example.com", "password": PASSWORD}

    refused = [
        visitor.fill("/sign-up", others | {"email": email}) for email in (settings.admin_email(), others["email"])
    ]

    assert [answer.status_code for answer in refused] == [403, 403]
    assert refused[0].text.replace(csrf(refused[0]), "") == refused[1].text.replace(csrf(refused[1]), "")
    assert accounts.find(others["username"]) is None


def csrf(page):
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.text)
    return found[1] if found else "nothing"


def test_an_invitation_that_was_withdrawn_is_not_alive_again_after_another_one(operator, visitor, mailbox):
    address = f"{ids.short()}@example.com"
    operator.fill(PATH, {"email": address})
    first = mailbox.link(address)
    operator.fill(PATH, {"withdraw": address})
    operator.fill(PATH, {"email": address})

    assert visitor.get(first).status_code == 404
    assert visitor.get(mailbox.link(address)).status_code == 200


@pytest.mark.parametrize("email", ["nobody", "", "a@b"])
def test_what_is_no_address_is_not_invited(operator, email):
    answer = operator.fill(PATH, {"email": email})

    assert answer.status_code == 422
    assert 'id="email-error"' in answer.text


def test_somebody_with_an_account_is_not_invited(operator, stranger):
    assert operator.fill(PATH, {"email": stranger.account.email}).status_code == 422


def test_everybody_else_is_told_that_it_is_not_for_them(owner, visitor):
    assert owner.get(PATH).status_code == 403
    assert owner.post(PATH, data={"csrf_token": csrf_token(owner.get("/dashboard"))}).status_code == 403
    assert visitor.get(PATH).headers["location"] == f"/sign-in?next={PATH}"
