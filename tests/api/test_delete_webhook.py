from pillarbox import audit, deliveries, ids, webhooks
from tests.outgoing import due_now, queued, swept

MAY = "manager, forms:write"


def test_deletes_it_at_once(owner, form, hook, at):
    assert owner.delete(at).status_code == 204

    assert webhooks.of_form(form.id) == []
    assert owner.delete(at).status_code == 404
    assert audit.page(owner.account.id, limit=9).events[0].kind == "webhook-deleted"
    assert hook.id not in owner.get(f"/v1/forms/{form.id}/webhooks").text


def test_what_was_to_be_sent_to_it_is_dropped(owner, form, at, template):
    delivery = owner.post(f"{at}/test").json()
    due_now(form.id, delivery["id"])
    queued("webhooks")

    owner.delete(at)
    swept(template)

    assert [one for one in queued("webhooks") if one["form_id"] == form.id] == []
    assert deliveries.get(form.id, delivery["id"]).state == "dropped"


def test_only_who_manages_the_form_deletes_it(viewer, editor, manager, stranger, visitor, at):
    statuses = [person.delete(at).status_code for person in (visitor, stranger, viewer, editor, manager)]

    assert statuses == [401, 404, 403, 403, 204]


def test_another_forms_is_not_found(owner, hook):
    other = owner.post("/v1/forms", json={"name": "Other"}).json()["id"]

    assert owner.delete(f"/v1/forms/{other}/webhooks/{hook.id}").status_code == 404
    assert owner.delete(f"/v1/forms/{other}/webhooks/{ids.short()}").status_code == 404
