"""Charts: whatever the numbers, nothing is drawn outside of its box, and every scale begins at zero."""

import re
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from pillarbox import charts

counts = st.lists(st.integers(0, 10**9), max_size=60)


@given(counts)
def test_a_sparkline_stays_in_its_box_and_zero_is_its_foot(numbers):
    drawn = charts.sparkline(numbers)
    width, height = 100, 24

    points = re.search(r'<polyline[^>]* points="([^"]*)"', drawn)
    assert points
    pairs = [tuple(map(float, pair.split(","))) for pair in points[1].split()]
    assert len(pairs) == len(numbers)
    for (x, y), number in zip(pairs, numbers, strict=True):
        assert 0 <= x <= width
        assert 0 < y < height
        assert (y == height - charts.SPARK_EDGE) >= (number == 0)
    ranked = [y for _, (_, y) in sorted(zip(numbers, pairs, strict=True))]
    assert all(one >= two - 1e-9 for one, two in pairwise(ranked)), "more is never drawn lower"


def test_a_sparkline_says_in_words_what_it_shows():
    assert "<title>7 in the last 3 days, 4 at most on one day, 3 today.</title>" in charts.sparkline([0, 4, 3])
    assert "<title>Nothing came in the last 30 days.</title>" in charts.sparkline([0] * 30)
    assert ' style="' not in charts.sparkline([1, 2])
