"""Senders: a delivery that is leased goes to the queue of whoever sends its kind."""

import time
from datetime import UTC, datetime

from aws_lambda_powertools import Logger

from pillarbox import deliveries, forms, queues, settings, submissions, webhooks
from pillarbox.deliveries import Attempt, Delivery
from pillarbox.errors import NotFound, Unavailable

MARGIN_SECONDS = 60  # before its lease ends a sender must have begun

logger = Logger()


def hand_over(delivery: Delivery, *, delay_seconds: int = 0) -> None:
    """Queue a delivery whatever happens to it: a queue out of reach leaves it to the sweep, a fault is a failed try."""
    try:
        send(delivery, delay_seconds=delay_seconds)
    except Unavailable:
        logger.warning("queue out of reach: left to the sweep", delivery_id=delivery.id)
        deliveries.postpone(delivery, int(time.time()) + delay_seconds)
    except Exception as error:
        logger.exception("delivery can't be written", delivery_id=delivery.id)
        failed = Attempt(at=datetime.now(UTC), ok=False, error=f"It could not be written: {type(error).__name__}.")
        deliveries.settle(delivery.form_id, delivery.id, failed, lease=delivery.lease)


def send(delivery: Delivery, *, delay_seconds: int = 0) -> None:
    """Queue a delivery, or drop it where nobody wants it any more."""
    if delivery.kind == "webhook":
        _to_webhook(delivery, delay_seconds)
        return
    message = {name: getattr(delivery, name) for name in ("form_id", "submission_id", "lease")}
    queues.send(settings.notifications_queue_url(), message | {"delivery_id": delivery.id}, delay_seconds=delay_seconds)


def _to_webhook(delivery: Delivery, delay_seconds: int) -> None:
    webhook, form = webhooks.find(delivery.form_id, delivery.target), forms.found(delivery.form_id)
    if webhook is None or form is None or not webhook.active:
        deliveries.mark(delivery, "dropped", "The webhook was off or gone when it was to be told.")
        return
    try:
        submission = submissions.get(delivery.form_id, delivery.submission_id)
    except NotFound:
        if delivery.event != "test":
            deliveries.mark(delivery, "dropped", "The submission was deleted before it could be sent.")
            return
        submission = webhooks.sample(form, delivery.submission_id)
    content_type, body = webhooks.body(webhook, form, submission, delivery.event)
    assert delivery.due is not None  # noqa: S101  a leased delivery is due when its lease ends
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
