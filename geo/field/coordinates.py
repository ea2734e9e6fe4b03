"""Coordinates as the tools of the field write them, into EPSG:3006; what looks wrong is left."""

from __future__ import annotations

import re
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo import crs

Array = np.ndarray[Any, Any]

_PAIRS = (("lon", "lat"), ("east", "north"), ("x", "y"))
_POINTS = (shapely.GeometryType.POINT, shapely.GeometryType.MULTIPOINT)
_LINES = (shapely.GeometryType.LINESTRING, shapely.GeometryType.MULTILINESTRING)


def points(table: pd.DataFrame) -> pd.DataFrame:
    """Return where each row is: x and y, as text, in EPSG:3006 with one decimal.

    table: text cells; any of lon and lat, east and north, x and y (degrees or SWEREF 99 TM, which
    their size tells), location ("57.72 12.94 0 5", latitude first). The first pair that is there
    holds, row by row. What does not look like degrees in Sweden is kept as it is written: metres,
    and also what is wrong (latitude and longitude that have changed places), for the later check
    to tell.

    >>> points(pd.DataFrame({"location": ["57.72 12.94 0 5", ""]})).values.tolist()
    [['377297.4', '6399402.8'], ['', '']]
    """
    x, y = (pd.Series("", index=table.index, dtype=object) for _ in "xy")
    pairs = [(table[a], table[b]) for a, b in _PAIRS if a in table and b in table]
    if "location" in table:
        parts = table["location"].str.split()
        pairs.append((parts.str[1].fillna(""), parts.str[0].fillna("")))
    for east, north in pairs:
        empty = (x == "") & (y == "")
        x, y = x.where(~empty, east), y.where(~empty, north)
    return _metric(pd.DataFrame({"x": x, "y": y}, index=table.index, dtype=object))


def line(text: str) -> str:
    """Return a line as WKT in EPSG:3006; what is no line of degrees in Sweden as it is written.

    text: as ODK writes a geotrace: "latitude longitude altitude accuracy; …".

    >>> line("57.72 12.94 0 5; 57.73 12.94 0 5")
    'LINESTRING (377297.4 6399402.8, 377331.2 6400515.8)'
    """
    written = [part.split() for part in text.split(";") if part.strip()]
    numbers = [[_number(cell) for cell in part[:2]] for part in written]
    if len(numbers) < 2 or not all(len(pair) == 2 for pair in numbers):
        return text
    lat, lon = np.array(numbers).T
    if not _is_degrees(lon, lat).all():
        return text
    metric = gpd.GeoSeries(gpd.points_from_xy(lon, lat), crs=crs.WGS84).to_crs(crs.METRIC)
    return wkt(shapely.LineString(np.column_stack([metric.x, metric.y])))


def wkt(geometry: shapely.Geometry) -> str:
    """Return a geometry as WKT, in whole decimetres.

    >>> wkt(shapely.LineString([(0, 0), (1.26, 0)]))
    'LINESTRING (0 0, 1.3 0)'
    """
    return str(shapely.to_wkt(shapely.force_2d(geometry), rounding_precision=1))


def of_layer(frame: gpd.GeoDataFrame) -> pd.DataFrame:
    """Return where each feature of a layer is: x, y and route as text in EPSG:3006.

    frame: points (a multipoint of one counts), lines, or None; any CRS. A point in degrees that
    is not in Sweden keeps its numbers. Raises GeoError when there is no CRS.

    >>> frame = gpd.GeoDataFrame(geometry=gpd.points_from_xy([12.94], [57.72]), crs=crs.WGS84)
    >>> of_layer(frame).values.tolist()
    [['377297.4', '6399402.8', '']]
    """
    in_degrees = frame.crs is not None and frame.crs.is_geographic
    shapes = (frame if in_degrees else crs.to_metric(frame, "lagret")).geometry.to_numpy()
    kind = shapely.get_type_id(shapes)
    is_point = np.isin(kind, _POINTS) & (shapely.get_num_coordinates(shapes) == 1)
    is_line = np.isin(kind, _LINES) & ~shapely.is_empty(shapes)
    where = pd.DataFrame({"x": "", "y": "", "route": ""}, index=frame.index, dtype=object)
    write = repr if in_degrees else "{:.1f}".format
    for name, values in zip("xy", shapely.get_coordinates(shapes[is_point]).T, strict=True):
        where.loc[is_point, name] = [write(value) for value in values.tolist()]
    where.loc[is_line, "route"] = [_line_of_layer(shape, in_degrees) for shape in shapes[is_line]]
    return _metric(where) if in_degrees else where


def _line_of_layer(shape: shapely.Geometry, in_degrees: bool) -> str:
    if in_degrees and crs.guess(shape.bounds) == "degrees":
        shape = gpd.GeoSeries([shape], crs=crs.WGS84).to_crs(crs.METRIC).iloc[0]
    return wkt(shape)


def _metric(where: pd.DataFrame) -> pd.DataFrame:
    """Turn those rows of x and y into EPSG:3006 that are degrees in Sweden."""
    x, y = (where[name].map(_number).to_numpy(dtype=float) for name in ("x", "y"))
    degrees = _is_degrees(x, y)
    if degrees.any():
        points = gpd.GeoSeries(gpd.points_from_xy(x[degrees], y[degrees]), crs=crs.WGS84)
        metric = points.to_crs(crs.METRIC)
        where.loc[degrees, "x"] = [f"{value:.1f}" for value in metric.x]
        where.loc[degrees, "y"] = [f"{value:.1f}" for value in metric.y]
    return where


def _is_degrees(x: Array, y: Array) -> Array:
    return np.array(
        [crs.guess((a, b, a, b)) == "degrees" for a, b in zip(x, y, strict=True)], dtype=bool
    )


def _number(text: str) -> float:
    plain = re.sub(r"\s", "", text).replace(",", ".").replace("−", "-")
    try:
        return float(plain)
    except ValueError:
        return float("nan")
