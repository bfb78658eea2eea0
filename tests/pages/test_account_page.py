import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from pillarbox import accounts, attempts, ids, registration, sessions, settings, table
from tests.people import PASSWORD, SOMEWHERE, Person, new_account

MAY = "signed in"

NEW = "another correct horse"


def change(person, **fields):
    return person.fill("/account", fields)


@pytest.fixture
def stale(owner):
    """The owner, whose last sign-in is a while ago."""
    session = table.key(f"SESSION#{ids.digest(owner.cookies[settings.session_cookie()])}", "SESSION")
    table.update(session, {"confirmed_at": int(time.time()) - 601}, condition="attribute_exists(pk)")
    return owner


@pytest.fixture
def verified(owner):
    accounts.change(owner.account, email_verified=True)
    return owner


def test_shows_name_and_address_and_whether_it_is_confirmed(owner):
    page = owner.get("/account").text

    assert owner.account.username in page
    assert owner.account.email in page
    assert "Not confirmed" in page


def test_changes_the_username_which_then_signs_in(owner, visitor):
    name, before = f"grace-{ids.short()}", owner.account.username
    response = change(owner, do="username", username=name)

    assert response.headers["location"] == "/account?done=username"
    assert "Your username is changed." in owner.get("/account?done=username").text
    assert visitor.fill("/sign-in", {"username": name, "password": PASSWORD}).status_code == 303
    assert visitor.fill("/sign-in", {"username": before, "password": PASSWORD}).status_code == 401
    assert "was changed from" in owner.get("/account/activity").text


def test_a_username_that_went_is_free_again(owner):
    before = owner.account.username
    change(owner, do="username", username=f"grace-{ids.short()}")

    assert accounts.create(registration.NewAccount(username=before, email=f"{before}@new.example", password=PASSWORD))


def test_a_name_that_only_changes_its_case_is_no_new_name(owner):
    assert change(owner, do="username", username=owner.account.username.upper()).status_code == 303


@pytest.mark.parametrize("looks", [str, lambda name: name.replace("o", "0", 1)])
def test_a_username_that_somebody_has_or_that_looks_like_it_is_refused_and_nothing_changes(owner, stranger, looks):
    response = change(owner, do="username", username=looks(stranger.account.username))

    assert response.status_code == 409
    assert accounts.get(owner.account.id).username == owner.account.username


def test_of_four_who_want_the_same_name_at_once_one_gets_it(racing_browser):
    wanted, people = f"wanted-{ids.short()}", [new_account() for _ in range(4)]
    browsers = [racing_browser(person) for person in people]

    with ThreadPoolExecutor(4) as threads:
        answers = list(threads.map(lambda one: change(one, do="username", username=wanted).status_code, browsers))

    assert sorted(answers) == [303, 409, 409, 409]
    assert sum(accounts.get(person.id).username == wanted for person in people) == 1


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"do": "username", "username": "a"}, "username"),
        ({"do": "username", "username": "ada lovelace"}, "username"),
        ({"do": "email", "email": "nothing"}, "email"),
        ({"do": "email", "email": "ada@example.com\nbcc: x@example.com"}, "email"),
        ({"do": "password", "old": PASSWORD, "password": "short"}, "password"),
        ({"do": "password", "old": PASSWORD, "password": "password123"}, "password"),
        ({"do": "password", "old": "wrong", "password": NEW}, "old"),
    ],
)
def test_what_does_not_fit_is_told_beside_its_field_and_nothing_changes(owner, fields, field):
    before = accounts.get(owner.account.id)

    response = change(owner, **fields)

    assert response.status_code == 422
    assert f'id="{field}-error"' in response.text
    assert accounts.get(owner.account.id) == before


def test_a_password_made_of_ones_own_name_is_refused(owner):
    response = change(owner, do="password", old=PASSWORD, password=f"{owner.account.username}1")

    assert response.status_code == 422
    assert "your own name" in response.text


def test_a_new_password_signs_in_and_the_old_one_no_more(owner, visitor):
    assert change(owner, do="password", old=PASSWORD, password=NEW).headers["location"] == "/account?done=password"

    assert visitor.fill("/sign-in", {"username": owner.account.username, "password": PASSWORD}).status_code == 401
    assert visitor.fill("/sign-in", {"username": owner.account.username, "password": NEW}).status_code == 303


def test_a_new_password_ends_all_other_sessions_and_not_this_one(owner, template):
    with Person(template) as elsewhere:
        elsewhere.fill("/sign-in", {"username": owner.account.username, "password": PASSWORD})
        assert elsewhere.get("/dashboard").status_code == 200

        change(owner, do="password", old=PASSWORD, password=NEW)

        assert elsewhere.get("/dashboard").status_code == 303
    assert owner.get("/dashboard").status_code == 200
    assert len(sessions.of(accounts.get(owner.account.id))) == 1


def test_a_session_that_begins_while_the_password_changes_is_over_too(owner):
    begun = sessions.start(owner.account, SOMEWHERE)

    change(owner, do="password", old=PASSWORD, password=NEW)
    late = sessions.start(owner.account, SOMEWHERE)  # it had read the account before

    for session in (begun, late):
        owner.cookies.set(settings.session_cookie(), session, domain="pillarbox.test")
        assert owner.get("/dashboard").status_code == 303


@pytest.mark.usefixtures("slow_pauses")
def test_guessing_the_old_password_is_slowed_down(owner):
    statuses = [change(owner, do="password", old="wrong", password=NEW).status_code for _ in range(8)]

    assert statuses[:5] == [422] * 5
    assert statuses[-1] == 429


def test_a_new_address_is_asked_first_and_both_are_told(verified, mailbox):
    new = f"{ids.short()}@new.example"

    assert change(verified, do="email", email=new).status_code == 303

    assert accounts.get(verified.account.id).email == verified.account.email
    assert new in verified.get("/account").text
    assert "Confirm your new e-mail address" in [mail["subject"] for mail in mailbox.of(new)]
    (told,) = mailbox.of(verified.account.email)
    assert new in told["text"]


def test_an_address_that_somebody_has_is_told_by_mail_to_them_alone(owner, stranger, mailbox):
    free = change(owner, do="email", email=f"{ids.short()}@example.com")
    taken = change(owner, do="email", email=stranger.account.email)

    assert (taken.status_code, taken.headers["location"]) == (free.status_code, free.headers["location"])
    (mail,) = mailbox.of(stranger.account.email)
    assert "has an account already" in mail["subject"]
    assert "/verify-email" not in mail["text"]
    assert accounts.get(owner.account.id).email == owner.account.email


@pytest.mark.usefixtures("slow_pauses")
def test_asking_which_usernames_are_taken_is_slowed_down(owner, visitor, stranger, monkeypatch):
    monkeypatch.setitem(attempts.LIMITS, "sign-up-address", attempts.LIMITS["sign-up-address"]._replace(free=2))
    assert visitor

    statuses = [change(owner, do="username", username=stranger.account.username).status_code for _ in range(4)]

    assert statuses == [409, 409, 409, 429]


@pytest.mark.usefixtures("slow_pauses")
def test_an_account_may_not_mail_addresses_for_ever(owner, monkeypatch):
    monkeypatch.setitem(attempts.LIMITS, "mail-by-account", attempts.LIMITS["mail-by-account"]._replace(free=2))

    answers = [change(owner, do="email", email=f"{ids.short()}@example.com") for _ in range(4)]

    assert [answer.status_code for answer in answers] == [303, 303, 303, 429]
    assert 'id="email-error"' in answers[-1].text


def test_a_new_password_forgets_an_address_that_was_asked_for(owner, visitor, mailbox):
    """Who asked for it may be whom the new password is to keep out."""
    address = f"{ids.short()}@example.com"
    change(owner, do="email", email=address)
    link = mailbox.link(address)

    change(owner, do="password", old=PASSWORD, password="another correct horse")

    assert visitor.get(link).status_code == 404
    assert accounts.get(owner.account.id).pending_email is None


def test_what_is_sensitive_asks_for_a_fresh_sign_in(stale):
    for fields in ({"do": "username", "username": "somebody-new"}, {"do": "email", "email": "new@example.com"}):
        response = change(stale, **fields)
        assert response.headers["location"] == "/confirm?next=/account"
    assert "Confirm that it is you" in stale.get("/account").text


def test_a_button_that_is_unknown_does_nothing(owner):
    assert change(owner, do="everything").status_code == 400


def test_asks_somebody_who_is_not_signed_in_to_sign_in(visitor):
    assert visitor.get("/account").headers["location"] == "/sign-in?next=/account"
