from concurrent.futures import ThreadPoolExecutor

import pytest

MAY = "manager, forms:write"


@pytest.fixture
def url(form):
    return f"/v1/forms/{form.id}"


def test_merges_the_patch_into_the_form(owner, url):
    response = owner.patch(url, json={"name": "Say hello", "thanks": {"text": "Soon."}})

    assert response.status_code == 200
    changed = response.json()
    assert (changed["name"], changed["thanks"]) == ("Say hello", {"title": "Thank you", "text": "Soon."})
    assert changed["version"] == 2
    assert owner.get(url).json() == changed


def test_null_takes_a_setting_back(owner, url):
    owner.patch(url, json={"redirect_url": "https://example.com/thanks"})

    assert owner.patch(url, json={"redirect_url": None}).json()["redirect_url"] is None


@pytest.mark.parametrize(
    ("patch", "field"),
    [({"name": None}, "name"), ({"name": ""}, "name"), ({"version": 7}, "version"), ({"active": "perhaps"}, "active")],
)
def test_refuses_what_does_not_fit_and_changes_nothing(owner, url, patch, field):
    before = owner.get(url).json()

    response = owner.patch(url, json=patch)

    assert response.status_code == 422
    assert [error["field"] for error in response.json()["errors"]] == [field]
    assert owner.get(url).json() == before


@pytest.mark.parametrize("body", ["", "{", "[1]", "7", "null"])
def test_refuses_a_body_that_is_no_object(owner, url, body):
    response = owner.patch(url, content=body, headers={"content-type": "application/json"})

    assert response.status_code in {400, 422}


def test_two_who_change_different_settings_at_once_both_get_their_way(owner, racing_owner, url):
    with ThreadPoolExecutor(2) as pool:
        sent = [pool.submit(racing_owner.patch, url, json=patch) for patch in ({"name": "New"}, {"strict": True})]
    assert [one.result().status_code for one in sent] == [200, 200]

    form = owner.get(url).json()
    assert (form["name"], form["strict"], form["version"]) == ("New", True, 3)


def test_hides_somebody_else_s_form(owner, stranger, url):
    assert stranger.patch(url, json={"name": "Mine"}).status_code == 404
    assert owner.get(url).json()["name"] == "Contact"


def test_a_form_that_is_not_there_is_not_made(owner):
    assert owner.patch("/v1/forms/000000000000", json={"name": "New"}).status_code == 404


def test_asks_a_visitor_to_sign_in(visitor, url):
    assert visitor.patch(url, json={"name": "Mine"}).status_code == 401
