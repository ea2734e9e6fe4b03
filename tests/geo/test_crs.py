import geopandas as gpd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import CRS
from shapely import Point

from geo import crs
from geo.errors import GeoError

BORAS = {
    "degrees": (12.6, 57.5, 13.3, 57.9),
    "degrees_swapped": (57.5, 12.6, 57.9, 13.3),
    "tm": (360_000.0, 6_370_000.0, 400_000.0, 6_420_000.0),
    "tm_swapped": (6_370_000.0, 360_000.0, 6_420_000.0, 400_000.0),
    "zone": (100_000.0, 6_370_000.0, 140_000.0, 6_420_000.0),
    "unknown": (0.0, 0.0, 1.0, 1.0),
}
SAID_WRONG = [
    ("tm", "EPSG:4326", "Filen säger WGS 84 .grader. men koordinaterna är i meter"),
    ("zone", "EPSG:4326", "Filen säger WGS 84"),
    ("degrees", "EPSG:3006", "Filen säger SWEREF99 TM .meter. men koordinaterna är i grader"),
    ("degrees", "EPSG:3008", "koordinaterna är i grader"),
    ("degrees_swapped", "EPSG:4326", "bytt plats .latitud och longitud."),
    ("tm_swapped", "EPSG:3006", "bytt plats .norr och öster."),
    ("zone", "EPSG:3006", "lokal SWEREF 99-zon"),
    ("unknown", "EPSG:3006", "utanför Sverige"),
    ("unknown", "EPSG:4326", "utanför Sverige"),
]


@pytest.mark.parametrize("looks", BORAS)
def test_the_size_of_coordinates_tells_what_they_are(looks):
    assert crs.guess(BORAS[looks]) == looks


@pytest.mark.parametrize(("looks", "said", "sentence"), SAID_WRONG)
def test_a_wrong_system_is_told(looks, said, sentence):
    with pytest.raises(AssertionError, match=sentence):
        raise AssertionError(crs.mismatch(BORAS[looks], CRS(said)))


@pytest.mark.parametrize(
    ("looks", "said"),
    [("degrees", "EPSG:4326"), ("tm", "EPSG:3006"), ("zone", "EPSG:3008"), ("zone", "EPSG:3012")],
)
def test_a_right_system_is_accepted(looks, said):
    assert crs.mismatch(BORAS[looks], CRS(said)) is None


@pytest.mark.parametrize(
    ("looks", "hint"), [("tm", "SWEREF 99 TM"), ("degrees", "WGS 84"), ("zone", "lokal")]
)
def test_a_missing_system_is_told_with_what_it_looks_like(looks, hint):
    told = crs.mismatch(BORAS[looks], None)
    assert told.startswith("Filen saknar koordinatsystem.")
    assert hint in told


def test_nothing_is_reckoned_without_a_system():
    bare = gpd.GeoDataFrame(geometry=[Point(370_000, 6_400_000)])
    with pytest.raises(GeoError, match="koordinatsystem väntades, fick None"):
        crs.to_metric(bare, "lagret")
    with pytest.raises(GeoError, match="EPSG:3006 väntades, fick 'None'"):
        crs.require_metric(bare, "areas")
    with pytest.raises(GeoError, match="EPSG:3006 väntades, fick 'EPSG:4326'"):
        crs.require_metric(bare.set_crs(4326), "areas")


def test_bounds_of_nothing_are_none():
    assert crs.total_bounds(gpd.GeoDataFrame(geometry=[], crs=3006)) is None
    assert crs.total_bounds(gpd.GeoDataFrame(geometry=[Point()], crs=3006)) is None


@given(
    st.floats(360_000, 400_000),
    st.floats(6_370_000, 6_420_000),
    st.sampled_from([4326, 3007, 3008, 3012]),
)
def test_a_round_trip_over_another_system_changes_nothing(x, y, system):
    there = gpd.GeoDataFrame(geometry=[Point(x, y)], crs=3006).to_crs(system)
    assert crs.to_metric(there).geometry.iloc[0].distance(Point(x, y)) < 0.001
