"""Opens files as they come from other people: encodings, separators, merged headers, sizes."""

from __future__ import annotations

import csv
import io
import json
import warnings
import zipfile
import zlib
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

import geopandas as gpd
import openpyxl
import pandas as pd
import pyarrow
import shapely
from pyproj import CRS
from pyproj.exceptions import CRSError

from geo.errors import UnreadableFileError

MAX_BYTES = 200_000_000
MAX_COLUMNS = 500
SPATIAL = {".geojson", ".json", ".gpkg", ".parquet", ".shp", ".fgb"}
TABLES = {".csv", ".txt", ".tsv", ".xlsx"}
# What the libraries raise on a file that is cut off, damaged or something else than it says.
BROKEN_LAYER = (
    RuntimeError,
    ValueError,
    TypeError,
    LookupError,
    OSError,
    pyarrow.ArrowException,
    shapely.errors.GEOSException,
)
BROKEN_WORKBOOK = (
    RuntimeError,
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    OSError,
    EOFError,
    ParseError,
    zipfile.BadZipFile,
    zlib.error,
)


def refuse_unreadable(path: Path, kinds: set[str]) -> None:
    """Raise UnreadableFileError for a file that is missing, empty, too large or of another kind.

    >>> refuse_unreadable(Path("finns-inte.csv"), TABLES)
    Traceback (most recent call last):
    geo.errors.UnreadableFileError: Filen finns-inte.csv finns inte. Kontrollera sökvägen.
    """
    if path.is_dir():
        raise UnreadableFileError(f"{path.name} är en mapp. Ange en fil i mappen.")
    if not path.is_file():
        raise UnreadableFileError(f"Filen {path.name} finns inte. Kontrollera sökvägen.")
    if path.suffix.lower() not in kinds:
        raise UnreadableFileError(
            f"{path.name}: filer av typen {path.suffix or 'utan ändelse'} kan inte läsas här. "
            f"Spara om som {', '.join(sorted(kinds))}."
        )
    size = path.stat().st_size
    if size > MAX_BYTES:
        raise UnreadableFileError(
            f"{path.name} är {size // 1_000_000} MB; gränsen är {MAX_BYTES // 1_000_000} MB. "
            "Dela upp filen eller ta bort det som inte behövs."
        )
    if size == 0:
        raise UnreadableFileError(f"{path.name} är tom. Exportera den på nytt.")


def read_table(path: Path) -> pd.DataFrame:
    """Read a CSV or Excel file as text cells; the index is the line in the file.

    CSV: UTF-8 (with or without BOM) or cp1252, separated by ; , or tab. Excel: the first sheet,
    with one header row. Raises UnreadableFileError with a Swedish reason and remedy.

    >>> from geo.sources import DATA
    >>> read_table(DATA / "networks.csv").loc[2, "network_id"]
    'bu-boda'
    """
    refuse_unreadable(path, TABLES)
    rows = _excel_rows(path) if path.suffix.lower() == ".xlsx" else _csv_rows(path)
    if not rows:
        raise UnreadableFileError(f"{path.name} har inga rader. Första raden ska vara rubriker.")
    header = [str(name).strip() for name in rows[0]]
    _refuse_header(path, header)
    width = len(header)
    cells = {
        line: (row + [""] * width)[:width]
        for line, row in enumerate(rows[1:], start=2)
        if any(cell.strip() for cell in row)
    }
    too_long = [n for n, row in enumerate(rows[1:], start=2) if any(c.strip() for c in row[width:])]
    if too_long:
        raise UnreadableFileError(
            f"{path.name} rad {too_long[0]}: fler celler än rubriker ({width}). "
            "Sätt citattecken om text som innehåller skiljetecknet."
        )
    return pd.DataFrame.from_dict(cells, orient="index", columns=header, dtype=object)


def _refuse_header(path: Path, header: list[str]) -> None:
    if len(header) > MAX_COLUMNS:
        raise UnreadableFileError(
            f"{path.name} har {len(header)} kolumner; gränsen är {MAX_COLUMNS}. "
            "Ta bort kolumner som inte behövs."
        )
    twice = sorted({name for name in header if name and header.count(name) > 1})
    if twice:
        raise UnreadableFileError(
            f"{path.name}: rubriken {', '.join(twice)} finns flera gånger. "
            "Ge varje kolumn ett eget namn."
        )


def _csv_rows(path: Path) -> list[list[str]]:
    data = path.read_bytes()
    if b"\x00" in data:
        raise UnreadableFileError(
            f"{path.name} innehåller NUL-tecken och är inte en textfil. Exportera den på nytt."
        )
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", errors="replace")
    first = text.split("\n", 1)[0]
    if first.count(";") + first.count(",") + first.count("\t") >= MAX_COLUMNS:
        raise UnreadableFileError(
            f"{path.name} har fler än {MAX_COLUMNS} kolumner. Ta bort kolumner som inte behövs."
        )
    separator = max(";,\t", key=first.count)
    try:
        return list(csv.reader(io.StringIO(text), delimiter=separator))
    except csv.Error as fault:
        raise UnreadableFileError(
            f"{path.name} kan inte läsas som CSV ({fault}). Spara om från Excel som CSV UTF-8."
        ) from fault


def _excel_rows(path: Path) -> list[list[str]]:
    try:
        _refuse_inflated(path)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            sheet = openpyxl.load_workbook(path, data_only=True).worksheets[0]
    except UnreadableFileError:
        raise
    except BROKEN_WORKBOOK as fault:
        raise UnreadableFileError(
            f"{path.name} är ingen läsbar Excelfil. Öppna den i Excel och spara om som .xlsx."
        ) from fault
    if any(cells.min_row == 1 for cells in sheet.merged_cells.ranges):
        raise UnreadableFileError(
            f"{path.name}: sammanfogade celler i rubrikraden. Dela dem (Startfliken, Koppla och "
            "centrera) så att varje kolumn har en rubrik i rad 1."
        )
    if sheet.max_column > MAX_COLUMNS:
        raise UnreadableFileError(
            f"{path.name} har {sheet.max_column} kolumner; gränsen är {MAX_COLUMNS}."
        )
    return [[_cell_text(cell) for cell in row] for row in sheet.iter_rows(values_only=True)]


def _refuse_inflated(path: Path) -> None:
    with zipfile.ZipFile(path) as packed:
        size = sum(part.file_size for part in packed.infolist())
    if size > MAX_BYTES:
        raise UnreadableFileError(
            f"{path.name} är {size // 1_000_000} MB uppackad; gränsen är "
            f"{MAX_BYTES // 1_000_000} MB. Ta bort tomma formaterade rader eller dela upp filen."
        )


def _cell_text(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if hasattr(cell, "isoformat"):
        return str(cell)[:10]
    return str(cell)


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
    properties = pd.DataFrame.from_records([p if isinstance(p, dict) else {} for p in held])
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
