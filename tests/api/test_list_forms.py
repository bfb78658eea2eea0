import pytest

from pillarbox import definitions, forms

MAY = "signed in, forms:read"


@pytest.fixture
def five(owner):
    return {forms.create(owner.account, definitions.Definition(name=f"Form {n}")).id for n in range(5)}


def test_lists_the_forms_of_who_asks_and_of_nobody_else(owner, stranger, five):
    assert {form["id"] for form in owner.get("/v1/forms").json()["forms"]} == five
    assert stranger.get("/v1/forms").json() == {"forms": [], "next_cursor": None}


def test_reads_on_by_cursor(owner, five):
    cursor, found = None, []
    while True:
        page = owner.get("/v1/forms", params={"limit": 2} | ({"cursor": cursor} if cursor else {})).json()
        assert len(page["forms"]) <= 2
        found += [form["id"] for form in page["forms"]]
        if (cursor := page["next_cursor"]) is None:
            break

    assert sorted(found) == sorted(five)


@pytest.mark.parametrize("query", [{"limit": "0"}, {"limit": "101"}, {"limit": "many"}, {"cursor": "made-up"}])
def test_refuses_a_limit_out_of_range_and_a_cursor_that_is_not_ours(owner, query):
    response = owner.get("/v1/forms", params=query)

    assert response.status_code == 422
    assert [error["field"] for error in response.json()["errors"]] == list(query)


@pytest.mark.usefixtures("five")
def test_a_cursor_of_somebody_else_opens_nothing(owner, stranger):
    cursor = owner.get("/v1/forms", params={"limit": 1}).json()["next_cursor"]

    assert stranger.get("/v1/forms", params={"cursor": cursor}).status_code == 422


def test_asks_a_visitor_to_sign_in(visitor):
    assert visitor.get("/v1/forms").status_code == 401
