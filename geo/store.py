"""The store: statistics as they were imported, each import whole, and each can be undone."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

import pandas as pd
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from geo import changes, database
from geo.changes import COLUMNS, KEY, NUMBERS
from geo.changes import Preview as Preview
from geo.errors import GeoError, require_columns

CHUNK = 5_000

_METADATA = sa.MetaData()
_IMPORTS = sa.Table(
    "imports",
    _METADATA,
    sa.Column("import_id", sa.Integer, primary_key=True),
    sa.Column("made_at", sa.DateTime, nullable=False),  # UTC
    sa.Column("made_by", sa.Text, nullable=False),
    sa.Column("what", sa.Text, nullable=False),
    sa.Column("file_name", sa.Text, nullable=False),
    sa.Column("sha256", sa.Text, nullable=False, index=True),
    sa.Column("n_rows", sa.Integer, nullable=False),
    sa.Column("n_new", sa.Integer, nullable=False),
    sa.Column("n_changed", sa.Integer, nullable=False),
    sa.Column("n_same", sa.Integer, nullable=False),
    sa.Column("note", sa.Text, nullable=False),
    sa.Column("taken_back_at", sa.DateTime),  # UTC; empty while the import counts
    sqlite_autoincrement=True,
)
_STATISTICS = sa.Table(
    "statistics",
    _METADATA,
    sa.Column("import_id", sa.ForeignKey(_IMPORTS.c.import_id), primary_key=True),
    *(sa.Column(name, sa.Text, primary_key=True) for name in KEY),
    *(sa.Column(name, sa.Float) for name in NUMBERS),
    sa.Column("status", sa.Text, nullable=False),
    sa.Column("source", sa.Text, nullable=False),
    sa.Index("statistics_by_indicator", "indicator_id", "period"),
)
_VERSIONS = sa.Table(
    "versions",
    _METADATA,
    sa.Column("what", sa.Text, primary_key=True),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("changed_at", sa.DateTime, nullable=False),  # UTC
)
_VERSION = sa.select(_VERSIONS).where(_VERSIONS.c.what == "statistics")


class AlreadyImportedError(GeoError):
    """The same file counts in the store already; nothing was written."""


@dataclass(frozen=True)
class Store:
    """One opened store; use it in a with statement, or close it."""

    file: database.Database

    def __enter__(self) -> Self:
        """Return the store itself."""
        return self

    def __exit__(self, *_fault: object) -> None:
        """Close the store."""
        self.close()

    def close(self) -> None:
        """Let go of the file."""
        self.file.engine.dispose()

    def preview(self, frame: pd.DataFrame) -> Preview:
        """Tell what an import would change, and write nothing.

        frame: checked statistics in long form, one row per key. Raises GeoError when columns are
        missing, a key comes twice, or the store cannot be read.
        """
        return changes.compare(_checked(frame), self.statistics())

    def refuse_imported(self, *, file_name: str, sha256: str) -> None:
        """Raise AlreadyImportedError when the same file (sha256) counts already."""
        with self._reading() as connection:
            if connection is not None:
                _refuse_again(connection, sha256, file_name)

    def save_statistics(
        self,
        frame: pd.DataFrame,
        *,
        file_name: str,
        sha256: str,
        made_by: str,
        what: str,
        note: str = "",
    ) -> int:
        """Keep checked statistics as one import, all or nothing; returns its number.

        A cell that is in the store from before is replaced, and comes back if the import is
        taken back. Raises AlreadyImportedError when the same file (sha256) counts already, and
        GeoError as preview does.
        """
        rows = _checked(frame)
        about: dict[str, Any] = {"made_by": made_by, "what": what, "note": note}
        with self._writing() as connection:
            _refuse_again(connection, sha256, file_name)
            found = changes.compare(rows, _current(connection))
            about |= {"made_at": _now(), "file_name": file_name, "sha256": sha256}
            about |= {"n_rows": len(rows), "n_new": len(found.new)}
            about |= {"n_changed": len(found.changed), "n_same": len(found.same)}
            made = connection.execute(sa.insert(_IMPORTS).returning(_IMPORTS.c.import_id), about)
            import_id = int(made.scalar_one())
            for start in range(0, len(rows), CHUNK):
                part = rows.iloc[start : start + CHUNK].assign(import_id=import_id)
                connection.execute(sa.insert(_STATISTICS), _records(part))
        return import_id

    def take_back(self, import_id: int) -> None:
        """Undo an import: what was there before counts again. Its rows are kept, unused.

        Raises GeoError when there is no such import, or when it was taken back already.
        """
        with self._writing() as connection:
            row = _import(connection, import_id)
            if row.taken_back_at is not None:
                raise GeoError(
                    f"Import {import_id} är redan ångrad ({row.taken_back_at:%Y-%m-%d}). "
                    "Läs in filen på nytt om den ska gälla igen."
                )
            _mark(connection, import_id, _now())

    def restore_import(self, import_id: int) -> None:
        """Let an import that was taken back count again, in its old place in the order.

        Raises GeoError when there is no such import, when it counts already, or when the same
        file has been imported anew.
        """
        with self._writing() as connection:
            row = _import(connection, import_id)
            if row.taken_back_at is None:
                raise GeoError(f"Import {import_id} gäller redan. Inget behöver göras.")
            _refuse_again(connection, row.sha256, row.file_name)
            _mark(connection, import_id, None)

    def imports(self) -> pd.DataFrame:
        """List the imports, oldest first: index import_id; times in UTC, counts of rows.

        taken_back_at is NaT while the import counts.
        """
        with self._reading() as connection:
            found = connection.execute(sa.select(_IMPORTS)).all() if connection is not None else []
        frame = pd.DataFrame(found, columns=[column.name for column in _IMPORTS.columns])
        for column in ("made_at", "taken_back_at"):
            frame[column] = pd.to_datetime(frame[column], utc=True)
        return frame.set_index("import_id").sort_index()

    def statistics(self, indicator_id: str | None = None) -> pd.DataFrame:
        """Return what counts now: for each cell the newest import that is not taken back.

        Long form with import_id, sorted by key; of one indicator when it is named. Missing and
        suppressed numbers are NaN. Empty, with its columns, when nothing has been imported.
        """
        with self._reading() as connection:
            return _current(connection, indicator_id)

    def version(self) -> str:
        """Return a text that changes with every import and every undo: a key for caches."""
        with self._reading() as connection:
            row = connection.execute(_VERSION).first() if connection is not None else None
        return "0" if row is None else f"{row.number}@{row.changed_at.isoformat()}"

    @contextmanager
    def _reading(self) -> Iterator[Connection | None]:
        with self.file.reading() as connection:
            kept = connection is not None and sa.inspect(connection).has_table("versions")
            yield connection if kept else None

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        with self.file.writing(_METADATA) as connection:
            yield connection
            _count_change(connection)


def open(url: str | None = None) -> Store:  # noqa: A001 - geo.store.open is the agreed name
    """Open the store; the file is made by the first import, never by opening or reading.

    url: sqlite:///PATH or a path. Without it LAGESBILD_STORE, or var/lagesbild.sqlite. Raises
    GeoError for another kind of database.

    >>> import tempfile
    >>> folder = tempfile.TemporaryDirectory()
    >>> with open(f"sqlite:///{folder.name}/prov.sqlite") as store:
    ...     len(store.statistics()), store.version()
    (0, '0')
    >>> folder.cleanup()
    """
    text = url or os.environ.get("LAGESBILD_STORE") or str(database.DEFAULT)
    return Store(database.database(text))


def path() -> Path:
    """Return the store's file: LAGESBILD_STORE, or var/lagesbild.sqlite. It may not exist yet.

    >>> path().suffix
    '.sqlite'
    """
    return open().file.path


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)


def _checked(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the columns that are kept, in order; refuse what cannot be one import."""
    require_columns(frame, COLUMNS, "statistics")
    rows = frame.loc[:, list(COLUMNS)].reset_index(drop=True)
    rows = rows.astype(dict.fromkeys(NUMBERS, "float64"))
    if rows.empty:
        raise GeoError("statistics: minst en rad väntades, fick ingen. Kontrollera filen.")
    again = int(rows.duplicated(list(KEY)).sum())
    if again:
        raise GeoError(
            f"statistics: en rad per {', '.join(KEY)} väntades, fick {again} rader för mycket. "
            "Granska filen med geo.statistics.check först."
        )
    return rows


def _records(rows: pd.DataFrame) -> list[dict[str, Any]]:
    cells = rows.astype(object)
    plain = cells.where(cells.notna(), None)
    return [dict(zip(rows.columns, row, strict=True)) for row in plain.to_numpy()]


def _current(connection: Connection | None, indicator_id: str | None = None) -> pd.DataFrame:
    newest = sa.func.row_number().over(
        partition_by=[_STATISTICS.c[name] for name in KEY],
        order_by=_STATISTICS.c.import_id.desc(),
    )
    live = sa.select(_STATISTICS, newest.label("place")).join(_IMPORTS)
    live = live.where(_IMPORTS.c.taken_back_at.is_(None))
    if indicator_id is not None:
        live = live.where(_STATISTICS.c.indicator_id == indicator_id)
    part = live.subquery()
    names = [*COLUMNS, "import_id"]
    wanted = sa.select(*(part.c[name] for name in names)).where(part.c.place == 1)
    wanted = wanted.order_by(*(part.c[name] for name in KEY))
    found = connection.execute(wanted).all() if connection is not None else []
    columns = zip(*found, strict=True) if found else [()] * len(names)
    frame = pd.DataFrame(dict(zip(names, columns, strict=True)), dtype=object)
    return frame.astype(dict.fromkeys(NUMBERS, "float64") | {"import_id": "int64"})


def _import(connection: Connection, import_id: int) -> Any:
    row = connection.execute(sa.select(_IMPORTS).where(_IMPORTS.c.import_id == import_id)).first()
    if row is None:
        raise GeoError(
            f"Import {import_id} finns inte. Se numren med: python -m geo statistics list."
        )
    return row


def _mark(connection: Connection, import_id: int, when: datetime | None) -> None:
    chosen = sa.update(_IMPORTS).where(_IMPORTS.c.import_id == import_id)
    connection.execute(chosen.values(taken_back_at=when))


def _refuse_again(connection: Connection, sha256: str, file_name: str) -> None:
    same = sa.and_(_IMPORTS.c.sha256 == sha256, _IMPORTS.c.taken_back_at.is_(None))
    row = connection.execute(sa.select(_IMPORTS).where(same)).first()
    if row is not None:
        raise AlreadyImportedError(
            f"{file_name} är redan inläst (import {row.import_id}, {row.made_at:%Y-%m-%d}). "
            "Inget skrevs. Ångra den importen först om filen ska läsas på ett annat sätt."
        )


def _count_change(connection: Connection) -> None:
    row = connection.execute(_VERSION).first()
    change = {"number": 1 if row is None else row.number + 1, "changed_at": _now()}
    if row is None:
        connection.execute(sa.insert(_VERSIONS).values(what="statistics", **change))
    else:
        ours = sa.update(_VERSIONS).where(_VERSIONS.c.what == "statistics")
        connection.execute(ours.values(**change))
