"""Whom a form mails, and what it answers visitors: POST /v1/forms, GET and PATCH /v1/forms/{form_id}."""

import json

import pytest

from pillarbox import forms, places, table

NOTIFY: dict[str, object] = {"to": [], "every": "each", "subject": None, "routes": [], "most_per_minute": 10}
ROUTE = {"field": "topic", "equals": "Sales", "to": ["sales@example.com"]}


@pytest.fixture
def url(form):
    return f"/v1/forms/{form.id}"


def test_a_new_form_mails_its_owner_each_time_and_answers_nobody(owner, url):
    form = owner.get(url).json()

    assert form["notify"] == NOTIFY
    assert form["autoresponse"] == {
        "enabled": False,
        "subject": "Thank you for your message",
        "text": "Your message has arrived. We will answer as soon as we can.",
        "double_opt_in": False,
    }


def test_a_form_from_before_there_were_notices_has_those_of_a_new_one(owner, form, url):
    item = table.get(places.form(form.id))
    assert item
    document = json.loads(item["document"])
    del document["notify"], document["autoresponse"]
    table.put(item | {"document": json.dumps(document)})

    assert owner.get(url).json()["notify"] == NOTIFY
    assert forms.get(owner.account, form.id).autoresponse.enabled is False


def test_all_of_it_may_be_set_when_a_form_is_made(owner):
    settings = {
        "notify": NOTIFY | {"to": ["ada@example.com"], "every": "15m", "subject": "{topic}: {name}", "routes": [ROUTE]},
        "autoresponse": {"enabled": True, "subject": "Hi {name}", "text": "Thanks.\nBye.", "double_opt_in": True},
    }

    made = owner.post("/v1/forms", json={"name": "Contact"} | settings)

    assert made.status_code == 201
    assert settings.items() <= made.json().items()
    assert owner.get(f"/v1/forms/{made.json()['id']}").json() == made.json()


@pytest.mark.parametrize("every", ["each", "never", "daily", "weekly", "5m", "15m", "90m", "1h", "168h"])
def test_mails_come_each_never_daily_weekly_or_after_minutes_or_hours(owner, url, every):
    assert owner.patch(url, json={"notify": {"every": every}}).json()["notify"]["every"] == every


def test_addresses_are_kept_once_and_in_their_normal_form(owner, url):
    sent = {"to": [" Ada@Example.COM", "ada@example.com", "b@BÜCHER.example"]}

    assert owner.patch(url, json={"notify": sent}).json()["notify"]["to"] == ["ada@example.com", "b@bücher.example"]


MANY = [f"a{n}@example.com" for n in range(100)]


@pytest.mark.parametrize(
    ("change", "field", "said"),
    [
        ({"notify": {"to": ["nobody"]}}, "notify.to.0", "e-mail address"),
        ({"notify": {"to": ["a@example.com\r\nBcc: b@example.com"]}}, "notify.to.0", "e-mail address"),
        ({"notify": {"to": ["a@example.com,b@example.com"]}}, "notify.to.0", "e-mail address"),
        ({"notify": {"to": ["a\x00@example.com"]}}, "notify.to.0", "e-mail address"),
        ({"notify": {"to": ["jürgen@example.com"]}}, "notify.to.0", "before the @"),
        ({"notify": {"to": MANY}}, "notify.to", "At most 20"),
        ({"notify": {"to": MANY[:20], "routes": [ROUTE | {"to": MANY[:20]}] * 2}}, "notify", "at most 50"),
        ({"notify": {"every": "4m"}}, "notify.every", "5m"),
        ({"notify": {"every": "169h"}}, "notify.every", "168h"),
        ({"notify": {"every": "monthly"}}, "notify.every", "daily"),
        ({"notify": {"every": "1h30m"}}, "notify.every", "daily"),
        ({"notify": {"every": "00015m"}}, "notify.every", "daily"),
        ({"notify": {"subject": "Hello\r\nBcc: all@example.com"}}, "notify.subject", "one line"),
        ({"notify": {"subject": "Hello\x00"}}, "notify.subject", "one line"),
        ({"notify": {"subject": "x" * 201}}, "notify.subject", "200"),
        ({"notify": {"routes": [ROUTE | {"to": []}]}}, "notify.routes.0.to", "At least 1"),
        ({"notify": {"routes": [ROUTE | {"field": ""}]}}, "notify.routes.0.field", "empty"),
        ({"notify": {"routes": [ROUTE] * 21}}, "notify.routes", "At most 20"),
        ({"notify": {"most_per_minute": 0}}, "notify.most_per_minute", "At least 1"),
        ({"notify": {"most_per_minute": 1001}}, "notify.most_per_minute", "At most 1000"),
        ({"notify": {"cc": []}}, "notify.cc", "no such property"),
        ({"autoresponse": {"enabled": "perhaps"}}, "autoresponse.enabled", "true or false"),
        ({"autoresponse": {"subject": "  "}}, "autoresponse.subject", "empty"),
        ({"autoresponse": {"subject": "Hi\nthere"}}, "autoresponse.subject", "one line"),
        ({"autoresponse": {"text": ""}}, "autoresponse.text", "empty"),
        ({"autoresponse": {"text": "Hi\x00"}}, "autoresponse.text", "characters"),
        ({"autoresponse": {"text": "x" * 5001}}, "autoresponse.text", "5000"),
    ],
)
def test_says_beside_the_setting_what_does_not_fit_and_changes_nothing(owner, url, change, field, said):
    before = owner.get(url).json()

    response = owner.patch(url, json=change)

    assert response.status_code == 422
    assert [error["field"] for error in response.json()["errors"]] == [field]
    assert said in response.json()["errors"][0]["message"]
    assert owner.get(url).json() == before
