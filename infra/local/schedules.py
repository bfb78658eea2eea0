"""Schedules as EventBridge writes them: `rate(5 minutes)`, `cron(0 3 ? * MON-FRI *)`, in UTC."""

import re
from datetime import datetime, timedelta

MONTHS = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"]
DAYS = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"]
# Lowest and highest value of each of cron's fields: minute, hour, day of month, month, day of week, year.
BOUNDS = [(0, 59), (0, 23), (1, 31), (1, 12), (1, 7), (1970, 2199)]
UNITS = {"minute": 1, "hour": 60, "day": 24 * 60}  # in minutes


class Schedule:
    def __init__(self, expression: str) -> None:
        """Read the expression; raise ValueError for what it doesn't know (L, W and # of cron too)."""
        self._every: timedelta | None = None
        self._fields: list[set[int]] = []
        if found := re.fullmatch(r"rate\((\d+) (minute|hour|day)s?\)", expression):
            self._every = timedelta(minutes=int(found[1]) * UNITS[found[2]])
        elif found := re.fullmatch(r"cron\(([^)]*)\)", expression):
            fields = found[1].split()
            if len(fields) != len(BOUNDS):
                raise ValueError(f"{expression} has {len(fields)} fields: cron of EventBridge has {len(BOUNDS)}.")
            self._fields = [_values(text, position) for position, text in enumerate(fields)]
        else:
            raise ValueError(f"{expression} is neither rate(…) nor cron(…).")

    def due(self, now: datetime, last: datetime) -> bool:
        """Return whether it is time (UTC), asked once a minute or more often; `last` is when it was last so."""
        if self._every is not None:
            return now - last >= self._every
        minute = now.replace(second=0, microsecond=0)
        sunday_first = minute.isoweekday() % 7 + 1
        parts = [minute.minute, minute.hour, minute.day, minute.month, sunday_first, minute.year]
        return last < minute and all(part in field for part, field in zip(parts, self._fields, strict=True))


def _values(text: str, position: int) -> set[int]:
    lowest, highest = BOUNDS[position]
    chosen: set[int] = set()
    for part in text.split(","):
        spread, _, step = part.partition("/")
        if spread in {"*", "?"}:
            first, last = lowest, highest
        elif "-" in spread:
            first, last = (_number(end, position) for end in spread.split("-", 1))
        else:
            first = _number(spread, position)
            last = highest if step else first
        chosen.update(range(first, last + 1, int(step or 1)))
    return chosen


def _number(text: str, position: int) -> int:
    for names in (MONTHS, DAYS):
        if text.upper() in names:
            return names.index(text.upper()) + 1
    number, (lowest, highest) = int(text), BOUNDS[position]
    if not lowest <= number <= highest:
        raise ValueError(f"{number} isn't between {lowest} and {highest}.")
    return number
