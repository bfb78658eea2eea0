"""Schedule EachMinute: queue the deliveries that are due."""

from pillarbox import sweeping, workers

handler = workers.scheduled(sweeping.sweep)
