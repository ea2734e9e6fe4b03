import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import false_discovery_control
from shapely import LineString, MultiPolygon, Point, box

from geo import hotspots
from geo.errors import GeoError

EAST, NORTH = 370_000.0, 6_400_000.0
WIDTH, PITCH = 150 * 3**0.5, 225.0  # of a hexagon, and between two rows of them
ROWS, COLUMNS = 10, 14


def row_y(row):
    """Return the north of a street that runs through the middles of a row of hexagons."""
    return (NORTH // PITCH + 1 + row) * PITCH


def column_x(column):
    return (EAST // WIDTH + 1 + column) * WIDTH + 10


AREA = box(column_x(0), row_y(0), column_x(COLUMNS), row_y(ROWS - 1))
MIDDLE = (4, 5, 6)  # the block of rows and columns where something is put


def street(row, first=-2, last=COLUMNS + 2):
    return LineString([(column_x(first), row_y(row)), (column_x(last), row_y(row))])


def walks_of(routes):
    index = pd.Index([f"w{n}" for n in range(len(routes))], dtype=object)
    return gpd.GeoDataFrame({"same_as": ""}, index, geometry=list(routes), crs=3006)


def findings_at(points, walk_ids="w0", kind="brist"):
    index = pd.RangeIndex(len(points))
    table = {"kind": kind, "walk_id": walk_ids}
    return gpd.GeoDataFrame(table, index, geometry=list(points), crs=3006)


def everywhere(times=1, seed=0, n=400):
    """Return walks through every row, and findings at random places along them."""
    walks = walks_of([street(row) for row in range(ROWS) for _ in range(times)])
    rng = np.random.default_rng(seed)
    which = rng.integers(len(walks), size=n)
    along = rng.uniform(0, walks.length.iloc[0], n)
    points = shapely.line_interpolate_point(walks.geometry.to_numpy()[which], along)
    return walks, findings_at(points, walks.index[which])


def in_the_middle(walks, n_walks, n_findings):
    """Add walks through the middle block, and findings in each of its nine cells."""
    routes = [street(row, MIDDLE[0], MIDDLE[-1] + 1) for row in MIDDLE for _ in range(n_walks)]
    more = walks_of(routes).rename(index=lambda name: f"m{name}")
    rng = np.random.default_rng(1)
    cells = [(row, column) for row in MIDDLE for column in MIDDLE for _ in range(n_findings)]
    points = [Point(column_x(c + rng.uniform()), row_y(r)) for r, c in cells]
    ids = more.index if n_walks else walks.index
    return pd.concat([walks, more]), findings_at(points, rng.choice(ids, len(points)))


def both(*frames):
    return pd.concat(frames, ignore_index=True)


def verdicts(found):
    return found.cells["verdict"].value_counts().to_dict()


# The net of hexagons.


def test_the_net_covers_the_area_without_gap_or_overlap():
    net = hotspots.hexagons(AREA)
    assert net.crs.to_epsg() == 3006
    assert shapely.coverage_is_valid(net.geometry.to_numpy())
    assert net.union_all().buffer(1e-3).covers(AREA)
    assert net.intersects(AREA).all()
    assert net.area.to_numpy() == pytest.approx(1.5 * 3**0.5 * 150**2, rel=1e-6)
    assert net.index.is_unique
    assert net.index.name == "cell_id"


@given(
    x=st.integers(-500, 500),
    y=st.integers(-500, 500),
    width=st.integers(1, 900),
    height=st.integers(1, 900),
    side=st.sampled_from([50.0, 120.0, 150.0]),
)
def test_a_place_has_the_same_cell_in_every_run(x, y, width, height, side):
    wide = hotspots.hexagons(box(-2000, -2000, 2000, 2000), side)
    area = box(x, y, x + width, y + height)
    net = hotspots.hexagons(area, side)
    assert set(net.index) == set(wide.index[wide.intersects(area)])
    assert (net.geometry == wide.geometry.loc[net.index]).all()


def test_neighbours_are_those_that_share_a_side():
    net = hotspots.hexagons(AREA)
    near = hotspots._neighbours(net)
    shared = shapely.STRtree(net.geometry.to_numpy()).query(net.geometry, predicate="touches")
    assert {(a, b) for a, row in enumerate(near) for b in row if b >= 0} == set(
        map(tuple, shared.T.tolist())
    )


@pytest.mark.parametrize(
    ("area", "side", "words"),
    [
        (Point(0, 0), 150, "area: en yta"),
        (MultiPolygon(), 150, "area: en yta"),
        (AREA, 0, "side_m: ett tal över 0 väntades, fick 0"),
        (AREA, float("nan"), "side_m: ett tal över 0"),
        (AREA, 1e-3, "Högst 100000 hexagoner väntades"),
    ],
)
def test_no_net_over_nothing(area, side, words):
    with pytest.raises(GeoError, match=words):
        hotspots.hexagons(area, side)


# What is counted.


def test_rates_are_per_kilometre_and_never_zero_where_nobody_walked():
    walks = walks_of([street(3), street(3), None])
    walks["same_as"] = ["", "", "w0"]
    x, y = column_x(4.5), row_y(3)
    places = [Point(x, y)] * 5 + [Point(x, row_y(6)), None, Point()]
    found = hotspots.concentrations(
        both(
            findings_at(places, ["w0", "w1", "w2", "w9", "", "w0", "w0", "w0"]),
            findings_at([Point(x, y)], kind="bra"),
        ),
        walks,
        AREA,
    )
    cell = found.cells[found.cells.contains(Point(x, y))].iloc[0]
    assert cell["km_walked"] == pytest.approx(2 * WIDTH / 1000)
    assert cell["n_findings"] == 3  # one of them on the row that doubles w0
    assert cell["rate_per_km"] == pytest.approx(3 / (2 * WIDTH / 1000))
    bare = found.cells[found.cells["km_walked"] == 0]
    assert set(bare["verdict"]) == {"not_walked"}
    assert bare[["n_findings", "rate_per_km", "z", "p", "p_adjusted"]].isna().all(axis=None)
    counts = (found.n_findings, found.n_outside, found.n_off_route, found.n_without_point)
    assert counts == (3, 1, 2, 2)
    good = hotspots.concentrations(findings_at([Point(x, y)], kind="bra"), walks, AREA, kind="bra")
    assert good.n_findings == 1


def test_a_short_visit_is_not_walked_enough():
    x, y = column_x(4.5), row_y(3)
    walks = walks_of([LineString([(x, y), (x + 49, y)])])
    short = hotspots.concentrations(findings_at([Point(x, y)]), walks, AREA)
    assert (short.n_findings, short.n_outside, verdicts(short)) == (
        0,
        1,
        {"not_walked": len(short.cells)},
    )
    enough = hotspots.concentrations(findings_at([Point(x, y)]), walks, AREA, min_km=0.049)
    assert enough.n_findings == 1


def test_a_point_on_the_border_of_cells_is_counted_once():
    walks = walks_of([street(row) for row in range(ROWS)])
    corners = shapely.points(
        np.unique(shapely.get_coordinates(hotspots.hexagons(AREA).geometry), axis=0)
    )
    found = hotspots.concentrations(findings_at(corners), walks, AREA)
    assert found.n_findings + found.n_outside == len(corners)
    assert found.cells["n_findings"].sum() == found.n_findings


def test_the_kilometres_of_the_cells_are_those_of_the_walks():
    walks, noted = everywhere(times=2)
    found = hotspots.concentrations(noted, walks, AREA)
    inside = walks.intersection(found.cells.union_all()).length.sum() / 1000
    assert found.cells["km_walked"].sum() == pytest.approx(inside)


# What is called a concentration.


def test_ten_times_the_findings_on_one_walk_is_a_concentration():
    walks, noted = everywhere()
    walks, extra = in_the_middle(walks, 0, 20)
    found = hotspots.concentrations(both(noted, extra), walks, AREA)
    named = found.cells[found.cells["verdict"] == "concentration"]
    middle = Point(column_x(MIDDLE[1] + 0.5), row_y(MIDDLE[1]))
    assert named.contains(middle).any()
    block = box(column_x(MIDDLE[0]), row_y(MIDDLE[0]), column_x(MIDDLE[-1] + 1), row_y(MIDDLE[-1]))
    assert named.distance(block).max() < 2 * WIDTH
    assert (named["z"] > 0).all()
    assert (named["p_adjusted"] <= 0.05).all()


def test_the_same_findings_on_ten_walks_are_none():
    walks, noted = everywhere()
    n_before = len(noted) / (ROWS * (COLUMNS + 4))  # per cell and walk
    walks, extra = in_the_middle(walks, 9, round(9 * n_before))
    assert len(extra) >= 9 * 19
    found = hotspots.concentrations(both(noted, extra), walks, AREA)
    assert "concentration" not in verdicts(found)
    assert found.cells["km_walked"].max() == pytest.approx(10 * WIDTH / 1000)
    once = hotspots.concentrations(
        both(noted, extra.assign(walk_id="w0")), walks[walks.index.str.startswith("w")], AREA
    )
    assert verdicts(once)["concentration"] >= 4


def test_a_quiet_half_is_called_fewer():
    walks, noted = everywhere(n=3000)
    quiet = noted[noted.geometry.x > column_x(COLUMNS / 2)]
    found = hotspots.concentrations(quiet, walks, AREA)
    assert {"fewer", "concentration"} <= set(verdicts(found))
    fewer = found.cells[found.cells["verdict"] == "fewer"]
    assert (fewer.centroid.x < column_x(COLUMNS / 2)).all()


def test_empty_cells_among_few_findings_are_not_called_fewer():
    walks, noted = everywhere(n=60)
    found = hotspots.concentrations(noted, walks, AREA)
    assert not found.is_unsure
    assert set(verdicts(found)) == {"no_difference"}


def test_nobody_is_called_anything_when_all_rates_are_the_same():
    walks = walks_of([street(row) for row in range(ROWS)])
    middles = hotspots.hexagons(AREA).centroid
    found = hotspots.concentrations(findings_at(middles), walks, AREA)
    measured = found.cells[found.cells["verdict"] != "not_walked"]
    assert set(measured["verdict"]) == {"no_difference"}
    assert measured["z"].isna().all()
    assert (measured["p_adjusted"] == 1).all()


def test_random_findings_are_seldom_called_a_concentration():
    false = 0
    for seed in range(20):
        walks, noted = everywhere(times=1 + seed % 3, seed=seed, n=100 + 40 * seed)
        found = hotspots.concentrations(noted, walks, AREA, seed=seed)
        assert not found.is_unsure
        false += "concentration" in verdicts(found)
    assert false <= 3


# When it is too little for a verdict.


def test_too_few_cells_or_findings_give_no_verdict():
    walks, noted = everywhere()
    few = hotspots.concentrations(noted[:29], walks, AREA)
    assert (few.is_unsure, few.why) == (True, "few_findings")
    assert set(verdicts(few)) == {"unsure_few"}
    one = walks_of([street(3)])
    found = hotspots.concentrations(findings_at([Point(column_x(4.5), row_y(3))] * 50), one, AREA)
    assert (found.is_unsure, found.why, found.n_findings) == (True, "few_cells", 50)
    assert set(verdicts(found)) == {"unsure_few", "not_walked"}
    assert found.cells[["z", "p", "p_adjusted"]].isna().all(axis=None)


def test_a_cell_alone_is_unsure_and_the_others_are_not():
    walks, noted = everywhere()
    far = row_y(ROWS + 3)
    alone = LineString([(column_x(5.1), far), (column_x(5.9), far)])
    walks.loc["w99"] = {"same_as": "", "geometry": alone}
    loud = findings_at([Point(column_x(5.5), far)] * 90, "w99")
    area = box(*AREA.bounds[:3], far)
    found = hotspots.concentrations(both(noted, loud), walks, area)
    cell = found.cells[found.cells.contains(Point(column_x(5.5), far))].iloc[0]
    assert cell["rate_per_km"] > 300
    assert cell["verdict"] == "unsure_few"
    assert np.isnan(cell["p_adjusted"])
    n_measured = (found.cells["km_walked"] >= 0.05).sum()
    assert found.n_tested == found.cells["p"].notna().sum() < n_measured


@pytest.mark.parametrize("routes", [[], [None]])
def test_without_walks_there_is_nothing_to_say(routes):
    noted = findings_at([Point(column_x(4.5), row_y(3))])
    found = hotspots.concentrations(noted, walks_of(routes), AREA)
    assert (found.n_findings, found.n_off_route, found.n_tested, found.why) == (
        0,
        1,
        0,
        "few_cells",
    )
    assert set(verdicts(found)) == {"not_walked"}
    assert hotspots.concentrations(noted[:0], walks_of(routes), AREA).n_findings == 0


# The same answer, always, and esda's.


def test_the_same_seed_gives_the_same_result_and_leaves_chance_alone():
    walks, noted = everywhere()
    np.random.seed(7)
    before = np.random.get_state()[1].copy()
    first, again = (hotspots.concentrations(noted, walks, AREA, seed=3).cells for _ in range(2))
    pd.testing.assert_frame_equal(first, again)
    assert (np.random.get_state()[1] == before).all()
    other = hotspots.concentrations(noted, walks, AREA, seed=4).cells
    assert not first["p"].equals(other["p"])
    assert first["z"].equals(other["z"])


@settings(max_examples=3)
@given(data=st.data())
def test_the_order_of_rows_changes_nothing(data):
    walks, noted = everywhere()
    order = data.draw(st.permutations(range(len(noted))))
    turn = data.draw(st.permutations(range(len(walks))))
    first = hotspots.concentrations(noted, walks, AREA, permutations=999)
    other = hotspots.concentrations(
        noted.iloc[list(order)], walks.iloc[list(turn)], AREA, permutations=999
    )
    pd.testing.assert_frame_equal(first.cells, other.cells)


@pytest.mark.filterwarnings("ignore:The alternative hypothesis:DeprecationWarning")
def test_z_and_p_are_those_of_esda():
    from esda.getisord import G_Local
    from libpysal.graph import Graph

    walks, noted = everywhere(n=3000)
    walks.geometry = [
        route if n % 2 else shapely.affinity.scale(route, 0.8)
        for n, route in enumerate(walks.geometry)
    ]
    found = hotspots.concentrations(noted, walks, AREA, permutations=999, seed=5).cells
    measured = found[found["rate_per_km"].notna()].reset_index(drop=True)
    graph = Graph.build_contiguity(measured, rook=True)
    alone = G_Local(
        measured["rate_per_km"], graph, "B", permutations=999, star=True, n_jobs=1, seed=5
    )
    tested = measured["p"].notna()
    assert measured["z"][tested].to_numpy() == pytest.approx(alone.Zs[tested], abs=1e-4)
    n_above = (alone.rGs >= alone.Gs[:, None] - 1e-8).sum(axis=1)
    n_below = (alone.rGs <= alone.Gs[:, None] + 1e-8).sum(axis=1)
    side = np.where(alone.Zs > 0, n_above, n_below)
    p = np.minimum(2 * (side + 1) / 1000, 1)[tested]
    assert measured["p"][tested].to_numpy() == pytest.approx(p)
    adjusted = false_discovery_control(measured["p"][tested])
    assert measured["p_adjusted"][tested].to_numpy() == pytest.approx(adjusted)


def test_all_faults_of_a_call_are_told():
    walks, noted = everywhere(n=3)
    with pytest.raises(GeoError, match=r"min_km: ett tal över 0.*alpha: .*kind: brist eller bra"):
        hotspots.concentrations(noted, walks, AREA, min_km=0, alpha=1, kind="x")
    with pytest.raises(GeoError, match="permutations: minst 99 väntades, fick 9"):
        hotspots.concentrations(noted, walks, AREA, permutations=9)
    with pytest.raises(GeoError, match="walks: EPSG:3006 väntades"):
        hotspots.concentrations(noted, walks.to_crs(4326), AREA)
    with pytest.raises(GeoError, match="walks: id:n är inte unika"):
        hotspots.concentrations(noted, pd.concat([walks, walks]), AREA)
    with pytest.raises(GeoError, match="findings: kolumnerna walk_id saknas"):
        hotspots.concentrations(noted.drop(columns="walk_id"), walks, AREA)
    walks, noted = everywhere()
    with pytest.raises(GeoError, match="är mer än 50000000 drag"):
        hotspots.concentrations(noted, walks, AREA, permutations=10**7)
