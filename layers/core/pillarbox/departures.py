"""Departures: an account or a form is deleted at once, and everything that belongs to it soon after."""

from contextlib import suppress

from pillarbox import (
    accounts,
    audit,
    exports,
    forms,
    mails,
    queues,
    recipients,
    sessions,
    settings,
    submissions,
    table,
    tokens,
)
from pillarbox.accounts import Account
from pillarbox.clients import Client
from pillarbox.errors import Changed, Invalid, Unavailable

DELAY_SECONDS = forms.PURGE_DELAY_SECONDS


def delete(account: Account, typed: str, client: Client, *, origin: str) -> None:
    """Delete an account whose owner typed its username; its names are free from then on.

    The purge is queued before: should the next step fail, it finds the account still there and does nothing.
    """
    if typed.strip() != account.username:
        message = "This isn't your username, so nothing was deleted."
        raise Invalid([{"field": "confirm", "code": "confirm", "message": message}])
    queues.send(settings.purges_queue_url(), {"account_id": account.id}, delay_seconds=DELAY_SECONDS)
    try:
        table.transact(*accounts.removed(account), *audit.writes("account-deleted", account.id, client))
    except table.Refused as refused:
        raise Changed("Somebody else is changing this account right now. Please try again.") from refused
    with suppress(Unavailable):  # it is deleted, whether the mail of it can be asked for or not
        mails.notify(account, "account-deleted", client, origin=origin)


def purge(account_id: str) -> None:
    """Delete what an account owned that is gone: its forms, its memberships, whatever opened it."""
    if accounts.of(account_id):
        raise RuntimeError("the account is still there: its deletion failed half-way")
    for row in list(table.query_all(f"ACCOUNT#{account_id}", prefix="FORM#")):
        form_id = row["sk"].removeprefix("FORM#")
        if row["role"] == "owner":
            forms.delete_owned(form_id)
        else:
            table.delete_many([table.key(row["pk"], row["sk"]), forms.member_key(form_id, account_id)])
    exports.forget(account_id)
    rows = [*table.query_all(f"ACCOUNT#{account_id}"), *table.query_all(f"EVENTS#{account_id}")]
    keys = [*sessions.keys_of(account_id), *tokens.keys_of(account_id), *recipients.keys_of_account(account_id), *rows]
    table.delete_many(table.key(*key) for key in {(key["pk"], key["sk"]) for key in keys})


def purge_form(form_id: str, *, seconds: float) -> None:
    """Delete what was sent to a form that is gone, for about so many seconds; what is left has a turn of its own."""
    if forms.exists(form_id):
        raise RuntimeError("the form is still there: its deletion failed half-way")
    if not submissions.purge(form_id, seconds=seconds):
        queues.send(settings.purges_queue_url(), {"form_id": form_id})
        return
    table.delete_many(forms.keys_of(form_id))
