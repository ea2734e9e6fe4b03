"""Light geometry for the screen: simplified as a coverage, so that no gap or overlap appears."""

from __future__ import annotations

import json

import geopandas as gpd
import pandas as pd
import shapely

from geo import crs

TOLERANCE_M = 10.0
DECIMALS = 6


def simplified(base_areas: gpd.GeoDataFrame, tolerance_m: float = TOLERANCE_M) -> gpd.GeoDataFrame:
    """Return base areas with fewer corners; neighbours keep exactly the same common border.

    base_areas: a valid coverage, EPSG:3006. tolerance_m: metres (10 m changes areas by about
    0.1 %). For showing only: analysis and export use full detail. Returns EPSG:3006.

    >>> squares = gpd.GeoDataFrame(geometry=[shapely.box(0, 0, 9, 9), shapely.box(9, 0, 18, 9)],
    ...     index=["A", "B"], crs="EPSG:3006")
    >>> bool(shapely.coverage_is_valid(simplified(squares).geometry.to_numpy()))
    True
    """
    crs.require_metric(base_areas, "base_areas")
    polygons = shapely.coverage_simplify(base_areas.geometry.to_numpy(), tolerance_m)
    return base_areas.set_geometry(gpd.GeoSeries(polygons, index=base_areas.index, crs=crs.METRIC))


def map_geojson(base_areas: gpd.GeoDataFrame, tolerance_m: float = TOLERANCE_M) -> str:
    """Write base areas as compact GeoJSON for a map: WGS 84, 6 decimals, properties id and name.

    >>> squares = gpd.GeoDataFrame({"name": ["A", "B"]}, index=["A", "B"], crs="EPSG:3006",
    ...     geometry=[shapely.box(0, 0, 2, 2), shapely.box(2, 0, 4, 2)])
    >>> [feature["properties"] for feature in json.loads(map_geojson(squares))["features"]][0]
    {'id': 'A', 'name': 'A'}
    """
    light = simplified(base_areas, tolerance_m).to_crs(crs.WGS84)
    rounded = shapely.transform(light.geometry.to_numpy(), lambda xy: xy.round(DECIMALS))
    features = [
        {
            "type": "Feature",
            "properties": {"id": area_id, "name": name},
            "geometry": shapely.geometry.mapping(geometry),
        }
        for area_id, name, geometry in zip(light.index, light["name"], rounded, strict=True)
    ]
    collection = {"type": "FeatureCollection", "features": features}
    return json.dumps(collection, ensure_ascii=False, separators=(",", ":"))


def label_points(base_areas: gpd.GeoDataFrame) -> dict[str, tuple[float, float]]:
    """Return a spot surely inside each base area as (latitude, longitude), for its name.

    >>> from geo import read
    >>> label_points(read.base_areas()[0])["1490R041"][0] > 57
    True
    """
    spots = base_areas.geometry.representative_point().to_crs(crs.WGS84)
    return {
        str(area_id): (round(float(spot.y), 5), round(float(spot.x), 5))
        for area_id, spot in spots.items()
    }


def degrees(points: gpd.GeoSeries) -> list[tuple[float, float]]:
    """Return points as (latitude, longitude), to a metre. points: with a coordinate system.

    >>> degrees(gpd.GeoSeries.from_xy([376740.0], [6399899.0], crs="EPSG:3006"))
    [(57.7243, 12.9304)]
    """
    moved = points.to_crs(crs.WGS84).to_numpy()
    x, y = shapely.get_x(moved).round(5), shapely.get_y(moved).round(5)
    return list(zip(y.tolist(), x.tolist(), strict=True))


def degree_bounds(base_areas: gpd.GeoDataFrame) -> list[list[float]]:
    """Return the bounds as [[south, west], [north, east]] in degrees.

    >>> from geo import read
    >>> [round(south) for south, west in degree_bounds(read.base_areas()[0])]
    [58, 58]
    """
    west, south, east, north = base_areas.to_crs(crs.WGS84).total_bounds.round(5).tolist()
    return [[south, west], [north, east]]


def degrees_at(x: pd.Series, y: pd.Series) -> list[tuple[float, float]]:
    """Return places given by their coordinates (metres, EPSG:3006) as (latitude, longitude).

    >>> degrees_at(pd.Series([377000.0]), pd.Series([6400000.0]))[0][0] > 57
    True
    """
    return degrees(gpd.GeoSeries.from_xy(x, y, crs=crs.METRIC))


def paths(
    lines: gpd.GeoSeries, tolerance_m: float = 5
) -> list[tuple[str, tuple[tuple[float, float], ...]]]:
    """Return lines (EPSG:3006) with fewer corners as paths of (latitude, longitude), by their id.

    A line of several parts gives a path for each. For showing only.

    >>> line = gpd.GeoSeries([shapely.LineString([(377000, 6400000), (377900, 6400000)])], ["w1"],
    ...     crs="EPSG:3006")
    >>> [(walk_id, len(path)) for walk_id, path in paths(line)]
    [('w1', 2)]
    """
    light = lines.simplify(tolerance_m).to_crs(crs.WGS84).explode()
    return [
        (str(line_id), tuple((round(y, 5), round(x, 5)) for x, y in line.coords))
        for line_id, line in light.items()
    ]
