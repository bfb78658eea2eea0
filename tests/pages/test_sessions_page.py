import pytest

from pillarbox import accounts, ids, sessions, settings
from pillarbox.clients import Client
from tests.people import PASSWORD, Person

MAY = "signed in"

PHONE = Client(
    "198.51.100.4", "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Version/19.0 Mobile Safari/604.1"
)
PATH = "/account/sessions"


@pytest.fixture
def phone(template, owner):
    """The owner on their phone, signed in as well."""
    with Person(template) as person:
        session = sessions.start(owner.account, PHONE)
        person.cookies.set(settings.session_cookie(), session, domain="pillarbox.test")
        yield person


def hash_of(person):
    return ids.digest(person.cookies[settings.session_cookie()])


@pytest.mark.usefixtures("phone")
def test_lists_where_one_is_signed_in(owner):
    page = owner.get(PATH).text

    assert "Safari on iPhone" in page
    assert "198.51.100.4" in page
    assert page.count("This one") == 1


def test_ends_one_at_once(owner, phone):
    assert phone.get("/dashboard").status_code == 200

    assert owner.fill(PATH, {"end": hash_of(phone)}).headers["location"] == f"{PATH}?done=ended"

    assert phone.get("/dashboard").status_code == 303
    assert owner.get("/dashboard").status_code == 200
    assert "iPhone" not in owner.get(PATH).text


def test_ends_all_others_at_once(owner, phone):
    owner.fill(PATH, {"do": "others"})

    assert phone.get("/dashboard").status_code == 303
    assert owner.get("/dashboard").status_code == 200
    assert len(sessions.of(accounts.get(owner.account.id))) == 1


def test_ends_nobody_elses(owner, stranger):
    assert owner.fill(PATH, {"end": hash_of(stranger)}).status_code == 404

    assert stranger.get("/dashboard").status_code == 200


@pytest.mark.parametrize(
    ("fields", "status"),
    [({}, 400), ({"end": ""}, 400), ({"do": "x"}, 400), ({"end": "x"}, 404), ({"end": "x" * 3000}, 404)],
    ids=["nothing", "empty", "unknown", "none", "too long for a key"],
)
def test_what_is_no_session_is_not_found(owner, fields, status):
    assert owner.fill(PATH, fields).status_code == status


def test_the_page_holds_nothing_that_signs_in(owner, phone):
    page = owner.get(PATH).text

    assert phone.cookies[settings.session_cookie()] not in page
    assert owner.cookies[settings.session_cookie()] not in page


def test_a_session_that_is_over_is_not_listed(owner, visitor):
    visitor.fill("/sign-in", {"username": owner.account.username, "password": PASSWORD})
    visitor.fill("/sign-out", {})

    assert len(sessions.of(owner.account)) == 1


def test_asks_somebody_who_is_not_signed_in_to_sign_in(visitor):
    assert visitor.get(PATH).headers["location"] == f"/sign-in?next={PATH}"
