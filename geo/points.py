"""Reads points from the tables and layers that people have them in."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from geo import crs, files, spatial
from geo.errors import GeoError, Issues, UnreadableFileError

POINT_COLUMNS = {("lon", "lat"): crs.WGS84, ("east", "north"): crs.METRIC, ("x", "y"): None}


def points(path: Path | str) -> tuple[gpd.GeoDataFrame, pd.DataFrame]:
    """Read points: CSV or Excel (x,y · lon,lat · east,north), GeoJSON, GeoPackage, Parquet.

    Returns points in EPSG:3006, index point_id (the file's column, else the row in the file).
    x,y may be degrees or SWEREF 99 TM: their size tells. A row without coordinates stays in the
    frame with an empty point, belongs to no area, and is an issue.

    >>> import tempfile
    >>> folder = tempfile.TemporaryDirectory()
    >>> path = Path(folder.name) / "fil.csv"
    >>> _ = path.write_text("lon,lat\\n12.94,57.72")
    >>> points(path)[0].crs.to_epsg()
    3006
    >>> folder.cleanup()
    """
    path, issues = Path(path), Issues("points")
    if path.suffix.lower() in files.TABLES:
        frame = _points_from_table(files.read_table(path), issues)
    else:
        frame, _ = spatial.read_spatial(path)
    bounds = crs.total_bounds(frame)
    wrong = crs.mismatch(bounds, frame.crs) if bounds else None
    if wrong:
        issues.error(wrong, column="geometry", kind="crs")
        return frame.iloc[:0].set_crs(crs.METRIC, allow_override=True), issues.frame()
    if len(frame) and not (frame.geom_type.dropna() == "Point").all():
        raise UnreadableFileError(f"{path.name}: punkter väntades. Välj ett lager med punkter.")
    if "point_id" in frame:
        frame = frame.set_index("point_id")
    return crs.to_metric(frame.rename_axis("point_id"), "punkterna"), issues.frame()


def _points_from_table(table: pd.DataFrame, issues: Issues) -> gpd.GeoDataFrame:
    lower = {str(name).lower(): name for name in table.columns}
    pair = next((pair for pair in POINT_COLUMNS if set(pair) <= set(lower)), None)
    if pair is None:
        raise GeoError(
            f"Kolumner för läget väntades (x,y eller lon,lat eller east,north), "
            f"fick {list(table.columns)!r}. Döp om kolumnerna."
        )
    x, y = (_coordinates(table[lower[name]], name, issues) for name in pair)
    known = np.isfinite(x) & np.isfinite(y)
    system = POINT_COLUMNS[pair]
    if system is None and known.any():
        bounds = (x[known].min(), y[known].min(), x[known].max(), y[known].max())
        system = crs.WGS84 if crs.guess(bounds).startswith("degrees") else crs.METRIC
    geometry = gpd.points_from_xy(np.where(known, x, np.nan), np.where(known, y, np.nan))
    return gpd.GeoDataFrame(table, geometry=geometry, crs=system or crs.METRIC)


def _coordinates(cells: pd.Series, name: str, issues: Issues) -> np.ndarray[Any, Any]:
    values = pd.to_numeric(cells.str.strip().str.replace(",", "."), errors="coerce")
    values = values.where(np.isfinite(values))
    for line, cell in cells[values.isna()].items():
        issues.error(
            f"{name}: ett tal väntades. Punkten räknas som okänd plats.",
            row=int(str(line)),
            column=name,
            value=cell,
        )
    return values.to_numpy(dtype="float64")
