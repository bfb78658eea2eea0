from concurrent.futures import ThreadPoolExecutor

import pytest

from pillarbox import audit, guard, ids, webhook_changes, webhooks
from tests.outgoing import PLACE, webhook

MAY = "manager, forms:write"


def make(person, form, **changes):
    return person.post(f"/v1/forms/{form.id}/webhooks", json={"url": f"{PLACE}/hook"} | changes)


def field_of(answer):
    assert answer.status_code == 422
    return [error["field"] for error in answer.json()["errors"]]


def test_makes_a_webhook_and_shows_its_secret_this_once(owner, form):
    answer = make(owner, form)

    assert answer.status_code == 201
    made = answer.json()
    assert made["secret"].startswith("whsec_")
    assert {name: made[name] for name in ("url", "events", "format", "fields", "rename", "active")} == {
        "url": f"{PLACE}/hook",
        "events": ["submission.created"],
        "format": "json",
        "fields": None,
        "rename": {},
        "active": True,
    }
    (listed,) = owner.get(f"/v1/forms/{form.id}/webhooks").json()["webhooks"]
    assert listed == {name: value for name, value in made.items() if name != "secret"}


def test_takes_all_that_there_is_to_say(owner, form):
    about = {
        "events": ["submission.updated", "submission.spam", "submission.updated"],
        "format": "slack",
        "fields": ["name", "größe 🚀"],
        "rename": {"name": "Who"},
    }

    made = make(owner, form, **about).json()

    assert made | about | {"events": ["submission.spam", "submission.updated"]} == made


def test_the_log_of_the_account_tells_the_host_and_never_the_path(owner, form):
    make(owner, form, url=f"{PLACE}/T0/secret")

    event = audit.page(owner.account.id, limit=9).events[0]
    assert event.sentence == "The form Contact tells 93.184.215.14 of what comes in, from now on."
    assert "secret" not in event.model_dump_json()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"url": ""}, "url"),
        ({"url": None}, "url"),
        ({"url": "x" * 3000}, "url"),
        ({"url": "https://[::1"}, "url"),
        ({"url": "https://pillarbox.test/f/0123456789ab"}, "url"),
        ({"url": "https://PILLARBOX.test/"}, "url"),
        ({"url": "http://93.184.215.14/"}, "url"),
        ({"url": "https://127.0.0.1/"}, "url"),
        ({"url": "https://ada:pw@93.184.215.14/"}, "url"),
        ({"url": "https://93.184.215.14:22/"}, "url"),
        ({"url": "https://93.184.215.14/a\r\nb"}, "url"),
        ({"events": []}, "events"),
        ({"events": ["submission.deleted"]}, "events.0"),
        ({"format": "xml"}, "format"),
        ({"fields": [""]}, "fields.0"),
        ({"fields": ["x" * 101]}, "fields.0"),
        ({"fields": ["x"] * 201}, "fields"),
        ({"rename": {"a": "x", "b": "x"}}, "rename"),
        ({"rename": {"a": ""}}, "rename.a"),
        ({"rename": {"a": None}}, "rename.a"),
        ({"more": 1}, "more"),
        ({"version": 7}, "version"),
        ({"secret": "whsec_mine"}, "secret"),
    ],
)
def test_says_what_does_not_fit(owner, form, changes, field):
    assert field_of(make(owner, form, **changes)) == [field]
    assert webhooks.of_form(form.id) == []


def test_what_the_guard_refuses_is_said_in_its_words(owner, form, monkeypatch):
    monkeypatch.setattr(guard, "lookup", lambda *_: ["10.0.0.7"])

    (error,) = make(owner, form, url="https://inside.example.com/").json()["errors"]

    assert error["message"] == "This host leads to an address that isn't on the public internet."


@pytest.mark.parametrize("host", ["pillarbox.test:443", "pillarbox.test.", "Pillarbox.test.:443"])
def test_a_form_never_tells_pillarbox_itself_however_that_is_spelt(owner, form, monkeypatch, host):
    monkeypatch.setattr(guard, "lookup", lambda *_: ["93.184.215.14"])

    (error,) = make(owner, form, url=f"https://{host}/f/{form.id}").json()["errors"]

    assert error["message"].startswith("This is Pillarbox itself")


def test_a_form_has_twenty_webhooks_and_no_more(owner, form):
    for _ in range(webhook_changes.MOST - 1):
        webhook(form.id)
    assert make(owner, form).status_code == 201

    assert field_of(make(owner, form)) == ["url"]


def test_the_twentieth_made_five_times_at_once_is_made_once(racing_owner, form):
    for _ in range(webhook_changes.MOST - 1):
        webhook(form.id)

    with ThreadPoolExecutor(5) as pool:
        statuses = list(pool.map(lambda _: make(racing_owner, form).status_code, range(5)))

    assert statuses.count(201) == 1
    assert set(statuses) <= {201, 409, 422}
    assert len(webhooks.of_form(form.id)) == webhook_changes.MOST


def test_only_who_manages_a_form_makes_webhooks(viewer, editor, manager, stranger, visitor, form):
    statuses = [make(person, form).status_code for person in (viewer, editor, manager, stranger, visitor)]

    assert statuses == [403, 403, 201, 404, 401]


def test_a_form_that_isnt_there_has_none(owner):
    assert owner.post(f"/v1/forms/{ids.short()}/webhooks", json={"url": PLACE}).status_code == 404
