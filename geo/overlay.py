"""How much of each base area lies in each area, by land or by where people live."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo import crs, squares
from geo.assign import Points, assign_points
from geo.errors import GeoError

Array = np.ndarray[Any, Any]

SLIVER = 1e-9  # shares closer than this to 0 or 1 are rounding
CHUNK = 1_000  # intersections at a time: bounds the memory
MOST_SHARES = 20_000_000  # base areas × areas in one table: 160 MB


def weights_from_geometry(
    base_areas: gpd.GeoDataFrame, areas: gpd.GeoDataFrame, population_points: Points | None = None
) -> pd.DataFrame:
    """Find how much of each base area lies in each area, for areas that somebody has drawn.

    Without points a share is land: the common area / the base area's area. With points it is
    people: those of the base area's points that lie in the area / all points of the base area.
    Each area gets its whole share, also where areas overlap: a row need not sum to 1.

    base_areas, areas: polygons, EPSG:3006, index the id. population_points: points, EPSG:3006;
    optional column n_people, the weight of each point (default 1).
    Returns base_area_id × area_id of shares 0–1, in the order given; closer than 1e-9 to 0 or 1
    is made exactly that. attrs["method"]: "area" or "population_points"; attrs["by_area"]: ids
    of base areas without people at any point, which got shares of land.
    Border rule: a point on a border belongs to every base area and every area that it touches.
    Raises GeoError for another CRS, ids that come twice, geometry that cannot be measured, n_people
    that is missing or below 0, more than 20 million shares.

    >>> land, drawn = shapely.box([0, 10], 0, [10, 20], 10), [shapely.box(0, 0, 11, 10)]
    >>> base_areas = gpd.GeoDataFrame(geometry=land, index=["A", "B"], crs="EPSG:3006")
    >>> areas = gpd.GeoDataFrame(geometry=drawn, index=["x"], crs="EPSG:3006")
    >>> weights_from_geometry(base_areas, areas)["x"].to_dict()
    {'A': 1.0, 'B': 0.1}
    >>> homes = gpd.GeoSeries(gpd.points_from_xy([10.5, 15, 16, 17], [5] * 4), crs="EPSG:3006")
    >>> by_people = weights_from_geometry(base_areas, areas, homes)
    >>> by_people["x"].to_dict(), by_people.attrs["by_area"]
    ({'A': 1.0, 'B': 0.25}, ('A',))
    """
    _require_measurable({"base_areas": base_areas, "areas": areas})
    # Copies: preparing the caller's own geometries would disturb other threads that use them.
    land, drawn = (shapely.force_2d(each.geometry.to_numpy()) for each in (base_areas, areas))
    if population_points is None:
        shares, method, by_area = _by_area(land, drawn), "area", base_areas.index[:0]
    else:
        shares, no_people = _by_points(population_points, base_areas, areas)
        shares[no_people] = _by_area(land[no_people], drawn)
        method, by_area = "population_points", base_areas.index[no_people]
    shares[shares < SLIVER] = 0.0
    shares[shares > 1 - SLIVER] = 1.0
    table = pd.DataFrame(shares, base_areas.index, areas.index)
    table = table.rename_axis(index="base_area_id", columns="area_id")
    table.attrs |= {"method": method, "by_area": tuple(by_area)}
    return table


def _by_area(land: Array, drawn: Array) -> Array:
    """Return the part of each base area's land that lies in each area."""
    area, base = shapely.STRtree(land).query(drawn)  # boxes that meet
    if squares.is_grid(drawn):
        near, place = np.unique(base, return_inverse=True)
        common = squares.land_in(land[near], drawn)[place, area]
    else:
        common = _common(land, base, drawn, area)
    shares = np.zeros((len(land), len(drawn)))
    shares[base, area] = common / shapely.area(land)[base]
    return shares


def _common(land: Array, base: Array, drawn: Array, area: Array) -> Array:
    """Return the common m² of each pair; only pairs whose borders cross are intersected."""
    shapely.prepare(land)
    shapely.prepare(drawn)
    is_whole = shapely.covers(drawn[area], land[base])
    is_inside = shapely.contains_properly(land[base], drawn[area])
    common: Array = np.where(is_whole, shapely.area(land)[base], shapely.area(drawn)[area])
    crossed = np.flatnonzero(~(is_whole | is_inside))
    common[crossed] = 0.0
    crossed = crossed[shapely.intersects(land[base[crossed]], drawn[area[crossed]])]
    for begin in range(0, len(crossed), CHUNK):
        pair = crossed[begin : begin + CHUNK]
        common[pair] = shapely.area(shapely.intersection(land[base[pair]], drawn[area[pair]]))
    return common


def _by_points(
    points: Points, base_areas: gpd.GeoDataFrame, areas: gpd.GeoDataFrame
) -> tuple[Array, Array]:
    """Return the part of each base area's people in each area, and which have no people."""
    crs.require_metric(points, "population_points")
    people = _people(points)
    places = points.geometry.reset_index(drop=True)
    at_base, at_area = (
        pd.DataFrame({"point": found["point_id"], "place": found["area_id"].cat.codes.astype(int)})
        for found in (assign_points(places, base_areas), assign_points(places, areas))
    )
    pairs = at_base.merge(at_area, on="point")
    cell = pairs["place_x"] * len(areas) + pairs["place_y"]
    total = np.bincount(at_base["place"], people[at_base["point"]], len(base_areas))
    in_area = np.bincount(cell, people[pairs["point"]], len(base_areas) * len(areas))
    shares = in_area.reshape(len(base_areas), len(areas)) / np.where(total, total, 1.0)[:, None]
    return shares, total == 0


def _people(points: Points) -> Array:
    """Return the weight of each point."""
    if isinstance(points, gpd.GeoSeries) or "n_people" not in points.columns:
        return np.ones(len(points))
    people: Array = np.asarray(pd.to_numeric(points["n_people"], errors="coerce"), dtype=float)
    if (is_wrong := ~(np.isfinite(people) & (people >= 0))).any():
        raise GeoError(
            f"n_people: tal från 0 väntades, fick {points['n_people'][is_wrong].tolist()!r} för "
            f"{points.index[is_wrong].tolist()!r}. Rätta talen, eller ta bort punkterna."
        )
    return people


def _require_measurable(frames: dict[str, gpd.GeoDataFrame]) -> None:
    """Raise one GeoError that names every id that comes twice or has no area to measure."""
    faults = []
    for name, frame in frames.items():
        crs.require_metric(frame, name)
        shapes = frame.geometry.to_numpy()
        is_polygon = np.isin(shapely.get_type_id(shapes), (3, 6))  # Polygon, MultiPolygon
        usable = is_polygon & shapely.is_valid(shapes) & ~shapely.is_empty(shapes)
        if not usable.all():
            faults.append(
                f"{name}: geometrin saknas, är tom, är ingen yta eller korsar sig själv för "
                f"{frame.index[~usable].tolist()!r}. Laga den i QGIS (Reparera geometrier)."
            )
        if not frame.index.is_unique:
            again = frame.index[frame.index.duplicated()].unique().tolist()
            faults.append(f"{name}: id:n är inte unika: {again!r}. Behåll en yta per id.")
    n_shares = int(np.prod([len(frame) for frame in frames.values()]))
    if n_shares > MOST_SHARES:
        faults.append(f"Högst {MOST_SHARES} andelar väntades, fick {n_shares}. Ta färre ytor.")
    if faults:
        raise GeoError(" ".join(faults))
