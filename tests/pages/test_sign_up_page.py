import pytest

from pillarbox import ids
from tests.people import PASSWORD

MAY = "anybody"


@pytest.fixture
def typed():
    name = f"grace-{ids.short()}"
    return {"username": name, "email": f"{name}@example.com", "password": PASSWORD}


def test_makes_an_account_and_signs_in_at_once(visitor, typed):
    response = visitor.fill("/sign-up", typed)

    assert response.status_code == 303
    assert response.headers["location"] == "/dashboard"
    assert typed["username"] in visitor.get("/dashboard").text


def test_the_session_cookie_is_out_of_reach_of_scripts_and_other_sites(visitor, typed):
    cookies = visitor.fill("/sign-up", typed).headers.get_list("set-cookie")

    session = next(cookie for cookie in cookies if cookie.startswith("__Host-pillarbox="))
    for attribute in ("HttpOnly", "Secure", "SameSite=lax", "Path=/", "Max-Age="):
        assert attribute in session
    assert any("__Host-pillarbox_csrf=" in cookie and "Max-Age=0" in cookie for cookie in cookies)


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("username", "", "At least 2 characters, please."),
        ("username", "a b", "A username has letters, digits"),
        ("email", "nobody", "This isn&#39;t an e-mail address"),
        ("password", "short", "At least 8 characters, please."),
    ],
)
def test_says_beside_the_field_what_does_not_fit_and_keeps_the_rest(visitor, typed, field, value, sentence):
    response = visitor.fill("/sign-up", typed | {field: value})

    assert response.status_code == 422
    error = response.text.partition(f'id="{field}-error"')[2].partition("</p>")[0]
    assert sentence in error
    assert f'aria-describedby="{field}' in response.text
    assert PASSWORD not in response.text
    for name in {"username", "email"} - {field}:
        assert f'value="{typed[name]}"' in response.text
    assert visitor.get("/dashboard").status_code == 303


@pytest.mark.parametrize("field", ["username", "email"])
def test_says_which_name_is_taken_whatever_its_case(visitor, owner, typed, field):
    theirs = getattr(owner.account, field).upper()

    response = visitor.fill("/sign-up", typed | {field: theirs})

    assert response.status_code == 409
    assert "already." in response.text.partition(f'id="{field}-error"')[2].partition("</p>")[0]
    assert visitor.get("/dashboard").status_code == 303


def test_hostile_text_stays_text(visitor, typed):
    response = visitor.fill("/sign-up", typed | {"username": '"><script>alert(1)</script>'})

    assert response.status_code == 422
    assert "<script>alert" not in response.text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in response.text


def test_a_form_without_its_fields_is_told_so(visitor):
    assert visitor.fill("/sign-up", {}).status_code == 422


def test_what_is_typed_beyond_the_form_is_left_alone(visitor, typed):
    visitor.fill("/sign-up", typed | {"role": "admin", "id": "chosen"})

    assert visitor.get("/dashboard").status_code == 200
