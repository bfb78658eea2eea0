"""Queue Mails: write and send the mails that pages and programs asked for."""

from pillarbox import letters, workers

handler = workers.each_message(letters.post)
