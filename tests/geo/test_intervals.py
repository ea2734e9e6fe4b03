import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from geo import intervals
from geo.errors import GeoError

ANSWERS = (1, 2, 3, 5, 8, 13, 30, 77, 200, 1000)
POINT = {"value": 0.5, "low": 0.5, "high": 0.5}
ends = st.tuples(*[st.integers(0, 100)] * 3).map(lambda three: [n / 100 for n in sorted(three)])


def series(*numbers):
    return pd.Series(numbers, dtype=float)


def places(*rows):
    """Return value, low, high of places a, b, …"""
    return pd.DataFrame(rows, index=list("abcdef"[: len(rows)]), columns=["value", "low", "high"])


@pytest.mark.parametrize("confidence", [0.8, 0.95, 0.99])
def test_the_interval_is_that_of_scipy(confidence):
    pairs = [(k, n) for n in ANSWERS for k in sorted({0, 1, n // 3, n // 2, n - 1, n})]
    yes, n = (series(*numbers) for numbers in zip(*pairs, strict=True))
    low, high = intervals.wilson(yes / n, n, confidence)
    for at, pair in enumerate(pairs):
        known = binomtest(*pair).proportion_ci(confidence, method="wilson")
        assert [low[at], high[at]] == pytest.approx([known.low, known.high], abs=1e-12), pair


def test_nobody_and_everybody_leave_the_interval_open_on_one_side_alone():
    low, high = intervals.wilson(series(0, 1), series(20, 20))
    assert low[0] == pytest.approx(0, abs=1e-12)
    assert high[0] == pytest.approx(0.1611, abs=1e-4)
    assert low[1] == pytest.approx(0.8389, abs=1e-4)
    assert high[1] == pytest.approx(1, abs=1e-12)


def test_without_answers_or_without_a_share_nothing_is_said():
    low, high = intervals.wilson(series(0.5, np.nan, 0.5), series(0, 10, np.nan))
    assert low.isna().all()
    assert high.isna().all()


def test_the_index_is_kept():
    share = pd.Series([0.5, 0.2], index=["on-c", "bu-a"])
    low, high = intervals.wilson(share, pd.Series([40, 10], index=["bu-a", "on-c"]))
    assert low["on-c"] == pytest.approx(binomtest(5, 10).proportion_ci(method="wilson").low)
    assert high["bu-a"] == pytest.approx(binomtest(8, 40).proportion_ci(method="wilson").high)


@given(st.integers(1, 5000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_the_share_lies_within_its_interval_and_the_interval_within_0_and_1(pair):
    yes, n = pair
    low, high = (float(end[0]) for end in intervals.wilson(series(yes / n), series(n)))
    assert 0 <= low <= yes / n + 1e-12
    assert yes / n - 1e-12 <= high <= 1
    assert high > low
    more = [float(end[0]) for end in intervals.wilson(series(yes / n), series(4 * n))]
    surer = [float(end[0]) for end in intervals.wilson(series(yes / n), series(n), 0.99)]
    assert more[1] - more[0] < high - low < surer[1] - surer[0]


@pytest.mark.parametrize("confidence", [0, 1, 95, -0.5, float("nan")])
def test_a_wrong_confidence_is_a_wrong_call(confidence):
    with pytest.raises(GeoError, match="confidence: mellan 0 och 1 väntades"):
        intervals.wilson(series(0.5), series(10), confidence)


def test_a_full_count_has_only_the_ends_that_allocation_brings():
    found = places([0.4, 0.3, 0.5], [0.4, 0.4, 0.4], [np.nan] * 3)
    got = intervals.around(found, series(10, 10, 0).set_axis(found.index), is_sample=False)
    assert got.equals(found[["low", "high"]])


def test_a_sample_widens_the_ends_that_allocation_brings():
    found = places([0.4, 0.3, 0.5], [0.4, 0.4, 0.4], [np.nan] * 3, [0.4, 0.4, 0.4])
    n = series(10, 50, 10, 0).set_axis(found.index)
    got = intervals.around(found, n, is_sample=True)
    low, high = (binomtest(k, 10).proportion_ci(method="wilson") for k in (3, 5))
    point = binomtest(20, 50).proportion_ci(method="wilson")
    assert got.loc["a"].tolist() == pytest.approx([low.low, high.high])
    assert got.loc["b"].tolist() == pytest.approx([point.low, point.high])
    assert got.loc[["c", "d"]].isna().all(axis=None)
    wider = intervals.around(found, n, is_sample=True, confidence=0.99)
    assert (wider.loc["a", "low"], got.loc["a", "high"]) < (got.loc["a", "low"], wider["high"]["a"])


def test_each_of_the_five_answers():
    city = pd.Series({"value": 0.5, "low": 0.45, "high": 0.55})
    found = places(
        [0.3, 0.2, 0.44],
        [0.7, 0.56, 0.8],
        [0.44, 0.3, 0.46],
        [0.5, 0.5, 0.5],
        [0.56, 0.55, 0.6],
        [np.nan] * 3,
    )
    words = intervals.against(found, city)
    assert words.index.equals(found.index)
    assert words.tolist() == ["lower", "higher", "unsure", "unsure", "unsure", "unknown"]


def test_full_counts_that_hardly_differ_are_the_same():
    rows = [[value] * 3 for value in (0.5, 0.508, 0.492, 0.512, 0.488)]
    words = intervals.against(places(*rows), pd.Series(POINT))
    assert words.tolist() == ["same", "same", "same", "higher", "lower"]


def test_what_has_an_interval_is_the_same_only_when_it_is_apart_and_hardly_differs():
    found = places([0.5, 0.499, 0.501], [0.502, 0.501, 0.503], [0.499, 0.498, 0.4995])
    assert intervals.against(found, pd.Series(POINT)).tolist() == ["unsure", "same", "same"]
    city = pd.Series({"value": 0.5, "low": 0.499, "high": 0.501})
    assert intervals.against(places([0.5] * 3), city).tolist() == ["unsure"]


@pytest.mark.parametrize("gone", ["value", "low", "high"])
def test_what_is_hidden_is_held_against_nothing(gone):
    found, city = places([0.2, 0.1, 0.3], [0.2, 0.1, 0.3]), pd.Series(POINT)
    found.loc["a", gone] = np.nan
    assert intervals.against(found, city).tolist() == ["unknown", "lower"]
    assert intervals.against(found, city.mask(city.index == gone)).tolist() == ["unknown"] * 2


@given(ends, ends)
def test_seen_from_the_city_lower_is_higher(one, two):
    def said(place, city):
        (low, value, high), (city_low, city_value, city_high) = place, city
        return intervals.against(
            places([value, low, high]),
            pd.Series({"value": city_value, "low": city_low, "high": city_high}),
        )["a"]

    mirrored = {"lower": "higher", "higher": "lower", "unsure": "unsure", "same": "same"}
    assert said(two, one) == mirrored[said(one, two)]
    if one[2] < two[0] and two[2] - one[0] > 0.01:
        assert said(one, two) == "lower"
    if one[0] <= two[2] and two[0] <= one[2]:
        assert said(one, two) in ("unsure", "same")
