"""Stream Changes: count each form's submissions, learn what owners file as spam, block who sends too much."""

from pillarbox import counting, workers

handler = workers.each_batch(counting.read, counting.count)
