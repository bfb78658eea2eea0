"""Mails about submissions: told of as the fan-out does, posted as their queue does, and read as SES gets them."""

from typing import Any

from botocore.exceptions import ClientError

from pillarbox import accounts, deliveries, forms, notifications, outbox, recipients, senders, submissions, table
from tests.outgoing import queued, worked_on


class Post:
    """The post of a test: what SES was asked to send, and what it is to answer."""

    def __init__(self, template, monkeypatch):
        self.asked: list[dict[str, Any]] = []
        self.refuses: ClientError | None = None
        self._template = template
        self._send = outbox.client.send_email
        monkeypatch.setattr(outbox.client, "send_email", self._take)
        queued("notifications")

    def tell(self, form_id, submission_id):
        """Have the mails made that follow from a submission, and send those that are to go now."""
        self.make(form_id, submission_id)
        self.go()

    @staticmethod
    def make(form_id, submission_id):
        """Have the mails made that follow from a submission, as fan-out does."""
        form = forms.found(form_id)
        assert form
        for delivery in notifications.make(form, submissions.get(form_id, submission_id)):
            senders.hand_over(delivery)

    def go(self):
        """Send what waits in the queue, and return what the worker says."""
        messages = queued("notifications")
        return worked_on(self._template, "SendNotification", *messages) if messages else None

    def to(self, address):
        """Return what went to an address, the newest first."""
        return [one for one in self.asked[::-1] if one["Destination"]["ToAddresses"] == [address]]

    def refuse(self, code, status=400):
        error = {"Error": {"Code": code, "Message": "SES says no."}, "ResponseMetadata": {"HTTPStatusCode": status}}
        self.refuses = ClientError(error, "SendEmail")  # type: ignore[arg-type]

    def _take(self, **asked):
        if self.refuses:
            raise self.refuses
        self.asked.append(asked)
        kept = {name: value for name, value in asked.items() if name != "EmailTags"}
        return self._send(**kept)


def verified(owner):
    """Have the owner's own address verified, and return it."""
    return accounts.change(owner.account, email_verified=True).email


def agreed(owner, *addresses):
    """Have addresses say yes to the owner's forms."""
    for address in addresses:
        row = table.key(f"RECIPIENTS#{owner.account.id}", recipients.hashed(address))
        table.put(row | {"asked_at": 1, "verified_at": 1})


def header(mail, name):
    return next((one["Value"] for one in mail["Content"]["Simple"]["Headers"] if one["Name"] == name), None)


def subject(mail):
    return mail["Content"]["Simple"]["Subject"]["Data"]


def text(mail):
    return mail["Content"]["Simple"]["Body"]["Text"]["Data"]


def html(mail):
    return mail["Content"]["Simple"]["Body"]["Html"]["Data"]


def log(form, submission_id):
    """Return kind, target and state of each delivery of a submission."""
    return {(one.kind, one.target, one.state) for one in deliveries.of_submission(form.id, submission_id)}


def confirm(visitor, mail):
    """Follow the link of a mail that asks whether an address is somebody's, and say yes."""
    link = next(line for line in text(mail).splitlines() if "/confirm?token=" in line)
    path = link.removeprefix("https://pillarbox.test")
    secret = path.partition("?token=")[2]
    return visitor.fill(path, {"token": secret}, to=path.partition("?")[0])
