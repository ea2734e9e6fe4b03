"""Checks polygons before anything is reckoned on them, and says where each fault is."""

from __future__ import annotations

import re
from typing import Any

import geopandas as gpd
import numpy as np
import shapely

from geo import crs
from geo.errors import Issues

SLIVER_M2 = 1.0
REASONS = {
    "Self-intersection": "ytan korsar sig själv",
    "Ring Self-intersection": "en ring korsar sig själv",
    "Hole lies outside shell": "ett hål ligger utanför ytan",
    "Nested holes": "hål ligger i varandra",
    "Nested shells": "delytor ligger i varandra",
    "Duplicate Rings": "samma ring finns två gånger",
    "Interior is disconnected": "ytans inre hänger inte ihop",
    "Too few points in geometry component": "en ring har för få punkter",
}


def check_polygons(
    frame: gpd.GeoDataFrame, unclosed: list[int], issues: Issues
) -> gpd.GeoDataFrame:
    """Return the usable polygons in EPSG:3006; what is left out is an issue with its row.

    frame: index = row in the file. Null, empty, self-crossing, unclosed and non-polygon geometries
    are errors (row left out); 3D coordinates are flattened with a warning; a coordinate system
    that is missing or does not fit the coordinates is an error for the whole file.

    >>> point = shapely.Point(370000, 6400000)
    >>> bad = gpd.GeoDataFrame(geometry=[point], index=[1], crs="EPSG:3006")
    >>> issues = Issues("areas")
    >>> (len(check_polygons(bad, [], issues)), issues.rows[0]["kind"])
    (0, 'geometry')
    """
    bounds = crs.total_bounds(frame)
    wrong = crs.mismatch(bounds, frame.crs) if bounds else None
    if wrong:
        issues.error(wrong, column="geometry", kind="crs", value=str(frame.crs or ""))
        return frame.iloc[:0].set_crs(crs.METRIC, allow_override=True)
    if frame.crs is None:
        issues.error("Filen saknar geometrier och koordinatsystem.", column="geometry", kind="crs")
        return frame.iloc[:0].set_crs(crs.METRIC)
    faults = {row: _fault(geometry) for row, geometry in frame.geometry.items()}
    faults.update(
        dict.fromkeys(unclosed, "ringen är inte sluten: första och sista punkten ska vara lika")
    )
    for row, fault in faults.items():
        if fault:
            issues.error(
                f"Geometrin kan inte användas: {fault}. Laga den i QGIS (Laga geometrier).",
                row=int(str(row)),
                column="geometry",
                kind="geometry",
            )
    good = frame.loc[[row for row in frame.index if not faults[row]]]
    return crs.to_metric(_flat(good, issues))


def _fault(geometry: Any) -> str:
    if geometry is None or geometry.is_empty:
        return "den saknas, är tom eller kan inte tolkas"
    if geometry.geom_type not in ("Polygon", "MultiPolygon"):
        kind = {"Point": "en punkt", "LineString": "en linje"}.get(geometry.geom_type, "annat")
        return f"en yta väntades men här är {kind} ({geometry.geom_type})"
    if not geometry.is_valid:
        reason = shapely.is_valid_reason(geometry)
        name, _, place = reason.partition("[")
        where = f" vid ({re.sub(' ', ', ', place.rstrip(']'))})" if place else ""
        return REASONS.get(name, "ytan är inte giltig") + where
    return ""


def _flat(frame: gpd.GeoDataFrame, issues: Issues) -> gpd.GeoDataFrame:
    deep = int(frame.geometry.has_z.sum())
    if not deep:
        return frame
    issues.warning(f"{deep} ytor har höjd (3D); höjden används inte.", column="geometry", kind="3d")
    return frame.set_geometry(
        gpd.GeoSeries(shapely.force_2d(frame.geometry.values), index=frame.index, crs=frame.crs)
    )


def check_coverage(base_areas: gpd.GeoDataFrame, issues: Issues) -> None:
    """Add an issue, with place and m², for each overlap and each gap between base areas.

    base_areas: polygons in EPSG:3006. A gap is land that base areas enclose, narrow or wide; an
    overlap or a gap under 1 m² is rounding and not told.

    >>> squares = gpd.GeoDataFrame(geometry=[shapely.box(0, 0, 2, 2), shapely.box(1, 0, 3, 2)],
    ...     index=["A", "B"], crs="EPSG:3006")
    >>> issues = Issues("base_areas")
    >>> check_coverage(squares, issues)
    >>> issues.rows[0]["message"][:24]
    'A och B överlappar med 2'
    """
    geometries = base_areas.geometry.to_numpy()
    names = base_areas.index.to_numpy()
    left, right = shapely.STRtree(geometries).query(geometries, predicate="intersects")
    pairs = [(a, b) for a, b in zip(left, right, strict=True) if a < b]
    for a, b in pairs:
        shared = shapely.intersection(geometries[a], geometries[b])
        if shared.area > SLIVER_M2:
            issues.error(
                f"{names[a]} och {names[b]} överlappar med {_m2(shared.area)} {_near(shared)}. "
                "Rätta gränsen så att ytorna bara delar kant.",
                column="geometry",
                kind="overlap",
                value=f"{names[a]}, {names[b]}",
            )
    for gap in _gaps(geometries):
        issues.error(
            f"Glapp mellan basområden: {_m2(gap.area)} {_near(gap)}. "
            "Fyll ytan eller rätta gränsen.",
            column="geometry",
            kind="gap",
        )


def _gaps(geometries: np.ndarray[Any, Any]) -> list[Any]:
    union = shapely.union_all(geometries)
    holes = [shapely.Polygon(ring) for part in shapely.get_parts(union) for ring in part.interiors]
    return [hole for hole in holes if hole.area > SLIVER_M2]


def _m2(area: float) -> str:
    return f"{area:,.0f} m²".replace(",", "\u202f")


def _near(geometry: Any) -> str:
    point = geometry.representative_point()
    return f"vid öst {point.x:.0f}, norr {point.y:.0f} (SWEREF 99 TM)"
