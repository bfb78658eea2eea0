from concurrent.futures import ThreadPoolExecutor

import pytest

from pillarbox import accounts, ids, links, registration, settings
from tests.people import PASSWORD, Person, csrf_token, new_account

MAY = "anybody"


def sign_up(person, email=None):
    name = f"ada-{ids.short()}"
    email = email or f"{name}@example.com"
    assert person.fill("/sign-up", {"username": name, "email": email, "password": PASSWORD}).status_code == 303
    return email


def follow(person, path):
    """Open a mailed link, and press its button."""
    page = person.get(path)
    assert page.status_code == 200, page.text
    return person.post("/verify-email", data={"token": path.partition("token=")[2], "csrf_token": csrf_token(page)})


def test_following_the_mailed_link_confirms_the_address(visitor, mailbox):
    email = sign_up(visitor)
    assert "Not confirmed" in visitor.get("/account").text

    answer = follow(visitor, mailbox.link(email))

    assert answer.status_code == 200
    assert email in answer.text
    assert "Not confirmed" not in visitor.get("/account").text


def test_opening_the_link_alone_confirms_nothing(visitor, mailbox):
    email = sign_up(visitor)

    visitor.get(mailbox.link(email))

    assert "Not confirmed" in visitor.get("/account").text


def test_a_link_works_once(visitor, mailbox):
    path = mailbox.link(sign_up(visitor))
    follow(visitor, path)

    response = visitor.get(path)
    assert response.status_code == 404
    assert "expired or was used" in response.text


def test_a_link_that_is_followed_many_times_at_once_works_once(racing_browser, visitor, mailbox):
    path, browser = mailbox.link(sign_up(visitor)), racing_browser(None)
    pages = [browser.get(path) for _ in range(4)]
    sent = [{"token": path.partition("token=")[2], "csrf_token": csrf_token(page)} for page in pages]
    with ThreadPoolExecutor(4) as threads:
        statuses = list(threads.map(lambda data: browser.post("/verify-email", data=data).status_code, sent))

    assert statuses.count(200) == 1
    assert set(statuses) <= {200, 404, 409}


@pytest.mark.parametrize("token", ["", "x", "x" * 43, "%00", "x" * 3000])
def test_a_link_that_we_never_mailed_is_dead(visitor, token):
    assert visitor.get(f"/verify-email?token={token}").status_code == 404


def test_a_link_for_a_password_confirms_no_address(visitor, owner):
    secret = links.create("reset-password", seconds=60, account=owner.account.id, email=owner.account.email)

    assert visitor.get(f"/verify-email?token={secret}").status_code == 404


def test_without_a_link_the_page_says_where_it_is(visitor):
    assert "in the mail that we sent you" in visitor.get("/verify-email").text


def test_a_new_address_is_the_accounts_once_its_link_was_followed(owner, mailbox):
    accounts.change(owner.account, email_verified=True)
    old, new = owner.account.email, f"{ids.short()}@new.example"
    owner.fill("/account", {"do": "email", "email": new})

    assert follow(owner, mailbox.link(new)).status_code == 200

    assert accounts.get(owner.account.id).email == new
    assert accounts.find(old) is None
    assert "The e-mail address was changed" in mailbox.of(old)[0]["subject"]
    assert "The e-mail address was changed" in mailbox.of(new)[0]["subject"]


def test_a_later_wish_for_another_address_makes_the_link_for_the_first_dead(owner, mailbox):
    first, second = (f"{ids.short()}@new.example" for _ in range(2))
    owner.fill("/account", {"do": "email", "email": first})
    path = mailbox.link(first)
    owner.fill("/account", {"do": "email", "email": second})

    assert owner.get(path).status_code == 404


def test_an_address_that_somebody_got_meanwhile_stays_theirs(owner, mailbox):
    new = f"{ids.short()}@new.example"
    owner.fill("/account", {"do": "email", "email": new})
    path = mailbox.link(new)
    taken = accounts.create(registration.NewAccount(username=f"b-{ids.short()}", email=new, password=PASSWORD))

    assert follow(owner, path).status_code == 409
    assert accounts.get(owner.account.id).email == owner.account.email
    assert accounts.find(new) == taken


def test_whoever_confirms_the_operators_address_is_the_operator(visitor, mailbox, monkeypatch):
    address = f"{ids.short()}@operator.example"
    monkeypatch.setenv("ADMIN_EMAIL", address)
    sign_up(visitor, address)
    account = accounts.find(address)
    assert account is not None
    assert account.role == "owner"

    follow(visitor, mailbox.link(address))

    assert accounts.get(account.id).role == "admin"
    assert "operator" in visitor.get("/account/activity").text


def test_the_operator_makes_nobody_else_one_by_confirming_their_own_address(template, visitor, mailbox, monkeypatch):
    """Anybody can make an account with the operator's address, and wait until the operator follows the link."""
    address = f"{ids.short()}@operator.example"
    monkeypatch.setenv("ADMIN_EMAIL", address)
    sign_up(visitor, address)
    squatter = accounts.find(address)
    assert squatter is not None
    link = mailbox.link(address)

    with Person(template) as operator:
        page = operator.get(link)
        assert "whoever has this account sees everybody" in page.text
        token = csrf_token(operator.get("/sign-in"))
        answer = operator.post("/verify-email", data={"token": link.partition("token=")[2], "csrf_token": token})
        assert answer.status_code == 403
        assert accounts.get(squatter.id).role == "owner"

        operator.fill("/reset-password", {"username": address})
        reset = mailbox.link(address)
        data = {"token": reset.partition("token=")[2], "password": "of the operator alone"}
        operator.post("/reset-password", data=data | {"csrf_token": csrf_token(operator.get(reset))})

    assert accounts.get(squatter.id).role == "admin"
    assert visitor.get("/dashboard").status_code == 303


def test_nobody_else_becomes_the_operator(visitor, mailbox):
    email = sign_up(visitor)
    follow(visitor, mailbox.link(email))

    account = accounts.find(email)
    assert account is not None
    assert account.role == "owner"
    assert settings.admin_email()


def test_a_link_of_an_account_that_was_switched_off_is_dead(visitor, mailbox):
    email = sign_up(visitor)
    path = mailbox.link(email)
    account = accounts.find(email)
    assert account is not None
    accounts.change(account, active=False)

    assert visitor.get(path).status_code == 404


def test_the_link_is_mailed_again_when_somebody_asks(visitor, mailbox):
    email = sign_up(visitor)
    visitor.fill("/account", {"do": "verify"})

    assert len(mailbox.of(email)) == 2


def test_a_verified_account_is_mailed_no_more_links(template, mailbox):
    account = accounts.change(new_account(), email_verified=True)
    with Person(template, account) as owner:
        owner.fill("/account", {"do": "verify"})

    assert mailbox.of(account.email) == []
