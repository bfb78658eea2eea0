"""How long a form keeps what is sent to it: `store` and `retention_days`."""

import json

import pytest

from pillarbox import places, table


@pytest.fixture
def url(form):
    return f"/v1/forms/{form.id}"


def test_a_new_form_keeps_everything(owner, url):
    form = owner.get(url).json()

    assert (form["store"], form["retention_days"]) == (True, None)


@pytest.mark.parametrize("keeping", [{"retention_days": 1}, {"retention_days": 3650}, {"store": False}])
def test_it_may_be_set_and_taken_back(owner, url, keeping):
    assert keeping.items() <= owner.patch(url, json=keeping).json().items()
    assert keeping.items() <= owner.get(url).json().items()

    back = owner.patch(url, json=dict.fromkeys(keeping)).json()

    assert (back["store"], back["retention_days"]) == (True, None)


@pytest.mark.parametrize(
    ("keeping", "sentence"),
    [
        ({"retention_days": 0}, "At least 1, please."),
        ({"retention_days": -30}, "At least 1, please."),
        ({"retention_days": 3651}, "At most 3650, please."),
        ({"retention_days": 10**30}, "At most 3650, please."),
        ({"retention_days": True}, "This must be a whole number of days, or null to keep everything."),
        ({"retention_days": "soon"}, "This must be a whole number."),
        ({"retention_days": [30]}, "This must be a whole number."),
        ({"store": "perhaps"}, "This must be true or false."),
        ({"store": []}, "This must be true or false."),
    ],
)
def test_what_is_no_time_is_refused_with_a_sentence_and_changes_nothing(owner, url, keeping, sentence):
    before = owner.get(url).json()

    response = owner.patch(url, json=keeping)

    assert response.status_code == 422
    assert response.json()["errors"][0] == {
        "field": next(iter(keeping)),
        "code": response.json()["errors"][0]["code"],
        "message": sentence,
    }
    assert owner.get(url).json() == before


def test_a_form_is_made_with_it(owner):
    made = owner.post("/v1/forms", json={"name": "Contact", "store": False, "retention_days": 30})

    assert made.status_code == 201
    assert (made.json()["store"], made.json()["retention_days"]) == (False, 30)


def test_the_submit_path_finds_it_beside_the_policy(owner, form, url):
    owner.patch(url, json={"retention_days": 30})

    item = table.get(places.form(form.id))
    assert item
    policy = json.loads(item["policy"])
    assert (policy["store"], policy["retention_days"]) == (True, 30)
