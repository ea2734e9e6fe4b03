import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import LineString, MultiPoint, Point, Polygon, affinity, box

from geo.errors import GeoError
from geo.overlay import weights_from_geometry
from geo.squares import is_grid
from tests.conftest import EAST, NORTH, square

BOWTIE = Polygon([(0, 0), (9, 9), (9, 0), (0, 9)])


def frame(crs=3006, **places):
    return gpd.GeoDataFrame(geometry=list(places.values()), index=list(places), crs=crs)


def town(x0, y0, x1, y1):
    """A rectangle in the toy town, in metres from its south-west corner."""
    return box(EAST + x0, NORTH + y0, EAST + x1, NORTH + y1)


def points(*places, **columns):
    xy = [(EAST + x, NORTH + y) for x, y in places]
    return gpd.GeoDataFrame(columns, geometry=[Point(*each) for each in xy], crs=3006)


def turned(polygon):
    """The same area as a polygon that is no axis-parallel rectangle."""
    return affinity.rotate(polygon, 30, origin=(EAST, NORTH))


def naive(base_areas, areas):
    """Every base area with every area, one after the other."""
    table = pd.DataFrame(0.0, index=base_areas.index, columns=areas.index)
    for base_area_id, base_area in base_areas.geometry.items():
        for area_id, area in areas.geometry.items():
            table.at[base_area_id, area_id] = base_area.intersection(area).area / base_area.area
    return table.rename_axis(index="base_area_id", columns="area_id")


def squares_over(base_areas, side, dx, dy):
    """Squares over some base areas, the first one so far from their south-west corner."""
    x0, y0, x1, y1 = np.round(base_areas.total_bounds)
    x, y = np.meshgrid(np.arange(x0 + dx - 1, x1 + 1, side), np.arange(y0 + dy - 1, y1 + 1, side))
    x, y = x.ravel(), y.ravel()
    return gpd.GeoDataFrame(geometry=shapely.box(x, y, x + side, y + side), crs=3006)


def same(found, expected, tolerance=1e-9):
    pd.testing.assert_frame_equal(found, expected, rtol=0, atol=tolerance, check_index_type=False)
    assert (found.to_numpy() <= 1).all()
    assert (found.to_numpy() >= 0).all()


# The toy town, by hand.


def test_an_area_that_touches_a_tenth_gets_a_tenth(toy_base_areas):
    table = weights_from_geometry(toy_base_areas, frame(drawn=town(0, 0, 1_100, 1_000)))
    assert table["drawn"].to_dict() == {"n1": 0, "n2": 0, "n3": 0, "s1": 1, "s2": 0.1, "s3": 0}
    assert table.index.name == "base_area_id"
    assert table.columns.name == "area_id"
    assert table.attrs == {"method": "area", "by_area": ()}


def test_a_tenth_is_a_tenth_also_when_nothing_is_a_rectangle(toy_base_areas):
    askew = toy_base_areas.set_geometry(toy_base_areas.geometry.map(turned))
    table = weights_from_geometry(askew, frame(drawn=turned(town(0, 0, 1_100, 1_000))))
    assert table["drawn"].round(9).tolist() == [0, 0, 0, 1, 0.1, 0]
    assert table.at["s1", "drawn"] == 1
    assert table.at["n1", "drawn"] == 0


def test_overlapping_areas_each_get_their_whole_share(toy_base_areas):
    areas = frame(a=town(0, 0, 1_500, 1_000), b=town(500, 0, 2_000, 1_000), c=town(0, 0, 9, 9))
    table = weights_from_geometry(toy_base_areas, areas)
    assert table.loc["s1"].tolist() == [1, 0.5, 81e-6]
    assert table.loc["s2"].tolist() == [0.5, 1, 0]
    twice = weights_from_geometry(
        toy_base_areas, frame(a=areas.geometry["a"], b=areas.geometry["a"])
    )
    assert (twice["a"] == twice["b"]).all()


def test_an_area_inside_a_base_area_and_one_far_away(toy_base_areas):
    hole = town(100, 100, 900, 900).difference(town(400, 400, 600, 600))
    table = weights_from_geometry(
        toy_base_areas, frame(hole=hole, far=town(9_000, 0, 9_999, 1_000))
    )
    assert table.loc["s1"].tolist() == [0.6, 0]
    assert (table.drop(index="s1") == 0).all(axis=None)


def test_catchments_of_whole_base_areas_get_exactly_1(toy_base_areas, toy_areas, toy_weights):
    table = weights_from_geometry(toy_base_areas, toy_areas)
    whole = toy_weights.reindex_like(table)
    for area_id in table:
        expected = whole[area_id].where(whole[area_id] != 0.5, 1.0)  # s2 is drawn in whole in both
        assert table[area_id].tolist() == expected.tolist()


@pytest.mark.parametrize("gap", [0.0, 1e-7, -1e-7])
def test_slivers_are_rounding(toy_base_areas, gap):
    area = box(EAST - 5, NORTH - 5, EAST + 1_000 + gap, NORTH + 1_000 + gap)
    corner = town(900, 900, 1_000, 1_000)
    areas = frame(a=area.difference(town(-5, -5, -4, -4)), b=corner.union(area))
    table = weights_from_geometry(toy_base_areas, areas)
    assert table.loc["s1"].tolist() == [1, 1]
    assert (table.drop(index="s1") == 0).all(axis=None)


# What ships.


@pytest.mark.parametrize("side", [1_000, 7_000])
def test_squares_over_borås_give_what_a_double_loop_gives(base_areas, side):
    some = base_areas.iloc[::6]
    squares = squares_over(some, side, 1_000, 1_000).iloc[:: 1 if side > 5_000 else 5]
    assert is_grid(squares.geometry.to_numpy())
    same(weights_from_geometry(some, squares), naive(some, squares))


def test_any_shapes_over_borås_give_what_a_double_loop_gives(base_areas):
    some = base_areas.iloc[::6]
    circles = gpd.GeoDataFrame(geometry=some.centroid.buffer(4_000, quad_segs=4), crs=3006)
    circles.loc["near", "geometry"] = some.geometry.iloc[0].buffer(0.5)
    same(weights_from_geometry(some, circles), naive(some, circles))


def test_the_shipped_catchments_hold_their_base_areas(base_areas, areas, weights):
    table = weights_from_geometry(base_areas, areas)
    whole = weights.reindex_like(table) == 1
    assert (table.to_numpy()[whole] == 1).all()
    none = weights.reindex_like(table) == 0
    assert table.to_numpy()[none].max() < 1e-6


# Points, by hand.


def test_points_are_shared_by_where_people_live(toy_base_areas):
    homes = points((100, 500), (200, 500), (300, 500), (900, 500), (1_500, 500))
    areas = frame(west=town(0, 0, 500, 1_000), town=town(0, 0, 3_000, 1_000))
    table = weights_from_geometry(toy_base_areas, areas, homes)
    assert table.loc["s1"].tolist() == [0.75, 1]
    assert table.loc["s2"].tolist() == [0, 1]
    assert table.attrs["method"] == "population_points"
    assert table.attrs["by_area"] == ("n1", "n2", "n3", "s3")
    assert table.loc["s3"].tolist() == [0, 1]
    series = weights_from_geometry(toy_base_areas, areas, homes.geometry)
    pd.testing.assert_frame_equal(series, table)


def test_a_point_counts_as_many_as_live_there(toy_base_areas):
    homes = points((100, 500), (900, 500), (1_500, 500), n_people=[30, 10, 0])
    homes.index = ["hus", "hus", "tomt"]
    table = weights_from_geometry(toy_base_areas, frame(west=town(0, 0, 1_250, 1_000)), homes)
    assert table.at["s1", "west"] == 1
    assert table.at["s2", "west"] == 0.25  # nobody lives at its only point: by land
    assert "s2" in table.attrs["by_area"]
    near = weights_from_geometry(toy_base_areas, frame(west=town(0, 0, 500, 1_000)), homes)
    assert near.at["s1", "west"] == 0.75


def test_a_point_on_a_border_belongs_to_all_that_it_touches(toy_base_areas):
    homes = points((1_000, 500), (500, 500), (1_500, 500), (1_900, 500))
    areas = frame(west=town(0, 0, 1_000, 1_000), east=town(1_000, 0, 2_000, 1_000))
    table = weights_from_geometry(toy_base_areas, areas, homes)
    assert table.loc["s1"].tolist() == [1, 0.5]
    assert table.loc["s2"].tolist() == [pytest.approx(1 / 3), 1]


def test_points_outside_every_base_area_count_nowhere(toy_base_areas):
    homes = points((-50, 500), (100, 500), (9_000, 9_000))
    homes.loc[3] = [Point()]
    table = weights_from_geometry(toy_base_areas, frame(west=town(-100, 0, 50, 1_000)), homes)
    assert table.at["s1", "west"] == 0
    nobody = weights_from_geometry(toy_base_areas, frame(west=town(-100, 0, 50, 1_000)), homes[:1])
    assert nobody.at["s1", "west"] == 0.05
    assert nobody.attrs["by_area"] == tuple(toy_base_areas.index)


def test_nothing_gives_an_empty_table(toy_base_areas):
    homes = points((100, 500))
    for people in (None, homes):
        assert weights_from_geometry(toy_base_areas, toy_base_areas[:0], people).shape == (6, 0)
        assert weights_from_geometry(toy_base_areas[:0], toy_base_areas, people).shape == (0, 6)


# Laws.

places = st.tuples(st.integers(0, 3_000), st.integers(0, 2_000))


@st.composite
def partitions(draw):
    """The plane in pieces: the places nearest to each of some points, wide around the town."""
    centres = draw(st.lists(places, min_size=2, max_size=7, unique=True))
    around = MultiPoint([(EAST + x, NORTH + y) for x, y in centres])
    cells = shapely.voronoi_polygons(around, extend_to=town(-900, -900, 4_000, 4_000))
    return gpd.GeoDataFrame(geometry=list(cells.geoms), crs=3006).rename_axis("area_id")


@given(partitions())
def test_shares_of_a_partition_of_the_plane_sum_to_1(toy_base_areas, pieces):
    table = weights_from_geometry(toy_base_areas, pieces)
    same(table, naive(toy_base_areas, pieces))
    assert table.sum(axis=1).to_numpy() == pytest.approx(np.ones(6), abs=1e-8)


@given(st.integers(90, 2_500), st.integers(0, 999), st.integers(0, 999))
def test_shares_of_a_grid_sum_to_1(toy_base_areas, side, dx, dy):
    askew = toy_base_areas.set_geometry(toy_base_areas.geometry.map(turned))
    table = weights_from_geometry(askew, squares_over(askew, side, -dx, -dy))
    assert table.sum(axis=1).to_numpy() == pytest.approx(np.ones(6), abs=1e-7)


@settings(max_examples=10)
@given(partitions(), st.permutations(range(6)), st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(toy_base_areas, pieces, order, dice):
    homes = points(*[(dice.randrange(3_000), dice.randrange(2_000)) for _ in range(20)])
    shuffled = pieces.iloc[dice.sample(range(len(pieces)), len(pieces))]
    for people in (None, homes):
        table = weights_from_geometry(toy_base_areas, pieces, people)
        turned_about = people if people is None else people.iloc[::-1]
        again = weights_from_geometry(toy_base_areas.iloc[list(order)], shuffled, turned_about)
        same(again.loc[table.index, table.columns], table, 1e-12)


@given(partitions())
def test_a_journey_through_another_system_changes_nothing(toy_base_areas, pieces):
    table = weights_from_geometry(toy_base_areas, pieces)
    back = [each.to_crs(4326).to_crs(3006) for each in (toy_base_areas, pieces)]
    same(weights_from_geometry(*back), table, 1e-6)


@settings(max_examples=30)
@given(partitions(), st.lists(places, min_size=1, max_size=25))
def test_people_are_shared_as_a_loop_shares_them(toy_base_areas, pieces, homes):
    people = points(*homes, n_people=range(1, len(homes) + 1))
    table = weights_from_geometry(toy_base_areas, pieces, people)
    for base_area_id, base_area in toy_base_areas.geometry.items():
        here = people[[base_area.intersects(point) for point in people.geometry]]
        assert (base_area_id in table.attrs["by_area"]) == here.empty
        for area_id, piece in pieces.geometry.items():
            if not here.empty:
                inside = [piece.intersects(point) for point in here.geometry]
                share = here["n_people"][inside].sum() / here["n_people"].sum()
                assert table.at[base_area_id, area_id] == pytest.approx(share, abs=1e-9)


# Bad input.


@pytest.mark.parametrize("crs", [None, 4326, 3008])
def test_another_system_is_refused(toy_base_areas, crs):
    other = frame(crs, a=town(0, 0, 10, 10))
    with pytest.raises(GeoError, match=r"^areas: EPSG:3006 väntades, fick"):
        weights_from_geometry(toy_base_areas, other)
    with pytest.raises(GeoError, match=r"^base_areas: EPSG:3006 väntades, fick"):
        weights_from_geometry(other, toy_base_areas)
    homes = gpd.GeoSeries([Point(0, 0)], crs=crs)
    with pytest.raises(GeoError, match=r"^population_points: EPSG:3006 väntades, fick"):
        weights_from_geometry(toy_base_areas, toy_base_areas, homes)


@pytest.mark.parametrize(
    "bad", [None, Polygon(), BOWTIE, LineString([(0, 0), (1, 1)]), Point(1, 1)]
)
def test_what_cannot_be_measured_is_named(toy_base_areas, bad):
    areas = frame(good=town(0, 0, 10, 10), odd=bad)
    with pytest.raises(
        GeoError, match=r"areas: geometrin saknas.* för \['odd'\]\. Laga den i QGIS"
    ):
        weights_from_geometry(toy_base_areas, areas)


def test_all_faults_come_at_once(toy_base_areas):
    twice = pd.concat([toy_base_areas, toy_base_areas.iloc[:1]])
    bad = frame(x=BOWTIE, y=None)
    with pytest.raises(GeoError, match=r"inte unika: \['n1'\].*för \['x', 'y'\]"):
        weights_from_geometry(twice, bad)


@pytest.mark.parametrize("wrong", [-1, np.nan, np.inf, "två"])
def test_a_wrong_number_of_people_is_named(toy_base_areas, wrong):
    homes = points((1, 1), (2, 2), n_people=pd.Series([1, wrong], dtype=object))
    with pytest.raises(GeoError, match=r"n_people: tal från 0 väntades, fick \[.*\] för \[1\]"):
        weights_from_geometry(toy_base_areas, toy_base_areas, homes)


def test_homes_that_are_no_points_are_refused(toy_base_areas):
    with pytest.raises(GeoError, match="points: punkter väntades, fick"):
        weights_from_geometry(toy_base_areas, toy_base_areas, toy_base_areas)


def test_a_table_too_large_for_the_memory_is_refused():
    many = gpd.GeoDataFrame(geometry=[square(0, 0)] * 4_500, crs=3006)
    with pytest.raises(GeoError, match="Högst 20000000 andelar väntades, fick 20250000"):
        weights_from_geometry(many, many)


def test_the_geometries_of_the_caller_are_left_as_they_were(toy_base_areas):
    areas = frame(a=turned(town(0, 0, 1_500, 1_000)))
    weights_from_geometry(toy_base_areas, areas)
    assert not shapely.is_prepared(toy_base_areas.geometry.to_numpy()).any()
    assert not shapely.is_prepared(areas.geometry.to_numpy()).any()
