"""Webhooks: addresses that a form's owner has told of submissions."""

import time
from contextlib import suppress
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field

from pillarbox import formats, ids, places, table
from pillarbox.errors import NotFound
from pillarbox.forms import Form
from pillarbox.submissions import Source, Submission

type Event = Literal["submission.created", "submission.spam", "submission.updated"]
type Format = Literal["json", "slack", "discord", "teams"]
type Health = Literal["fine", "failing", "dead"]

EVENTS: tuple[Event, ...] = ("submission.created", "submission.spam", "submission.updated")
PREFIX = "WEBHOOK#"
BOTH_SECONDS = 24 * 60 * 60  # a day, in which a new secret and the one before both sign
DEAD_SECONDS = 5 * 24 * 60 * 60  # 5 days of nothing but failures


class Webhook(BaseModel):
    id: str
    form_id: str
    url: str
    events: list[Event]
    format: Format = "json"
    fields: list[str] | None = None
    rename: dict[str, str] = {}
    active: bool = True
    off_reason: str | None = None
    created_at: datetime
    version: Annotated[int, Field(exclude=True)] = 1  # of its secret
    rotated_at: datetime | None = None
    failing_since: datetime | None = None


class Webhooks(BaseModel):
    webhooks: list[Webhook]


def of_form(form_id: str) -> list[Webhook]:
    return [_webhook(item) for item in table.query_all(places.form(form_id)["pk"], prefix=PREFIX)]


def find(form_id: str, webhook_id: str) -> Webhook | None:
    item = table.get(key(form_id, webhook_id))
    return _webhook(item) if item else None


def get(form: Form, webhook_id: str) -> Webhook:
    webhook = find(form.id, webhook_id) if ids.is_short(webhook_id) else None
    if webhook is None:
        raise NotFound("There is no such webhook.")
    return webhook


def switch_off(form_id: str, webhook_id: str, reason: str) -> bool:
    """Switch it off and say why; False when it was off, or is gone."""
    try:
        table.update(
            key(form_id, webhook_id),
            {"active": False, "off_reason": reason},
            condition="active = :yes",
            values={":yes": True},
        )
    except table.Refused:
        return False
    return True


def switch_on(form_id: str, webhook_id: str) -> None:
    """Take a switching off back; nothing where it is gone."""
    with suppress(table.Refused):
        changes = {"active": True, "off_reason": None}
        table.update(key(form_id, webhook_id), changes, condition="attribute_exists(pk)")


def outcome(form_id: str, webhook_id: str, *, ok: bool) -> Health:
    """Note whether the receiver took it, and return how it fares: dead after five days of failures only."""
    webhook = find(form_id, webhook_id)
    if webhook is None or (ok and webhook.failing_since is None):
        return "fine"
    now = datetime.now(UTC)
    if webhook.failing_since is None or ok:
        changes = {"failing_since": None if ok else now.isoformat()}
        table.update(key(form_id, webhook_id), changes, condition="attribute_exists(pk)")
        return "fine" if ok else "failing"
    return "dead" if now.timestamp() - webhook.failing_since.timestamp() >= DEAD_SECONDS else "failing"


def body(  # noqa: PLR0913  all that an event consists of
    webhook: Webhook, form: Form, submission: Submission, event: str, *, at: datetime, origin: str | None
) -> tuple[str, str]:
    """Return the content type and the body of what a webhook is sent; `at` is when the event was noticed."""
    fields = formats.chosen(submission.fields, webhook.fields, webhook.rename)
    has_page = not submission.passes or submission.folder == "spam"  # what is only passed on has none
    url = f"{origin}/forms/{form.id}/submissions/{submission.id}" if origin and has_page else None
    return formats.write(webhook.format, formats.News(event, at, form, submission, fields, url))


def sample(form: Form, submission_id: str) -> Submission:
    """Return what a test sends where nothing has come in yet."""
    return Submission(
        id=submission_id,
        form_id=form.id,
        received_at=datetime.now(UTC),
        folder="inbox",
        read=False,
        fields={"name": "Ada", "message": "This is a test. Nobody sent it."},
        source=Source(),
        form_version=form.version,
    )


def versions(webhook: Webhook) -> list[int]:
    """Return the versions of the secret to sign with: the newest, and for a day the one before."""
    turned = webhook.rotated_at
    both = turned is not None and time.time() - turned.timestamp() < BOTH_SECONDS
    return [webhook.version, webhook.version - 1] if both else [webhook.version]


def _webhook(item: table.Item) -> Webhook:
    about: dict[str, Any] = {name: item[name] for name in Webhook.model_fields if name in item}
    return Webhook.model_validate(about)


def key(form_id: str, webhook_id: str) -> table.Item:
    return table.key(places.form(form_id)["pk"], f"{PREFIX}{webhook_id}")


def last_key(form_id: str) -> table.Item:
    """Return the key of the row that says which webhook was made last."""
    return table.key(places.form(form_id)["pk"], "WEBHOOKS")
