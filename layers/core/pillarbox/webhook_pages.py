"""Webhooks as their page shows them: words for what there is to choose, and what its buttons do."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple

from pillarbox import delivery_words, ids, resending, validation, webhook_changes, webhooks, whereabouts
from pillarbox.accounts import Account
from pillarbox.clients import Client
from pillarbox.deliveries import Delivery, State
from pillarbox.delivery_words import Line
from pillarbox.errors import Invalid, UnknownButton
from pillarbox.forms import Form
from pillarbox.resending import Replay
from pillarbox.webhook_changes import ShownWebhook, Wanted
from pillarbox.webhooks import EVENTS, Event, Format, Webhook

ROWS = 20  # of a log
EVENT_WORDS: dict[Event, str] = {
    "submission.created": "Something comes in, or is saved from spam",
    "submission.spam": "Spam comes in",
    "submission.updated": "Something is moved, or marked read or unread",
}
BRIEFLY: dict[Event, str] = {
    "submission.created": "what comes in",
    "submission.spam": "spam",
    "submission.updated": "changes",
}
FORMAT_WORDS: dict[Format, str] = {
    "json": "JSON, for a program",
    "slack": "A message in Slack",
    "discord": "A message in Discord",
    "teams": "A message in Microsoft Teams, by a workflow",
}
NEW = {"format": "json", "event-submission.created": "on"}  # what the form of a new one is filled with
HAPPENED = {"created": "Came in", "spam": "Came in as spam", "updated": "Changed", "test": "Test"}


class Done(NamedTuple):
    """What a button did; `made` has a secret to show."""

    what: str
    webhook_id: str | None = None
    made: ShownWebhook | None = None
    replayed: int = 0
    more: str | None = None  # where to go on


class Sent(NamedTuple):
    """A delivery in the log of a webhook."""

    submission_id: str | None  # None where there is none to look at
    came: datetime
    what: str
    line: Line


def shown(form: Form, webhook_id: str | None, asked: Mapping[str, str]) -> dict[str, Any]:
    """Return what the page shows: one webhook with its log, or all of them. `asked` is the query."""
    told = {"events": EVENT_WORDS, "formats": FORMAT_WORDS, "errors": {}, "made": None, "most": webhook_changes.MOST}
    told |= {name: asked.get(name, "") for name in ("done", "count", "more")}
    if webhook_id:
        webhook = webhooks.get(form, webhook_id)
        told |= {"webhook": webhook, "host": whereabouts.host(webhook.url), "typed": _filled(webhook)}
        return told | _log(form, webhook_id, failed=asked.get("state") == "failed", cursor=asked.get("cursor"))
    found = webhook_changes.listed(form)
    names = whereabouts.names(webhook.url for webhook in found)
    listed = [(webhook, names[webhook.url]) for webhook in found]
    return told | {"webhook": None, "webhooks": listed, "briefly": BRIEFLY, "typed": NEW}


def _log(form: Form, webhook_id: str, *, failed: bool, cursor: str | None) -> dict[str, Any]:
    """Return a page of what was sent; a cursor of another list starts at its top."""
    state: State | None = "failed" if failed else None
    try:
        page = resending.listed(form, webhook_id, state=state, limit=ROWS, cursor=cursor)
    except Invalid:
        cursor, page = None, resending.listed(form, webhook_id, state=state, limit=ROWS)
    log = [_sent(form, one) for one in page.deliveries]
    return {"log": log, "older": page.next_cursor, "failed": failed, "cursor": cursor}


def _filled(webhook: Webhook) -> dict[str, str]:
    """Return what the form of a webhook's settings is filled with."""
    fields = {"url": webhook.url, "format": webhook.format, "fields": "\n".join(webhook.fields or [])}
    fields["rename"] = "\n".join(f"{old} = {new}" for old, new in webhook.rename.items())
    return fields | {f"event-{event}": "on" for event in webhook.events}


def act(account: Account, form: Form, sent: Mapping[str, str], client: Client, *, origin: str) -> Done:
    """Do what a button of the page says, and return what was done."""
    what, one = sent.get("do", ""), sent.get("webhook", "")
    match what:
        case "add":
            wanted = validation.parse(Wanted, _asked(sent))
            made = webhook_changes.create(account, form, wanted, client, origin=origin)
            return Done(what, made.id, made)
        case "save":
            asked, gone = _asked(sent), dict.fromkeys(webhooks.get(form, one).rename)
            patch = asked | {"rename": gone | asked["rename"]}  # what isn't typed any more is taken out
            webhook_changes.change(account, form, one, patch, client, origin=origin)
        case "on" | "off":
            webhook_changes.change(account, form, one, {"active": what == "on"}, client, origin=origin)
        case "rotate":
            return Done(what, one, webhook_changes.rotate(account, form, one, client))
        case "delete":
            webhook_changes.delete(account, form, one, client)
            return Done(what)
        case "test":
            resending.try_out(form, one, origin=origin)
        case "again":
            resending.again(form, one, sent.get("delivery", ""), origin=origin)
        case "failed":
            which = Replay(state="failed", cursor=sent.get("more") or None)
            replayed = resending.several(form, one, which, origin=origin)
            return Done(what, one, replayed=replayed.replayed, more=replayed.next_cursor)
        case _:
            raise UnknownButton
    return Done(what, one)


def _asked(sent: Mapping[str, str]) -> dict[str, Any]:
    """Return what was typed as a program would send it: one name in a line, and a new name behind `=`."""
    pairs = [line.partition("=") for line in sent.get("rename", "").splitlines() if line.strip()]
    if wrong := next((old for old, equals, _ in pairs if not equals), None):
        message = f"Write it so: {wrong.strip()[:100]} = its new name"
        raise Invalid([{"field": "rename", "code": "rename", "message": message}])
    return {
        "url": sent.get("url", ""),
        "events": [event for event in EVENTS if f"event-{event}" in sent],
        "format": sent.get("format", ""),
        "fields": [line.strip() for line in sent.get("fields", "").splitlines() if line.strip()] or None,
        "rename": {old.strip(): new.strip() for old, _, new in pairs},
    }


def _sent(form: Form, delivery: Delivery) -> Sent:
    came = datetime.fromtimestamp(ids.time_of(delivery.submission_id), UTC)
    seen = delivery.submission_id if form.store and delivery.event != "test" else None
    return Sent(seen, came, HAPPENED[delivery.event], delivery_words.line(delivery))


def complaints(error: Invalid) -> dict[str, str]:
    """Return a sentence for each field of the form: `fields.0`, as programs are told, is `fields`."""
    return {one["field"].partition(".")[0]: one["message"] for one in reversed(error.errors)}
