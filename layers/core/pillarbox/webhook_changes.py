"""What people do with a form's webhooks: looking at them, making, changing, deleting, and new secrets."""

from datetime import UTC, datetime
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from pillarbox import audit, forms, guard, ids, places, signing, table, validation, webhooks, whereabouts
from pillarbox.accounts import Account
from pillarbox.clients import Client
from pillarbox.errors import Changed, Invalid, NotFound
from pillarbox.forms import Form
from pillarbox.roles import reaches
from pillarbox.webhooks import EVENTS, Event, Format, Webhook

MOST = 20  # of one form
TRIES = 6  # to make one while others are made
EXISTS = "attribute_exists(pk)"
BY_HAND = "It was switched off by hand."

type Events = Annotated[list[Event], Field(min_length=1, max_length=10), AfterValidator(_in_order)]
type Renamed = Annotated[dict[Name, Name], Field(max_length=200), AfterValidator(_distinct)]
type Name = Annotated[str, Field(min_length=1, max_length=100)]  # of a field


def _in_order(events: list[Event]) -> list[Event]:
    return sorted(set(events), key=EVENTS.index)


def _distinct(rename: dict[str, str]) -> dict[str, str]:
    if len(set(rename.values())) < len(rename):
        raise ValueError("Two fields can't have the same new name.")
    return rename


class Wanted(BaseModel):
    """All of a webhook that its owner sets."""

    model_config = ConfigDict(extra="forbid")

    url: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=guard.LONGEST)]
    events: Events = ["submission.created"]
    format: Format = "json"
    fields: Annotated[list[Name], Field(max_length=200)] | None = None  # None: all
    rename: Renamed = {}
    active: bool = True


class ShownWebhook(Webhook):
    secret: str  # this once


def listed(form: Form) -> list[Webhook]:
    """Return a form's webhooks, the oldest first; who may not change them sees where they lead, but no address."""
    found = sorted(webhooks.of_form(form.id), key=lambda webhook: webhook.created_at)
    if reaches(form.role, "manager"):
        return found
    return [one.model_copy(update={"url": whereabouts.hidden(one.url)}) for one in found]


def create(account: Account, form: Form, wanted: Wanted, client: Client, *, origin: str) -> ShownWebhook:
    """Make a webhook, and return it with its secret; however many are made at once, a form has no more than MOST."""
    _check(wanted.url, origin)
    made = Webhook(**dict(wanted), id=ids.short(), form_id=form.id, created_at=datetime.now(UTC))
    item = webhooks.key(form.id, made.id) | made.model_dump(mode="json", exclude_none=True) | {"version": made.version}
    noted = audit.writes("webhook-made", account.id, client, form=form.name, host=whereabouts.host(made.url))
    last_key = webhooks.last_key(form.id)
    for _ in range(TRIES):
        last = table.get(last_key)  # before the others are counted: who comes in between changes it
        if len(webhooks.of_form(form.id)) >= MOST:
            message = f"A form has at most {MOST} webhooks. Delete one that you don't need."
            raise Invalid([{"field": "url", "code": "too_long", "message": message}])
        unchanged = "#last = :seen" if last else "attribute_not_exists(pk)"
        seen = {":seen": last["last"]} if last else None
        try:
            table.transact(
                table.Put(item),
                table.Put(last_key | {"last": made.id}, condition=unchanged, values=seen),
                table.Check(places.form(form.id), condition=EXISTS),
                *noted,
            )
        except table.Refused:
            continue
        return ShownWebhook(**dict(made), secret=signing.secret(made.id, made.version))
    raise Changed("Somebody else is making webhooks right now. Please try again.")


def change(  # noqa: PLR0913  who changes what, and from where
    account: Account, form: Form, webhook_id: str, patch: dict[str, Any], client: Client, *, origin: str
) -> Webhook:
    """Merge the patch into the webhook as RFC 7396 says, and return it; what a patch doesn't name stays as it is."""
    old = webhooks.get(form, webhook_id)
    before = old.model_dump(mode="json", include=set(Wanted.model_fields))
    wanted = validation.parse(Wanted, forms.merged(before, patch))
    if wanted.url != old.url:
        _check(wanted.url, origin)
    after = wanted.model_dump(mode="json")
    changes: table.Item = {name: value for name, value in after.items() if value != before[name]}
    if changes.get("active") or "url" in changes:
        changes |= {"off_reason": None, "failing_since": None}
    if not wanted.active:
        changes |= {} if old.off_reason else {"off_reason": BY_HAND}
    if changes:
        told = {"form": form.name, "host": whereabouts.host(wanted.url)}
        noted = audit.writes("webhook-changed", account.id, client, **told)
        try:
            table.transact(table.Update(webhooks.key(form.id, old.id), changes, condition=EXISTS), *noted)
        except table.Refused as refused:
            raise NotFound("There is no such webhook. Somebody has just deleted it.") from refused
    return webhooks.get(form, webhook_id)


def rotate(account: Account, form: Form, webhook_id: str, client: Client) -> ShownWebhook:
    """Give the webhook a new secret; for a day the one before signs too. Of two at once, one is refused."""
    old = webhooks.get(form, webhook_id)
    changes = {"version": old.version + 1, "rotated_at": datetime.now(UTC).isoformat()}
    noted = audit.writes("webhook-secret", account.id, client, form=form.name, host=whereabouts.host(old.url))
    seen = {":seen": old.version}
    try:
        table.transact(
            table.Update(webhooks.key(form.id, old.id), changes, condition="version = :seen", values=seen), *noted
        )
    except table.Refused as refused:
        raise Changed("Somebody else has just made a new secret, or deleted the webhook.") from refused
    new = webhooks.get(form, webhook_id)
    return ShownWebhook(**dict(new), secret=signing.secret(new.id, old.version + 1))


def delete(account: Account, form: Form, webhook_id: str, client: Client) -> None:
    """Delete a webhook; what was to be sent to it is dropped when it is due."""
    old = webhooks.get(form, webhook_id)
    noted = audit.writes("webhook-deleted", account.id, client, form=form.name, host=whereabouts.host(old.url))
    try:
        table.transact(table.Delete(webhooks.key(form.id, old.id), condition=EXISTS), *noted)
    except table.Refused as refused:
        raise NotFound("There is no such webhook. Somebody has just deleted it.") from refused


def _check(url: str, origin: str) -> None:
    """Raise Invalid for an address that isn't called, and for our own: each message would bring the next."""
    try:
        if _place(url) == _place(origin):
            raise guard.Refused("This is Pillarbox itself, which would tell itself of itself without end.")
        guard.check(url)
    except ValueError as error:
        sentence = str(error) if isinstance(error, guard.Refused) else "This isn't a web address."
        raise Invalid([{"field": "url", "code": "url", "message": sentence}]) from error


def _place(url: str) -> tuple[str, int]:
    """Return host and port, however they are spelt."""
    parts = urlsplit(url)
    return (parts.hostname or "").removesuffix("."), parts.port or (80 if parts.scheme == "http" else 443)
