"""Queue Overflow: store the submissions that the table was too busy to take."""

from pillarbox import overflow, workers

handler = workers.each_message(overflow.store)
