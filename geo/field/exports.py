"""Reads what the tools of the field export: findings and walks, as text still to be checked."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import numpy as np
import pandas as pd

from geo import files, kinds, spatial
from geo.field import coordinates, headers
from geo.field.xlsform import WALK
from geo.schema import Column

_UUID = re.compile(r"(?:uuid:)?\{?([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\}?", re.IGNORECASE)
_DAY = re.compile(r"(\d{4}-\d{2}-\d{2})[T ]\d{2}:.*")  # a day with a time of the day
_TIME = re.compile(r"(\d{1,2}:\d{2}):\d{2}.*")
_DAYS = ("date", "walk_date", *(c.name for c in kinds.FINDINGS.columns if c.type == "date"))
_TIMES = ("start_time", "end_time")
_OF_ID = ("walk_id", "observed_date", "kind", "category", "description", "x", "y")


def raw(
    path: Path | str,
    *,
    networks: pd.DataFrame | None = None,
    categories: pd.DataFrame | None = None,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Read an export as two tables of text cells: findings and walks, index = row in the file.

    path: CSV or Excel of ODK Central or KoboToolbox, GeoJSON, a GeoPackage of QField, or a table
    of our own columns. networks, categories: registers whose labels are known; else those that
    ship. Only columns of kinds.FINDINGS and kinds.WALKS are returned: what tells of the phone or of
    who holds it (DeviceID, username, phonenumber, subscriberid, simserial, audit, SubmitterName
    and the like) is personal data and is not read. Nothing is judged here: findings_file does.

    x, y and route are in EPSG:3006 (see geo.field.coordinates). finding_id is the submission's own,
    always uuid:…, so that reading it again gives the same; a row that has none gets "rad-" and a
    sum of what it says, so that two equal rows have the same. Raises UnreadableFileError when the
    file cannot be read, and GeoError when a layer has no CRS.

    >>> import tempfile
    >>> folder = tempfile.TemporaryDirectory()
    >>> path = Path(folder.name) / "odk.csv"
    >>> head = "record,network_id,walk_date,location-Latitude,location-Longitude,kind,KEY\\n"
    >>> _ = path.write_text(head + "finding,on-norrby,2026-03-01,57.72,12.94,brist,uuid:A1\\n")
    >>> findings, walks = raw(path)
    >>> findings.loc[2, ["finding_id", "walk_id", "x"]].tolist(), len(walks)
    (['uuid:a1', 'tv-2026-03-01-on-norrby', '377297.4'], 0)
    >>> folder.cleanup()
    """
    table = _opened(Path(path))
    for name, meanings in headers.codes(networks, categories).items():
        if name in table:
            table[name] = [meanings.get(headers.plain(text), text) for text in table[name]]
    for names, pattern in ((_DAYS, _DAY), (_TIMES, _TIME)):
        for name in set(names) & set(table.columns):
            table[name] = table[name].str.replace(pattern, r"\1", regex=True)
    table["walk_id"] = _walk_id(table)
    is_walk = _is_walk(table)
    return _findings(table[~is_walk]), _walks(table[is_walk])


def _opened(path: Path) -> pd.DataFrame:
    """Open a file as text cells under our names, and where each row is: x, y, and route."""
    if path.suffix.lower() in files.TABLES:
        table = headers.renamed(files.read_table(path))
        where = coordinates.points(table)
    else:
        frame, _ = spatial.read_spatial(path)
        cells = pd.DataFrame(frame.drop(columns=frame.geometry.name))
        table = headers.renamed(cells.map(_text).astype(object))
        where = coordinates.of_layer(frame)
        elsewhere = coordinates.points(table)
        unplaced = (where["x"] == "") & (where["y"] == "")
        where.loc[unplaced, ["x", "y"]] = elsewhere[unplaced]
    if "route" in table:
        told = table["route"].map(coordinates.line)
        where["route"] = told if "route" not in where else told.where(told != "", where["route"])
    return table.drop(columns=list(where.columns), errors="ignore").join(where)


def _text(value: object) -> str:
    if isinstance(value, list | tuple | np.ndarray):
        return ";".join(map(str, value))
    if value is None or value is pd.NaT or value is pd.NA or value != value:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _column(table: pd.DataFrame, *names: str) -> pd.Series:
    """Return the first of some columns that is not empty, row by row."""
    cells = pd.Series("", index=table.index, dtype=object)
    for name in names:
        if name in table:
            cells = cells.where(cells != "", table[name])
    return cells


def _walk_id(table: pd.DataFrame) -> pd.Series:
    """Return the walk of each row; where it is not told, as the form would reckon it."""
    network, day = _column(table, "network_id"), _column(table, "walk_date", "date")
    reckoned = ("tv-" + day + "-" + network).where((network != "") & (day != ""), "")
    told = _column(table, "walk_id")
    return told.where(told != "", reckoned)


def _is_walk(table: pd.DataFrame) -> pd.Series:
    if "record" in table:
        return table["record"] == WALK
    is_register = {"network_id", "date"} <= set(table) and not {"kind", "category"} & set(table)
    return pd.Series(is_register, index=table.index, dtype=bool)


def _findings(rows: pd.DataFrame) -> pd.DataFrame:
    found = rows.assign(observed_date=_column(rows, "observed_date", "walk_date", "date"))
    own = _column(rows, "finding_id")
    given = _column(rows, *headers.IDS).map(_own_id)
    own = own.map(lambda text: _own_id(text) if _UUID.fullmatch(text) else text)
    own = own.where(own != "", given)
    said = zip(*(_column(found, name) for name in _OF_ID), strict=True)
    found["finding_id"] = own.where(own != "", [_id_of("\x1f".join(cells)) for cells in said])
    return _kept(found, kinds.FINDINGS.columns)


def _own_id(text: str) -> str:
    """Return the id that a tool gave as "uuid:…", however the tool writes it."""
    bare = text.strip().lower().removeprefix("uuid:").strip("{}")
    return f"uuid:{bare}" if bare else ""


def _id_of(said: str) -> str:
    return f"rad-{hashlib.sha256(said.encode(errors='surrogatepass')).hexdigest()[:16]}"


def _walks(rows: pd.DataFrame) -> pd.DataFrame:
    return _kept(rows.assign(date=_column(rows, "date", "walk_date")), kinds.WALKS.columns)


def _kept(rows: pd.DataFrame, columns: tuple[Column, ...]) -> pd.DataFrame:
    """Leave what is not ours; a table without rows lacks no column."""
    names = [column.name for column in columns if column.name in rows or rows.empty]
    return rows.reindex(columns=names).astype(object)
