import pytest

from pillarbox import audit, ids, table, webhook_changes, webhooks
from tests.outgoing import PLACE

MAY = "manager, forms:write"


def now(form, hook):
    return webhooks.find(form.id, hook.id)


def test_changes_what_is_named_and_leaves_the_rest(owner, form, hook, at):
    answer = owner.patch(at, json={"format": "discord", "events": ["submission.spam"]})

    assert answer.status_code == 200
    assert answer.json() == now(form, hook).model_dump(mode="json")
    changed = hook.model_copy(update={"format": "discord", "events": ["submission.spam"]})
    assert now(form, hook) == changed
    assert audit.page(owner.account.id, limit=9).events[0].kind == "webhook-changed"


def test_merges_as_rfc_7396_says(owner, form, hook, at):
    owner.patch(at, json={"fields": ["a"], "rename": {"a": "b", "c": "d"}})

    owner.patch(at, json={"fields": None, "rename": {"a": None, "e": "f"}})

    assert now(form, hook).fields is None
    assert now(form, hook).rename == {"c": "d", "e": "f"}


def test_switched_off_and_on_it_forgets_why_it_was_off(owner, form, hook, at):
    assert owner.patch(at, json={"active": False}).json()["off_reason"] == webhook_changes.BY_HAND
    webhooks.outcome(form.id, hook.id, ok=False)
    assert now(form, hook).failing_since

    owner.patch(at, json={"active": True})

    assert (now(form, hook).active, now(form, hook).off_reason, now(form, hook).failing_since) == (True, None, None)


def test_why_it_was_switched_off_stays_until_it_is_on(owner, form, hook, at):
    webhooks.switch_off(form.id, hook.id, "Gone.")

    owner.patch(at, json={"active": False, "format": "slack"})

    assert now(form, hook).off_reason == "Gone."


def test_what_failed_at_one_address_is_not_held_against_the_next(owner, form, hook, at):
    webhooks.outcome(form.id, hook.id, ok=False)

    owner.patch(at, json={"url": f"{PLACE}/other"})

    assert now(form, hook).failing_since is None


@pytest.mark.parametrize(
    ("patch", "field"),
    [
        ({"url": "https://169.254.169.254/latest"}, "url"),
        ({"url": "https://pillarbox.test/"}, "url"),
        ({"url": None}, "url"),
        ({"events": []}, "events"),
        ({"active": "perhaps"}, "active"),
        ({"rename": {"a": "x", "b": "x"}}, "rename"),
        ({"version": 1}, "version"),
        ({"off_reason": "x"}, "off_reason"),
        ({"id": "x"}, "id"),
    ],
)
def test_says_what_does_not_fit_and_changes_nothing(owner, form, hook, at, patch, field):
    answer = owner.patch(at, json=patch | {"format": "slack"})

    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == [field]
    assert now(form, hook) == hook


@pytest.mark.parametrize("body", ["[]", '"x"', "null", "{"])
def test_what_is_no_object_is_refused(owner, at, body):
    assert owner.patch(at, content=body, headers={"content-type": "application/json"}).status_code in {400, 422}


def test_one_deleted_meanwhile_does_not_come_back(owner, form, hook, at, monkeypatch):
    monkeypatch.setattr(webhook_changes, "_check", lambda *_: table.delete(webhooks.key(form.id, hook.id)))

    assert owner.patch(at, json={"url": f"{PLACE}/other"}).status_code == 404
    assert webhooks.of_form(form.id) == []


def test_only_who_manages_the_form_changes_it(viewer, editor, manager, stranger, visitor, at):
    people = (viewer, editor, manager, stranger, visitor)

    assert [person.patch(at, json={"format": "slack"}).status_code for person in people] == [403, 403, 200, 404, 401]


def test_one_that_isnt_there_or_is_another_forms_is_not_found(owner, form, hook):
    other = owner.post("/v1/forms", json={"name": "Other"}).json()["id"]
    for form_id, webhook_id in [(form.id, ids.short()), (form.id, "x"), (other, hook.id)]:
        assert owner.patch(f"/v1/forms/{form_id}/webhooks/{webhook_id}", json={}).status_code == 404
