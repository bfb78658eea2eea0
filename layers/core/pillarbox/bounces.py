"""Bounces: what SES tells of mails that came back, or that somebody said are spam.

What bounced for good, or was complained about, is mailed nothing more; the delivery says what became of it. SES may
tell the same twice: twice is as once.
"""

from email.utils import parseaddr
from typing import Any

from aws_lambda_powertools import Logger

from pillarbox import deliveries, digests, recipients
from pillarbox.errors import NotFound, Unavailable
from pillarbox.recipients import Reason

NOTE_CHARACTERS = 300
MARK_SECONDS = 20  # of the function's 60
NO_SPAM = "not-spam"  # a report that takes one back

logger = Logger()


def record(event: dict[str, Any]) -> None:
    """Note a bounce or a complaint."""
    tags = event["mail"].get("tags", {})
    form_id, delivery_id = (next(iter(tags.get(name, [])), "") for name in ("form", "delivery"))
    if "bounce" in event:
        told = event["bounce"]
        people = told["bouncedRecipients"]
        if told["bounceType"] == "Permanent":
            _refuse(people, "bounced")
        said = next((one["diagnosticCode"] for one in people if one.get("diagnosticCode")), "")
        _mark(form_id, delivery_id, "bounced", said or f"It came back ({told['bounceType'].lower()}).")
    elif "complaint" in event and event["complaint"].get("complaintFeedbackType") != NO_SPAM:
        _refuse(event["complaint"]["complainedRecipients"], "complained")
        _mark(form_id, delivery_id, "complained", "Whoever got it said that it is spam.")
    logger.info("mail came back", kind=event.get("eventType"), delivery_id=delivery_id)


def _refuse(people: list[dict[str, Any]], reason: Reason) -> None:
    for one in people:
        if address := parseaddr(one["emailAddress"])[1]:
            recipients.refuse(address, reason)


def _mark(form_id: str, delivery_id: str, state: Reason, note: str) -> None:
    """Note it on the delivery; a letter of an account's is none, and of a digest it concerns all that it held."""
    try:
        delivery = deliveries.get(form_id, delivery_id)
    except NotFound:
        return
    note = note[:NOTE_CHARACTERS]
    if delivery.state != "complained":
        delivery = deliveries.mark(delivery, state, note)
    if delivery.kind == "digest" and not digests.mark(delivery, "done", state, note, seconds=MARK_SECONDS):
        raise Unavailable("There is more to mark. It is to be tried again.")
