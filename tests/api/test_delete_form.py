import boto3
import pytest

from pillarbox import settings
from pillarbox.errors import Unavailable

MAY = "owner, forms:write"


@pytest.fixture
def url(form):
    return f"/v1/forms/{form.id}"


def test_deletes_the_form_at_once(owner, visitor, url, form):
    response = owner.delete(url)

    assert (response.status_code, response.content) == (204, b"")
    assert owner.get(url).status_code == 404
    assert owner.get("/v1/forms").json()["forms"] == []
    assert visitor.post(f"/f/{form.id}", data={"name": "Ada"}).status_code == 404


def test_asks_for_its_submissions_to_be_deleted_soon(owner, url, form, monkeypatch):
    sent = []
    monkeypatch.setattr("pillarbox.queues.send", lambda *args, **options: sent.append((args, options)))

    owner.delete(url)

    assert sent == [((settings.purges_queue_url(), {"form_id": form.id}), {"delay_seconds": 60})]


def test_the_request_to_delete_them_really_lies_in_the_queue(owner, url):
    def waiting():
        counts = boto3.client("sqs").get_queue_attributes(
            QueueUrl=settings.purges_queue_url(), AttributeNames=["ApproximateNumberOfMessagesDelayed"]
        )
        return int(counts["Attributes"]["ApproximateNumberOfMessagesDelayed"])

    boto3.client("sqs").purge_queue(QueueUrl=settings.purges_queue_url())  # of what other tests left
    assert waiting() == 0

    owner.delete(url)

    assert waiting() == 1


def test_a_queue_out_of_reach_leaves_the_form_as_it_was(owner, url, monkeypatch):
    def unreachable(*_args, **_options):
        raise Unavailable("The queue is out of reach. Please try again.")

    monkeypatch.setattr("pillarbox.queues.send", unreachable)

    response = owner.delete(url)

    assert response.status_code == 503
    assert int(response.headers["retry-after"]) > 0
    assert owner.get(url).status_code == 200


def test_hides_somebody_else_s_form(owner, stranger, url):
    assert stranger.delete(url).status_code == 404
    assert owner.get(url).status_code == 200


def test_a_form_that_is_not_there_is_not_found(owner, url):
    owner.delete(url)

    assert owner.delete(url).status_code == 404


def test_asks_a_visitor_to_sign_in(visitor, owner, url):
    assert visitor.delete(url).status_code == 401
    assert owner.get(url).status_code == 200


def test_a_form_that_was_changed_since_is_not_deleted(owner, url):
    seen = owner.get(url).headers["etag"]
    owner.patch(url, json={"name": "Other"})

    response = owner.delete(url, headers={"if-match": seen})

    assert (response.status_code, response.json()["type"]) == (412, "/docs/problems#outdated")
    now = owner.get(url)
    assert now.json()["name"] == "Other"
    assert owner.delete(url, headers={"if-match": now.headers["etag"]}).status_code == 204
    assert owner.get(url).status_code == 404
