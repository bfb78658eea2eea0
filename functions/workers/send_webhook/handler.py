"""Queue Webhooks: call other people's servers with what they are to be told, and tell what became of it."""

from typing import Any

from pillarbox import queues, receivers, settings, workers


def send(message: dict[str, Any]) -> None:
    if outcome := receivers.post(message):
        queues.send(settings.outcomes_queue_url(), outcome)


handler = workers.each_message(send, repeats=False)
