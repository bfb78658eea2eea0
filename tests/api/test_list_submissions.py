import pytest

from pillarbox.exact import DEEPEST

MAY = "viewer, submissions:read"


@pytest.fixture
def url(form):
    return f"/v1/forms/{form.id}/submissions"


@pytest.fixture
def three(visitor, form):
    """Three submissions, oldest first."""
    return [visitor.post(f"/f/{form.id}", json={"n": n}).json()["id"] for n in range(3)]


def test_lists_what_was_sent_newest_first(owner, url, three, form):
    page = owner.get(url).json()

    assert [one["id"] for one in page["submissions"]] == three[::-1]
    assert page["next_cursor"] is None
    newest = page["submissions"][0]
    assert set(newest) == {
        "id", "form_id", "received_at", "folder", "read", "fields", "spam", "source", "form_version",
        "tags", "note",
    }  # fmt: skip
    assert (newest["form_id"], newest["folder"], newest["read"]) == (form.id, "inbox", False)
    assert newest["fields"] == {"n": 2}
    assert newest["received_at"].endswith("Z")


def test_numbers_come_back_as_they_were_sent(owner, visitor, url, form):
    exact = '{"price": 0.10000000000000000001, "big": 123456789012345678901234567890, "nested": {"z": [1, 2.50]}}'
    visitor.post(f"/f/{form.id}", content=exact, headers={"content-type": "application/json"})

    shown = owner.get(url).text

    assert '"price":0.10000000000000000001' in shown.replace(": ", ":")
    assert '"big":123456789012345678901234567890' in shown.replace(": ", ":")
    assert '"z":[1,2.50]' in shown.replace(": ", ":").replace(", ", ",")


def test_what_is_nested_as_deep_as_is_taken_is_read_everywhere(owner, visitor, url, form):
    """What was sent stands some levels deeper in what tells of it: one visitor mustn't spoil a page of the list."""
    deep = '{"a":' * DEEPEST + "1" + "}" * DEEPEST
    sent = visitor.post(f"/f/{form.id}", content=deep, headers={"content-type": "application/json"}).json()["id"]

    for path in (url, f"{url}/{sent}", f"/forms/{form.id}", f"/forms/{form.id}/submissions/{sent}"):
        assert owner.get(path).status_code == 200, path
    assert deep in owner.get(f"{url}/{sent}").text


def test_reads_on_from_where_a_page_ended(owner, url, three):
    first = owner.get(url, params={"limit": 2}).json()
    second = owner.get(url, params={"limit": 2, "cursor": first["next_cursor"]}).json()

    assert [one["id"] for one in first["submissions"] + second["submissions"]] == three[::-1]
    assert second["next_cursor"] is None


def test_shows_one_folder_at_a_time(owner, url, three):
    owner.patch(f"{url}/{three[0]}", json={"folder": "archive"})

    assert [one["id"] for one in owner.get(url, params={"folder": "archive"}).json()["submissions"]] == three[:1]
    assert len(owner.get(url).json()["submissions"]) == 2
    assert owner.get(url, params={"folder": "spam"}).json()["submissions"] == []


@pytest.mark.parametrize(
    "query", [{"limit": "0"}, {"limit": "101"}, {"limit": "many"}, {"folder": "drafts"}, {"cursor": "made-up"}]
)
def test_refuses_a_query_out_of_range(owner, url, query):
    response = owner.get(url, params=query)

    assert response.status_code == 422
    assert [error["field"] for error in response.json()["errors"]] == list(query)


def test_hides_somebody_else_s_form(stranger, url):
    assert stranger.get(url).status_code == 404


def test_a_form_that_is_not_there_is_not_found(owner):
    assert owner.get("/v1/forms/000000000000/submissions").status_code == 404


def test_asks_a_visitor_to_sign_in(visitor, url):
    assert visitor.get(url).status_code == 401


def test_searches_and_says_how_far_it_looked(owner, visitor, url, form):
    for name in ("Zoë", "Grace", "Zoe again"):
        visitor.post(f"/f/{form.id}", json={"name": name})

    page = owner.get(url, params={"q": "zoe", "limit": 1}).json()

    assert [one["fields"] for one in page["submissions"]] == [{"name": "Zoe again"}]
    assert page["searched_to"] == page["submissions"][0]["received_at"]
    rest = owner.get(url, params={"q": "zoe", "cursor": page["next_cursor"]}).json()
    assert [one["fields"] for one in rest["submissions"]] == [{"name": "Zoë"}]
    assert (rest["next_cursor"], rest["searched_to"]) == (None, None)


def test_filters_by_read_tag_field_and_time(owner, url, three):
    owner.patch(f"{url}/{three[1]}", json={"read": True, "tags": ["Done"]})

    def found(**asked):
        page = owner.get(url, params=asked)
        assert page.status_code == 200, page.text
        return [three.index(one["id"]) for one in page.json()["submissions"]]

    assert found(read="true") == found(tag="done") == found(field="n", value="1") == [1]
    assert found(read="false") == [2, 0]
    assert found(after="2100-01-01") == found(before="2020-01-01T00:00:00Z") == []
    assert found(after="2020-01-01", before="2100-01-01T00:00:00+02:00") == [2, 1, 0]
    assert "searched_to" not in owner.get(url).json()


@pytest.mark.parametrize(
    "query",
    [{"q": "x" * 201}, {"read": "perhaps"}, {"after": "soon"}, {"value": "x"}, {"tag": "x" * 41}, {"field": "x" * 301}],
)
def test_refuses_a_search_that_it_does_not_take(owner, url, query):
    response = owner.get(url, params=query)

    assert response.status_code == 422
    assert [error["field"] for error in response.json()["errors"]] == list(query)
