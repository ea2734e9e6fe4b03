from itertools import permutations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.trend import FALLING, LEVEL, RISING, TOO_SHORT, trend

FIVE = (70.0, 71.0, 73.0, 74.0, 78.0)
numbers = st.lists(st.integers(0, 12), min_size=5, max_size=9)


def years(values, first=2015):
    """Return the values by year, as text."""
    return pd.Series(values, index=[str(first + n) for n in range(len(values))], dtype=float)


def concordance(values):
    """Return the pairs that rise less the pairs that fall."""
    pairs = [(a, b) for n, a in enumerate(values) for b in values[n + 1 :]]
    return sum((b > a) - (b < a) for a, b in pairs)


def test_four_periods_are_too_short_and_five_are_enough():
    short = trend(years(FIVE[:4]))
    assert short.direction == TOO_SHORT == "too short"
    assert np.isnan(short.certainty)
    assert np.isnan(short.per_period)
    assert short.periods == ("2015", "2016", "2017", "2018")
    enough = trend(years(FIVE))
    assert (enough.direction, enough.periods[-1]) == (RISING, "2019")


def test_nothing_known_is_too_short():
    for values in (years([]), years([np.nan] * 9)):
        found = trend(values, breaks=["2017"])
        assert (found.direction, found.periods, found.breaks) == (TOO_SHORT, (), ())


def test_what_is_not_known_is_left_out_and_is_no_zero():
    holes = years([70, np.nan, 71, 73, np.nan, 74])
    assert trend(holes).direction == TOO_SHORT
    found = trend(years([70, np.nan, 71, 73, np.nan, 74, 78]))
    assert found.direction == RISING
    assert found.periods == ("2015", "2017", "2018", "2020", "2021")
    assert found.certainty == trend(years(FIVE)).certainty


def test_only_what_comes_from_the_last_break_on_is_compared():
    values = years([90, 10, 80, *FIVE])
    found = trend(values, breaks=["2018"])
    assert found.direction == RISING
    assert found.periods == ("2018", "2019", "2020", "2021", "2022")
    assert found.breaks == ("2018",)
    assert trend(values, breaks=["2019"]).direction == TOO_SHORT
    assert trend(values).periods == tuple(values.index)
    several = trend(values, breaks=["2018", "2016", "2018"])
    assert (several.periods, several.breaks) == (found.periods, ("2016", "2018"))


def test_a_break_where_nothing_came_before_or_nothing_came_after_is_none():
    values = years(FIVE)
    for mark in ("2010", "2015", "2020"):
        found = trend(values, breaks=[mark])
        assert (found.direction, found.breaks) == (RISING, ()), mark
    begins_late = years([np.nan, np.nan, *FIVE])
    assert trend(begins_late, breaks=["2016", "2017"]).breaks == ()
    last = trend(values, breaks=["2019"])
    assert (last.direction, last.periods, last.breaks) == (TOO_SHORT, ("2019",), ("2019",))


def test_a_break_between_two_periods_counts_from_the_next():
    values = pd.Series([9.0, 1, *FIVE], index=[str(year) for year in range(2008, 2022, 2)])
    found = trend(values, breaks=["2011"])
    assert (found.periods[0], found.breaks, found.direction) == ("2012", ("2011",), RISING)


def test_breaks_come_in_any_form_that_can_be_gone_through():
    values = years([1, *FIVE])
    for marks in ({"2016": "vintage"}, iter(["2016"]), {"2016"}, [2016]):
        assert trend(values, breaks=marks).breaks == ("2016",)


def test_a_level_series_has_no_direction():
    found = trend(years([4.0] * 8))
    assert found == type(found)(LEVEL, 0.0, 0.0, tuple(years([4.0] * 8).index), ())
    swings = trend(years([1, 5, 2, 4, 3]))
    assert swings.direction == LEVEL
    assert swings.certainty < 0.8


def test_the_order_of_the_rows_means_nothing_and_the_index_may_be_numbers():
    values = years(FIVE)
    assert trend(values.iloc[[3, 0, 4, 2, 1]]) == trend(values)
    assert trend(values.set_axis(values.index.astype(int)).iloc[::-1]) == trend(values)


def test_school_years_are_periods():
    names = [f"{year}/{year + 1}" for year in range(2019, 2025)]
    found = trend(pd.Series([1.0, *FIVE], index=names), breaks=["2020/2021"])
    assert (found.direction, found.periods) == (RISING, tuple(names[1:]))
    assert trend(pd.Series([1.0, *FIVE], index=names), breaks=["2020"]).periods == found.periods
    assert trend(pd.Series([1.0, *FIVE], index=names), breaks=["2021"]).direction == TOO_SHORT


@pytest.mark.parametrize("n", [5, 6])
def test_the_certainty_is_that_of_trying_every_order(n):
    by_score = {concordance(order): order for order in permutations(range(n))}
    scores = np.abs([concordance(order) for order in permutations(range(n))])
    for score, order in by_score.items():
        certainty = 1 - (scores >= abs(score)).mean()
        found = trend(years(order))
        assert found.certainty == pytest.approx(certainty, abs=1e-12)
        expected = RISING if score > 0 else FALLING
        assert found.direction == (expected if certainty >= 0.8 else LEVEL)


def test_how_sure_a_direction_must_be():
    assert trend(years([1, 2, 3, 4, 5])).certainty == pytest.approx(1 - 2 / 120)
    one_off = trend(years([1, 2, 3, 5, 4]))
    assert (one_off.direction, one_off.certainty) == (RISING, pytest.approx(1 - 10 / 120))
    two_off = trend(years([2, 1, 3, 5, 4]))
    assert (two_off.direction, two_off.certainty) == (LEVEL, pytest.approx(1 - 28 / 120))


def test_the_change_is_the_middle_one_of_every_pair_and_one_outlier_does_not_move_it():
    assert trend(years([10, 12, 14, 16, 18])).per_period == pytest.approx(2)
    assert trend(years([10, 12, 14, 16, 90])).per_period == pytest.approx(2)
    assert trend(years([18, 16, 14, 12, 10])).per_period == pytest.approx(-2)
    assert trend(years(FIVE)).per_period == pytest.approx(1.75)


def test_equal_values_make_a_direction_less_sure():
    plain, tied = trend(years([1, 2, 3, 4, 5, 6])), trend(years([1, 2, 2, 2, 2, 3]))
    assert tied.certainty < plain.certainty
    assert trend(years([70, 71, 71, 72, 73, 75, 75, 80])).direction == RISING
    assert trend(years([1, 0, 1, 1, 0, 1])).direction == LEVEL


@given(numbers)
def test_backwards_rising_is_falling(values):
    turned = {RISING: FALLING, FALLING: RISING, LEVEL: LEVEL}
    one, two = trend(years(values)), trend(years(values[::-1]))
    assert two.direction == turned[one.direction]
    assert two.certainty == pytest.approx(one.certainty)
    assert two.per_period == pytest.approx(-one.per_period)


@given(numbers, st.integers(-50, 50), st.integers(1, 9))
def test_another_zero_or_another_unit_changes_no_direction(values, more, times):
    one = trend(years(values))
    two = trend(years(values) * times + more)
    assert (two.direction, two.periods) == (one.direction, one.periods)
    assert two.certainty == pytest.approx(one.certainty)
    assert two.per_period == pytest.approx(one.per_period * times)


@given(numbers)
def test_certainty_is_a_share_and_a_direction_needs_it(values):
    found = trend(years(values))
    assert 0 <= found.certainty <= 1
    assert (found.direction == LEVEL) == (found.certainty < 0.8)
    score = concordance(values)
    if found.direction != LEVEL:
        assert found.direction == (RISING if score > 0 else FALLING)


@pytest.mark.parametrize("values", [[0, 0, 0, 0, 1], [0, 0, 1, 1, 2], [0, 0, 1, 2, 2]])
def test_the_certainty_is_exact_with_equal_values_too(values):
    def score(order):
        pairs = [(a, b) for n, a in enumerate(order) for b in order[n + 1 :]]
        return abs(sum((b > a) - (b < a) for a, b in pairs))

    tried = np.array([score(order) for order in permutations(values)])
    series = pd.Series(values, index=[str(2015 + n) for n in range(5)], dtype=float)
    expected = 1 - (tried >= score(values)).mean()
    assert trend(series).certainty == pytest.approx(expected)
