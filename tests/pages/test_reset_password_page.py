import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from pillarbox import accounts, audit, factors, ids, links, sessions, table
from tests.people import PASSWORD, SOMEWHERE, Person, csrf_token

MAY = "anybody"

NEW = "another correct horse"


@pytest.fixture
def link(owner, visitor, mailbox):
    visitor.fill("/reset-password", {"username": owner.account.username})
    return mailbox.link(owner.account.email)


def reset(person, path, password=NEW):
    page = person.get(path)
    assert page.status_code == 200, page.text
    data = {"token": path.partition("token=")[2], "password": password, "csrf_token": csrf_token(page)}
    return person.post("/reset-password", data=data)


def signs_in(person, account, password):
    return person.fill("/sign-in", {"username": account.username, "password": password}).status_code == 303


def test_the_mailed_link_sets_a_new_password(visitor, owner, link):
    assert "is set" in reset(visitor, link).text

    assert not signs_in(visitor, owner.account, PASSWORD)
    assert signs_in(visitor, owner.account, NEW)


def test_it_ends_every_session(visitor, owner, link):
    assert owner.get("/dashboard").status_code == 200

    reset(visitor, link)

    assert owner.get("/dashboard").status_code == 303
    assert sessions.of(accounts.get(owner.account.id)) == []


def test_it_works_once(visitor, link):
    reset(visitor, link)

    assert visitor.get(link).status_code == 404


def test_used_twice_at_once_it_works_once(racing_browser, visitor, owner, link):
    browser = racing_browser(None)
    token = csrf_token(browser.get(link))
    passwords = [f"{NEW} {n}" for n in range(3)]
    sent = [{"token": link.partition("token=")[2], "password": one, "csrf_token": token} for one in passwords]
    with ThreadPoolExecutor(3) as threads:
        statuses = list(threads.map(lambda data: browser.post("/reset-password", data=data).status_code, sent))

    assert statuses.count(200) == 1
    (right,) = [one for one, status in zip(passwords, statuses, strict=True) if status == 200]
    assert signs_in(visitor, owner.account, right)


def test_of_several_links_the_first_that_is_used_makes_the_others_worthless(visitor, owner, mailbox):
    visitor.fill("/reset-password", {"username": owner.account.username})
    first = mailbox.link(owner.account.email)
    visitor.fill("/reset-password", {"username": owner.account.username})
    second = mailbox.link(owner.account.email)
    assert first != second

    reset(visitor, second)

    assert visitor.get(first).status_code == 404
    assert signs_in(visitor, owner.account, NEW)


def test_whoever_asked_for_another_address_before_does_not_get_it_afterwards(template, visitor, mailbox):
    """A stranger makes an account with somebody's address, and asks for their own; the rightful owner takes it over."""
    rightful, theirs = f"{ids.short()}@example.com", f"{ids.short()}@example.com"
    with Person(template) as stranger:
        name = f"s-{ids.short()}"
        stranger.fill("/sign-up", {"username": name, "email": rightful, "password": PASSWORD})
        stranger.fill("/account", {"do": "email", "email": theirs})
        waits = mailbox.link(theirs)
        stranger.fill("/account/second-factor", {"do": "begin"})

        visitor.fill("/reset-password", {"username": rightful})
        reset(visitor, mailbox.link(rightful))

        assert stranger.get(waits).status_code == 404
    account = accounts.find(rightful)
    assert account is not None
    assert account.pending_email is None
    assert factors.begun(account) is None


def test_it_ends_after_an_hour(visitor, owner, link):
    key = table.key(f"LINK#{ids.digest(link.partition('token=')[2])}", "LINK")
    item = table.get(key)
    assert item is not None
    assert item["expires_at"] == pytest.approx(time.time() + 3600, abs=10)
    table.update(key, {"expires_at": int(time.time()) - 1}, condition="attribute_exists(pk)")

    assert visitor.get(link).status_code == 404
    assert signs_in(visitor, owner.account, PASSWORD)


@pytest.mark.parametrize("password", ["short", "password123", "x" * 257])
def test_a_password_that_does_not_fit_leaves_the_link_for_a_better_one(visitor, owner, link, password):
    response = reset(visitor, link, password)

    assert response.status_code == 422
    assert 'id="password-error"' in response.text
    assert "is set" in reset(visitor, link).text
    assert signs_in(visitor, owner.account, NEW)


def test_the_answer_is_the_same_whoever_asks_for_whomever(visitor, owner, mailbox):
    answers = [
        visitor.fill("/reset-password", {"username": name})
        for name in (owner.account.username, owner.account.email, "nobody-at-all", "nobody@example.com", "")
    ]

    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.text for answer in answers}) == 1
    assert len(mailbox.of(owner.account.email)) == 2
    assert mailbox.of("nobody@example.com") == []


def test_asking_does_the_same_work_whether_there_is_an_account_or_not(visitor, owner, monkeypatch):
    done, get = list[str](), table.get

    def noted(key):
        done.append(key["pk"].partition("#")[0])
        return get(key)

    monkeypatch.setattr(table, "get", noted)

    work = []
    for name in (owner.account.username, "nobody-at-all"):
        done.clear()
        visitor.fill("/reset-password", {"username": name})
        work.append(list(done))

    assert work[0] == work[1]


@pytest.mark.usefixtures("slow_pauses")
def test_one_address_may_not_ask_for_ever(visitor):
    statuses = [visitor.fill("/reset-password", {"username": "nobody"}).status_code for _ in range(13)]

    assert statuses[:10] == [200] * 10
    assert statuses[-1] == 429


def test_an_address_that_was_never_confirmed_makes_whatever_else_opens_the_account_go(visitor, owner, link):
    with_token = {"authorization": owner.headers["authorization"]}
    assert "tokens and second factors go as well" in visitor.get(link).text

    reset(visitor, link)

    assert visitor.get("/v1/forms", headers=with_token).status_code == 401
    assert accounts.get(owner.account.id).email_verified


def test_a_confirmed_address_keeps_its_tokens(visitor, owner, mailbox):
    accounts.change(owner.account, email_verified=True)
    visitor.fill("/reset-password", {"username": owner.account.username})

    reset(visitor, mailbox.link(owner.account.email))

    assert owner.get("/v1/forms").status_code == 200
    assert mailbox.of(owner.account.email)[0]["subject"].startswith("The password was set anew")
    assert "password-reset" in [event.kind for event in audit.page(owner.account.id, limit=9).events]


def test_somebody_who_changed_their_address_meanwhile_has_a_dead_link(visitor, owner, link):
    accounts.rename(owner.account, email=f"{ids.short()}@new.example", email_verified=True)

    assert visitor.get(link).status_code == 404


@pytest.mark.parametrize("token", ["", "x", "x" * 43, "%00"])
def test_a_link_that_we_never_mailed_is_dead(visitor, token):
    assert visitor.get(f"/reset-password?token={token}").status_code == 404


def test_a_link_for_an_address_sets_no_password(visitor, owner):
    secret = links.create("verify-email", seconds=60, account=owner.account.id, email=owner.account.email)

    assert visitor.get(f"/reset-password?token={secret}").status_code == 404


def test_where_no_mail_is_sent_the_page_says_so(visitor, monkeypatch):
    monkeypatch.setenv("MAIL_FROM", "")

    assert "sends no mail" in visitor.get("/reset-password").text


def test_an_account_that_was_switched_off_stays_off(visitor, owner, link):
    accounts.change(owner.account, active=False)

    assert visitor.get(link).status_code == 404
    assert sessions.start(owner.account, SOMEWHERE)
    assert owner.get("/dashboard").status_code == 303
