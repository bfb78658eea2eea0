"""Distributions: every answer stands in exactly one step, and steps are few, in order and readable."""

import random
import statistics
import string
from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pillarbox import distributions, tallies
from pillarbox.tallies import Tally

numbers = st.one_of(
    st.integers(-(10**30), 10**30),
    st.integers(0, 5),
    st.decimals(allow_nan=False, allow_infinity=False),
    st.decimals(min_value=0, max_value=1, places=3),
)


def tallied(values, digits=tallies.DIGITS):
    tally = Tally()
    for value in values:
        tally.add_number(":n", value, digits)
    return tally.groups[":n"]


def said(counted):
    return [(one.label, one.count) for one in counted]


@given(st.lists(numbers, min_size=1, max_size=300))
def test_every_number_is_in_one_step_of_few_and_its_tally_is_bounded(values):
    counts = tallied(values)

    steps = distributions.of_numbers(counts)

    assert len(counts) <= tallies.MOST_STEPS
    assert 1 <= len(steps) <= distributions.MOST_BARS + 1
    assert sum(one.count for one in steps) == len(values)
    assert len({one.label for one in steps}) == len(steps)


@given(st.lists(st.one_of(numbers, st.decimals(-100, 100, places=1)), min_size=1, max_size=100))
@example([Decimal("0.3"), Decimal("0.5"), Decimal("1.4")])
@example([Decimal("1.5"), 0, 30])
@example([Decimal("0.5"), 1, 2, 3000])
def test_every_number_lies_between_the_ends_that_its_step_names(values):
    counts = tallied(values)
    left = {Decimal(name): count for name, count in counts.items()}

    for step in reversed(distributions.of_numbers(counts)):
        begin, _, end = step.label.replace(",", "").partition(" to ")
        inside = [number for number in left if Decimal(begin) <= number <= Decimal(end or begin)]
        assert sum(left.pop(number) for number in inside) == step.count, step.label
    assert not left


@given(st.lists(numbers, min_size=1, max_size=300))
def test_a_tally_comes_out_of_the_table_as_it_went_in(values):
    tally = Tally()
    for value in values:
        tally.add_number(":n", value)

    packed = tally.packed()
    assert (Tally(packed).groups, Tally(packed).sums) == (tally.groups, tally.sums)
    doubled, once = tallies.together([packed, packed]), tally.sums[":n"]
    assert doubled.groups == {":n": {name: 2 * count for name, count in tally.groups[":n"].items()}}
    assert doubled.sums == {":n": once._replace(times=2 * once.times, total=2 * once.total)}


@given(st.lists(st.integers(-(10**9), 10**9), min_size=1, max_size=300))
def test_what_numbers_come_to_keeps_three_digits_however_coarse_their_steps_become(values):
    tally = Tally()
    for value in values:
        tally.add_number(":n", value)

    near = [float(f"{value:.3g}") for value in values]
    assert tally.sums[":n"] == (len(values), sum(near), min(near), max(near))


def test_numbers_of_two_digits_stay_exact_on_a_busy_day():
    assert tallied([*range(100), *range(100)]) == {str(n): 2 for n in range(100)}
    assert len(tallied([*range(100), 123])) == 20, "then they have one digit"


@given(st.lists(st.integers(0, 24 * 60 * 60), min_size=1, max_size=100), st.integers(0, 100))
def test_every_time_to_fill_up_to_a_day_is_in_one_step_however_coarse_a_busy_day_makes_it(seconds, busy):
    values = [*seconds, *range(busy)]

    steps = distributions.of_seconds(tallied(values, digits=2))

    assert sum(one.count for one in steps) == len(values)


def test_the_longest_time_is_longer_on_a_busy_day_too():
    assert said(distributions.of_seconds(tallied([86_400, *range(100)], digits=2)))[-1] == ("Longer", 1)


@given(st.lists(st.tuples(st.integers(0, 30), numbers), min_size=1, max_size=300), st.integers(0, 2000))
def test_numbers_become_coarser_for_want_of_room_before_they_are_others(answers, room):
    tally = Tally()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tallies, "ROOM_FOR_ANSWERS", room)
        for field, value in answers:
            tally.add_number(f":{field}", value)

    names = [name for counts in tally.groups.values() for name in counts if name != tallies.OTHER]
    assert sum(map(len, names)) <= room
    for field in {field for field, _ in answers}:
        assert sum(tally.groups[f":{field}"].values()) == sum(one == field for one, _ in answers)


def made_up(chance, most):
    return "".join(chance.choices(string.ascii_letters + string.digits, k=chance.randrange(5, most)))


@pytest.mark.parametrize("lanes", [1, 4])
def test_a_year_of_tallies_is_a_few_megabytes_whatever_names_are_made_up(lanes):
    chance = random.Random(lanes)  # noqa: S311  names that are made up are no secret
    tally = Tally(lanes=lanes)
    for _ in range(2000):
        tally.add_place("pages", made_up(chance, 300))
        tally.add_place("hosts", made_up(chance, 200))
        tally.add(":size", made_up(chance, 50), 500)
        tally.add_number("seconds", chance.randrange(86_400), 2)

    assert 366 * lanes * len(tally.packed()) < 10_000_000


def test_stars_stand_one_by_one_and_gaps_show():
    assert said(distributions.of_numbers(tallied([5, 5, 2, 1]))) == [("1", 1), ("2", 1), ("3", 0), ("4", 0), ("5", 2)]


def test_ages_stand_in_round_steps():
    assert said(distributions.of_numbers(tallied([19, 22, 38, 41, 67, 71]))) == [
        *(("15 to 19", 1), ("20 to 24", 1), ("25 to 29", 0), ("30 to 34", 0), ("35 to 39", 1), ("40 to 44", 1)),
        *(("45 to 49", 0), ("50 to 54", 0), ("55 to 59", 0), ("60 to 64", 0), ("65 to 69", 1), ("70 to 74", 1)),
    ]


def test_tenths_stand_where_they_belong():
    grades = [Decimal(tenths) / 10 for tenths in (3, 6, 7, 14)]

    assert said(distributions.of_numbers(tallied(grades)))[:5] == [
        ("0.3 to 0.4", 1), ("0.4 to 0.5", 0), ("0.5 to 0.6", 0), ("0.6 to 0.7", 1), ("0.7 to 0.8", 1),
    ]  # fmt: skip


def test_sums_of_every_size_stand_in_steps_that_grow_tenfold():
    values = [0, 3, 5, 9, 20, 80, 4000, Decimal("123456.78")]

    assert said(distributions.of_numbers(tallied(values))) == [
        *(("0", 1), ("1 to 9", 3), ("10 to 99", 2), ("100 to 999", 0), ("1,000 to 9,999", 1)),
        *(("10,000 to 99,999", 0), ("100,000 to 999,999", 1)),
    ]


@pytest.mark.parametrize(
    ("value", "name"),
    [
        (7, "7"), (999, "999"), (4_837_261, "4840000"), (-1234, "-1230"), (Decimal("0.12345"), "0.123"), (0, "0"),
        (10**400, "1e+15"), (Decimal("-1e999999"), "-1e+15"), (Decimal("1e-30"), "0"),
    ],
    ids=lambda one: str(one)[:20],
)  # fmt: skip
def test_no_number_is_kept_with_more_than_three_digits(value, name):
    assert tallied([value]) == {name: 1}


def test_what_is_no_number_counts_as_none():
    assert tallies.rounded(Decimal("NaN"), 3) is None


def dates(*values):
    tally = Tally()
    for value in values:
        tally.add_date(":d", value)
    return said(distributions.of_dates(tally.groups[":d"]))


def test_months_become_years_and_years_decades_where_they_are_too_many():
    assert dates("2026-12-24", "2027-01-01", "2026-12-01") == [("Dec 2026", 2), ("Jan 2027", 1)]
    months = [f"{year}-{month:02}-05" for year in (2024, 2025) for month in range(1, 13)]
    assert dates(*months) == [("2024", 12), ("2025", 12)]
    assert dates(*(f"{year}-06-01" for year in range(1930, 1995))) == [
        *((f"{decade}s", 10) for decade in range(1930, 1990, 10)), ("1990s", 5),
    ]  # fmt: skip


def test_months_years_and_decades_in_between_stand_there_empty():
    assert dates("2026-11-01", "2027-01-31") == [("Nov 2026", 1), ("Dec 2026", 0), ("Jan 2027", 1)]
    assert dates("2024-01-01", "2026-12-31") == [("2024", 1), ("2025", 0), ("2026", 1)]
    assert dates("1969-01-01", "1990-12-31") == [("1960s", 1), ("1970s", 0), ("1980s", 0), ("1990s", 1)]


def test_what_is_earlier_than_twelve_decades_stands_together():
    found = dates("0202-06-01", "1819-01-01", "1926-01-01", "2026-01-01")

    assert (found[0], found[1], found[-1]) == (("Before 1920s", 2), ("1920s", 1), ("2020s", 1))
    assert len(found) == 12


@given(st.lists(st.dates(), min_size=1, max_size=200))
def test_every_date_stands_in_one_step_of_few(days):
    found = dates(*(day.isoformat() for day in days))

    assert len(found) <= distributions.MOST_BARS
    assert sum(count for _, count in found) == len(days)


def test_the_median_is_the_one_in_the_middle():
    assert distributions.median(tallied([1, 2, 90])) == 2
    assert distributions.median({"": 3}) is None


@given(st.lists(st.integers(-999, 999), min_size=1, max_size=60))
def test_the_median_of_an_even_count_lies_between_the_two_in_the_middle(values):
    assert distributions.median(tallied(values)) == statistics.median(values)


def test_options_stand_in_their_order_with_those_that_nobody_chose_and_those_that_there_were():
    counts = {"b": 2, "gone": 1, "": 4}

    assert said(distributions.of_names(counts, {"a": "A", "b": "B"})) == [("A", 0), ("B", 2), ("gone", 1)]
