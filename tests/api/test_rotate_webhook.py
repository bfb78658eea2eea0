from concurrent.futures import ThreadPoolExecutor

import pytest
from standardwebhooks import Webhook as Receiver
from standardwebhooks import WebhookVerificationError

from pillarbox import audit, ids, signing, table, webhooks
from tests.outgoing import PLACE, queued

MAY = "manager, forms:write"


def signed(message):
    """Return the headers that the sender gives a message."""
    body = message["body"].encode()
    return signing.headers(message["webhook_id"], message["versions"], message["delivery_id"], body)


def test_for_a_day_the_new_secret_and_the_one_before_both_sign(owner, form):
    made = owner.post(f"/v1/forms/{form.id}/webhooks", json={"url": PLACE}).json()
    at = f"/v1/forms/{form.id}/webhooks/{made['id']}"
    answer = owner.post(f"{at}/secret")
    assert answer.status_code == 201
    new = answer.json()["secret"]
    assert new != made["secret"]
    queued("webhooks")

    owner.post(f"{at}/test")
    (message,) = queued("webhooks")
    for secret in (new, made["secret"]):
        Receiver(secret).verify(message["body"], signed(message))

    long_ago = {"rotated_at": "2026-01-01T00:00:00+00:00"}
    table.update(webhooks.key(form.id, made["id"]), long_ago, condition="attribute_exists(pk)")
    owner.post(f"{at}/test")
    (message,) = queued("webhooks")
    Receiver(new).verify(message["body"], signed(message))
    with pytest.raises(WebhookVerificationError):
        Receiver(made["secret"]).verify(message["body"], signed(message))
    assert audit.page(owner.account.id, limit=9).events[0].kind == "webhook-secret"


def test_of_two_at_once_each_that_is_told_a_secret_is_told_one_that_signs(racing_owner, form, hook, at):
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: racing_owner.post(f"{at}/secret"), range(4)))

    made = [answer.json()["secret"] for answer in answers if answer.status_code == 201]
    assert {answer.status_code for answer in answers} <= {201, 409}
    assert len(set(made)) == len(made) > 0
    (now,) = webhooks.of_form(form.id)
    assert signing.secret(hook.id, now.version) in made
    assert now.version == 1 + len(made)


def test_only_who_manages_the_form_gets_a_secret(viewer, editor, manager, stranger, visitor, at):
    statuses = [person.post(f"{at}/secret").status_code for person in (visitor, stranger, viewer, editor, manager)]

    assert statuses == [401, 404, 403, 403, 201]


def test_one_that_isnt_there_has_none(owner, form):
    assert owner.post(f"/v1/forms/{form.id}/webhooks/{ids.short()}/secret").status_code == 404
