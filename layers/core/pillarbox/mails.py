"""Mails that are asked for: put in a queue, and written and sent by a worker (letters.py) after the answer.

So nobody waits for SES, and a page takes the same time whether it sends a mail or finds nobody to send one to.
"""

from typing import Any, Literal

from pillarbox import audit, queues, settings
from pillarbox.accounts import Account
from pillarbox.clients import Client

type Kind = Literal[
    "verify-email", "change-email", "reset-password", "invitation", "share", "recipient", "webhook-off", "notice"
]


def send(kind: Kind, *, origin: str, **data: Any) -> None:
    """Ask for a mail; letters.py says what each kind needs. `origin` is scheme and host that its links lead to."""
    if settings.sends_mail():
        queues.send(settings.mails_queue_url(), {"kind": kind, "origin": origin, **data})


def notify(
    account: Account, event: audit.Kind, client: Client, *, origin: str, to: str | None = None, **details: str
) -> None:
    """Tell an account's address (or another that was its own) what just happened to it.

    An address that was never verified may be a stranger's, and is told nothing.
    """
    if to or account.email_verified:
        told = {"event": event, "username": account.username, "to": to or account.email, "details": details}
        send("notice", origin=origin, **told, address=client.address, agent=client.agent)
