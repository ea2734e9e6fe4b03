"""Four wrong answers that area interpolation gives by default, reckoned beside the right ones.

The usual defaults: a count is poured out whole over the areas that meet it, a share is weighted
by land, and what is missing counts as 0.
"""

import math

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely import box

from geo import allocate
from geo.overlay import weights_from_geometry
from tests.conftest import EAST, NORTH, SIDE


def poured_out(land, counts):
    """The default for a count: all of it, among the areas by their parts of the land."""
    return np.nan_to_num(counts) @ (land / land.sum(axis=1, keepdims=True))


def by_land(land, shares):
    """The default for a share: the mean of the land."""
    return np.nan_to_num(shares) @ (land / land.sum(axis=0))


def strips(**kilometres):
    """Rectangles 1 km high, from one kilometre to another along a line."""
    shapes = [
        box(EAST + west * SIDE, NORTH, EAST + east * SIDE, NORTH + SIDE)
        for west, east in kilometres.values()
    ]
    return gpd.GeoDataFrame(geometry=shapes, index=list(kilometres), crs=3006)


# 1. Areas that overlap each hold all of their people.


def test_two_networks_on_one_place_each_have_all_its_people():
    members = pd.DataFrame(
        {
            "network_id": ["bu-a", "on-b", "bu-a"],
            "base_area_id": ["A", "A", "B"],
            "share": [1.0] * 3,
        }
    )
    counts = pd.Series({"A": 1_000.0, "B": 200.0})
    table = allocate.counts(counts, allocate.weights(members))
    assert table["value"].to_dict() == {"bu-a": 1_200, "on-b": 1_000}
    wrong = poured_out(np.array([[1.0, 1.0], [1.0, 0.0]]), counts.to_numpy())
    assert wrong.tolist() == [700, 500]
    assert wrong.sum() == counts.sum()  # as if nobody could live in two areas


def test_two_drawn_areas_on_one_place_each_have_all_its_people():
    weights = weights_from_geometry(strips(A=(0, 1)), strips(a=(0, 1), b=(-1, 2)))
    table = allocate.counts(pd.Series({"A": 1_000.0}), weights)
    assert table["value"].to_dict() == {"a": 1_000, "b": 1_000}
    assert poured_out(np.array([[1.0, 1.0]]), np.array([1_000.0])).tolist() == [500, 500]


# 2. What an area only touches does not become its own.


def test_a_tenth_of_a_place_is_a_tenth_of_its_people():
    weights = weights_from_geometry(strips(A=(0, 1), B=(1, 2)), strips(a=(0, 1.1)))
    table = allocate.counts(pd.Series({"A": 500.0, "B": 1_000.0}), weights)
    assert table.at["a", "value"] == pytest.approx(600)
    assert table.loc["a", ["low", "high"]].tolist() == [500, 1_500]
    assert table.at["a", "estimated_share"] == pytest.approx(100 / 600)
    wrong = poured_out(np.array([[1.0], [0.1]]), np.array([500.0, 1_000.0]))
    assert wrong.tolist() == [1_500]


def test_a_shared_border_gives_nobody():
    weights = weights_from_geometry(strips(A=(0, 1), B=(1, 2)), strips(a=(0, 1)))
    table = allocate.counts(pd.Series({"A": 500.0, "B": 1_000.0}), weights)
    assert table.loc["a"].tolist() == [500, 500, 500, 0, 0]


# 3. A share is of people, not of land.


def test_a_share_is_weighted_by_people():
    base_areas = strips(dense=(0, 1), sparse=(1, 101))
    asked = pd.Series({"dense": 10_000.0, "sparse": 10.0})
    yes = pd.Series({"dense": 500.0, "sparse": 5.0})
    weights = weights_from_geometry(base_areas, strips(all=(0, 101)))
    found = allocate.shares(yes, asked, weights).loc["all"]
    assert found["value"] == 505 / 10_010
    assert found[["low", "high"]].tolist() == [505 / 10_010] * 2
    assert found["missing_share"] == 0
    wrong = by_land(np.array([[1.0], [100.0]]), (yes / asked).to_numpy())
    assert wrong[0] == pytest.approx(0.4955, abs=1e-4)
    assert found["value"] == pytest.approx(0.0504, abs=1e-4)


def test_a_split_place_weighs_as_many_people_as_are_in_the_part():
    base_areas = strips(A=(0, 1), B=(1, 11))
    asked, yes = pd.Series({"A": 900.0, "B": 1_000.0}), pd.Series({"A": 90.0, "B": 900.0})
    weights = weights_from_geometry(base_areas, strips(a=(0, 2)))
    found = allocate.shares(yes, asked, weights).loc["a"]
    assert found["value"] == pytest.approx((90 + 90) / (900 + 100))
    assert found["estimated_share"] == pytest.approx(0.1)
    assert by_land(np.array([[1.0], [1.0]]), (yes / asked).to_numpy())[0] == pytest.approx(0.5)


# 4. What nobody knows is not 0.


def test_a_share_leaves_out_what_nobody_knows():
    base_areas = strips(A=(0, 1), B=(1, 2))
    asked, yes = pd.Series({"A": 1_000.0, "B": 1_000.0}), pd.Series({"A": 400.0, "B": np.nan})
    weights = weights_from_geometry(base_areas, strips(both=(0, 2), only=(1, 2)))
    found = allocate.shares(yes, asked, weights)
    assert found.loc["both", ["value", "missing_share"]].tolist() == [0.4, 0.5]
    assert math.isnan(found.at["only", "value"])
    assert found.at["only", "missing_share"] == 1
    wrong = by_land(np.array([[1.0, 0.0], [1.0, 1.0]]), (yes / asked).to_numpy())
    assert wrong.tolist() == [0.2, 0]


def test_a_count_that_nobody_knows_is_missing_and_says_so():
    base_areas = strips(A=(0, 1), B=(1, 2))
    counts = pd.Series({"A": 300.0, "B": np.nan})
    weights = weights_from_geometry(base_areas, strips(both=(0, 2), only=(1, 2), none=(8, 9)))
    table = allocate.counts(counts, weights)
    assert table.at["both", "missing_share"] == 0.5
    assert table.loc[["only", "none"], "value"].isna().all()
    assert table.loc[["only", "none"], "missing_share"].tolist() == [1, 1]
    assert poured_out(np.array([[1.0, 0.0], [1.0, 1.0]]), counts.to_numpy()).tolist() == [300, 0]


def test_mostly_unknown_gives_no_share_though_the_default_would():
    base_areas = strips(A=(0, 1), B=(1, 2), C=(2, 3))
    yes, asked = pd.Series({"A": 90.0}), pd.Series({"A": 100.0, "B": 100.0, "C": 100.0})
    found = allocate.shares(yes, asked, weights_from_geometry(base_areas, strips(all=(0, 3))))
    assert math.isnan(found.at["all", "value"])
    assert found.at["all", "missing_share"] == pytest.approx(2 / 3)
    wrong = by_land(np.ones((3, 1)), np.array([0.9, np.nan, np.nan]))
    assert wrong[0] == pytest.approx(0.3)


# The same as laws, for any town.

IDS = list("ABCD")
drawn = st.lists(st.tuples(st.integers(-2, 5), st.integers(1, 5)), min_size=1, max_size=4)
answers = st.lists(
    st.integers(0, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))),
    min_size=4,
    max_size=4,
)


def town():
    return strips(A=(0, 1), B=(1, 1.5), C=(1.5, 4), D=(4, 5))


def areas_of(places):
    return strips(**{f"a{n}": (west, west + wide) for n, (west, wide) in enumerate(places)})


def series(values):
    return pd.Series(values, IDS, dtype=float)


@given(drawn, answers)
def test_an_area_has_the_same_figures_whichever_others_there_are(places, given_answers):
    yes, asked = (series(values) for values in zip(*given_answers, strict=True))
    together = weights_from_geometry(town(), areas_of(places))
    counts = allocate.counts(asked, together)
    shares = allocate.shares(yes, asked, together)
    for area_id in together:
        alone = weights_from_geometry(town(), areas_of(places).loc[[area_id]])
        pd.testing.assert_frame_equal(allocate.counts(asked, alone), counts.loc[[area_id]])
        pd.testing.assert_frame_equal(allocate.shares(yes, asked, alone), shares.loc[[area_id]])


@given(drawn, answers)
def test_a_share_lies_among_the_shares_of_the_places_it_meets(places, given_answers):
    yes, asked = (series(values) for values in zip(*given_answers, strict=True))
    weights = weights_from_geometry(town(), areas_of(places))
    found = allocate.shares(yes, asked, weights)
    for area_id in weights:
        met = (weights[area_id] > 0) & (asked > 0)
        if not met.any():
            assert math.isnan(found.at[area_id, "value"])
            continue
        rates = (yes / asked)[met]
        value, low, high = found.loc[area_id, ["value", "low", "high"]]
        assert rates.min() - 1e-9 <= low <= value + 1e-9
        assert value - 1e-9 <= high <= rates.max() + 1e-9


@given(answers, st.sets(st.sampled_from(IDS), min_size=1, max_size=2))
def test_an_unknown_place_is_as_if_it_were_not_there(given_answers, unknown):
    yes, asked = (series(values) for values in zip(*given_answers, strict=True))
    weights = weights_from_geometry(town(), strips(all=(0, 5)))
    told = yes.mask(yes.index.isin(unknown))
    kept = weights.drop(index=list(unknown))
    found = allocate.shares(told, asked, weights).loc["all", ["value", "low", "high"]]
    without = allocate.shares(yes, asked, kept).loc["all", ["value", "low", "high"]]
    pd.testing.assert_series_equal(found, without)
    counted = allocate.counts(told, weights).at["all", "value"]
    assert counted == pytest.approx(yes[kept.index].sum())
