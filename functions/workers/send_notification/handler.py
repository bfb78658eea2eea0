"""Queue Notifications: write and send the mail of a delivery, and note what became of it."""

from pillarbox import posting, workers

handler = workers.each_message(posting.post)
