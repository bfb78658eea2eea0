"""Posting: a mail of a delivery is written and sent, and what became of it is noted.

Days can lie between making a delivery and sending it, so whether it still may go is asked again here.
"""

import time
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from aws_lambda_powertools import Logger

from pillarbox import (
    attempts,
    composing,
    deliveries,
    digests,
    forms,
    outbox,
    queues,
    recipients,
    retention,
    settings,
    submissions,
    usernames,
)
from pillarbox.deliveries import Attempt, Delivery, State
from pillarbox.errors import NotFound, TooOften, Unavailable
from pillarbox.forms import Form
from pillarbox.outbox import Mail, NotSent
from pillarbox.submissions import Submission

MARGIN_SECONDS = 60  # before its lease ends a mail is begun: SES may take some, and the table
MARK_SECONDS = 20  # of the function's 60
OUT = {"spam", "trash"}  # folders of which nobody is mailed
MOVED = "The submission was moved to {} before it could be sent."
TOLD_CHARACTERS = 1000  # kept of what SES says
NOT_ANY_MORE = {
    "waiting": "The address waits for its owner to confirm it.",
    "unsubscribed": "The address was unsubscribed from this form.",
    "bounced": "Mail to the address has bounced.",
    "complained": "Whoever reads this address has said that our mail is spam.",
}
IN_DIGEST: dict[State, str] = {
    "done": "It went out in a digest.",
    "failed": "The digest that it was part of could not be sent.",
    "dropped": "The digest that it was part of was not wanted any more.",
    "bounced": "The digest that it was part of came back.",
    "complained": "Whoever got the digest that it was part of said that it is spam.",
}

logger = Logger()


class Dropped(Exception):
    """Nobody wants the mail any more; the words say why."""


def post(message: dict[str, Any]) -> None:
    """Send the mail of a delivery. SES refusing it is an outcome, and no failure of the message."""
    try:
        delivery = deliveries.get(message["form_id"], message["delivery_id"])
    except NotFound:
        return  # deleted with its submission
    if delivery.state == "pending" and delivery.lease == message["lease"] and _has_time(delivery):
        delivery = _sent(delivery)
    if delivery.kind != "digest":
        retention.passed(delivery.form_id, delivery.submission_id)
    note = IN_DIGEST.get(delivery.state) if delivery.kind == "digest" else None
    if note and not digests.mark(delivery, "digest", delivery.state, note, seconds=MARK_SECONDS):
        queues.send(settings.notifications_queue_url(), message)  # there are more: another turn


def _has_time(delivery: Delivery) -> bool:
    """Whether the lease lasts until the mail has gone; else the sweep may give it to somebody else meanwhile."""
    return delivery.due is not None and time.time() < delivery.due - MARGIN_SECONDS


def _sent(delivery: Delivery) -> Delivery:
    began, started = datetime.now(UTC), time.monotonic()
    said: dict[str, Any] = {"ok": False}
    final = False
    try:
        mail = _mail(delivery)
        said["request"] = f"To: {mail.to}\nSubject: {outbox.one_line(mail.subject)}"
        said |= {"ok": True, "answer": outbox.deliver(mail)}
    except Dropped as dropped:
        return deliveries.mark(delivery, "dropped", str(dropped))
    except NotSent as error:
        said |= {"status": error.status, "error": str(error)[:TOLD_CHARACTERS]}
        final = error.final
    except Unavailable:
        raise
    except Exception as error:
        logger.exception("mail can't be written", delivery_id=delivery.id)
        said["error"] = f"It could not be written: {type(error).__name__}."
    attempt = Attempt(at=began, milliseconds=round((time.monotonic() - started) * 1000), **said)
    with suppress(NotFound):  # deleted meanwhile
        return deliveries.settle(delivery.form_id, delivery.id, attempt, lease=delivery.lease, final=final)
    return delivery


def _mail(delivery: Delivery) -> Mail:
    form = forms.found(delivery.form_id)
    if form is None:
        raise Dropped("The form was deleted before it could be sent.")
    if delivery.kind == "autoresponse":
        return _to_visitor(form, delivery)
    _check(form, delivery.target)
    if delivery.kind == "digest":
        return _digest(form, delivery)
    return composing.of(form, _submission(delivery), delivery)


def _digest(form: Form, delivery: Delivery) -> Mail:
    """Return the mail with the newest of what is on the list; what was deleted or is spam by now is left out."""
    listed, shown = digests.listed(delivery), list[Submission]()
    gone = 0
    for submission_id in listed:
        if len(shown) == composing.MOST_IN_DIGEST:
            break
        found = _find(form.id, submission_id)
        if found and found.folder not in OUT:
            shown.append(found)
        else:
            gone += 1
            if found:
                digests.leave_out(delivery, submission_id, MOVED.format(found.folder))
    if not shown:
        raise Dropped("Nothing was left to send.")
    return composing.digest(form, shown, len(listed) - gone, delivery)


def _to_visitor(form: Form, delivery: Delivery) -> Mail:
    submission = _submission(delivery)
    if not recipients.may_be_answered(form.id, delivery.target):
        raise Dropped("Whoever reads this address wants no mail of ours.")
    try:
        attempts.take("mail", usernames.folded(delivery.target))
    except TooOften as error:
        raise Dropped("The address got too many mails from here within an hour.") from error
    if delivery.change == "confirm":
        return composing.question(form, submission, delivery)
    return composing.answer(form, submission, delivery)


def _submission(delivery: Delivery) -> Submission:
    submission = _find(delivery.form_id, delivery.submission_id)
    if submission is None:
        raise Dropped("The submission was deleted before it could be sent.")
    if submission.folder in OUT:
        raise Dropped(MOVED.format(submission.folder))
    return submission


def _find(form_id: str, submission_id: str) -> Submission | None:
    try:
        return submissions.get(form_id, submission_id)
    except NotFound:
        return None


def _check(form: Form, email: str) -> None:
    owner = recipients.owner_of(form.id)
    if owner is None:
        raise Dropped("The account of the form's owner was deleted.")
    (one,) = recipients.standing(form.id, owner, [email])
    if one.state != "verified":
        raise Dropped(NOT_ANY_MORE[one.state])
