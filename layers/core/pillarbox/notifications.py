"""Notifications: which mails follow from a submission.

Called behind the stream, which repeats itself: ids of deliveries follow from what they are about, so that a repeat
finds what is there. posting.py sends them.
"""

from typing import NamedTuple

from pillarbox import (
    answering,
    deliveries,
    digests,
    exact,
    mails,
    pace,
    periods,
    recipients,
    settings,
    usernames,
)
from pillarbox.deliveries import Delivery, Kind, State, Wanted
from pillarbox.forms import Form
from pillarbox.notices import Route
from pillarbox.submissions import Submission
from pillarbox.webhooks import Webhook


class Planned(NamedTuple):
    """A mail that is to be: now, or in the state `digest` with those of a period."""

    kind: Kind
    target: str
    state: State = "pending"
    every: str = periods.BUSY  # the period of a digest
    change: str = ""


def concern(form: Form) -> bool:
    """Whether mails may follow from a submission of this form at all."""
    answers = form.autoresponse.enabled or form.autoresponse.double_opt_in
    return settings.sends_mail() and (form.notify.every != "never" or answers)


def waits(form: Form, submission: Submission) -> bool:
    """Whether nobody, no webhook either, is to be told before whoever sent it has confirmed their address."""
    return settings.sends_mail() and answering.waits(form, submission)


def plan(form: Form, submission: Submission) -> list[Planned]:
    """Return the mails that follow from a submission that came in, was saved from spam, or was confirmed."""
    if not settings.sends_mail() or submission.folder in {"spam", "trash"}:
        return []
    visitor = answering.address(form, submission)
    if visitor and answering.waits(form, submission):
        return [Planned("autoresponse", visitor, change="confirm")]
    planned = _to_recipients(form, submission)
    if visitor and form.autoresponse.enabled and answering.may_go(form, submission, visitor):
        planned.append(Planned("autoresponse", visitor))
    return planned


def make(form: Form, submission: Submission) -> list[Delivery]:
    """Make the deliveries of the mails that follow, and return those that are to go now and weren't made before."""
    made = []
    for one in plan(form, submission):
        wanted = Wanted(form.id, submission.id, one.kind, "created", one.target, one.target, one.change)
        if one.state == "pending" and (delivery := deliveries.create(wanted)):
            made.append(delivery)
        else:  # also what was to wait when this was told before, if it didn't come onto its list
            digests.collect(wanted, one.every, submission.received_at.timestamp())
    return made


def webhook_off(form: Form, webhook: Webhook, reason: str) -> None:
    """Tell the form's owner that a webhook was switched off."""
    owner = recipients.owner_of(form.id)
    if owner and owner.email_verified:
        about = {"form_id": form.id, "form_name": form.name, "url": webhook.url, "reason": reason}
        mails.send("webhook-off", origin="", to=owner.email, **about)


def _to_recipients(form: Form, submission: Submission) -> list[Planned]:
    notify, owner = form.notify, recipients.owner_of(form.id)
    if notify.every == "never" or owner is None:
        return []
    wanted = _routed(notify.routes, submission) or notify.to or [owner.email]
    copies = submission.controls.get("cc", [])
    once = {usernames.folded(email): email for email in reversed([*wanted, *copies])}  # as the owner spelt it
    standing = recipients.standing(form.id, owner, reversed(once.values()))
    verified = [one.email for one in standing if one.state == "verified"]
    if not verified:
        return []
    if submission.passes:  # a digest shows the beginnings, and of this there is nothing to look up
        return [Planned("mail", email) for email in verified]
    if notify.every != "each":
        return [Planned("mail", email, "digest", notify.every) for email in verified]
    now = pace.taken(form.id, notify.most_per_minute)
    return [Planned("mail", email, "pending" if now else "digest") for email in verified]


def _routed(routes: list[Route], submission: Submission) -> list[str]:
    """Return where routes lead whose field has their value; of a list of values one is enough."""
    found: list[str] = []
    for route in routes:
        value = submission.fields.get(route.field)
        values = value if isinstance(value, list) else [value]
        if any(_text(one) == route.equals.strip() for one in values if one is not None):
            found += route.to
    return found


def _text(value: object) -> str:
    return value.strip() if isinstance(value, str) else exact.dumps(value)
