import pytest

from pillarbox import deliveries, whereabouts
from tests.outgoing import webhook

MAY = "viewer, submissions:read"
HOSTILE = '<script>alert(1)</script>\x00"\u202e'


@pytest.fixture
def url(sent):
    return f"{sent}/deliveries"


def test_lists_whom_it_was_told_to_and_each_try(owner, form, hook, failed, url):
    response = owner.get(url)

    assert response.status_code == 200
    (delivery,) = response.json()["deliveries"]
    assert set(delivery) == {
        "id", "form_id", "submission_id", "kind", "event", "target", "to", "state", "created_at", "attempts", "due",
        "note", "log",
    }  # fmt: skip
    assert (delivery["id"], delivery["form_id"], delivery["kind"]) == (failed.id, form.id, "webhook")
    assert (delivery["target"], delivery["to"], delivery["state"]) == (hook.id, hook.url, "failed")
    assert [(one["status"], one["ok"]) for one in delivery["log"]] == [(500, False)]


def test_of_a_submission_that_nobody_was_told_of_the_list_is_empty(owner, url):
    assert owner.get(url).json() == {"deliveries": []}


def test_what_was_sent_and_answered_comes_as_it_is(owner, make, url):
    make(status=500, request=HOSTILE, answer=HOSTILE)

    response = owner.get(url)

    assert response.headers["content-type"] == "application/json"
    (attempt,) = response.json()["deliveries"][0]["log"]
    assert (attempt["request"], attempt["answer"]) == (HOSTILE, HOSTILE)


@pytest.mark.parametrize("role", ["viewer", "editor"])
def test_a_webhook_s_secrets_are_for_those_who_may_change_the_form(request, owner, form, make, url, role):
    make(webhook(form.id, url="https://hooks.example.com/services/secret"), request="a secret", answer="a secret")

    seen = request.getfixturevalue(role).get(url)

    assert seen.json()["deliveries"][0]["to"] == "https://hooks.example.com/…"
    assert "secret" not in seen.text
    assert "services/secret" in owner.get(url).text


def test_a_manager_sees_all_of_it(manager, make, url):
    make(answer="Nothing works here")

    assert "Nothing works here" in manager.get(url).text


def test_of_very_many_the_newest_are_listed_and_the_newest_tries_are_whole(owner, hook, make, url, monkeypatch):
    monkeypatch.setattr(whereabouts, "MOST", 3)
    monkeypatch.setattr(whereabouts, "LOG_BYTES", 10_000)
    for n in range(5):
        make(hook, status=500, answer="x" * 4000, change=str(n))

    listed = owner.get(url).json()["deliveries"]

    assert len(listed) == 3
    assert [bool(one["log"][0]["answer"]) for one in listed] == [False, True, True]


def test_what_is_older_than_it_is_kept_is_not_listed(owner, make, url, monkeypatch):
    monkeypatch.setattr(deliveries, "KEPT_SECONDS", -20 * 60)
    make()

    assert owner.get(url).json() == {"deliveries": []}


@pytest.mark.parametrize("submission_id", ["x", "01ARZ3NDEKTSV4RRFFQ69G5FAV", "%00", "a" * 3000])
def test_a_submission_that_is_not_there_is_not_found(owner, form, submission_id):
    assert owner.get(f"/v1/forms/{form.id}/submissions/{submission_id}/deliveries").status_code == 404


def test_hides_them_from_others_and_under_other_forms(owner, stranger, make, url, of_another_form):
    make(status=500)

    assert stranger.get(url).status_code == 404
    assert owner.get(f"{of_another_form}/deliveries").status_code == 404


def test_asks_a_visitor_to_sign_in(visitor, url):
    assert visitor.get(url).status_code == 401
