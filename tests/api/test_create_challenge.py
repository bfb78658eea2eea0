import time

import altcha as oracle
import pytest

from pillarbox import altcha

MAY = "anybody"


@pytest.fixture
def url(form):
    return f"/f/{form.id}/challenge"


def solved(challenge):
    whole = oracle.Challenge.from_dict(challenge)
    solution = oracle.solve_challenge(whole)
    assert solution
    return oracle.Payload(whole, solution).to_base64()


def test_gives_a_challenge_that_the_official_library_solves_and_we_take(visitor, form, url):
    response = visitor.get(url)

    assert response.status_code == 200
    assert response.headers["content-type"] == "application/json"
    assert altcha.verify(form.id, solved(response.json()), time.time())


def test_each_challenge_is_another_and_none_is_kept_on_the_way(visitor, url):
    first, second = visitor.get(url), visitor.get(url)

    assert first.json()["signature"] != second.json()["signature"]
    assert first.headers["cache-control"] == "no-store"


def test_a_form_s_own_page_may_ask_from_another_origin(visitor, url):
    assert visitor.get(url, headers={"origin": "https://example.com"}).headers["access-control-allow-origin"] == "*"


def test_the_case_of_the_id_makes_no_difference(visitor, form):
    challenge = visitor.get(f"/f/{form.id.upper()}/challenge").json()

    assert oracle.verify_solution(solved(challenge), altcha.key_of(form.id)).verified


@pytest.mark.parametrize("form_id", ["zzzzzzzzzzzz", "x" * 3000, "%00", "é"])
def test_does_not_tell_whether_there_is_such_a_form(visitor, form_id):
    assert set(visitor.get(f"/f/{form_id}/challenge").json()) == {"parameters", "signature"}


def test_somebody_else_s_form_has_one_for_everybody(stranger, url):
    assert stranger.get(url).status_code == 200


def test_nothing_is_taken_there(visitor, url):
    assert visitor.post(url, json={"name": "Ada"}).status_code == 404
