"""Resending: a webhook's deliveries as people see them, tests, and what is sent once more because somebody asked."""

import time
from contextlib import suppress
from datetime import datetime
from typing import Literal, Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, model_validator

from pillarbox import attempts, cursors, deliveries, ids, senders, submissions, table, webhooks, whereabouts
from pillarbox.deliveries import Delivery, State
from pillarbox.errors import Changed, Invalid, NotFound, NotNow
from pillarbox.forms import Form
from pillarbox.senders import Known
from pillarbox.webhooks import Webhook

MOST = 100  # deliveries that one call looks at
SECONDS = 5  # that one call takes, of the function's 10
PAGES = 5  # that are read for one page of those in a state


class Deliveries(BaseModel):
    deliveries: list[Delivery]
    next_cursor: str | None


class Replay(BaseModel):
    """Which deliveries to send again: those in a state, those of submissions that came in a span, or both."""

    model_config = ConfigDict(extra="forbid")

    state: Literal["failed", "dropped", "done"] | None = None
    since: AwareDatetime | None = None
    until: AwareDatetime | None = None
    cursor: str | None = None

    @model_validator(mode="after")
    def _says_which(self) -> Self:
        if not (self.state or self.since or self.until):
            raise ValueError("Say which: a state, such as failed, or a span with since and until.")
        if self.since and self.until and self.since >= self.until:
            raise ValueError("since has to be before until.")
        return self


class Replayed(BaseModel):
    replayed: int
    next_cursor: str | None  # where the next call goes on


def listed(
    form: Form, webhook_id: str, *, state: State | None = None, limit: int, cursor: str | None = None
) -> Deliveries:
    """Return a page of a webhook's deliveries, the newest first; of those in a state it may hold few, or none."""
    webhook, found = webhooks.get(form, webhook_id), list[Delivery]()
    for _ in range(PAGES):
        page = deliveries.of_webhook(form.id, webhook.id, limit=limit - len(found), cursor=cursor)
        found += [one for one in page.deliveries if state in {None, one.state}]
        cursor = page.next_cursor
        if cursor is None or len(found) == limit:
            break
    return Deliveries(deliveries=whereabouts.shown(form.role, found), next_cursor=cursor)


def try_out(form: Form, webhook_id: str, *, origin: str) -> Delivery:
    """Send the newest submission as a test, or a made-up one; the delivery's log will tell what came of it."""
    webhook = webhooks.get(form, webhook_id)
    attempts.take("webhook-test", form.id)
    newest = submissions.newest(form.id, shards=form.shards, retention_days=form.retention_days, limit=1)
    submission = newest[0] if newest else webhooks.sample(form, ids.ulid())
    wanted = deliveries.Wanted(form.id, submission.id, "webhook", "test", webhook.id, webhook.url, ids.ulid())
    delivery = deliveries.create(wanted)
    if delivery is None:
        raise Changed("There is such a test already. Please try again.")
    senders.hand_over(delivery, known=Known(form, submission, webhook), origin=origin)
    return delivery


def again(form: Form, webhook_id: str, delivery_id: str, *, origin: str) -> Delivery:
    """Send a delivery again under the id that it has, whatever became of it; one that is on its way is left alone."""
    webhook = _switched_on(form, webhook_id)
    delivery = deliveries.get(form.id, delivery_id)
    if (delivery.kind, delivery.target) != ("webhook", webhook.id):
        raise NotFound("There is no such delivery.")
    return whereabouts.send_again(form, delivery_id, origin=origin)


def several(form: Form, webhook_id: str, which: Replay, *, origin: str) -> Replayed:
    """Send so many again as one call can, the oldest first; what is under way anyway is left alone."""
    webhook = _switched_on(form, webhook_id)
    of = f"replay of {webhook.id} {which.state} {which.since} {which.until}"
    after = cursors.read(of, which.cursor) or (_from(which.since) if which.since else None)
    before = _from(which.until) if which.until else ""
    if after and before and after >= before:
        return Replayed(replayed=0, next_cursor=None)  # a span within one millisecond, which ids don't tell apart
    page = table.query(f"WEBHOOKLOG#{webhook.id}", after=after, before=before, limit=MOST)
    stop, replayed, last = time.monotonic() + SECONDS, 0, page.last
    for row in page.items:
        with suppress(NotFound, NotNow, Changed):  # it was deleted, is on its way, or somebody else sends it just now
            if which.state in {None, deliveries.get(form.id, row["sk"]).state}:
                whereabouts.send_again(form, row["sk"], origin=origin)
                replayed += 1
        if time.monotonic() > stop:
            last = row["sk"]
            break
    return Replayed(replayed=replayed, next_cursor=cursors.seal(of, last) if last else None)


def _switched_on(form: Form, webhook_id: str) -> Webhook:
    webhook = webhooks.get(form, webhook_id)
    if not webhook.active:
        raise Invalid([{"field": "active", "code": "off", "message": "This webhook is off. Switch it on first."}])
    return webhook


def _from(moment: datetime) -> str:
    """Return what stands before the ids of all submissions from then on."""
    return ids.ulid(now=max(0, moment.timestamp()))[:10]
