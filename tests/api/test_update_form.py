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


@pytest.mark.parametrize("matching", ['"1"', "*", ' "7", "1" ', None])
def test_a_change_of_what_was_seen_is_made_and_answers_the_new_etag(owner, url, matching):
    response = owner.patch(url, json={"name": "New"}, headers={"if-match": matching} if matching else {})

    assert (response.status_code, response.headers["etag"]) == (200, '"2"')
    assert owner.get(url).json()["name"] == "New"


@pytest.mark.parametrize("matching", ['"1"', 'W/"2"', '"3"', '"1", "7"', '""'])
def test_a_change_of_another_version_than_there_is_is_not_made(owner, url, matching):
    owner.patch(url, json={"name": "Theirs"})

    response = owner.patch(url, json={"name": "Mine"}, headers={"if-match": matching})

    assert response.status_code == 412
    assert response.headers["content-type"] == "application/problem+json"
    assert response.json()["type"] == "/docs/problems#outdated"
    assert "version 2 now" in response.json()["detail"]
    assert owner.get(url).json()["name"] == "Theirs"


@pytest.mark.parametrize("matching", ["1", "", '"1', '*, "1"', '"' + "1" * 2000 + '"'])
def test_an_if_match_that_is_none_is_told_how_one_is_written(owner, url, matching):
    response = owner.patch(url, json={"name": "Mine"}, headers={"if-match": matching})

    assert (response.status_code, response.json()["type"]) == (400, "/docs/problems#malformed")
    assert owner.get(url).json()["name"] == "Contact"


def test_of_two_programs_that_change_the_same_version_at_once_one_is_told(owner, racing_owner, url):
    def patch(name):
        return racing_owner.patch(url, json={"name": name}, headers={"if-match": '"1"'}).status_code

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(patch, ("One", "Two"))) == [200, 412]
    assert owner.get(url).json()["version"] == 2


def test_what_is_seen_opens_no_form_to_who_may_not_change_it(editor, stranger, url):
    for if_match in ('"1"', '"2"', "*"):
        assert editor.patch(url, json={"name": "x"}, headers={"if-match": if_match}).status_code == 403
        assert stranger.patch(url, json={"name": "x"}, headers={"if-match": if_match}).status_code == 404


def test_hides_somebody_else_s_form(owner, stranger, url):
    assert stranger.patch(url, json={"name": "Mine"}).status_code == 404
    assert owner.get(url).json()["name"] == "Contact"


def test_a_form_that_is_not_there_is_not_made(owner):
    assert owner.patch("/v1/forms/000000000000", json={"name": "New"}).status_code == 404


def test_asks_a_visitor_to_sign_in(visitor, url):
    assert visitor.patch(url, json={"name": "Mine"}).status_code == 401
