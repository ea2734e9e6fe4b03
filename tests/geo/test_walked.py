from itertools import pairwise

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely import LineString, MultiLineString, Point

from geo import walked
from geo.errors import GeoError
from tests.conftest import EAST, NORTH, PLACES

ALL_NETWORKS = ["bu-a", "bu-b", "on-c", "or-d"]


def line(*corners):
    """Return a route: corners in metres from the south-west corner of the toy town."""
    return LineString([(EAST + x, NORTH + y) for x, y in corners])


def walks_of(*rows):
    """Return walks w1, w2, …: network_id, route; optional base_area_ids, same_as."""
    full = [(*row, *((), "")[len(row) - 2 :]) for row in rows]
    return gpd.GeoDataFrame(
        {
            "network_id": [row[0] for row in full],
            "base_area_ids": [tuple(row[2]) for row in full],
            "same_as": [row[3] for row in full],
        },
        geometry=gpd.GeoSeries([row[1] for row in full], crs=3006).to_numpy(),
        index=pd.Index([f"w{n + 1}" for n in range(len(full))], name="walk_id", dtype=object),
        crs=3006,
    )


def told(found):
    return {(row.walk_id, row.area_id): row.how for row in found.itertuples()}


# The toy town, by hand.


def test_a_walk_of_an_unknown_place_concerns_the_areas_where_its_findings_lie(
    toy_areas, toy_base_areas
):
    walks = walks_of(("or-d", None), ("or-d", line((2500, 200), (2500, 800))))
    walks["noted_in"] = [("n1",), ("n1",)]  # the second has a route, which says where it was
    assert told(walked.pairs(walks, toy_areas, toy_base_areas)) == {
        ("w1", "or-d"): "network",
        ("w1", "bu-a"): "noted",
        ("w1", "on-c"): "noted",
        ("w2", "or-d"): "network",
        ("w2", "bu-b"): "route",
    }
    assert walked.lengths(walks, toy_areas)["n_walks"].to_dict() == {
        "bu-a": 1,
        "bu-b": 1,
        "on-c": 1,
        "or-d": 2,
    }


def test_how_a_walk_concerns_an_area(toy_areas, toy_base_areas):
    walks = walks_of(
        ("on-c", line((2500, 200), (2500, 800))),  # on-c's own, but it went in s3
        ("or-d", None, ["s2"]),
        ("bu-a", None),
    )
    assert told(walked.pairs(walks, toy_areas, toy_base_areas)) == {
        ("w1", "on-c"): "network",
        ("w1", "bu-b"): "route",
        ("w1", "or-d"): "route",
        ("w2", "or-d"): "network",
        ("w2", "bu-a"): "place",
        ("w2", "bu-b"): "place",
        ("w3", "bu-a"): "network",
    }


def test_base_areas_know_no_network(toy_base_areas):
    walks = walks_of(
        ("on-c", line((500, 500), (1500, 500))), ("bu-a", None, ["n3"]), ("bu-a", None)
    )
    assert told(walked.pairs(walks, toy_base_areas, toy_base_areas)) == {
        ("w1", "s1"): "route",
        ("w1", "s2"): "route",
        ("w2", "n3"): "place",
    }


def test_a_place_says_nothing_where_the_route_is_known(toy_areas, toy_base_areas):
    walks = walks_of(("x", line((2500, 200), (2500, 800)), ["n1"]))
    assert set(told(walked.pairs(walks, toy_areas, toy_base_areas))) == {
        ("w1", "bu-b"),
        ("w1", "or-d"),
    }


def test_a_route_that_touches_concerns_the_area_and_gives_it_no_length(toy_base_areas):
    walks = walks_of(("x", line((1000, 1000), (500, 500))))
    assert set(told(walked.pairs(walks, toy_base_areas, toy_base_areas))) == {
        ("w1", "s1"),
        ("w1", "n1"),
        ("w1", "s2"),
        ("w1", "n2"),
    }
    km = walked.lengths(walks, toy_base_areas)["km_walked"]
    assert km.round(6).fillna(-1).to_dict() == {
        "n1": 0,
        "n2": 0,
        "n3": -1,
        "s1": 0.707107,
        "s2": 0,
        "s3": -1,
    }


def test_a_route_along_a_border_is_walked_on_both_sides(toy_base_areas):
    walks = walks_of(("x", line((1000, 200), (1000, 700))))
    table = walked.lengths(walks, toy_base_areas)
    assert table.loc[["s1", "s2"], "km_walked"].tolist() == [0.5, 0.5]
    half_disc = np.pi * walked.BUFFER_M**2 / 2
    expected = (500 * walked.BUFFER_M + half_disc) / 1e6
    assert table.loc["s1", "area_walked_km2"] == pytest.approx(expected, rel=1e-3)


def test_a_row_that_doubles_a_walk_is_left_out(toy_areas, toy_base_areas):
    there = line((100, 500), (900, 500))
    walks = walks_of(("on-c", there), ("on-c", there, (), "w1"))
    assert set(told(walked.pairs(walks, toy_areas, toy_base_areas))) == {
        ("w1", "on-c"),
        ("w1", "bu-a"),
    }
    table = walked.lengths(walks, toy_areas)
    assert table.loc["on-c", ["n_walks", "n_routes", "km_walked"]].tolist() == [1, 1, 0.8]
    assert walked.walk_of(pd.DataFrame({"walk_id": ["w2", "w1", "w9", ""]}), walks).tolist() == [
        "w1",
        "w1",
        "",
        "",
    ]


def test_walking_twice_is_twice_the_effort_and_the_same_reach(toy_base_areas):
    there = line((100, 500), (900, 500))
    back = line((100, 500), (900, 500), (900, 500), (100, 500))  # with a step that goes nowhere
    once, twice, to_and_fro = (
        walked.lengths(walks_of(*[("x", route)] * n), toy_base_areas).loc["s1"]
        for route, n in ((there, 1), (there, 2), (back, 1))
    )
    assert (once["km_walked"], twice["km_walked"], to_and_fro["km_walked"]) == (0.8, 1.6, 1.6)
    for other in (twice, to_and_fro):
        assert other["area_walked_km2"] == pytest.approx(once["area_walked_km2"])
    expected = (800 * 100 + np.pi * 50**2) / 1e6
    assert once["area_walked_share"] == pytest.approx(expected, rel=1e-3)


def test_zero_is_only_said_when_every_route_is_known(toy_areas):
    away = line((2500, 200), (2500, 800))  # in s3: not in on-c
    figures = ["km_walked", "area_walked_km2", "area_walked_share"]
    known = walked.lengths(walks_of(("on-c", away)), toy_areas)
    assert known.loc["on-c", figures].tolist() == [0, 0, 0]
    assert known.loc["bu-a", figures].isna().all()
    half = walked.lengths(walks_of(("on-c", away), ("on-c", None)), toy_areas)
    assert half.loc["on-c", ["n_walks", "n_routes"]].tolist() == [2, 1]
    assert half.loc["on-c", figures].isna().all()
    inside = walked.lengths(walks_of(("on-c", line((0, 0), (0, 500))), ("on-c", None)), toy_areas)
    assert inside.loc["on-c", "km_walked"] == 0.5
    unknown = walked.lengths(walks_of(("on-c", None)), toy_areas)
    assert unknown.loc["on-c", "n_walks"] == 1
    assert unknown[figures].isna().all(axis=None)


@pytest.mark.parametrize("empty", [None, LineString(), MultiLineString()])
def test_no_route_no_walk_no_area(empty, toy_areas, toy_base_areas):
    walks = walks_of(("x", empty, ["s1"]))
    assert set(walked.pairs(walks, toy_areas, toy_base_areas)["how"]) == {"place"}
    for few, some in ((walks[:0], toy_areas), (walks, toy_areas[:0])):
        found = walked.pairs(few, some, toy_base_areas)
        assert found.empty
        assert list(found) == ["walk_id", "area_id", "how", "findings_known"]
        assert len(walked.lengths(few, some)) == len(some)


def test_all_faults_of_a_call_are_told(toy_areas, toy_base_areas):
    walks = walks_of(("on-c", None, ["n1", "zz", "aa"]))
    with pytest.raises(GeoError, match=r"basområden \['aa', 'zz'\] finns inte i registret"):
        walked.pairs(walks, toy_areas, toy_base_areas)
    with pytest.raises(GeoError, match="walks: kolumnerna same_as saknas"):
        walked.lengths(walks.drop(columns="same_as"), toy_areas)
    with pytest.raises(GeoError, match="walks: EPSG:3006 väntades, fick 'EPSG:4326'"):
        walked.lengths(walks.to_crs(4326), toy_areas)
    with pytest.raises(GeoError, match=r"walks: id:n är inte unika: \['w1'\]"):
        walked.lengths(pd.concat([walks, walks]), toy_areas)
    with pytest.raises(GeoError, match=r"walks: linjer väntades, fick \['Point'\]"):
        walked.lengths(walks_of(("x", Point(EAST, NORTH))), toy_areas)


def test_the_walks_of_2017_have_no_route_and_no_length(areas, base_areas):
    walks = walks_of(("on-norrby", None), ("on-hulta", None), ("on-kristineberg", None))
    found = walked.pairs(walks, areas, base_areas)
    assert set(found["how"]) == {"network"}
    assert walked.lengths(walks, areas)["km_walked"].isna().all()


# Laws, and a naive recomputation.

corner = st.tuples(st.integers(-5, 35), st.integers(-5, 25)).map(lambda c: (c[0] * 100, c[1] * 100))
routes = st.lists(corner, min_size=2, max_size=6, unique=True).map(lambda corners: line(*corners))
both = st.lists(routes, min_size=2, max_size=2).map(MultiLineString)
one_walk = st.tuples(
    st.sampled_from([*ALL_NETWORKS, "on-x"]),
    st.none() | routes | both,
    st.lists(st.sampled_from(list(PLACES)), max_size=2, unique=True),
    st.sampled_from(["", "", "", "w1"]),
)
some_walks = st.lists(one_walk, max_size=6).map(lambda rows: walks_of(*rows))


def naive_pairs(walks, areas):
    found = {}
    for walk in walks.itertuples():
        for area in areas.itertuples():
            members = getattr(area, "base_areas", [area.Index])
            if walk.same_as:
                continue
            if walk.network_id == area.Index:
                found[walk.Index, area.Index] = "network"
            elif walk.geometry is not None and walk.geometry.intersects(area.geometry):
                found[walk.Index, area.Index] = "route"
            elif walk.geometry is None and set(walk.base_area_ids) & set(members):
                is_whole = set(walk.base_area_ids) <= set(members)
                found[walk.Index, area.Index] = "place" if is_whole else "possible"
    return found


def naive_km(walks, polygon):
    km = 0.0
    for walk in walks[walks["same_as"] == ""].itertuples():
        for part in getattr(walk.geometry, "geoms", [walk.geometry] if walk.geometry else []):
            corners = list(part.coords)
            for a, b in pairwise(corners):
                km += LineString([a, b]).intersection(polygon).length / 1000
    return km


@given(walks=some_walks)
def test_pairs_and_lengths_are_the_naive_ones(walks, toy_areas, toy_base_areas):
    for areas in (toy_areas, toy_base_areas):
        found = told(walked.pairs(walks, areas, toy_base_areas))
        assert found == naive_pairs(walks, areas)
        table = walked.lengths(walks, areas)
        for area_id, polygon in areas.geometry.items():
            sure = {pair for pair, how in found.items() if how != "possible"}
            mine = walks.loc[sorted({walk_id for walk_id, area in sure if area == area_id})]
            known = [route for route in mine.geometry if route is not None]
            seen = shapely.union_all([route.buffer(50) for route in known]) & polygon
            figures = {"km_walked": naive_km(walks, polygon), "area_walked_km2": seen.area / 1e6}
            row = table.loc[area_id]
            assert (row["n_walks"], row["n_routes"]) == (len(mine), len(known))
            for name, value in figures.items():
                if known and (value > 0 or len(known) == len(mine)):
                    assert row[name] == pytest.approx(value, abs=1e-9)
                else:
                    assert np.isnan(row[name])


@given(walks=some_walks, data=st.data())
def test_the_order_of_walks_changes_nothing(walks, data, toy_areas, toy_base_areas):
    order = data.draw(st.permutations(range(len(walks))))
    other = walks.iloc[list(order)]
    pd.testing.assert_frame_equal(
        walked.pairs(walks, toy_areas, toy_base_areas),
        walked.pairs(other, toy_areas, toy_base_areas),
    )
    pd.testing.assert_frame_equal(
        walked.lengths(walks, toy_areas), walked.lengths(other, toy_areas)
    )


@given(walks=some_walks)
def test_reach_is_a_share_and_never_more_than_the_walks_one_by_one(walks, toy_areas):
    whole = walked.lengths(walks, toy_areas)
    shares = whole["area_walked_share"].dropna()
    assert shares.between(0, 1).all()
    alone = [walked.lengths(walks.loc[[walk_id]], toy_areas) for walk_id in walks.index]
    if alone:
        apart = sum(table["area_walked_km2"].fillna(0) for table in alone)
        assert (whole["area_walked_km2"].fillna(0) <= apart + 1e-9).all()
        km = sum(table["km_walked"].fillna(0) for table in alone)
        assert whole["km_walked"].fillna(0).to_numpy() == pytest.approx(km.to_numpy())


@given(walks=some_walks)
def test_squares_that_share_no_land_share_out_the_length(walks):
    x = np.array([EAST - 1000, EAST + 1000.5, EAST + 4000])
    halves = shapely.box(x[:-1], NORTH - 1000, x[1:], NORTH + 3000)
    routes_ = walks.geometry.to_numpy()
    known = walks.loc[walked.has_route(walks)]
    assert walked.metres(routes_, halves).sum() == pytest.approx(known.length.sum())


def test_a_frame_without_base_areas_is_its_own(toy_base_areas, toy_areas):
    own = walked.base_areas_of(toy_base_areas)
    assert (own["area_id"] == own["base_area_id"]).all()
    bare = toy_areas.assign(base_areas=[()] * len(toy_areas))
    assert walked.base_areas_of(bare).empty
