import json

import pandas as pd
import pytest
import shapely
from shapely.geometry import shape

from geo import catchments, crs
from geo.errors import GeoError
from geo.sources import DATA

KM2 = {
    "bu-boda": 17.68,
    "bu-centrum": 7.22,
    "bu-dalsjofors": 250.90,
    "bu-daltorp": 15.91,
    "bu-fristad": 274.73,
    "bu-norrby": 26.39,
    "bu-sandared": 111.75,
    "bu-sjobo": 12.98,
    "bu-viskafors": 261.52,
    "on-bramhult": 9.19,
    "on-hulta": 5.56,
    "on-hassleholmen": 2.93,
    "on-kristineberg": 9.64,
    "on-norrby": 26.39,
    "on-sjobo": 5.22,
    "on-trandared": 6.27,
    "or-dalsjofors": 250.90,
    "or-fristad": 274.73,
    "or-sandared": 111.75,
    "or-viskafors": 261.52,
}


def test_a_split_base_area_belongs_whole_to_each_network(toy_areas):
    assert toy_areas["area_km2"].to_dict() == {"bu-a": 3, "bu-b": 4, "on-c": 3, "or-d": 1}
    assert toy_areas.at["bu-a", "base_areas"] == ("n1", "s1", "s2")
    assert toy_areas.at["bu-a", "split_base_areas"] == ("s2",)
    assert toy_areas.at["or-d", "split_base_areas"] == ()
    assert toy_areas["layer"].tolist() == ["barn_unga", "barn_unga", "omrade", "ortsrad"]
    assert toy_areas["confidence"].tolist() == ["low", "low", "high", "high"]
    assert toy_areas.crs.to_epsg() == 3006


def test_neighbours_melt_together(toy_areas):
    assert toy_areas.at["on-c", "geometry"].geom_type == "Polygon"
    assert toy_areas.at["on-c", "geometry"].length == 8000


def test_the_order_of_rows_changes_no_catchment(toy_base_areas, toy_memberships, toy_areas):
    turned = catchments.build(toy_base_areas[::-1], toy_memberships[::-1]).loc[toy_areas.index]
    assert turned.geometry.geom_equals(toy_areas.geometry).all()
    assert turned["area_km2"].equals(toy_areas["area_km2"])


def test_names_come_from_the_register(toy_base_areas, toy_memberships):
    register = pd.DataFrame({"name": ["Alfa"], "association": ["Förening"]}, index=["bu-a"])
    built = catchments.build(toy_base_areas, toy_memberships, register)
    assert built["name"].tolist() == ["Alfa", "bu-b", "on-c", "or-d"]
    assert built["association"].tolist() == ["Förening", "", "", ""]


def test_wrong_calls_say_what_is_wrong(toy_base_areas, toy_memberships):
    with pytest.raises(GeoError, match="extent saknas"):
        catchments.build(toy_base_areas, toy_memberships.drop(columns="extent"))
    with pytest.raises(GeoError, match="EPSG:3006 väntades"):
        catchments.build(toy_base_areas.to_crs(4326), toy_memberships)
    with pytest.raises(GeoError, match=r"\['s3'\] finns inte bland polygonerna"):
        catchments.build(toy_base_areas.drop("s3"), toy_memberships)
    with pytest.raises(GeoError, match=r"\['bu-a'\] har samma basområde flera gånger"):
        catchments.build(toy_base_areas, pd.concat([toy_memberships, toy_memberships.iloc[:1]]))


def test_twenty_networks_of_the_published_size(areas):
    assert areas["area_km2"].round(2).to_dict() == KM2
    assert (areas.area / 1e6 - areas["area_km2"]).abs().max() < 0.001


def test_the_shipped_catchments_are_one_polygon_each_without_holes(areas):
    assert set(areas.geom_type) == {"Polygon"}
    assert all(not polygon.interiors for polygon in areas.geometry)
    assert areas.is_valid.all()


def test_the_split_base_areas_are_those_published(areas):
    split = {name: ids for name, ids in areas["split_base_areas"].items() if ids}
    assert {name: {i[-3:] for i in ids} for name, ids in split.items()} == {
        "bu-boda": {"018"},
        "bu-centrum": {"003", "038"},
        "bu-daltorp": {"003", "038", "018"},
        "on-hulta": {"018"},
        "on-kristineberg": {"038"},
        "on-trandared": {"003", "018"},
    }


def test_the_shipped_file_is_exactly_the_unions(areas, base_areas, memberships, networks):
    built = catchments.build(base_areas, memberships, networks)
    shipped = (DATA / "areas.geojson").read_text(encoding="utf-8")
    assert catchments.to_geojson(built) == shipped
    assert built.index.tolist() == areas.index.tolist()
    assert shapely.hausdorff_distance(built.geometry, areas.geometry).max() < 0.02


def test_the_shipped_file_follows_rfc_7946():
    collection = json.loads((DATA / "areas.geojson").read_text(encoding="utf-8"))
    assert set(collection) == {"type", "features"}
    assert collection["type"] == "FeatureCollection"
    assert len(collection["features"]) == 20
    for feature in collection["features"]:
        assert set(feature) == {"type", "properties", "geometry"}
        for ring in feature["geometry"]["coordinates"]:
            assert len(ring) >= 4
            assert ring[0] == ring[-1]
            assert all(12 < lon < 14 and 57 < lat < 58 for lon, lat in ring)
        polygon = shape(feature["geometry"])
        assert polygon.is_valid
        assert polygon.exterior.is_ccw
        assert not any(ring.is_ccw for ring in polygon.interiors)


def test_the_shipped_file_has_the_promised_properties():
    collection = json.loads((DATA / "areas.geojson").read_text(encoding="utf-8"))
    assert [list(f["properties"]) for f in collection["features"]] == [
        ["area_id", *catchments.COLUMNS]
    ] * 20


def test_any_system_gives_the_same_text(toy_areas):
    text = catchments.to_geojson(toy_areas)
    assert catchments.to_geojson(toy_areas.to_crs(3008)) == text
    assert crs.METRIC not in text
