import pytest

from pillarbox import settings
from tests.people import PASSWORD

MAY = "anybody"


@pytest.fixture
def typed(owner):
    return {"username": owner.account.username, "password": PASSWORD}


@pytest.mark.parametrize("name", ["username", "email"])
def test_signs_in_with_either_name(visitor, owner, name):
    response = visitor.fill("/sign-in", {"username": getattr(owner.account, name), "password": PASSWORD})

    assert response.status_code == 303
    assert response.headers["location"] == "/dashboard"
    assert owner.account.username in visitor.get("/dashboard").text


@pytest.mark.parametrize(
    "wrong", [{"password": "wrong"}, {"username": "nobody-at-all"}, {"username": "nobody@example.com"}]
)
def test_says_the_same_whatever_is_wrong(visitor, typed, wrong):
    response = visitor.fill("/sign-in", typed | wrong)

    assert response.status_code == 401
    assert "This name and password don&#39;t go together." in response.text
    assert f'value="{(typed | wrong)["username"]}"' in response.text
    assert typed["password"] not in response.text
    assert settings.session_cookie() not in response.cookies


@pytest.mark.parametrize("name", ["", "x" * 5000, "\ufdfa" * 400, "a\0b", "<script>alert(1)</script>", "\u202eadA"])
def test_a_hostile_name_is_just_a_wrong_name(visitor, name):
    response = visitor.fill("/sign-in", {"username": name, "password": PASSWORD})

    assert response.status_code == 401
    assert "<script>alert" not in response.text


def test_goes_on_to_where_somebody_wanted_to_go(visitor, typed, inbox):
    asked = visitor.get(inbox)
    assert asked.status_code == 303
    assert asked.headers["location"] == f"/sign-in?next={inbox}"

    response = visitor.fill(asked.headers["location"], typed | {"next": inbox}, to="/sign-in")

    assert response.headers["location"] == inbox
    assert visitor.get(inbox).status_code == 200


def test_the_page_hands_the_way_on_to_its_form(visitor):
    assert 'name="next" value="/forms/abc"' in visitor.get("/sign-in?next=/forms/abc").text


def test_comes_back_to_the_very_folder(visitor, typed, inbox):
    asked = visitor.get(f"{inbox}?folder=spam").headers["location"]
    assert asked == f"/sign-in?next={inbox}%3Ffolder%3Dspam"

    response = visitor.fill(asked, typed | {"next": f"{inbox}?folder=spam"}, to="/sign-in")

    assert response.headers["location"] == f"{inbox}?folder=spam"


# The kinds of address that Django's own list of bad ones has, and some more.
AWAY = [
    "https://evil.test/",
    "http:///evil.test",
    "ftp://evil.test",
    "https:evil.test",
    "http:999999999",
    "//evil.test/",
    "///evil.test",
    "////evil.test",
    "\\evil.test",
    "\\\\evil.test",
    "/\\evil.test",
    "/\\/evil.test",
    "\\/evil.test",
    "/\t/evil.test",
    "/\n/evil.test",
    "\n//evil.test",
    "\x08//evil.test",
    "\u2028//evil.test",
    "javascript:alert(1)",
    "java\nscript:alert(1)",
    "\njavascript:alert(1)",
    "data:text/html,hello",
    "https://pillarbox.test@evil.test",
    "https://pillarbox.test\\@evil.test",
    "https://pillarbox.test.evil.test/",
    "//pillarbox.test",
    "http://[2001:db8::1/",
    "evil.test",
    "?next=/dashboard",
    "",
    "\n",
]
HERE = ["/", "/forms/abc", "/forms/abc?folder=spam", "/a?b=https://evil.test", "/a?b=//evil.test", "/with%20spaces/"]


@pytest.mark.parametrize("away", AWAY)
def test_leads_to_no_other_site(visitor, typed, away):
    response = visitor.fill("/sign-in", typed | {"next": away})

    assert response.headers["location"] == "/dashboard"


@pytest.mark.parametrize("path", HERE)
def test_goes_on_to_any_path_of_this_site(visitor, typed, path):
    response = visitor.fill("/sign-in", typed | {"next": path})

    assert response.headers["location"] == path


def test_nobody_keeps_a_session_that_they_had_before_it_was_signed_in(visitor, typed):
    planted = "chosen-by-somebody-else"
    visitor.cookies.set(settings.session_cookie(), planted, domain="pillarbox.test")

    visitor.fill("/sign-in", typed)

    assert visitor.cookies[settings.session_cookie()] != planted


def test_signing_in_again_ends_the_session_before(owner, typed):
    before = owner.cookies[settings.session_cookie()]

    owner.fill("/sign-in", typed)

    assert owner.get("/dashboard").status_code == 200
    assert owner.cookies[settings.session_cookie()] != before
    owner.cookies.set(settings.session_cookie(), before, domain="pillarbox.test")
    assert owner.get("/dashboard").status_code == 303
