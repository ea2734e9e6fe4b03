from math import dist, hypot

import geopandas as gpd
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely import Polygon, box
from shapely.geometry import Point

from geo import crs, meeting_places, read
from geo.errors import GeoError
from tests.conftest import SIDE


def held(*texts):
    ids = [f"mp-{n}" for n in range(len(texts))]
    index = pd.Index(ids, name="meeting_place_id")
    return pd.DataFrame({"base_area_ids": list(texts)}, index=index)


def test_distances_of_the_toy_town(toy_base_areas):
    found = meeting_places.distances(held("s1", "n2;n3"), toy_base_areas)
    assert found.index.names == ["base_area_id", "meeting_place_id"]
    assert len(found) == 6 * 2
    half = SIDE / 2
    assert found.loc[("s1", "mp-0")].tolist() == [0, pytest.approx(hypot(half, half))]
    assert found.loc[("s3", "mp-0")].tolist() == [1.5 * SIDE, pytest.approx(hypot(2.5, 0.5) * SIDE)]
    assert found.loc[("n1", "mp-1")].tolist() == [half, pytest.approx(hypot(2.5, 0.5) * SIDE)]
    assert found.loc[("n2", "mp-1"), "low_m"] == 0


def test_a_centre_outside_its_base_area_is_moved_inside():
    horseshoe = Polygon([(0, 0), (9, 0), (9, 9), (8, 9), (8, 1), (1, 1), (1, 9), (0, 9)])
    frame = gpd.GeoDataFrame(geometry=[horseshoe, box(20, 0, 22, 2)], crs=crs.METRIC)
    spots = meeting_places.centres(frame)
    assert not horseshoe.covers(horseshoe.centroid)
    assert horseshoe.contains(spots[0])
    assert spots[1] == Point(21, 1)


def test_no_known_base_area_is_no_distance(toy_base_areas):
    found = meeting_places.distances(held("", "s1"), toy_base_areas)
    assert found.xs("mp-0", level=1).isna().all(axis=None)
    near = meeting_places.nearest(found)
    assert (near["meeting_place_id"] == "mp-1").all()
    nowhere = meeting_places.nearest(meeting_places.distances(held(""), toy_base_areas))
    assert (nowhere["meeting_place_id"] == "").all()
    assert nowhere[["low_m", "high_m"]].isna().all(axis=None)
    assert meeting_places.distances(held(), toy_base_areas).empty


def test_other_coordinates_and_unknown_base_areas_are_refused(toy_base_areas):
    with pytest.raises(GeoError, match=r"base_areas: EPSG:3006 väntades"):
        meeting_places.distances(held("s1"), toy_base_areas.to_crs(4326))
    with pytest.raises(GeoError, match=r"base_area_ids \['q'\] finns inte"):
        meeting_places.distances(held("s1;q"), toy_base_areas)


def test_the_nearest_is_the_one_of_the_lowest_middle_and_others_are_told():
    index = pd.MultiIndex.from_product([["B", "A"], ["x", "y", "z"]])
    ends = pd.DataFrame(
        {"low_m": [10, 0, 50, 5, 5, 80], "high_m": [20, 40, 60, 6, 6, 90]}, index=index
    )
    found = meeting_places.nearest(ends)
    assert found.index.tolist() == ["B", "A"]
    assert found.loc["B"].tolist() == ["x", 10, 20, True, ("y",)]
    assert found.loc["A"].tolist() == ["x", 5, 6, True, ("y",)]  # as near: the first, and told


def test_networks_of_a_meeting_place(toy_memberships):
    found = meeting_places.in_networks(held("n1", "s2", "s2;n2", ""), toy_memberships)
    rows = [tuple(row) for row in found.to_numpy()]
    assert rows == [
        ("mp-0", "bu-a", False),
        ("mp-0", "on-c", False),
        ("mp-1", "bu-a", True),  # s2 is split: the house may lie in the other half
        ("mp-1", "bu-b", True),
        ("mp-2", "bu-a", True),
        ("mp-2", "bu-b", False),
        ("mp-2", "on-c", True),
    ]


@given(
    corners=st.lists(
        st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=2, max_size=5, unique=True
    )
)
def test_distances_keep_their_laws(corners):
    index = [f"a{n}" for n in range(len(corners))]
    squares = gpd.GeoDataFrame(
        geometry=[box(x, y, x + 1, y + 1) for x, y in corners], index=index, crs=crs.METRIC
    )
    places = held(index[0], ";".join(index[1:]))
    found = meeting_places.distances(places, squares)
    assert (found["low_m"] <= found["high_m"]).all()
    for (area, place), row in found.iterrows():
        own = places.at[place, "base_area_ids"].split(";")
        spot = (corners[index.index(area)][0] + 0.5, corners[index.index(area)][1] + 0.5)
        farthest = max(
            dist(spot, (x + dx, y + dy))
            for x, y in (corners[index.index(name)] for name in own)
            for dx in (0, 1)
            for dy in (0, 1)
        )
        nearest = min(squares.geometry[name].distance(Point(spot)) for name in own)
        assert row["high_m"] == pytest.approx(farthest)
        assert row["low_m"] == pytest.approx(nearest)
        if area in own:
            assert row["low_m"] == 0
    near = meeting_places.nearest(found)
    for area, row in near.iterrows():
        one = found.loc[area]
        assert row["low_m"] + row["high_m"] == pytest.approx(one.sum(axis=1).min())
        others = one.drop(row["meeting_place_id"])
        assert set(row["other_ids"]) == set(others.index[others["low_m"] < row["high_m"]])


def test_what_ships(base_areas, memberships):
    places = read.register("meeting_places", "meeting_place_id")
    found = meeting_places.in_networks(places, memberships)
    sure = found[~found["is_unsure"]].groupby("meeting_place_id")["network_id"].agg(set)
    assert sure["mp-sjobo"] == {"bu-sjobo", "on-sjobo"}
    for place, network_id in places["network_id"].items():
        assert network_id in sure[place]
    unsure = found[found["is_unsure"]]
    assert set(unsure["network_id"]) == {"bu-daltorp", "on-trandared"}
    assert set(unsure["meeting_place_id"]) == {"mp-hulta"}
    near = meeting_places.nearest(meeting_places.distances(places, base_areas))
    own = {area for text in places["base_area_ids"] for area in text.split(";")}
    assert (near.loc[sorted(own), "low_m"] == 0).all()
    assert (near.drop(index=sorted(own))["low_m"] > 0).all()
    assert near.at["1490R025", "meeting_place_id"] == "mp-norrbyhuset"
    assert near["low_m"].idxmax() == "1490R002"
