import geopandas as gpd
import pytest
from shapely import LineString, Point, Polygon, box

from geo import shapes
from geo.errors import Issues

GOOD = box(370_000, 6_400_000, 371_000, 6_401_000)
BOWTIE = Polygon(
    [(370_000, 6_400_000), (371_000, 6_401_000), (371_000, 6_400_000), (370_000, 6_401_000)]
)
FAULTS = [
    (None, "den saknas, är tom"),
    (Polygon(), "den saknas, är tom"),
    (BOWTIE, r"ytan korsar sig själv vid \(370500, 6400500\)"),
    (LineString([(370_000, 6_400_000), (371_000, 6_401_000)]), "här är en linje .LineString."),
    (Point(370_000, 6_400_000), "här är en punkt"),
]


def checked(*geometries, crs=3006, unclosed=()):
    index = range(1, len(geometries) + 1)
    frame = gpd.GeoDataFrame(geometry=list(geometries), index=index, crs=crs)
    issues = Issues("areas")
    return shapes.check_polygons(frame, list(unclosed), issues), issues.frame()


def town(*geometries):
    index = [f"B{n}" for n in range(len(geometries))]
    issues = Issues("base_areas")
    shapes.check_coverage(
        gpd.GeoDataFrame(geometry=list(geometries), index=index, crs=3006), issues
    )
    return issues.frame()


@pytest.mark.parametrize(("geometry", "sentence"), FAULTS)
def test_a_faulty_geometry_stays_out_with_its_row(geometry, sentence):
    kept, issues = checked(GOOD, geometry)
    assert kept.index.tolist() == [1]
    assert issues["row"].tolist() == [2]
    assert issues["message"].str.contains(sentence).all()
    assert issues["message"].str.endswith("Laga den i QGIS (Laga geometrier).").all()


def test_an_unclosed_ring_is_told_by_its_row():
    kept, issues = checked(GOOD, GOOD, unclosed=[1])
    assert kept.index.tolist() == [2]
    assert "ringen är inte sluten" in issues.at[0, "message"]


def test_heights_are_flattened_and_told():
    kept, issues = checked(Polygon([(*xy, 99.0) for xy in GOOD.exterior.coords]))
    assert not kept.has_z.any()
    assert kept.geometry.iloc[0].equals(GOOD)
    assert issues["severity"].tolist() == ["warning"]
    assert "1 ytor har höjd (3D)" in issues.at[0, "message"]


@pytest.mark.parametrize("crs", [3006, None])
def test_a_layer_without_rows_is_no_crash(crs):
    kept, issues = checked(crs=crs)
    assert len(kept) == 0
    assert kept.crs.to_epsg() == 3006
    assert len(issues) == (crs is None)


def test_squares_that_share_an_edge_are_a_coverage():
    assert town(box(0, 0, 10, 10), box(10, 0, 20, 10)).empty


def test_an_overlap_is_told_with_square_metres_and_place():
    issues = town(box(0, 0, 1000, 1000), box(900, 0, 1900, 1000))
    assert issues["kind"].tolist() == ["overlap"]
    assert (
        "B0 och B1 överlappar med 100\u202f000 m² vid öst 950, norr 500" in issues.at[0, "message"]
    )


@pytest.mark.parametrize("width", [0.5, 10.0, 1000.0])
def test_a_gap_is_told_however_wide_it_is(width):
    ring = box(-1000, -1000, 2000, 2000).difference(box(0, 0, width, 1000))
    issues = town(ring.intersection(box(-1000, -1000, 0, 2000)), ring - box(-1000, -1000, 0, 2000))
    assert issues["kind"].tolist() == ["gap"]
    place = f"vid öst {width / 2:.0f}, norr 500 (SWEREF 99 TM)"
    assert place in issues.at[0, "message"]


def test_less_than_a_square_metre_is_rounding():
    assert town(box(0, 0, 10, 10), box(9.95, 0, 20, 10)).empty
    assert town().empty


def test_the_shipped_base_areas_touch_without_overlap_or_gap(base_areas):
    issues = Issues("base_areas")
    shapes.check_coverage(base_areas, issues)
    assert issues.frame().empty
