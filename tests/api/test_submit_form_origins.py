"""Where a form may be sent from."""

import pytest

from tests.sent import BROWSER, JSON, inbox
from tests.site import URL

SENT = {"message": "Hello"}
ORIGINS = ["https://example.com", "*.example.org", "http://localhost:5173", "bücher.example"]
FROM_HERE = [
    {"origin": "https://example.com"},
    {"origin": "http://example.com:8080"},
    {"origin": "https://www.example.org"},
    {"origin": "https://a.b.example.org"},
    {"origin": "http://localhost:5173"},
    {"origin": "https://xn--bcher-kva.example"},
    {"origin": "https://EXAMPLE.com"},
    {"origin": URL},
    {"referer": "https://example.com/contact?a=1"},
    {"referer": f"{URL}/f/x"},
    {"origin": "null", "referer": "https://example.com/contact"},
    {"origin": "https://example.com", "referer": "https://evil.example/"},
]
FROM_NOWHERE = [
    {},
    {"origin": "null"},
    {"origin": ""},
    {"referer": ""},
    {"referer": "about:client"},
    {"origin": "null", "referer": ""},
]
FROM_ELSEWHERE = [
    {"origin": "https://evil.example"},
    {"origin": "https://evilexample.com"},
    {"origin": "https://evilexample.org"},
    {"origin": "https://example.org"},
    {"origin": "https://example.com.evil.example"},
    {"origin": "https://www.example.com"},
    {"origin": "https://.example.org"},
    {"origin": "https://pillarbox.test.evil.example"},
    {"origin": f"{URL}:8443"},
    {"origin": "https://example.com@evil.example"},
    {"origin": "https://evil.example", "referer": "https://example.com/"},
    {"origin": "null", "referer": "https://evil.example/"},
    {"origin": "https://example.com, https://evil.example"},
    {"origin": "chrome-extension://abcdefgh"},
    {"origin": "file://"},
    {"origin": "*"},
    {"referer": "https://evil.example/https://example.com/"},
    {"referer": "https://evil.example?https://example.com/"},
    {"referer": "android-app://com.example"},
]
PATHS = ["/f/{}", "//f/{}", "/p/x/f/{}", "/s/{}", "/f/{}.json"]


@pytest.fixture
def form(owner, form):
    owner.patch(f"/v1/forms/{form.id}", json={"allowed_origins": ORIGINS})
    return form


@pytest.mark.parametrize("headers", [*FROM_HERE, *FROM_NOWHERE], ids=str)
def test_what_comes_from_here_or_says_nothing_is_taken(owner, visitor, form, headers):
    assert visitor.post(f"/f/{form.id}", data=SENT, headers=headers).status_code == 303
    assert len(inbox(owner, form)) == 1


@pytest.mark.parametrize("headers", FROM_ELSEWHERE, ids=str)
def test_what_comes_from_elsewhere_is_blocked(owner, visitor, form, headers):
    sentence = "This form isn't open to the page that this was sent from."
    told = visitor.post(f"/f/{form.id}", data=SENT, headers=JSON | headers)
    assert told.status_code == 403
    assert told.json() == {
        "error": sentence,
        "errors": [{"code": "BLOCKED", "message": sentence}],
        "success": False,
        "message": sentence,
    }
    shown = visitor.post(f"/f/{form.id}", data=SENT, headers=BROWSER | headers)
    assert (shown.status_code, "Not from here" in shown.text) == (403, True)
    assert inbox(owner, form) == []


@pytest.mark.parametrize("path", PATHS)
def test_every_door_is_guarded(owner, visitor, form, path):
    headers = JSON | {"origin": "https://evil.example"}
    answer = visitor.post(URL + path.format(form.id), data=SENT, headers=headers)
    assert answer.status_code == 403
    assert answer.headers["access-control-allow-origin"] == "*"
    for path_with_key, key in (("/submit", "access_key"), ("/", "form-name")):
        assert visitor.post(path_with_key, data=SENT | {key: form.id}, headers=headers).status_code == 403
    assert inbox(owner, form) == []


@pytest.mark.parametrize("headers", FROM_HERE, ids=str)
def test_with_a_required_origin_what_comes_from_here_is_taken(owner, visitor, form, headers):
    owner.patch(f"/v1/forms/{form.id}", json={"require_origin": True})
    assert visitor.post(f"/f/{form.id}", data=SENT, headers=headers).status_code == 303


@pytest.mark.parametrize("headers", FROM_NOWHERE, ids=str)
@pytest.mark.parametrize("origins", [ORIGINS, []], ids=["some", "none"])
def test_with_a_required_origin_what_says_nothing_is_blocked(owner, visitor, form, headers, origins):
    owner.patch(f"/v1/forms/{form.id}", json={"require_origin": True, "allowed_origins": origins})
    answer = visitor.post(f"/f/{form.id}", data=SENT, headers=JSON | headers)
    sentence = "This form takes only what says which page it comes from, and this doesn't."
    assert (answer.status_code, answer.json()["errors"]) == (403, [{"code": "BLOCKED", "message": sentence}])
    assert inbox(owner, form) == []


@pytest.mark.parametrize("headers", [*FROM_HERE, *FROM_NOWHERE, *FROM_ELSEWHERE], ids=str)
def test_a_form_without_allowed_origins_takes_from_anywhere(owner, visitor, form, headers):
    owner.patch(f"/v1/forms/{form.id}", json={"allowed_origins": []})
    assert visitor.post(f"/f/{form.id}", data=SENT, headers=headers).status_code == 303


def test_a_form_without_allowed_origins_that_requires_one_takes_any(owner, visitor, form):
    owner.patch(f"/v1/forms/{form.id}", json={"allowed_origins": [], "require_origin": True})
    answer = visitor.post(f"/f/{form.id}", data=SENT, headers={"origin": "https://anywhere.example"})
    assert answer.status_code == 303


def test_a_page_that_says_its_address_in_the_form_proves_nothing(visitor, form):
    sent = SENT | {"_url": "https://example.com/"}
    assert visitor.post(f"/f/{form.id}", data=sent, headers={"origin": "https://evil.example"}).status_code == 403
