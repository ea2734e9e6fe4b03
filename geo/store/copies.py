"""The whole store as a file: a backup for either kind of database, and layers for QGIS."""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pyogrio
import sqlalchemy as sa
from pyogrio.errors import DataLayerError, DataSourceError, FeatureError
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError

from geo import crs
from geo.errors import GeoError
from geo.store import guards, records, upgrade
from geo.store.database import Database, database
from geo.store.findings import as_frame as findings_frame
from geo.store.tables import ALL, FINDINGS, NUMBERED, VERSIONS, WALKS
from geo.store.walks import as_frame as walks_frame

CHUNK = 5_000
NUMBERS: dict[str, Any] = {
    "integer": "Int64",
    "floating": "float64",
    "mixed-integer-float": "float64",
}
GDAL = (DataSourceError, DataLayerError, FeatureError)
Progress = Callable[[int, int], object]  # rows done, rows in all


class Copies(records.Part):
    """The part of the store that copies it whole."""

    def backup(self, path: Path, progress: Progress | None = None) -> int:
        """Write everything as one SQLite file, whole or not at all; returns the number of rows.

        Removed rows, history and audit are in it. A store on PostgreSQL is written alike, so that
        either kind of database can be restored from it. Raises GeoError when the file exists, when
        nothing is kept yet, and for faults of the disk.
        """
        with written(path) as beside, self.file.reading() as connection:
            if connection is None:
                raise GeoError("Det finns inget att säkerhetskopiera: inget är sparat ännu.")
            return write_copy(connection, beside, progress)

    def restore(self, path: Path, made_by: str, progress: Progress | None = None) -> int:
        """Replace everything with a backup, in one transaction; returns the number of rows.

        The backup is checked first (whole, a version that is known; an older one is brought up in
        a copy). Take a backup of what is there before: it is gone afterwards, but for that. Raises
        GeoError, having changed nothing, when the file is no backup.
        """
        with tempfile.TemporaryDirectory() as folder, _of_ours(path):
            copy = checked_copy(path, Path(folder) / "backup.sqlite")
            with copy.reading() as source, self.changing(records.FIELD) as target:
                if source is None:
                    raise GeoError(f"{path.name} är tom. Välj en annan säkerhetskopia.")
                n_rows = _replace(source, target, progress)
                after = {"file_name": path.name}
                said = records.entry("store", path.name, "restore", made_by, after=after)
                records.note(target, [said])
                for what in (records.STATISTICS, records.NETWORKS):
                    records.count_change(target, what)
        return n_rows

    def export_layers(self, path: Path) -> list[str]:
        """Write everything as one GeoPackage (EPSG:3006): walks, findings, and tables; the layers.

        For QGIS and ArcGIS. Raises GeoError when the file exists, when nothing is kept yet, and
        for faults of the disk.
        """
        with written(path) as beside:
            with self.file.reading() as connection:
                if connection is None:
                    raise GeoError("Det finns inget att ta ut: inget är sparat ännu.")
                layers = _layers(connection)
            for name, frame in layers.items():
                pyogrio.write_dataframe(frame, beside, layer=name, driver="GPKG")
        return list(layers)


@contextmanager
def written(path: Path) -> Iterator[Path]:
    """Give a name beside a new file: what is written there gets the file's name, whole or not.

    Raises GeoError when the file exists, its folder does not, or the disk fails.

    >>> with tempfile.TemporaryDirectory() as folder:
    ...     with written(Path(folder) / "a.txt") as beside:
    ...         _ = beside.write_text("helt")
    ...     [path.name for path in Path(folder).iterdir()]
    ['a.txt']
    """
    if path.exists():
        raise GeoError(f"{path.name} finns redan. Välj ett annat namn, inget skrivs över.")
    if not path.parent.is_dir():
        raise GeoError(f"Mappen {path.parent} finns inte. Kontrollera sökvägen.")
    beside = path.with_name(f"{path.stem}.part{path.suffix}")
    try:
        _clear(beside)
        yield beside
        with beside.open("rb") as file:
            os.fsync(file.fileno())
        beside.replace(path)
    except (OSError, sqlite3.Error, *GDAL) as fault:
        raise GeoError(
            f"{path.name} kunde inte skrivas och inget av den är kvar. Kontrollera mappens "
            "rättigheter och att disken inte är full."
        ) from fault
    finally:
        _clear(beside)


def _clear(path: Path) -> None:
    for end in ("", "-wal", "-shm", "-journal"):
        path.with_name(path.name + end).unlink(missing_ok=True)


@contextmanager
def _of_ours(path: Path) -> Iterator[None]:
    """Turn a backup whose rows break the rules of the database into a sentence."""
    try:
        yield
    except DBAPIError as fault:
        raise GeoError(
            f"{path.name} följer inte databasens regler. Inget är ändrat. Välj en annan "
            "säkerhetskopia."
        ) from fault


def write_copy(connection: Connection, path: Path, progress: Progress | None = None) -> int:
    """Copy all that a connection sees into a new SQLite file of the newest version.

    >>> write_copy.__annotations__["return"]
    'int'
    """
    copy = database(str(path))
    with Database(copy.engine, copy.path, path.name).writing() as target:
        n_rows = _replace(connection, target, progress)
    with closing(sqlite3.connect(path, isolation_level=None)) as made:
        made.execute("PRAGMA journal_mode=DELETE")  # one file, without a log beside it
    return n_rows


def copy_file(path: Path, to: Path) -> None:
    """Copy a SQLite database as it stands, whatever its version, also while it is in use.

    >>> with tempfile.TemporaryDirectory() as folder:
    ...     copy_file(Path(folder) / "a.sqlite", Path(folder) / "b.sqlite")
    ...     (Path(folder) / "b.sqlite").exists()
    True
    """
    with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(to)) as target:
        source.backup(target)


def checked_copy(path: Path, to: Path) -> Database:
    """Return a database with a copy of a backup, whole and of the newest version.

    Raises GeoError when the file is missing, damaged, no backup, or of a newer program.

    >>> checked_copy(Path("finns-inte.sqlite"), Path("kopia.sqlite"))
    Traceback (most recent call last):
    geo.errors.GeoError: Säkerhetskopian finns-inte.sqlite finns inte. Kontrollera sökvägen.
    """
    if not path.is_file():
        raise GeoError(f"Säkerhetskopian {path.name} finns inte. Kontrollera sökvägen.")
    try:
        shutil.copyfile(path, to)
    except OSError as fault:
        raise GeoError(
            f"{path.name} kan inte läsas. Kontrollera rättigheterna och att disken inte är full."
        ) from fault
    copy = database(str(to))
    named = Database(copy.engine, copy.path, path.name)
    with named.writing(any_version=True) as connection:
        if connection.exec_driver_sql("PRAGMA integrity_check").scalar() != "ok":
            raise GeoError(f"{path.name} är skadad. Välj en annan säkerhetskopia.")
        found = upgrade.version(connection)
        if found is None:
            raise GeoError(f"{path.name} är ingen säkerhetskopia av Lägesbild. Välj en annan fil.")
        if found in upgrade.VERSIONS and found != upgrade.NEWEST:
            upgrade.to_newest(connection)
        upgrade.is_current(connection, path.name)
    return named


def _replace(source: Connection, target: Connection, progress: Progress | None) -> int:
    """Make the target's tables hold exactly the source's rows."""
    counted = sa.func.count()
    total = sum(source.scalar(sa.select(counted).select_from(table)) or 0 for table in ALL)
    guards.lift(target)
    for table in reversed(ALL):
        target.execute(sa.delete(table))
    done = 0
    for table in ALL:
        for part in _parts(source, table):
            target.execute(sa.insert(table), part)
            done += len(part)
            if progress is not None:
                progress(done, total)
    guards.put(target)
    if target.dialect.name == "postgresql":
        for name, column in NUMBERED.items():
            target.exec_driver_sql(
                f"SELECT setval(pg_get_serial_sequence('{name}', '{column}'), "
                f"(SELECT COALESCE(MAX({column}), 0) + 1 FROM {name}), false)"
            )
    return done


def _parts(source: Connection, table: sa.TableClause) -> Iterator[list[dict[str, Any]]]:
    key = list(table.columns)[:6]  # the longest primary key
    found = source.execution_options(yield_per=CHUNK).execute(sa.select(table).order_by(*key))
    for part in found.mappings().partitions():
        yield [dict(row) for row in part]


def _layers(connection: Connection) -> dict[str, Any]:
    """Return everything as frames: the ones with a place first."""
    walks = walks_frame(records.frame_of(connection, WALKS))
    findings = findings_frame(records.frame_of(connection, FINDINGS))
    plain = [table for table in ALL if table not in (WALKS, FINDINGS, VERSIONS)]
    flat = {table.name: records.frame_of(connection, table) for table in plain}
    found: dict[str, Any] = {"walks": walks.reset_index(), "findings": findings.reset_index()}
    return {name: _plain(frame) for name, frame in (found | flat).items()}


def _plain(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a frame that a GeoPackage takes: lists and what has no type as text."""
    made = frame.copy()
    for name in made.columns:
        kind = pd.api.types.infer_dtype(made[name])
        if kind in NUMBERS:
            made[name] = made[name].astype(NUMBERS[kind])
        elif made[name].dtype == object and name != "geometry":
            cells = made[name].map(lambda v: "; ".join(v) if isinstance(v, tuple) else v)
            made[name] = pd.array([None if pd.isna(v) else str(v) for v in cells], dtype=object)
    return gpd.GeoDataFrame(made, crs=crs.METRIC) if "geometry" in made else made
