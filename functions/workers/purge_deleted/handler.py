"""Queue Purges: delete what belonged to a form or an account that was deleted, and what is to be kept no longer."""

from typing import Any

from pillarbox import departures, erasures, forms, queues, retention, settings, submissions, workers

SECONDS = 30  # of the function's 60; a form with a million submissions takes many turns


def purge(message: dict[str, Any]) -> None:
    if "erasure_id" in message:
        erasures.erase(message, seconds=SECONDS)
    elif "account_id" in message:
        departures.purge(message["account_id"])
    elif "retention_of" in message:
        retention.walk(message, seconds=SECONDS)
    else:
        _purge_form(message)


def _purge_form(message: dict[str, Any]) -> None:
    if forms.exists(message["form_id"]):
        raise RuntimeError("the form is still there: its deletion failed half-way")
    if submissions.purge(message["form_id"], seconds=SECONDS):
        departures.forget(message["form_id"])
    else:
        queues.send(settings.purges_queue_url(), message)


handler = workers.each_message(purge)
