"""Queue Outcomes: write down what became of webhooks' deliveries, and queue the next tries."""

from pillarbox import outcomes, workers

handler = workers.each_message(outcomes.of_webhook)
