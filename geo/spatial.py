"""Opens files with geometry as they come: GeoJSON, GeoPackage, Parquet, Shapefile, FlatGeobuf."""

from __future__ import annotations

import json
import warnings
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pyarrow
import shapely
from pyproj import CRS
from pyproj.exceptions import CRSError

from geo.errors import UnreadableFileError
from geo.files import SPATIAL, refuse_unreadable

# What the libraries raise on a file that is cut off, damaged or something else than it says.
# How each kind of file begins. GDAL looks at the content and not at the name: a text that calls
# itself .gpkg could be a virtual layer, which reads other files of the machine.
BEGINS = {
    ".gpkg": b"SQLite format 3\x00",
    ".parquet": b"PAR1",
    ".shp": b"\x00\x00\x27\x0a",
    ".fgb": b"fgb",
}
BROKEN_LAYER = (
    RuntimeError,
    ValueError,
    TypeError,
    LookupError,
    OSError,
    pyarrow.ArrowException,
    shapely.errors.GEOSException,
)


def read_spatial(path: Path) -> tuple[gpd.GeoDataFrame, list[int]]:
    """Read a GeoJSON, GeoPackage, GeoParquet, Shapefile or FlatGeobuf as it stands.

    Returns the frame (index = the feature's number, from 1; crs None when the file has none)
    and the numbers of features whose ring is not closed. GeoJSON without a crs member is WGS 84
    (RFC 7946). Raises UnreadableFileError with a Swedish reason and remedy.

    >>> from geo.sources import DATA
    >>> frame, unclosed = read_spatial(DATA / "areas.geojson")
    >>> (len(frame), frame.crs.to_epsg(), unclosed)
    (20, 4326, [])
    """
    refuse_unreadable(path, SPATIAL)
    if path.suffix.lower() in {".geojson", ".json"}:
        return _read_geojson(path)
    _refuse_disguised(path)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            frame = (
                gpd.read_parquet(path)
                if path.suffix.lower() == ".parquet"
                else gpd.read_file(path, on_invalid="ignore")
            )
    except BROKEN_LAYER as fault:
        raise UnreadableFileError(
            f"{path.name} kan inte läsas som {path.suffix}. Öppna filen i QGIS och exportera om."
        ) from fault
    if not isinstance(frame, gpd.GeoDataFrame):
        raise UnreadableFileError(f"{path.name} har inga geometrier. Välj ett lager med ytor.")
    frame.index = pd.RangeIndex(1, len(frame) + 1)
    return frame, []


def _refuse_disguised(path: Path) -> None:
    begins = BEGINS[path.suffix.lower()]
    with path.open("rb") as file:
        if file.read(len(begins)) != begins:
            raise UnreadableFileError(
                f"{path.name} kan inte läsas som {path.suffix}. Öppna filen i QGIS och exportera "
                "om."
            )


def _read_geojson(path: Path) -> tuple[gpd.GeoDataFrame, list[int]]:
    try:
        data = json.loads(path.read_bytes().decode("utf-8-sig"))
    except (ValueError, RecursionError) as fault:
        raise UnreadableFileError(
            f"{path.name} är inte giltig JSON. Exportera om filen som GeoJSON (UTF-8)."
        ) from fault
    features = data.get("features") if isinstance(data, dict) else None
    if not isinstance(features, list) or not all(isinstance(f, dict) for f in features):
        raise UnreadableFileError(
            f"{path.name} är ingen GeoJSON FeatureCollection. Exportera om filen som GeoJSON."
        )
    geometries = [_geometry(feature.get("geometry")) for feature in features]
    unclosed = [n for n, f in enumerate(features, 1) if _has_open_ring(f.get("geometry"))]
    held = [f.get("properties") for f in features]
    try:
        properties = pd.DataFrame.from_records([p if isinstance(p, dict) else {} for p in held])
    except UnicodeEncodeError as fault:  # half a character, written as an escape
        raise UnreadableFileError(
            f"{path.name} har trasiga tecken i en text. Exportera om filen som GeoJSON (UTF-8)."
        ) from fault
    properties = properties.drop(columns="geometry", errors="ignore")
    properties.index = pd.RangeIndex(1, len(features) + 1)
    frame = gpd.GeoDataFrame(properties, geometry=geometries, crs=_geojson_crs(data))
    return frame, unclosed


def _geometry(geometry: Any) -> Any:
    if not isinstance(geometry, dict):
        return None
    try:
        return shapely.geometry.shape(geometry)
    except (
        ValueError,
        TypeError,
        KeyError,
        IndexError,
        AttributeError,
        RecursionError,
        shapely.errors.GEOSException,
    ):
        return None


def _has_open_ring(geometry: Any) -> bool:
    if not isinstance(geometry, dict):
        return False
    coordinates = geometry.get("coordinates")
    shapes: dict[Any, Any] = {"Polygon": [coordinates], "MultiPolygon": coordinates}
    polygons = shapes.get(str(geometry.get("type"))) or []
    try:
        return any(ring[0] != ring[-1] for polygon in polygons for ring in polygon)
    except (TypeError, IndexError, KeyError):
        return False


def _geojson_crs(data: dict[str, Any]) -> CRS:
    try:
        return CRS(data["crs"]["properties"]["name"].replace("OGC:1.3:CRS84", "EPSG::4326"))
    except (KeyError, TypeError, AttributeError, CRSError):
        return CRS("EPSG:4326")
