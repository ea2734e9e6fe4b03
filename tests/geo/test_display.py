"""Light geometry: small, valid, without gap or overlap, and close to the full one."""

import json

import geopandas as gpd
import pytest
import shapely

from geo import display
from geo.errors import GeoError


def test_neighbours_still_share_their_border_when_simplified_and_rounded(base_areas):
    light = gpd.GeoDataFrame.from_features(json.loads(display.map_geojson(base_areas)))
    assert light.geometry.is_valid.all()
    assert shapely.coverage_is_valid(light.geometry.to_numpy())
    assert list(light["id"]) == list(base_areas.index)


def test_it_is_small_and_changes_no_area_by_more_than_a_hundredth(base_areas):
    assert len(display.map_geojson(base_areas)) < 250_000
    light = display.simplified(base_areas)
    assert ((light.area - base_areas.area).abs() / base_areas.area).max() < 0.01


def test_each_name_has_a_spot_inside_its_own_area(base_areas):
    spots = display.label_points(base_areas)
    points = gpd.GeoSeries(
        [shapely.Point(east, north) for north, east in spots.values()], index=spots, crs=4326
    ).to_crs(3006)
    assert base_areas.geometry.contains(points, align=True).all()


def test_bounds_are_south_west_then_north_east(base_areas):
    (south, west), (north, east) = display.degree_bounds(base_areas)
    assert 57 < south < north < 58.5
    assert 12 < west < east < 14


def test_degrees_are_refused(base_areas):
    with pytest.raises(GeoError, match="EPSG:3006 väntades"):
        display.simplified(base_areas.to_crs(4326))
