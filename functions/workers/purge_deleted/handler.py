"""Queue Purges: delete what belonged to a form or an account that was deleted."""

from typing import Any

from pillarbox import counts, departures, forms, queues, settings, submissions, table, webhooks, workers

SECONDS = 30  # of the function's 60; a form with a million submissions takes many turns


def purge(message: dict[str, Any]) -> None:
    if "account_id" in message:
        departures.purge(message["account_id"])
    else:
        _purge_form(message)


def _purge_form(message: dict[str, Any]) -> None:
    if forms.exists(message["form_id"]):
        raise RuntimeError("the form is still there: its deletion failed half-way")
    if submissions.purge(message["form_id"], seconds=SECONDS):
        counts.forget(message["form_id"])
        table.delete_many(forms.keys_of_members(message["form_id"]))
        table.delete_many(webhooks.keys_of(message["form_id"]))
    else:
        queues.send(settings.purges_queue_url(), message)


handler = workers.each_message(purge)
