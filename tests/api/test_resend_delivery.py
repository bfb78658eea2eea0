from concurrent.futures import ThreadPoolExecutor

import pytest

from pillarbox import deliveries, webhooks
from tests.outgoing import due_rows, outcome, queued, worked_on

MAY = "editor, submissions:write"


@pytest.fixture
def url(form):
    return lambda delivery: f"/v1/forms/{form.id}/deliveries/{delivery.id}/replay"


def test_a_delivery_that_failed_is_sent_again(owner, template, form, failed, url):
    response = owner.post(url(failed))

    assert response.status_code == 202
    delivery = response.json()
    assert (delivery["id"], delivery["state"], delivery["attempts"]) == (failed.id, "pending", 0)
    assert len(delivery["log"]) == 1, "what came of it before stays"
    (message,) = [one for one in queued("webhooks") if one["form_id"] == form.id]
    worked_on(template, "RecordOutcome", outcome(message))
    assert deliveries.get(form.id, failed.id).state == "done"


def test_one_that_was_taken_is_sent_again_too_under_the_same_id(owner, form, make, url):
    done = make(status=200)

    assert owner.post(url(done)).status_code == 202
    assert [one["delivery_id"] for one in queued("webhooks") if one["form_id"] == form.id] == [done.id]


def test_one_that_waits_for_its_next_try_does_not_have_to(owner, form, make, url):
    waiting = make(status=500, final=False, tries=3)

    assert owner.post(url(waiting)).status_code == 202
    assert len(due_rows(form.id)) == 1
    assert len([one for one in queued("webhooks") if one["form_id"] == form.id]) == 1


def test_one_whose_webhook_was_switched_off_is_not_sent_and_says_so(owner, form, hook, failed, url):
    webhooks.switch_off(form.id, hook.id, "Enough.")

    delivery = owner.post(url(failed)).json()

    assert delivery["state"] == "dropped"
    assert "off" in delivery["note"]
    assert [one for one in queued("webhooks") if one["form_id"] == form.id] == []


def test_clicks_that_race_send_it_once(racing_owner, form, failed, url):
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: racing_owner.post(url(failed)).status_code, range(16)))

    assert sorted(answers) == [202, *[409] * 15]
    assert len([one for one in queued("webhooks") if one["form_id"] == form.id]) == 1


@pytest.mark.parametrize(
    ("kind", "state", "sentence"),
    [
        ("webhook", "pending", "on its way"),
        ("mail", "digest", "goes out with the digest"),
        ("mail", "complained", "marked it as spam"),
        ("autoresponse", "done", "has this answer already"),
    ],
)
def test_what_can_not_be_sent_again_says_why(owner, make, url, kind, state, sentence):
    delivery = make(kind=kind, state=state)

    response = owner.post(url(delivery))

    assert response.status_code == 409
    assert response.json()["type"] == "/docs/problems#not-now"
    assert sentence in response.json()["detail"]


def test_a_mail_goes_to_the_queue_of_mails(owner, form, make, url):
    bounced = make(kind="mail", state="bounced")

    assert owner.post(url(bounced)).status_code == 202
    assert [one["delivery_id"] for one in queued("notifications") if one["form_id"] == form.id] == [bounced.id]


def test_an_editor_is_not_told_the_webhook_s_whole_address(editor, owner, failed, url):
    assert editor.post(url(failed)).json()["to"] == "https://receiver.example.com/…"
    assert owner.post(url(failed)).status_code == 409


@pytest.mark.parametrize(
    "delivery_id", ["x", "-", "01ARZ3NDEKTSV4RRFFQ69G5FAV-0123456789abcdef", "%00", "a" * 3000, "..%2F..%2Fx"]
)
def test_an_id_of_nothing_is_not_found(owner, form, delivery_id):
    assert owner.post(f"/v1/forms/{form.id}/deliveries/{delivery_id}/replay").status_code == 404


def test_hides_it_from_others_and_under_other_forms(owner, stranger, form, failed, url):
    other = owner.post("/v1/forms", json={"name": "Other"}).json()["id"]

    assert stranger.post(url(failed)).status_code == 404
    assert owner.post(f"/v1/forms/{other}/deliveries/{failed.id}/replay").status_code == 404
    assert deliveries.get(form.id, failed.id).state == "failed"


def test_asks_a_visitor_to_sign_in(visitor, failed, url):
    assert visitor.post(url(failed)).status_code == 401
