"""Makes the catchment of each network out of whole and split base areas."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely

from geo import crs
from geo.errors import GeoError, require_columns
from geo.sources import CONFIDENCES, layer_of

COLUMNS = (
    "name",
    "layer",
    "association",
    "sub_areas",
    "base_areas",
    "split_base_areas",
    "area_km2",
    "confidence",
    "source",
)
SOURCE = "Lägesbild Borås: union av SCB RegSO 2025 (CC0) efter data/memberships.csv; konstruktion"


def build(
    base_areas: gpd.GeoDataFrame,
    memberships: pd.DataFrame,
    networks: pd.DataFrame | None = None,
) -> gpd.GeoDataFrame:
    """Join the base areas of each network into its catchment.

    A split base area (extent = part) belongs, as a whole polygon, to every network that has a
    part of it: no inner line is known. It is named in split_base_areas and counted by share.

    base_areas: polygons, EPSG:3006, index base_area_id.
    memberships: network_id, base_area_id, extent; optional confidence (low, medium, high).
    networks: optional, index network_id, with name, association and sub_areas.
    Returns one polygon per network, EPSG:3006, index area_id, in the order of memberships:
    name, layer, association, sub_areas, base_areas, split_base_areas (tuples), area_km2,
    confidence (the lowest of its rows, "" when unknown) and source.
    Raises GeoError for a missing column, another CRS, a pair that comes twice, or a base area
    that is not among the polygons. Source: data/README.md, docs/method.md.

    >>> squares = gpd.GeoDataFrame(geometry=[shapely.box(0, 0, 1000, 1000),
    ...     shapely.box(1000, 0, 2000, 1000)], index=["A", "B"], crs="EPSG:3006")
    >>> rows = pd.DataFrame({"network_id": ["bu-x", "bu-x"], "base_area_id": ["A", "B"],
    ...     "extent": ["whole", "part"]})
    >>> build(squares, rows)[["area_km2", "split_base_areas"]].values.tolist()
    [[2.0, ('B',)]]
    """
    crs.require_metric(base_areas, "base_areas")
    require_columns(memberships, ("network_id", "base_area_id", "extent"), "memberships")
    unknown = sorted(set(memberships["base_area_id"]) - set(base_areas.index))
    if unknown:
        raise GeoError(
            f"memberships: basområden {unknown!r} finns inte bland polygonerna. "
            "Rätta id:t eller läs in rätt årgång."
        )
    again = memberships[memberships.duplicated(["network_id", "base_area_id"])]
    if len(again):
        raise GeoError(
            f"memberships: {sorted(set(again['network_id']))!r} har samma basområde flera gånger. "
            "Behåll en av raderna."
        )
    seamless = bool(shapely.coverage_is_valid(base_areas.geometry.to_numpy()))
    rows = {
        str(network_id): _catchment(str(network_id), members, base_areas, networks, seamless)
        for network_id, members in memberships.groupby("network_id", sort=False)
    }
    frame = pd.DataFrame.from_dict(rows, orient="index", columns=[*COLUMNS, "geometry"])
    frame.index.name = "area_id"
    return gpd.GeoDataFrame(frame, geometry="geometry", crs=crs.METRIC)


def _catchment(
    network_id: str,
    members: pd.DataFrame,
    base_areas: gpd.GeoDataFrame,
    networks: pd.DataFrame | None,
    seamless: bool,
) -> dict[str, Any]:
    ids = tuple(members["base_area_id"])
    polygons = base_areas.geometry.loc[list(ids)].to_numpy()
    union = shapely.coverage_union_all(polygons) if seamless else shapely.union_all(polygons)
    register: dict[Any, Any] = {}
    if networks is not None and network_id in networks.index:
        register = networks.loc[network_id].to_dict()
    return {
        "name": register.get("name", network_id),
        "layer": register.get("layer") or layer_of(network_id),
        "association": register.get("association", ""),
        "sub_areas": tuple(register.get("sub_areas", ())),
        "base_areas": ids,
        "split_base_areas": tuple(members.loc[members["extent"] == "part", "base_area_id"]),
        "area_km2": round(union.area / 1e6, 6),
        "confidence": lowest_confidence(members.get("confidence", pd.Series(dtype=object))),
        "source": SOURCE,
        "geometry": union,
    }


def lowest_confidence(confidences: Iterable[object]) -> str:
    """Return the lowest of low < medium < high; "" when none is known.

    >>> lowest_confidence(["high", "low", "medium"])
    'low'
    """
    found = set(confidences)
    return next((value for value in CONFIDENCES if value in found), "")


def to_geojson(areas: gpd.GeoDataFrame) -> str:
    """Write catchments as RFC 7946 GeoJSON text: WGS 84, 7 decimals, outer rings anticlockwise.

    The same catchments always give the same text, so that a build can be compared with what ships.

    >>> from geo import read
    >>> to_geojson(read.areas()[0]).count('"type": "Feature",')
    20
    """
    degrees = crs.to_metric(areas, "areas").to_crs(crs.WGS84)
    rounded = shapely.transform(degrees.geometry.to_numpy(), lambda xy: xy.round(7))
    shaped = shapely.orient_polygons(rounded)
    lines = [
        json.dumps(
            {
                "type": "Feature",
                "properties": {"area_id": area_id, **_plain(areas.loc[area_id])},
                "geometry": shapely.geometry.mapping(geometry),
            },
            ensure_ascii=False,
        )
        for area_id, geometry in zip(areas.index, shaped, strict=True)
    ]
    return '{"type": "FeatureCollection", "features": [\n' + ",\n".join(lines) + "\n]}\n"


def _plain(area: pd.Series) -> dict[str, Any]:
    return {
        column: list(area[column]) if isinstance(area[column], tuple) else area[column]
        for column in COLUMNS
    }
