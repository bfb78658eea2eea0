"""Topic Returns: note what SES tells of mails that came back, or that somebody said are spam."""

from pillarbox import bounces, workers

handler = workers.each_notice(bounces.record)
