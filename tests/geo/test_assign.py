import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely import MultiPoint, Point, Polygon, box

from geo.assign import assign_points
from geo.errors import GeoError

SQUARES = gpd.GeoDataFrame(
    geometry=[box(0, 0, 2, 2), box(2, 0, 4, 2), box(1, 1, 3, 3)], index=["A", "B", "C"], crs=3006
)


def pairs(found):
    return set(zip(found["point_id"], found["area_id"].astype(str), strict=True))


def naive(points, areas):
    joined = gpd.sjoin(points.to_frame("geometry"), areas[["geometry"]], predicate="intersects")
    column = next(name for name in joined.columns if name != "geometry")
    return set(zip(joined.index, joined[column], strict=True))


def on_the_edges(areas, rng):
    """Return corners, middles of edges, and points a hair from a corner."""
    lines = [shapely.get_coordinates(polygon) for polygon in areas.geometry]
    corners = np.concatenate(lines)
    middles = np.concatenate([(line[1:] + line[:-1]) / 2 for line in lines])
    hair = corners + rng.choice([-1e-9, 1e-9], corners.shape)
    return np.concatenate([rng.choice(xy, 3000) for xy in (corners, middles, hair)])


@pytest.mark.parametrize("layer", ["base_areas", "areas", "toy_areas", "toy_base_areas"])
def test_the_grid_gives_the_same_pairs_as_sjoin(layer, request):
    polygons = request.getfixturevalue(layer)
    rng = np.random.default_rng(7)
    x0, y0, x1, y1 = polygons.total_bounds
    anywhere = rng.uniform((x0 - 500, y0 - 500), (x1 + 500, y1 + 500), (5000, 2))
    xy = np.concatenate([anywhere, on_the_edges(polygons, rng)])
    points = gpd.GeoSeries(shapely.points(xy), crs=3006)
    found = assign_points(points, polygons)
    assert pairs(found) == naive(points, polygons)
    assert not found.duplicated().any()
    assert found["point_id"].is_monotonic_increasing


def test_a_point_on_a_border_belongs_to_every_area_that_it_touches():
    found = assign_points(([2, 0, 3, 1.5, 9], [0.5, 0, 3, 1.5, 9]), SQUARES, crs="EPSG:3006")
    assert pairs(found) == {(0, "A"), (0, "B"), (1, "A"), (2, "C"), (3, "A"), (3, "C")}


def test_a_hole_holds_nobody_and_its_edge_does():
    ring = Polygon(box(0, 0, 9, 9).exterior.coords, [box(3, 3, 6, 6).exterior.coords])
    frame = gpd.GeoDataFrame(geometry=[ring], index=["R"], crs=3006)
    found = assign_points(([4.5, 3, 1], [4.5, 4, 1]), frame, crs="EPSG:3006")
    assert found["point_id"].tolist() == [1, 2]


def test_points_keep_their_own_ids_also_when_they_come_twice():
    points = gpd.GeoSeries([Point(1, 0.5), Point(3, 0.5), Point()], index=["p", "p", "q"], crs=3006)
    assert pairs(assign_points(points, SQUARES)) == {("p", "A"), ("p", "B")}


def test_empty_missing_and_unknown_points_are_unassigned():
    points = gpd.GeoSeries([None, Point(), Point(np.nan, np.nan), Point(1, 0.5)], crs=3006)
    assert pairs(assign_points(points, SQUARES)) == {(3, "A")}
    assert assign_points(([np.nan, np.inf], [1, 1]), SQUARES, crs="EPSG:3006").empty
    assert assign_points(([], []), SQUARES, crs="EPSG:3006").empty


def test_areas_may_be_none_or_have_no_geometry():
    assert assign_points(([1], [1]), SQUARES.iloc[:0], crs="EPSG:3006").empty
    bare = gpd.GeoDataFrame(
        geometry=[None, Polygon(), box(0, 0, 2, 2)], index=["A", "B", "C"], crs=3006
    )
    assert pairs(assign_points(([1], [1]), bare, crs="EPSG:3006")) == {(0, "C")}


def test_two_sets_of_areas_are_never_mixed_up():
    turned = gpd.GeoDataFrame(geometry=[box(0, 0, 2, 2), None], index=["A", "B"], crs=3006)
    other = gpd.GeoDataFrame(geometry=[None, box(0, 0, 2, 2)], index=["A", "B"], crs=3006)
    assert pairs(assign_points(([1], [1]), turned, crs="EPSG:3006")) == {(0, "A")}
    assert pairs(assign_points(([1], [1]), other, crs="EPSG:3006")) == {(0, "B")}


def test_a_long_strip_is_no_special_case():
    strip = gpd.GeoDataFrame(geometry=[box(0, 0, 20_000, 1)], index=["S"], crs=3006)
    found = assign_points(
        ([0, 10_000, 20_000, 5, 5], [0, 0.5, 1, 1.01, -3]), strip, crs="EPSG:3006"
    )
    assert found["point_id"].tolist() == [0, 1, 2]


@pytest.mark.parametrize("system", [4326, 3008, 3012])
def test_another_coordinate_system_gives_the_same_pairs(toy_areas, system):
    middles = toy_areas.representative_point().reset_index(drop=True)
    expected = naive(middles, toy_areas)
    moved = middles.to_crs(system)
    assert pairs(assign_points(moved, toy_areas)) == expected
    arrays = (moved.x.to_numpy(), moved.y.to_numpy())
    assert pairs(assign_points(arrays, toy_areas, crs=f"EPSG:{system}")) == expected


def test_progress_counts_every_point(toy_areas):
    told = []
    x = np.full(300_000, 370_500.0)
    found = assign_points((x, x + 6_030_000), toy_areas, crs="EPSG:3006", progress=told.append)
    assert told == [250_000, 50_000]
    assert len(found) == 600_000
    assert found["point_id"].iloc[-1] == 299_999


def test_wrong_calls_say_what_is_wrong():
    with pytest.raises(GeoError, match=r'crs: behövs.*crs="EPSG:3006"'):
        assign_points(([1], [1]), SQUARES)
    with pytest.raises(GeoError, match="points: koordinatsystem väntades, fick None"):
        assign_points(gpd.GeoSeries([Point(1, 1)]), SQUARES)
    with pytest.raises(GeoError, match="areas: EPSG:3006 väntades"):
        assign_points(([1], [1]), SQUARES.set_crs(4326, allow_override=True), crs="EPSG:3006")
    with pytest.raises(GeoError, match=r"id:n är inte unika: \['A'\]"):
        assign_points(([1], [1]), SQUARES.rename(index={"B": "A"}), crs="EPSG:3006")
    with pytest.raises(GeoError, match=r"points: punkter väntades, fick \['MultiPoint'\]"):
        assign_points(gpd.GeoSeries([MultiPoint([(1, 1), (3, 1)])], crs=3006), SQUARES)


lattice = st.integers(0, 12)
boxes = st.lists(st.tuples(lattice, lattice, st.integers(1, 6), st.integers(1, 6)), max_size=6)


@given(boxes, st.lists(st.tuples(lattice, lattice), max_size=30))
def test_points_on_a_lattice_give_the_pairs_that_geometry_gives(corners, xy):
    polygons = [box(x, y, x + width, y + height) for x, y, width, height in corners]
    frame = gpd.GeoDataFrame(
        geometry=polygons, index=[f"A{n}" for n in range(len(polygons))], crs=3006
    )
    found = assign_points(([x for x, _ in xy], [y for _, y in xy]), frame, crs="EPSG:3006")
    assert pairs(found) == {
        (place, area_id)
        for place, point in enumerate(xy)
        for area_id, polygon in frame.geometry.items()
        if polygon.intersects(Point(point))
    }


@given(st.permutations(["A", "B", "C"]), st.permutations(range(6)))
def test_the_order_of_areas_and_points_changes_nothing(ids, order):
    xy = np.array([(1, 1), (2, 1), (2, 2), (3, 3), (3.5, 1), (9, 9)])
    points = gpd.GeoSeries(shapely.points(xy), crs=3006)
    whole = pairs(assign_points(points, SQUARES))
    assert pairs(assign_points(points.iloc[list(order)], SQUARES.loc[list(ids)])) == whole
