"""Writes frames as files that other programs open safely: CSV, Excel, GeoJSON, GeoPackage."""

from __future__ import annotations

import io
import tempfile
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.utils import get_column_letter

from geo import crs

DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n")


def harmless(value: Any) -> Any:
    """Make a text harmless in a spreadsheet: what begins as a formula gets a leading apostrophe.

    Control characters, which no workbook may hold, are taken out.

    >>> harmless("=HYPERLINK(1)"), harmless("Norrby"), harmless(-2)
    ("'=HYPERLINK(1)", 'Norrby', -2)
    """
    if isinstance(value, tuple | list):
        value = "; ".join(map(str, value))
    if not isinstance(value, str):
        return value
    text = ILLEGAL_CHARACTERS_RE.sub("", value)
    return "'" + text if text.startswith(DANGEROUS) else text


def _plain(frame: pd.DataFrame) -> pd.DataFrame:
    table = pd.DataFrame(frame.drop(columns="geometry", errors="ignore"))
    for place, column in enumerate(table.dtypes):
        if column.kind == "O":  # texts and lists; numbers and days keep their type
            cells = table.iloc[:, place].astype(object)
            table.isetitem(place, cells.where(cells.notna(), None).map(harmless).array)
    table.columns = [harmless(str(name)) for name in table.columns]
    return table


def to_csv(frame: pd.DataFrame, *, index: bool = False) -> bytes:
    """Write a table as the CSV that Swedish Excel opens: UTF-8 with BOM, ; and decimal comma.

    >>> to_csv(pd.DataFrame({"namn": ["=1"], "andel": [0.5]})).decode("utf-8-sig").split()
    ['namn;andel', "'=1;0,5"]
    """
    table = frame.reset_index() if index else frame
    text = _plain(table).to_csv(sep=";", decimal=",", index=False, lineterminator="\r\n")
    return text.encode("utf-8-sig")


def to_excel(sheets: dict[str, pd.DataFrame], about: list[str]) -> bytes:
    """Write tables as one Excel workbook: a sheet a table, and last a sheet of what it is.

    >>> to_excel({"Blad": pd.DataFrame({"a": [1]})}, ["Källa"])[:2]
    b'PK'
    """
    buffer = io.BytesIO()
    with pd.ExcelWriter(buffer, engine="openpyxl") as book:
        for name, frame in sheets.items():
            _plain(frame).to_excel(book, sheet_name=name[:31], index=False)
        notes = pd.DataFrame({"Om filen": [harmless(line) for line in about]})
        notes.to_excel(book, sheet_name="Om", index=False)
        for sheet in book.sheets.values():
            sheet.freeze_panes = "A2"
            for number, cells in enumerate(sheet.iter_cols(values_only=True), start=1):
                width = max((len(str(cell)) for cell in cells if cell is not None), default=8)
                sheet.column_dimensions[get_column_letter(number)].width = min(width + 2, 60)
    return buffer.getvalue()


def to_geojson(frame: gpd.GeoDataFrame) -> bytes:
    """Write a layer as RFC 7946 GeoJSON: WGS 84, 7 decimals, with its index as a property.

    >>> from geo import read
    >>> to_geojson(read.areas()[0])[:28]
    b'{"type": "FeatureCollection"'
    """
    degrees = crs.to_metric(frame, "lagret").to_crs(crs.WGS84).reset_index()
    rounded = shapely.transform(degrees.geometry.to_numpy(), lambda xy: xy.round(7))
    layer = degrees.set_geometry(gpd.GeoSeries(shapely.orient_polygons(rounded), crs=crs.WGS84))
    for column in layer.select_dtypes("datetime").columns:
        layer[column] = layer[column].dt.strftime("%Y-%m-%d")
    return str(layer.to_json(ensure_ascii=False, drop_id=True)).encode("utf-8")


def to_geopackage(layers: dict[str, gpd.GeoDataFrame]) -> bytes:
    """Write layers as one GeoPackage in SWEREF 99 TM (EPSG:3006), read back by QGIS and ArcGIS.

    >>> from geo import read
    >>> to_geopackage({"omraden": read.areas()[0]})[:15]
    b'SQLite format 3'
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "lager.gpkg"
        for name, frame in layers.items():
            flat = crs.to_metric(frame, name).reset_index()
            for column in flat.columns.drop("geometry"):
                flat[column] = flat[column].map(
                    lambda value: "; ".join(value) if isinstance(value, tuple | list) else value
                )
            flat.to_file(path, layer=name, driver="GPKG")
        return path.read_bytes()


def write_text(path: Path, text: str) -> None:
    """Write a file whole or not at all: beside it first, then in its place.

    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_text(Path(folder) / "a.txt", "å")
    ...     (Path(folder) / "a.txt").read_text("utf-8")
    'å'
    """
    beside = path.with_name(path.name + ".part")
    beside.write_text(text, encoding="utf-8", newline="\n")
    beside.replace(path)
