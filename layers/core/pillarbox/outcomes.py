"""Outcomes: what became of a try to deliver is written down, and what follows from it is done."""

import time
from typing import Any

from aws_lambda_powertools import Logger

from pillarbox import deliveries, forms, notifications, retention, senders, webhooks
from pillarbox.deliveries import Attempt, Delivery
from pillarbox.errors import NotFound, Unavailable

SOON_SECONDS = 60  # what is due within it isn't left to the sweep, which comes once a minute
GONE = "The receiver answered 410: it wants no more."
DEAD = "Nothing but failures for five days."

logger = Logger()


def of_webhook(message: dict[str, Any]) -> None:
    """Note what the sender of webhooks tells; a webhook that is gone or dead is switched off."""
    attempt, form_id, webhook_id = Attempt.model_validate(message["attempt"]), message["form_id"], message["webhook_id"]
    health = webhooks.outcome(form_id, webhook_id, ok=attempt.ok)
    off = GONE if message["gone"] else DEAD if health == "dead" else None
    record(form_id, message["delivery_id"], attempt, lease=message["lease"], final=off is not None)
    if off and webhooks.switch_off(form_id, webhook_id, off):
        form, webhook = forms.found(form_id), webhooks.find(form_id, webhook_id)
        if form and webhook:
            try:
                notifications.webhook_off(form, webhook, off)
            except Unavailable:
                webhooks.switch_on(form_id, webhook_id)  # this comes again, and finds it as it was
                raise


def record(form_id: str, delivery_id: str, attempt: Attempt, *, lease: int, final: bool = False) -> Delivery | None:
    """Note a try, and queue the next one where it comes soon; None when the delivery was deleted meanwhile."""
    try:
        delivery = deliveries.settle(form_id, delivery_id, attempt, lease=lease, final=final)
    except NotFound:
        logger.info("outcome of a delivery that is gone", delivery_id=delivery_id)
        return None
    if delivery.state == "pending" and delivery.lease == lease and delivery.due is not None:
        pause = max(0, delivery.due - int(time.time()))
        if pause <= SOON_SECONDS and (leased := deliveries.lease(delivery, due_in=pause)):
            senders.hand_over(leased, delay_seconds=pause)
    retention.passed(form_id, delivery.submission_id)
    return delivery
