"""Charts as SVG, drawn on the server: nothing in them needs a script, and colours come from the stylesheet by class.

A chart is one image to a screen reader, named in words. Every scale begins at zero.
"""

from collections.abc import Sequence

from markupsafe import Markup

# A sparkline's own units; it is stretched to whatever place it gets.
SPARK_WIDTH, SPARK_HEIGHT, SPARK_EDGE = 100.0, 24.0, 2.0


def sparkline(numbers: Sequence[int]) -> Markup:
    """Return a line of how many a day, the oldest first and today last."""
    days = len(numbers)
    most = max(numbers, default=0)
    if not most:
        words = f"Nothing came in the last {days} days."
    else:
        words = f"{sum(numbers):,} in the last {days} days, {most:,} at most on one day, {numbers[-1]:,} today."
    step = SPARK_WIDTH / max(1, days - 1)
    reach = SPARK_HEIGHT - 2 * SPARK_EDGE
    points = [
        (_short(n * step), _short(SPARK_HEIGHT - SPARK_EDGE - reach * number / (most or 1)))
        for n, number in enumerate(numbers)
    ]
    line = " ".join(f"{x},{y}" for x, y in points)
    area = f"0,{_short(SPARK_HEIGHT)} {line} {_short((days - 1) * step)},{_short(SPARK_HEIGHT)}" if points else ""
    return Markup(  # noqa: S704  numbers, and words of ours
        f'<svg class="sparkline" viewBox="0 0 {_short(SPARK_WIDTH)} {_short(SPARK_HEIGHT)}" preserveAspectRatio="none"'
        f' role="img"><title>{words}</title>'
        f'<polygon class="spark-area" points="{area}"/>'
        f'<polyline class="spark-line" points="{line}" vector-effect="non-scaling-stroke"/></svg>'
    )


def _short(number: float) -> str:
    return f"{round(number, 2):g}"
