"""Delivery words: the sentences in which people read where a submission went and what became of it."""

import time
from datetime import UTC, datetime
from typing import Literal, NamedTuple

from pillarbox import deliveries, display, whereabouts
from pillarbox.deliveries import Attempt, Delivery
from pillarbox.submissions import Submission

type Tone = Literal["good", "bad", "open"]

MINUTE, HOUR, DAY = 60, 60 * 60, 24 * 60 * 60  # seconds
JUST_NOW = MINUTE  # in which who is to be told is still found out
KINDS = {"mail": "mail", "autoresponse": "answer to the visitor", "digest": "digest", "webhook": "webhook"}
EVENTS = {"created": "", "spam": "as spam", "updated": "of a change", "test": "a test"}


class Told(NamedTuple):
    """What became of a delivery: an icon and words; a moment that ends the words; a sentence that gives the reason."""

    icon: str
    tone: Tone
    words: str
    at: datetime | None = None
    why: str | None = None


OUTCOMES = {
    "bounced": Told("error", "bad", "Bounced"),
    "complained": Told("error", "bad", "Marked as spam by whoever got it"),
    "dropped": Told("off", "open", "Not sent"),
}


class Line(NamedTuple):
    """A delivery as a page shows it."""

    id: str
    whom: str
    what: str
    told: Told
    log: list[tuple[Attempt, str]]  # the newest first
    again: bool  # whether it can be sent again just now


def line(delivery: Delivery) -> Line:
    log = [(attempt, tried(attempt)) for attempt in reversed(delivery.log)]
    again = whereabouts.why_not(delivery) is None
    return Line(delivery.id, whom(delivery), what(delivery), told(delivery), log, again)


def lines(found: list[Delivery]) -> list[Line]:
    """Return the lines of a submission's deliveries, mails first; webhooks on one host are told apart."""
    names = whereabouts.names(one.to for one in found if one.kind == "webhook")
    ordered = sorted(found, key=lambda one: (one.created_at, list(KINDS).index(one.kind)))
    return [line(one)._replace(whom=display.plain(names.get(one.to, one.to))) for one in ordered]


def what(delivery: Delivery) -> str:
    """Return what kind of delivery it is, and of what it told where that isn't the submission's coming."""
    kind = "mail, part of a digest" if delivery.state == "digest" else KINDS[delivery.kind]
    of = EVENTS[delivery.event]
    return f"{kind}, {of}" if of else kind


def whom(delivery: Delivery) -> str:
    return display.plain(whereabouts.host(delivery.to) if delivery.kind == "webhook" else delivery.to)


def told(delivery: Delivery) -> Told:
    """Return what became of it so far."""
    match delivery.state:
        case "done":
            at = next((one.at for one in reversed(delivery.log) if one.ok), None)
            return Told("check", "good", "Sent" if at else "Sent with a digest", at, delivery.note)
        case "failed":
            return _failed(delivery)
        case "pending":
            return _pending(delivery)
        case "digest":
            at = datetime.fromtimestamp(delivery.due, UTC) if delivery.due else None
            return Told("clock", "open", "Goes with the digest at" if at else "Goes with the next digest", at)
        case "bounced" | "complained" | "dropped":
            return OUTCOMES[delivery.state]._replace(why=delivery.note)


def tried(attempt: Attempt) -> str:
    """Return what became of one try."""
    if attempt.ok:
        return f"Answered {attempt.status}" if attempt.status else "Sent"
    return _answered(attempt, "Answered {status}", "No answer").removesuffix(".")  # it stands in a row of facts


def nobody(submission: Submission, *, has_webhooks: bool) -> str:
    """Return the sentence in the place of deliveries where there are none."""
    age = time.time() - submission.received_at.timestamp()
    if age > deliveries.KEPT_SECONDS:
        return f"What became of each is kept for {deliveries.KEPT_SECONDS // DAY} days, and this is older."
    if submission.folder == "spam":
        return "Spam is told to nobody."
    if age < JUST_NOW:
        return "It has only just come. Whoever is told of it stands here in a moment."
    if has_webhooks:
        return "Nobody was told: no webhook of this form asked for it, and no mail was sent."
    return "Nobody was told: this form has no webhooks and sends no mail. An address gets mail once it is confirmed."


def soon(seconds: float) -> str:
    """Return how long it is until then: in a minute, in 5 minutes, in 3 hours."""
    if seconds <= MINUTE:
        return "within a minute"
    if seconds <= 90 * MINUTE:
        return f"in {-(-seconds // MINUTE):.0f} minutes"
    return f"in {seconds / HOUR:.0f} hours"


def _pending(delivery: Delivery) -> Told:
    if whereabouts.under_way(delivery) or delivery.due is None:
        again = "Being sent again now" if delivery.log else "On its way"
        return Told("clock", "open", again, None, _so_far(delivery))
    wait = soon(delivery.due - time.time())
    words = f"Waiting: next try {wait}" if delivery.attempts else f"Waiting: goes out {wait}"
    return Told("clock", "open", words, None, _so_far(delivery))


def _so_far(delivery: Delivery) -> str | None:
    if not delivery.attempts or not delivery.log:
        return None
    tries = "1 try has failed" if delivery.attempts == 1 else f"{delivery.attempts} tries have failed"
    return f"{tries}. {_sentence(delivery.log[-1])}".strip()


def _failed(delivery: Delivery) -> Told:
    tries = "1 try" if delivery.attempts == 1 else f"{delivery.attempts} tries"
    if not delivery.log:
        return Told("error", "bad", "Failed", None, delivery.note)
    last = delivery.log[-1]
    answered = f": answered {last.status}" if last.status and not last.error else ""
    return Told("error", "bad", f"Failed after {tries}{answered}", None, last.error or delivery.note)


def _sentence(attempt: Attempt) -> str:
    return _answered(attempt, "The answer was {status}.", "")


def _answered(attempt: Attempt, answered: str, otherwise: str) -> str:
    if attempt.error:
        return attempt.error
    return answered.format(status=attempt.status) if attempt.status else otherwise
