"""Every form of ours that is sent: only from our own page, with the token that page was given."""

import pytest

from infra.local.template import Template
from tests.people import csrf_token
from tests.site import URL

FORMS = [
    route.path
    for function in Template().functions
    if function.kind == "pages"
    for route in function.routes
    if route.method == "POST" and route.path != "/unsubscribe"  # mail programs post there, and no session counts
]
OURS = {"origin": URL, "sec-fetch-site": "same-origin"}


@pytest.mark.parametrize("path", FORMS)
@pytest.mark.parametrize(
    "forged",
    [
        (None, OURS),
        ("", OURS),
        ("bm90aGluZw==", OURS),
        ("right", {"origin": "https://evil.test"}),
        ("right", {"origin": "null"}),
        ("right", {"sec-fetch-site": "cross-site"}),
        ("right", {"sec-fetch-site": "same-site"}),
    ],
    ids=["no token", "empty token", "wrong token", "other origin", "hidden origin", "other site", "sister site"],
)
def test_a_form_that_does_not_come_from_our_page_is_refused(owner, sent, path, forged):
    token, said = forged
    path = path.format(form_id=sent.split("/")[2], submission_id=sent.split("/")[4], account_id=owner.account.id)
    fields = {"do": "delete", "confirm": "Contact", "name": "Forged", "username": "forged", "password": "long enough"}
    if token is not None:
        fields["csrf_token"] = csrf_token(owner.get("/sign-out")) if token == "right" else token

    response = owner.post(path, data=fields, headers=said)

    assert response.status_code == 403
    assert "set-cookie" not in response.headers
    assert owner.get(sent).status_code == 200
    assert owner.get("/dashboard").status_code == 200
    assert "Forged" not in owner.get("/dashboard").text


def test_the_token_of_somebody_else_opens_nothing(owner, stranger):
    token = csrf_token(stranger.get("/dashboard"))

    response = owner.post("/forms/new", data={"name": "Forged", "csrf_token": token}, headers=OURS)

    assert response.status_code == 403
    assert "Go back, reload the page" in response.text


def test_a_file_in_a_form_of_ours_is_no_500(owner):
    token = csrf_token(owner.get("/dashboard"))

    response = owner.post("/forms/new", data={"csrf_token": token}, files={"name": b"not text"}, headers=OURS)

    assert response.status_code == 400
