from pillarbox import settings

MAY = "anybody"


def test_asks_first(owner):
    assert "Sign out?" in owner.get("/sign-out").text
    assert owner.get("/dashboard").status_code == 200


def test_ends_the_session_on_the_server_and_in_the_browser(owner):
    session = owner.cookies[settings.session_cookie()]

    response = owner.fill("/sign-out", {})

    assert response.status_code == 303
    assert response.headers["location"] == "/"
    assert response.headers["clear-site-data"] == '"cache"'
    assert settings.session_cookie() not in owner.cookies
    owner.cookies.set(settings.session_cookie(), session, domain="pillarbox.test")
    assert owner.get("/dashboard").status_code == 303


def test_the_header_of_every_page_has_the_button(owner):
    response = owner.fill("/dashboard", {}, to="/sign-out")

    assert response.status_code == 303


def test_tells_a_visitor_that_they_are_signed_out(visitor):
    response = visitor.get("/sign-out")

    assert response.status_code == 200
    assert "You are signed out" in response.text


def test_signing_out_twice_is_no_error(visitor):
    assert visitor.fill("/sign-up", {}, to="/sign-out").status_code == 303
