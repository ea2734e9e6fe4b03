import geopandas as gpd
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely import box

from geo import allocate, coverage
from geo.errors import GeoError
from geo.sources import LAYERS

ONLY_YOUTH = {"1490R001", "1490R023", "1490R026", "1490R031", "1490R041", "1490R047"}
SPLIT_ONLY = {
    ("bu-boda", "on-trandared"),
    ("bu-centrum", "on-kristineberg"),
    ("bu-centrum", "on-trandared"),
    ("bu-daltorp", "on-hulta"),
    ("bu-boda", "bu-daltorp"),
    ("bu-centrum", "bu-daltorp"),
    ("on-hulta", "on-trandared"),
}
CROSSED = {
    ("bu-boda", "on-bramhult"): (9.19, 0.52, 1.00),
    ("bu-boda", "on-hulta"): (5.56, 0.31, 1.00),
    ("bu-boda", "on-hassleholmen"): (2.93, 0.17, 1.00),
    ("bu-boda", "on-trandared"): (4.22, 0.24, 0.67),
    ("bu-centrum", "on-kristineberg"): (1.05, 0.15, 0.11),
    ("bu-centrum", "on-trandared"): (1.65, 0.23, 0.26),
    ("bu-daltorp", "on-hulta"): (4.22, 0.27, 0.76),
    ("bu-daltorp", "on-kristineberg"): (9.64, 0.61, 1.00),
    ("bu-daltorp", "on-trandared"): (6.27, 0.39, 1.00),
    ("bu-norrby", "on-norrby"): (26.39, 1.00, 1.00),
    ("bu-sjobo", "on-sjobo"): (5.22, 0.40, 1.00),
    ("bu-dalsjofors", "or-dalsjofors"): (250.90, 1.00, 1.00),
    ("bu-fristad", "or-fristad"): (274.73, 1.00, 1.00),
    ("bu-sandared", "or-sandared"): (111.75, 1.00, 1.00),
    ("bu-viskafors", "or-viskafors"): (261.52, 1.00, 1.00),
    ("bu-boda", "bu-daltorp"): (4.22, 0.24, 0.27),
    ("bu-centrum", "bu-daltorp"): (2.70, 0.37, 0.17),
    ("on-hulta", "on-trandared"): (4.22, 0.76, 0.67),
}


# The toy town, by hand.


def test_each_layer_of_the_toy_town(toy_areas, toy_base_areas, toy_memberships, toy_people):
    table = coverage.by_layer(toy_areas, toy_base_areas, toy_memberships, toy_people)
    assert table["area_km2"].to_dict() == {"barn_unga": 6, "omrade": 3, "ortsrad": 1}
    assert table["area_share"].tolist() == [1, 0.5, pytest.approx(1 / 6)]
    assert table.at["barn_unga", "n_people"] == 217
    assert table.at["omrade", "n_people"] == 150
    assert table.at["omrade", "people_share"] == 150 / 217


def test_people_are_unknown_when_nobody_counted(toy_areas, toy_base_areas, toy_memberships):
    table = coverage.by_layer(toy_areas, toy_base_areas, toy_memberships)
    assert table[["n_people", "people_share", "n_people_low"]].isna().all(axis=None)


def test_gaps_of_the_toy_town(toy_base_areas, toy_memberships):
    assert coverage.gaps(toy_base_areas, toy_memberships, ["barn_unga"]).empty
    bare = coverage.gaps(toy_base_areas, toy_memberships, ["omrade", "ortsrad"])
    assert bare.index.tolist() == ["n3", "s2"]
    assert bare.crs == toy_base_areas.crs
    with pytest.raises(
        GeoError, match=r"layers: barn_unga, omrade, ortsrad väntades, fick \['x'\]"
    ):
        coverage.gaps(toy_base_areas, toy_memberships, ["x"])


def test_overlaps_of_the_toy_town(toy_areas):
    table = coverage.overlap(toy_areas).set_index(["a", "b"])
    assert table["area_km2"].to_dict() == {
        ("bu-a", "bu-b"): 1,
        ("bu-a", "on-c"): 2,
        ("bu-b", "on-c"): 1,
        ("bu-b", "or-d"): 1,
    }
    assert table["from_split_only"].tolist() == [True, False, False, False]
    assert table.loc[("bu-b", "or-d"), ["share_of_a", "share_of_b"]].tolist() == [0.25, 1]
    assert table.at[("bu-b", "or-d"), "relation"] == "contains"


@pytest.mark.parametrize(
    ("other", "relation"),
    [
        (box(0, 0, 100, 100), "equal"),
        (box(10, 10, 50, 50), "contains"),
        (box(-9, -9, 200, 200), "within"),
        (box(50, 0, 150, 100), "overlaps"),
    ],
)
def test_relations(other, relation):
    frame = gpd.GeoDataFrame(geometry=[box(0, 0, 100, 100), other], index=["a", "b"], crs=3006)
    assert coverage.overlap(frame)["relation"].tolist() == [relation]


@pytest.mark.parametrize("other", [box(100, 0, 200, 100), box(99.999, 0, 200, 100)])
def test_a_shared_border_is_no_overlap(other):
    frame = gpd.GeoDataFrame(geometry=[box(0, 0, 100, 100), other], index=["a", "b"], crs=3006)
    assert coverage.overlap(frame).empty


def test_how_many_networks_meet_in_one_spot(toy_base_areas, toy_memberships):
    table = coverage.by_base_area(toy_base_areas, toy_memberships)
    assert table["n_low"].to_dict() == {"n1": 2, "n2": 2, "n3": 1, "s1": 2, "s2": 1, "s3": 2}
    assert table["n_high"].equals(table["n_low"])
    assert table["is_split"].to_dict()["s2"]
    alone = toy_memberships[toy_memberships["network_id"] == "bu-a"]
    half = coverage.by_base_area(toy_base_areas, alone)
    assert half.loc["s2", ["n_low", "n_high"]].tolist() == [0, 1]
    assert coverage.partial_gaps(toy_base_areas, alone, LAYERS).index.tolist() == ["s2"]


def test_people_in_two_networks_at_once(toy_memberships, toy_people):
    both = coverage.overlap_people(toy_memberships, toy_people).set_index(["a", "b"])
    assert both.loc[("bu-a", "on-c")].tolist() == [110, 110]
    assert ("bu-a", "bu-b") not in both.index


def test_who_covers_a_place(memberships, networks):
    rows = coverage.who_covers(["1490R018"], memberships, networks)
    assert rows["network_id"].tolist() == ["bu-boda", "bu-daltorp", "on-hulta", "on-trandared"]
    assert (rows["extent"] == "part").all()


# The published figures of Borås.


def test_coverage_by_layer_is_the_published_one(areas, base_areas, memberships):
    table = coverage.by_layer(areas, base_areas, memberships)
    assert table["area_km2"].round(2).tolist() == [972.15, 60.98, 898.90]
    assert (table["area_share"] * 100).round(1).tolist() == [100.0, 6.3, 92.5]
    assert table.at["omrade", "area_km2_low"].round(2) == 58.28
    assert round(table.at["omrade", "area_share_low"] * 100, 1) == 6.0
    assert table.at["barn_unga", "area_km2_low"].round(2) == 972.15


def test_network_areas_must_not_be_added(areas):
    youth = areas[areas["layer"] == "barn_unga"]
    assert round(youth["area_km2"].sum(), 2) == 979.08
    assert round(youth.union_all().area / 1e6, 2) == 972.15


def test_the_gaps_are_the_published_ones(base_areas, memberships):
    sizes = {layer: len(coverage.gaps(base_areas, memberships, [layer])) for layer in LAYERS}
    assert sizes == {"barn_unga": 0, "omrade": 26, "ortsrad": 27}
    bare = coverage.gaps(base_areas, memberships, ["omrade", "ortsrad"])
    assert set(bare.index) == ONLY_YOUTH
    assert round(bare.area.sum() / 1e6, 2) == 12.28


def test_layers_per_base_area_are_the_published_ones(base_areas, memberships):
    layers = coverage.by_base_area(base_areas, memberships)["layers"]
    assert layers.value_counts().to_dict() == {
        ("barn_unga", "omrade"): 21,
        ("barn_unga", "ortsrad"): 20,
        ("barn_unga",): 6,
    }


def test_partly_covered_base_areas_are_the_published_ones(base_areas, memberships):
    assert coverage.partial_gaps(base_areas, memberships, ["omrade"]).index.tolist() == [
        "1490R003",
        "1490R038",
    ]
    split = base_areas[coverage.by_base_area(base_areas, memberships)["is_split"]]
    assert split.index.str[-3:].tolist() == ["003", "018", "038"]
    assert round(split.area.sum() / 1e6, 2) == 6.92


def test_overlaps_are_the_published_ones(areas):
    table = coverage.overlap(areas).set_index(["a", "b"])
    columns = ["area_km2", "share_of_a", "share_of_b"]
    assert {pair: tuple(row) for pair, row in table[columns].round(2).T.items()} == CROSSED
    assert set(table.index[table["from_split_only"]]) == SPLIT_ONLY


def test_five_youth_networks_are_the_same_area_in_two_layers(areas):
    equal = coverage.overlap(areas).query("relation == 'equal'")
    assert equal["a"].tolist() == [
        "bu-dalsjofors",
        "bu-fristad",
        "bu-norrby",
        "bu-sandared",
        "bu-viskafors",
    ]


# Laws.

side = st.integers(1, 9)
boxes = st.lists(st.tuples(side, side, side, side), min_size=1, max_size=6)


def told(table):
    """Return each overlap by its pair, whichever way round: km² and the share of each."""
    rows = table.round(9).itertuples()
    return {frozenset([(r.a, r.share_of_a), (r.b, r.share_of_b)]): r.area_km2 for r in rows}


@given(boxes)
def test_overlap_is_symmetric_and_at_most_the_smaller(corners):
    polygons = [box(x * 100, y * 100, (x + w) * 100, (y + h) * 100) for x, y, w, h in corners]
    frame = gpd.GeoDataFrame(geometry=polygons, index=list("abcdef")[: len(polygons)], crs=3006)
    there = coverage.overlap(frame)
    back = coverage.overlap(frame[::-1])
    assert told(there) == told(back)
    for row in there.itertuples():
        assert row.area_km2 <= frame.area[[row.a, row.b]].min() / 1e6 + 1e-9
        assert 0 < row.share_of_a <= 1
        assert 0 < row.share_of_b <= 1


@given(order=st.permutations(range(11)))
def test_the_order_of_memberships_changes_no_figure(order, toy_memberships, toy_people):
    pairs = coverage.overlap_people(toy_memberships.iloc[list(order)], toy_people)
    found = {frozenset((r.a, r.b)): (r.n_people_low, r.n_people_high) for r in pairs.itertuples()}
    assert found == {
        frozenset(("bu-a", "on-c")): (110, 110),
        frozenset(("bu-b", "on-c")): (40, 40),
    }


@given(st.lists(st.integers(0, 999), min_size=47, max_size=47))
def test_a_layer_never_covers_more_people_than_there_are(weights, values):
    people = pd.Series(values, index=weights.index, dtype=float)
    for prefix in ("bu", "on", "or"):
        ids = [area_id for area_id in weights.columns if area_id.startswith(prefix)]
        total = allocate.union_total(people, weights, ids)
        assert total <= people.sum() + 1e-6
        assert total <= allocate.counts(people, weights).loc[ids, "value"].sum() + 1e-6


def test_people_by_kommundel_is_unknown_where_no_kommundel_is_linked():
    population = pd.DataFrame(
        {
            "group": ["0-17"] * 3,
            "year": ["2022", "2022", "2012"],
            "n_people": ["30", "70", "999"],
            "network_ids": ["bu-a;or-d", "bu-b", "bu-a"],
        }
    )
    table = allocate.people_by_kommundel(population, "0-17")
    assert table["n_people"].fillna(-1).tolist() == [100, -1, 30]
    assert table["people_share"].fillna(-1).tolist() == [1, -1, 0.3]
    assert set(table["year"]) == {2022}
