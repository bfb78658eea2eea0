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


columns = st.lists(
    st.builds(charts.Column, label=st.text(), number=st.integers(0, 10**12), tick=st.text()), max_size=60
)


@given(columns, st.text())
def test_columns_stay_in_their_box_and_stand_on_its_ground(shown, name):
    drawn = charts.columns(shown, name)

    bars = re.findall(r'class="bar(?: open)?" x="([^"]*)%" y="([^"]*)%" width="([^"]*)%" height="([^"]*)%"', drawn)
    assert len(bars) == len(shown)
    most = max((one.number for one in shown), default=0)
    for one, (x, y, width, height) in zip(shown, (map(float, bar) for bar in bars), strict=True):
        assert 0 <= x <= x + width <= 100
        assert 0 <= y <= y + height <= 100.01
        assert abs(y + height - 100) <= 0.02, "zero is the ground"
        assert abs(height - 100 * one.number / (most or 1)) <= 0.01


@given(columns, st.text())
def test_what_people_wrote_is_text_in_a_chart_and_nothing_else(shown, name):
    hostile = [one._replace(label=f"<script>{one.label}", tick=f'"><img src=x>{one.tick}') for one in shown]

    drawn = charts.columns(hostile, f"</title><script>{name}")

    tags = set(re.findall(r"<(\w+)", drawn))
    assert tags <= {"svg", "title", "g", "rect", "line", "text"}
    assert "style=" not in re.sub(r">[^<]*<", "><", drawn)


def test_of_many_columns_only_the_highest_has_its_number_above_it():
    few = charts.columns([charts.Column(str(n), n) for n in range(5)], "Few")
    many = charts.columns([charts.Column(str(n), n) for n in range(30)], "Many")

    assert re.findall(r'class="number"[^>]*>([^<]*)<', few) == ["1", "2", "3", "4"]
    assert re.findall(r'class="number"[^>]*>([^<]*)<', many) == ["29"]


@given(st.integers(0, 10**9), st.integers(0, 10**9))
def test_a_share_is_never_wider_than_its_row(number, most):
    width = re.search(r'width="([\d.]+)%" height="100%" rx', charts.share(number, most))

    assert width
    assert 0 <= float(width[1]) <= 100
