"""Queue Purges: delete what belonged to a form or an account that was deleted, and what is to be kept no longer."""

from typing import Any

from pillarbox import departures, erasures, retention, workers

SECONDS = 30  # of the function's 60; a form with a million submissions takes many turns


def purge(message: dict[str, Any]) -> None:
    if "erasure_id" in message:
        erasures.erase(message, seconds=SECONDS)
    elif "account_id" in message:
        departures.purge(message["account_id"])
    elif "retention_of" in message:
        retention.walk(message, seconds=SECONDS)
    else:
        departures.purge_form(message["form_id"], seconds=SECONDS)


handler = workers.each_message(purge)
