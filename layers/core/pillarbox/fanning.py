"""Fan-out: each change of a submission that somebody is to be told of becomes deliveries, and they are queued.

The stream repeats itself. A delivery that is there already was queued, or is due when its lease ends.
"""

from collections.abc import Iterator
from typing import NamedTuple

from pillarbox import deliveries, forms, ids, notifications, places, retention, senders, submissions, webhooks
from pillarbox.deliveries import Wanted
from pillarbox.errors import NotFound
from pillarbox.forms import Form
from pillarbox.senders import Known
from pillarbox.webhooks import Webhook
from pillarbox.workers import Record

OVER = "over"  # the table deleted it: its time in the folder or in the form was up
# The event for receivers, by what the writer announced; `confirmed`: whoever sent it has confirmed their address.
TELLS: dict[str, deliveries.Event] = {
    **dict.fromkeys(("created", "restored", "confirmed"), "created"),
    "spam": "spam",
    "updated": "updated",
}


class News(NamedTuple):
    form_id: str
    submission_id: str
    announce: str
    change: str  # empty for what came just now


def read(record: Record) -> News | None:
    """Return what a record has to tell, None where it was told before or is nobody's business."""
    if record.by_ttl and record.old and record.old.get("folder") in places.FOLDERS and ids.is_ulid(record.sk):
        return News(record.pk.split("#")[1], record.sk, OVER, "")
    if record.new is None or "announce" not in record.new or not ids.is_ulid(record.sk):
        return None
    change = record.new.get("change", "")
    if record.old is not None and record.old.get("change", "") == change:
        return None
    return News(record.pk.split("#")[1], record.sk, record.new["announce"], change)


def spread(news: News) -> None:
    """Make and queue the deliveries that follow from one change; what is over takes along those that it had."""
    if news.announce == OVER:
        deliveries.forget(news.form_id, news.submission_id)
        return
    form = forms.found(news.form_id)
    if form is None:
        return
    told, mails_too = list(_wanted(form, news)), notifications.concern(form) and TELLS[news.announce] == "created"
    if not told and not mails_too:  # as it is with most changes, which then cost two reads
        _let_go(form, news)
        return
    try:
        submission = submissions.get(news.form_id, news.submission_id)
    except NotFound:
        return  # deleted meanwhile
    mails = notifications.make(form, submission) if mails_too else []
    if news.announce != "spam" and notifications.waits(form, submission):
        told = []
    made = [(deliveries.create(wanted), webhook) for wanted, webhook in told]
    # All of them are made before the first is sent: what isn't stored goes when none is left to send.
    for delivery in mails:
        senders.hand_over(delivery)
    for created, webhook in made:
        if created:
            senders.hand_over(created, known=Known(form, submission, webhook))
    _let_go(form, news)


def _let_go(form: Form, news: News) -> None:
    """Where nobody is to be told, no delivery ends after which what isn't stored goes."""
    if not form.store and TELLS[news.announce] == "created":
        retention.passed(news.form_id, news.submission_id, fanned_out=True)


def _wanted(form: Form, news: News) -> Iterator[tuple[Wanted, Webhook]]:
    for webhook in webhooks.of_form(form.id):
        event = TELLS[news.announce]
        if news.announce == "restored" and "submission.created" not in webhook.events:
            event = "updated"
        if webhook.active and f"submission.{event}" in webhook.events:
            change = news.change if event == "updated" else ""
            yield Wanted(form.id, news.submission_id, "webhook", event, webhook.id, webhook.url, change), webhook
