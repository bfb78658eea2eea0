from concurrent.futures import ThreadPoolExecutor

import pytest

from pillarbox import accounts, forms, ids, members
from tests.people import PASSWORD, csrf_token, new_account

MAY = "anybody"

PATH = "/invitations"


@pytest.fixture
def offer(owner, form, mailbox):
    """Offer the owner's form to somebody; returns the path of the mailed link."""

    def offer(email, role="editor"):
        answer = owner.post(f"/v1/forms/{form.id}/invitations", json={"email": email, "role": role})
        assert answer.status_code == 201
        return mailbox.link(email)

    return offer


def accept(person, path):
    page = person.get(path)
    assert page.status_code == 200, page.text
    return person.post(PATH, data={"token": path.partition("token=")[2], "csrf_token": csrf_token(page)})


def test_somebody_with_an_account_accepts_and_sees_the_form(stranger, owner, form, offer):
    path = offer(stranger.account.email)
    assert owner.account.username in stranger.get(path).text

    assert accept(stranger, path).headers["location"] == f"/forms/{form.id}"

    assert stranger.get(f"/forms/{form.id}").status_code == 200
    assert "Shared, editor" in stranger.get("/dashboard").text


def test_opening_the_link_alone_shares_nothing(stranger, form, offer):
    stranger.get(offer(stranger.account.email))

    assert forms.role_of(stranger.account, form.id) is None


def test_a_link_works_once(stranger, offer, template):  # noqa: ARG001
    path = offer(stranger.account.email)
    accept(stranger, path)

    assert stranger.get(path).status_code == 404


def test_accepted_many_times_at_once_it_makes_one_member(racing_browser, owner, form, offer):
    people = [new_account() for _ in range(4)]
    path = offer(f"{ids.short()}@example.com")
    browsers = [racing_browser(person) for person in people]
    pages = [browser.get(path) for browser in browsers]
    sent = [{"token": path.partition("token=")[2], "csrf_token": csrf_token(page)} for page in pages]

    with ThreadPoolExecutor(4) as threads:
        answers = list(threads.map(lambda one, data: one.post(PATH, data=data).status_code, browsers, sent))

    assert answers.count(303) == 1
    assert len(members.of(forms.get(owner.account, form.id)).members) == 2


def test_where_accounts_are_by_invitation_an_offer_makes_one_for_its_address_alone(visitor, offer, monkeypatch):
    monkeypatch.setenv("SIGN_UP", "invitation")
    email = f"{ids.short()}@example.com"
    path = offer(email)
    sent = {"username": f"g-{ids.short()}", "password": PASSWORD, "invitation": path.partition("token=")[2]}
    page = f"/sign-up?invitation={sent['invitation']}"

    other = visitor.fill(page, sent | {"email": f"{ids.short()}@example.com"}, to="/sign-up")
    own = visitor.fill(page, sent | {"email": email}, to="/sign-up")

    assert other.status_code == 422
    assert "This invitation is for" in other.text
    assert own.status_code == 303


def test_an_offer_that_was_withdrawn_makes_no_account(owner, visitor, form, offer, monkeypatch):
    monkeypatch.setenv("SIGN_UP", "invitation")
    path = offer(f"{ids.short()}@example.com")
    (waiting,) = owner.get(f"/v1/forms/{form.id}/members").json()["invitations"]
    owner.delete(f"/v1/forms/{form.id}/invitations/{waiting['id']}")

    assert visitor.get(f"/sign-up?invitation={path.partition('token=')[2]}").status_code == 404


def test_somebody_without_an_account_makes_one_first_and_is_led_back(visitor, form, offer):
    email = f"{ids.short()}@example.com"
    path = offer(email)
    page = visitor.get(path).text
    assert "Sign in to accept" in page
    secret = path.partition("token=")[2]
    assert email in visitor.get(f"/sign-up?invitation={secret}").text

    name = f"guest-{ids.short()}"
    token = csrf_token(visitor.get(f"/sign-up?invitation={secret}"))
    sent = {"username": name, "email": email, "password": PASSWORD, "invitation": secret, "csrf_token": token}
    made = visitor.post("/sign-up", data=sent)

    assert made.headers["location"] == path
    account = accounts.find(name)
    assert account is not None
    assert account.email_verified
    assert accept(visitor, path).headers["location"] == f"/forms/{form.id}"


def test_who_has_a_higher_role_keeps_it(manager, form, offer):
    path = offer(f"{ids.short()}@example.com", "viewer")

    accept(manager, path)

    assert forms.role_of(manager.account, form.id) == "manager"


def test_the_owner_who_follows_the_link_stays_the_owner(owner, form, offer):
    accept(owner, offer(f"{ids.short()}@example.com"))

    assert forms.role_of(owner.account, form.id) == "owner"


def test_a_form_that_is_gone_is_shared_with_nobody(stranger, owner, form, offer):
    path = offer(stranger.account.email)
    owner.delete(f"/v1/forms/{form.id}")

    assert stranger.get(path).status_code == 404


@pytest.mark.parametrize("token", ["", "x", "x" * 43, "%00"])
def test_a_link_that_we_never_mailed_is_dead(stranger, token):
    assert stranger.get(f"{PATH}?token={token}").status_code == 404


def test_somebody_who_is_not_signed_in_accepts_nothing(visitor, form, offer):
    path = offer(f"{ids.short()}@example.com")
    token = csrf_token(visitor.get("/sign-in"))

    answer = visitor.post(PATH, data={"token": path.partition("token=")[2], "csrf_token": token})

    assert answer.headers["location"].startswith("/sign-in")
    assert form
