"""Coordinate systems: everything is reckoned in SWEREF 99 TM (EPSG:3006), shown in WGS 84."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
from pyproj import CRS, Transformer

from geo.errors import GeoError

METRIC = "EPSG:3006"
WGS84 = "EPSG:4326"
SWEREF_ZONES = range(3007, 3019)
NAMES = {3006: "SWEREF 99 TM (EPSG:3006)", 4326: "WGS 84 (EPSG:4326)"}

# Extents of Sweden, generous: (min x, min y, max x, max y).
_DEGREES = (10.0, 54.5, 25.0, 70.0)
_TM = (180_000.0, 6_080_000.0, 1_000_000.0, 7_750_000.0)
_ZONE = (0.0, 6_080_000.0, 300_000.0, 7_750_000.0)

Bounds = tuple[float, float, float, float]


def _inside(bounds: Bounds, extent: Bounds) -> bool:
    return (
        extent[0] <= bounds[0] <= bounds[2] <= extent[2]
        and extent[1] <= bounds[1] <= bounds[3] <= extent[3]
    )


def guess(bounds: Bounds) -> str:
    """Tell what coordinates look like, by their size alone.

    Returns "degrees", "degrees_swapped", "tm", "tm_swapped", "zone" (a local SWEREF 99 zone)
    or "unknown".

    >>> guess((12.8, 57.6, 13.1, 57.8)), guess((57.6, 12.8, 57.8, 13.1))
    ('degrees', 'degrees_swapped')
    >>> guess((370000, 6390000, 380000, 6400000))
    'tm'
    """
    swapped = (bounds[1], bounds[0], bounds[3], bounds[2])
    looks = [("degrees", _DEGREES), ("tm", _TM), ("zone", _ZONE)]
    for name, extent in looks:
        if _inside(bounds, extent):
            return name
        if name != "zone" and _inside(swapped, extent):
            return f"{name}_swapped"
    return "unknown"


def mismatch(bounds: Bounds, crs: CRS | None) -> str | None:
    """Say in Swedish why coordinates do not fit their coordinate system; None when they do.

    >>> mismatch((370000, 6390000, 380000, 6400000), CRS(WGS84))[:43]
    'Filen säger WGS 84 (grader) men koordinater'
    """
    looks = guess(bounds)
    if looks.endswith("_swapped"):
        order = "latitud och longitud" if looks.startswith("degrees") else "norr och öster"
        return (
            f"Koordinaterna har bytt plats ({order}): första talet ska vara öst (x, longitud). "
            "Byt ordning och läs in filen igen."
        )
    if crs is None:
        hint = {"degrees": NAMES[4326], "tm": NAMES[3006], "zone": "en lokal SWEREF 99-zon"}
        seems = f" Koordinaterna ser ut som {hint[looks]}." if looks in hint else ""
        return f"Filen saknar koordinatsystem.{seems} Ange det i QGIS och spara om."
    if crs.is_geographic and looks in ("tm", "zone"):
        return (
            "Filen säger WGS 84 (grader) men koordinaterna är i meter och ser ut som "
            "SWEREF 99. Ange EPSG:3006 (eller rätt zon) som koordinatsystem och spara om."
        )
    if crs.is_projected and looks == "degrees":
        return (
            f"Filen säger {crs.name} (meter) men koordinaterna är i grader och ser ut som "
            "WGS 84. Ange EPSG:4326 som koordinatsystem och spara om."
        )
    if looks == "zone" and crs.to_epsg() == 3006:
        return (
            "Filen säger SWEREF 99 TM men koordinaterna ser ut som en lokal SWEREF 99-zon. "
            "Ange zonen (i Borås EPSG:3008) som koordinatsystem och spara om."
        )
    if looks == "unknown" and crs.to_epsg() in {*NAMES, *SWEREF_ZONES}:
        return "Koordinaterna ligger utanför Sverige. Kontrollera koordinatsystemet."
    return None


def to_metric(frame: gpd.GeoDataFrame, name: str = "lagret") -> gpd.GeoDataFrame:
    """Return a frame in SWEREF 99 TM (EPSG:3006), transformed if it has another system.

    Raises GeoError when the frame has no coordinate system.

    >>> point = gpd.GeoDataFrame(geometry=gpd.points_from_xy([12.94], [57.72]), crs=WGS84)
    >>> to_metric(point).crs.to_epsg()
    3006
    """
    if frame.crs is None:
        raise GeoError(
            f"{name}: koordinatsystem väntades, fick {frame.crs!r}. "
            "Ange det med set_crs(...) eller läs filen med geo.read."
        )
    if frame.crs.to_epsg() == 3006:
        return frame
    return frame.to_crs(METRIC)


def metres(latitude: float, longitude: float) -> tuple[float, float]:
    """Return a place in degrees as (east, north) in EPSG:3006.

    >>> [round(value) for value in metres(57.7243, 12.9304)]
    [376740, 6399899]
    """
    east, north = Transformer.from_crs(WGS84, METRIC, always_xy=True).transform(longitude, latitude)
    return float(east), float(north)


def require_metric(frame: gpd.GeoDataFrame | gpd.GeoSeries, name: str) -> None:
    """Raise a GeoError unless the frame is in EPSG:3006 (areas and lengths in metres).

    >>> require_metric(gpd.GeoSeries([], crs=METRIC), "areas")
    """
    if frame.crs is None or frame.crs.to_epsg() != 3006:
        raise GeoError(
            f"{name}: EPSG:3006 väntades, fick {str(frame.crs)!r}. Använd geo.crs.to_metric()."
        )


def total_bounds(frame: gpd.GeoDataFrame) -> Bounds | None:
    """Return the bounds of all geometries, or None when there is nothing finite to bound.

    >>> total_bounds(gpd.GeoDataFrame(geometry=gpd.points_from_xy([1, 3], [2, 4])))
    (1.0, 2.0, 3.0, 4.0)
    """
    bounds = frame.total_bounds if len(frame) else np.full(4, np.nan)
    if not np.isfinite(bounds).all():
        return None
    return float(bounds[0]), float(bounds[1]), float(bounds[2]), float(bounds[3])
