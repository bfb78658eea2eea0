"""Stream News: make deliveries of what came in, was saved from spam, or changed."""

from pillarbox import fanning, workers

handler = workers.each_record(fanning.read, fanning.spread)
