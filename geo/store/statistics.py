"""Statistics as they were imported, each import whole, and each can be undone."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pandas as pd
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from geo import changes
from geo.changes import COLUMNS, KEY, NUMBERS
from geo.changes import Preview as Preview
from geo.errors import GeoError, require_columns
from geo.store import records
from geo.store.tables import IMPORTS, STATISTICS

CHUNK = 5_000


class AlreadyImportedError(GeoError):
    """The same file counts in the store already; nothing was written."""


class Statistics(records.Part):
    """The part of the store that keeps statistics."""

    def preview(self, frame: pd.DataFrame) -> Preview:
        """Tell what an import would change, and write nothing.

        frame: checked statistics in long form, one row per key. Raises GeoError when columns are
        missing, a key comes twice, or the store cannot be read.
        """
        return changes.compare(_checked(frame), self.statistics())

    def refuse_imported(self, *, file_name: str, sha256: str) -> None:
        """Raise AlreadyImportedError when the same file (sha256) counts already."""
        with self.file.reading() as connection:
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
        with self.changing(records.STATISTICS) as connection:
            _refuse_again(connection, sha256, file_name)
            found = changes.compare(rows, _current(connection))
            about |= {"made_at": records.now(), "file_name": file_name, "sha256": sha256}
            about |= {"n_rows": len(rows), "n_new": len(found.new)}
            about |= {"n_changed": len(found.changed), "n_same": len(found.same)}
            made = connection.execute(sa.insert(IMPORTS).returning(IMPORTS.c.import_id), about)
            import_id = int(made.scalar_one())
            for start in range(0, len(rows), CHUNK):
                part = rows.iloc[start : start + CHUNK].assign(import_id=import_id)
                connection.execute(sa.insert(STATISTICS), records.plain_rows(part))
            _tell(connection, import_id, "import", made_by, {"file_name": file_name, "what": what})
        return import_id

    def take_back(self, import_id: int, made_by: str = "") -> None:
        """Undo an import: what was there before counts again. Its rows are kept, unused.

        Raises GeoError when there is no such import, or when it was taken back already.
        """
        with self.changing(records.STATISTICS) as connection:
            row = records.import_row(connection, import_id, records.STATISTICS)
            if row.taken_back_at is not None:
                raise GeoError(
                    f"Import {import_id} är redan ångrad ({row.taken_back_at:%Y-%m-%d}). "
                    "Läs in filen på nytt om den ska gälla igen."
                )
            _mark(connection, import_id, records.now())
            _tell(connection, import_id, "take_back", made_by)

    def restore_import(self, import_id: int, made_by: str = "") -> None:
        """Let an import that was taken back count again, in its old place in the order.

        Raises GeoError when there is no such import, when it counts already, or when the same
        file has been imported anew.
        """
        with self.changing(records.STATISTICS) as connection:
            row = records.import_row(connection, import_id, records.STATISTICS)
            if row.taken_back_at is None:
                raise GeoError(f"Import {import_id} gäller redan. Inget behöver göras.")
            _refuse_again(connection, row.sha256, row.file_name)
            _mark(connection, import_id, None)
            _tell(connection, import_id, "bring_back", made_by)

    def imports(self, dataset: str = records.STATISTICS) -> pd.DataFrame:
        """List the imports, oldest first: index import_id; times in UTC, counts of rows.

        dataset: "statistics", or "findings" (files of the field). taken_back_at is NaT while the
        import counts.
        """
        with self.file.reading() as connection:
            found = records.frame_of(connection, IMPORTS, IMPORTS.c.dataset == dataset)
        counts = ["import_id", "n_rows", "n_new", "n_changed", "n_same"]
        return found.astype(dict.fromkeys(counts, "int64")).set_index("import_id").sort_index()

    def statistics(self, indicator_id: str | None = None) -> pd.DataFrame:
        """Return what counts now: for each cell the newest import that is not taken back.

        Long form with import_id, sorted by key; of one indicator when it is named. Missing and
        suppressed numbers are NaN. Empty, with its columns, when nothing has been imported.
        """
        with self.file.reading() as connection:
            return _current(connection, indicator_id)


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


def _current(connection: Connection | None, indicator_id: str | None = None) -> pd.DataFrame:
    newest = sa.func.row_number().over(
        partition_by=[STATISTICS.c[name] for name in KEY],
        order_by=STATISTICS.c.import_id.desc(),
    )
    live = sa.select(STATISTICS, newest.label("place"))
    live = live.join(IMPORTS, IMPORTS.c.import_id == STATISTICS.c.import_id)
    live = live.where(IMPORTS.c.taken_back_at.is_(None))
    if indicator_id is not None:
        live = live.where(STATISTICS.c.indicator_id == indicator_id)
    part = live.subquery()
    names = [*COLUMNS, "import_id"]
    wanted = sa.select(*(part.c[name] for name in names)).where(part.c.place == 1)
    found = connection.execute(wanted).all() if connection is not None else []
    columns = zip(*found, strict=True) if found else [()] * len(names)
    frame = pd.DataFrame(dict(zip(names, columns, strict=True)), dtype=object)
    frame = frame.astype(dict.fromkeys(NUMBERS, "float64") | {"import_id": "int64"})
    return frame.sort_values(list(KEY), ignore_index=True)  # not by the database's own alphabet


def _tell(
    connection: Connection,
    import_id: int,
    action: str,
    made_by: str,
    after: records.Row | None = None,
) -> None:
    said = records.entry("imports", str(import_id), action, made_by, after=after)
    records.note(connection, [said])


def _mark(connection: Connection, import_id: int, when: datetime | None) -> None:
    chosen = sa.update(IMPORTS).where(IMPORTS.c.import_id == import_id)
    connection.execute(chosen.values(taken_back_at=when))


def _refuse_again(connection: Connection, sha256: str, file_name: str) -> None:
    same = sa.and_(IMPORTS.c.sha256 == sha256, IMPORTS.c.taken_back_at.is_(None))
    row = connection.execute(sa.select(IMPORTS).where(same)).first()
    if row is not None:
        raise AlreadyImportedError(
            f"{file_name} är redan inläst (import {row.import_id}, {row.made_at:%Y-%m-%d}). "
            "Inget skrevs. Ångra den importen först om filen ska läsas på ett annat sätt."
        )
