from datetime import UTC, datetime

from pillarbox import ids
from tests.outgoing import webhook

MAY = "viewer, forms:read"


def listed(person, form):
    return person.get(f"/v1/forms/{form.id}/webhooks").json()["webhooks"]


def test_lists_them_the_oldest_first(owner, form):
    made = [webhook(form.id, created_at=datetime(2026, 11, day, tzinfo=UTC)) for day in (2, 1, 3)]

    assert [one["id"] for one in listed(owner, form)] == [made[1].id, made[0].id, made[2].id]


def test_none_is_an_empty_list(owner, form):
    assert owner.get(f"/v1/forms/{form.id}/webhooks").json() == {"webhooks": []}


def test_never_shows_a_secret_or_how_many_there_were(owner, form, hook):
    (one,) = listed(owner, form)

    assert one["id"] == hook.id
    assert not {"secret", "version"} & set(one)


def test_who_may_not_change_them_sees_where_they_lead_but_no_address(viewer, editor, manager, form, hook):
    assert [listed(person, form)[0]["url"] for person in (viewer, editor)] == ["https://receiver.example.com/…"] * 2
    assert listed(manager, form)[0]["url"] == hook.url


def test_somebody_elses_is_not_found(stranger, visitor, owner, form):
    assert stranger.get(f"/v1/forms/{form.id}/webhooks").status_code == 404
    assert visitor.get(f"/v1/forms/{form.id}/webhooks").status_code == 401
    assert owner.get(f"/v1/forms/{ids.short()}/webhooks").status_code == 404
