"""Retries: how long after a try that failed the next one comes. Ten tries in about 75 hours, as Standard Webhooks."""

import random

MINUTE, HOUR = 60, 60 * 60  # seconds
# After the first try, the second, and so on.
PAUSES = (5, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR, 14 * HOUR, 20 * HOUR, 24 * HOUR)
JITTER = 0.1  # of a pause, either way: what failed together doesn't come back together


def pause(failed: int) -> float | None:
    """Return the seconds until the next try after so many that failed; None after the last."""
    if failed > len(PAUSES):
        return None
    return PAUSES[failed - 1] * random.uniform(1 - JITTER, 1 + JITTER)  # noqa: S311  jitter is no secret
