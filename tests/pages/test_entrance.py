"""What a browser is given at sign-in."""

from pillarbox import settings
from tests.people import PASSWORD


def test_the_session_cookie_is_bound_to_this_host_and_out_of_reach_of_scripts_and_of_other_sites(visitor, owner):
    answer = visitor.fill("/sign-in", {"username": owner.account.username, "password": PASSWORD})

    (cookie,) = [line for line in answer.headers.get_list("set-cookie") if line.startswith("__Host-pillarbox=")]
    _, *attributes = cookie.split("; ")
    assert sorted(attribute.lower() for attribute in attributes) == [
        "httponly",
        f"max-age={settings.session_absolute_seconds()}",
        "path=/",
        "samesite=lax",
        "secure",
    ]
