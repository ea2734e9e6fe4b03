"""Reads polygons: the base areas and the catchments, checked, in EPSG:3006."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from geo import crs, shapes, spatial
from geo.errors import Issues
from geo.sources import DATA, LAYERS

ReadGeo = tuple[gpd.GeoDataFrame, pd.DataFrame]
LIST_COLUMNS = ("sub_areas", "base_areas", "split_base_areas")


def base_areas(path: Path | str = DATA / "base_areas.geojson") -> ReadGeo:
    """Read the base areas (47 RegSO 2025 of Borås by default) as a checked coverage.

    Returns polygons in EPSG:3006, index base_area_id, with name; overlaps and gaps between
    them are issues with place and m².

    >>> found, issues = base_areas()
    >>> (len(found), found.crs.to_epsg(), issues.empty)
    (47, 3006, True)
    """
    frame, issues = _polygons(Path(path), "base_areas", "base_area_id")
    frame = frame.set_index("base_area_id")
    shapes.check_coverage(frame, issues)
    return frame, issues.frame()


def areas(path: Path | str = DATA / "areas.geojson") -> ReadGeo:
    """Read catchments: polygons in EPSG:3006, index area_id; they may overlap.

    Columns: name, layer, association, sub_areas, base_areas, split_base_areas (tuples),
    area_km2, confidence, source. An unknown layer is an error and leaves the row out.

    >>> areas()[0].at["bu-sjobo", "sub_areas"]
    ('Alideberg', 'Erikslund', 'Tosseryd')
    """
    frame, issues = _polygons(Path(path), "areas", "area_id")
    for column in LIST_COLUMNS:
        if column in frame:
            frame[column] = frame[column].map(_as_tuple)
    if "layer" in frame:
        for row, layer in frame.loc[~frame["layer"].isin(LAYERS), "layer"].items():
            issues.error(
                f"{frame.at[row, 'area_id']}: lagret {layer!r} finns inte. "
                f"Skriv {', '.join(LAYERS)}.",
                row=int(str(row)),
                column="layer",
                value=layer,
            )
        frame = frame[frame["layer"].isin(LAYERS)]
    return frame.set_index("area_id"), issues.frame()


def _as_tuple(value: Any) -> tuple[str, ...]:
    if isinstance(value, str):
        parts = value.strip("[]").replace('"', "").replace(";", ",").split(",")
        return tuple(part.strip() for part in parts if part.strip())
    return tuple(value) if isinstance(value, list | tuple | np.ndarray) else ()


def _polygons(path: Path, dataset: str, index: str) -> tuple[gpd.GeoDataFrame, Issues]:
    issues = Issues(dataset)
    raw, unclosed = spatial.read_spatial(path)
    for column in (index, "name"):
        if column not in raw:
            issues.error(
                f"Egenskapen {column} saknas. Döp om rätt fält till {column}.",
                column=column,
                kind="missing_column",
            )
            return _empty(index), issues
    frame = shapes.check_polygons(raw, unclosed, issues)
    nameless = frame[index].isna() | (frame[index].astype(str).str.strip() == "")
    again = frame[index].duplicated() & ~nameless
    for row in frame.index[nameless]:
        issues.error(f"{index} saknas. Ge ytan ett id.", row=int(row), column=index)
    for row in frame.index[again]:
        value = frame.at[row, index]
        issues.error(
            f"{index} {value} finns flera gånger. Behåll en av ytorna.",
            row=int(row),
            column=index,
            kind="duplicate",
            value=value,
        )
    return frame[~nameless & ~again], issues


def _empty(index: str) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame({index: [], "name": []}, geometry=[], crs=crs.METRIC)
