"""Senders: a delivery that is leased goes to the queue of whoever sends its kind."""

import time
from datetime import UTC, datetime
from typing import NamedTuple

from aws_lambda_powertools import Logger

from pillarbox import deliveries, forms, queues, settings, submissions, webhooks
from pillarbox.deliveries import Attempt, Delivery
from pillarbox.errors import NotFound, Unavailable
from pillarbox.forms import Form
from pillarbox.submissions import Submission
from pillarbox.webhooks import Webhook

MARGIN_SECONDS = 60  # before its lease ends a sender must have begun

logger = Logger()


class Known(NamedTuple):
    """What whoever hands a delivery over has just read anyway."""

    form: Form
    submission: Submission
    webhook: Webhook | None = None


def hand_over(
    delivery: Delivery, *, delay_seconds: int = 0, known: Known | None = None, origin: str | None = None
) -> None:
    """Queue a delivery whatever happens to it: a queue out of reach leaves it to the sweep, a fault is a failed try.

    `origin` is scheme and host of the request, where one asked for it.
    """
    try:
        _send(delivery, delay_seconds, known, origin or settings.public_url())
    except Unavailable:
        logger.warning("queue out of reach: left to the sweep", delivery_id=delivery.id)
        deliveries.postpone(delivery, int(time.time()) + delay_seconds)
    except Exception as error:
        logger.exception("delivery can't be written", delivery_id=delivery.id)
        failed = Attempt(at=datetime.now(UTC), ok=False, error=f"It could not be written: {type(error).__name__}.")
        deliveries.settle(delivery.form_id, delivery.id, failed, lease=delivery.lease)


def _send(delivery: Delivery, delay_seconds: int, known: Known | None, origin: str | None) -> None:
    """Queue a delivery, or drop it where nobody wants it any more."""
    if delivery.kind == "webhook":
        if to_tell := known or _look_up(delivery):
            _to_webhook(delivery, delay_seconds, to_tell, origin)
        return
    message = {name: getattr(delivery, name) for name in ("form_id", "submission_id", "lease")}
    queues.send(settings.notifications_queue_url(), message | {"delivery_id": delivery.id}, delay_seconds=delay_seconds)


def _look_up(delivery: Delivery) -> Known | None:
    webhook, form = webhooks.find(delivery.form_id, delivery.target), forms.found(delivery.form_id)
    if webhook is None or form is None or not webhook.active:
        deliveries.mark(delivery, "dropped", "The webhook was off or gone when it was to be told.")
        return None
    try:
        submission = submissions.get(delivery.form_id, delivery.submission_id)
    except NotFound:
        if delivery.event != "test":
            deliveries.mark(delivery, "dropped", "The submission was deleted before it could be sent.")
            return None
        submission = webhooks.sample(form, delivery.submission_id)
    return Known(form, submission, webhook)


def _to_webhook(delivery: Delivery, delay_seconds: int, known: Known, origin: str | None) -> None:
    webhook = known.webhook
    assert webhook is not None  # noqa: S101  whoever knows what to tell knows whom
    assert delivery.due is not None  # noqa: S101  a leased delivery is due when its lease ends
    at = delivery.created_at
    content_type, body = webhooks.body(webhook, known.form, known.submission, delivery.event, at=at, origin=origin)
    message = {
        "delivery_id": delivery.id,
        "form_id": delivery.form_id,
        "submission_id": delivery.submission_id,
        "webhook_id": webhook.id,
        "lease": delivery.lease,
        "until": delivery.due - MARGIN_SECONDS,
        "url": webhook.url,
        "versions": webhooks.versions(webhook),
        "content_type": content_type,
        "body": body,
    }
    queues.send(settings.webhooks_queue_url(), message, delay_seconds=delay_seconds, group=webhook.id)
