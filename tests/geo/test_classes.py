from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.classes import quantiles

numbers = st.one_of(
    st.lists(st.one_of(st.integers(0, 6).map(float), st.just(np.nan)), max_size=30),
    st.lists(st.one_of(st.floats(-1e6, 1e6), st.just(np.nan)), max_size=30),
)


def series(values):
    return pd.Series(values, index=[f"b{n}" for n in range(len(values))], dtype=float)


@given(numbers, st.integers(2, 5))
def test_every_value_has_its_class_and_every_class_its_ends(values, k):
    values = series(values)
    found, ends = quantiles(values, k)
    assert found.index.equals(values.index)
    assert (found == -1).equals(values.isna())
    assert len(ends) <= min(k, values.nunique())
    assert set(found[values.notna()]) == set(range(len(ends)))
    for at, (low, high) in enumerate(ends):
        inside = values[found == at]
        assert (inside.min(), inside.max()) == (low, high)
    assert all(one[1] < two[0] for one, two in pairwise(ends))


@given(numbers)
def test_equal_values_are_in_one_class_and_a_larger_value_never_in_a_lower(values):
    values = series(values).dropna()
    found, _ = quantiles(values)
    assert (found.groupby(values).nunique() == 1).all()
    assert found[values.sort_values().index].is_monotonic_increasing


@given(st.sets(st.integers(0, 1000), min_size=5, max_size=60))
def test_different_values_are_spread_evenly_over_five_classes(values):
    found, ends = quantiles(series(sorted(values)))
    assert len(ends) == 5
    sizes = found.value_counts()
    assert sizes.max() - sizes.min() <= 1


def test_at_most_five_unless_fewer_are_asked_for():
    values = series(range(47))
    assert len(quantiles(values)[1]) == 5
    assert quantiles(values, 2)[1] == [(0, 23), (24, 46)]


def test_the_order_of_the_places_changes_nothing():
    values = series([5, 1, 4, 2, 2, 9, 7, 3])
    found, ends = quantiles(values)
    again, same = quantiles(values.iloc[::-1])
    assert again[values.index].equals(found)
    assert same == ends


@pytest.mark.parametrize(
    ("values", "classes", "ends"),
    [
        ([], [], []),
        ([np.nan, np.nan], [-1, -1], []),
        ([3], [0], [(3, 3)]),
        ([np.nan, 3, 3, 3], [-1, 0, 0, 0], [(3, 3)]),
        ([8, 3], [1, 0], [(3, 3), (8, 8)]),
        ([8, np.nan, 5, 3], [2, -1, 1, 0], [(3, 3), (5, 5), (8, 8)]),
        ([0, 0, 0, 0, 0, 0, 0, 0, 1, 2], [0] * 8 + [1, 1], [(0, 0), (1, 2)]),
    ],
)
def test_few_values_make_few_classes(values, classes, ends):
    found, got = quantiles(series(values))
    assert found.tolist() == classes
    assert got == ends


def test_many_equal_values_are_told_to_nobody(recwarn):
    found, ends = quantiles(series([1] * 40 + [2] * 3 + [3]))
    assert len(recwarn) == 0
    assert len(ends) < 5
    assert found.tolist() == sorted(found)
