"""What every part of the store shares: its transactions, its version, and the audit of changes."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import numpy as np
import pandas as pd
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from geo.errors import GeoError
from geo.store.database import Database
from geo.store.tables import AUDIT, IMPORTS, VERSIONS

STATISTICS, WALKS, FINDINGS = "statistics", "walks", "findings"
FIELD = "field"  # the version that changes with every walk and every finding
NETWORKS = "networks"  # … with every meeting, decision and plan
Row = Mapping[str, Any]


class ConflictError(GeoError):
    """Somebody else changed the row since it was read: theirs, and the version it now has."""

    def __init__(self, message: str, theirs: dict[str, Any]) -> None:
        super().__init__(message)
        self.theirs = theirs


@dataclass(frozen=True)
class Part:
    """One part of the store, on its database."""

    file: Database

    def version(self, what: str = STATISTICS) -> str:
        """Return a text that changes with every change of what is named: a key for caches.

        what: "statistics", "field" for walks and findings, "networks" for meetings, decisions and
        plans.
        """
        with self.file.reading() as connection:
            row = connection.execute(_version(what)).first() if connection is not None else None
        return "0" if row is None else f"{row.number}@{row.changed_at.isoformat()}"

    @contextmanager
    def changing(self, what: str) -> Iterator[Connection]:
        """Give a connection for a change of what is named: kept wholly or not at all."""
        with self.file.writing() as connection:
            yield connection
            count_change(connection, what)


def now() -> datetime:
    """Return the time in UTC, as the database keeps it.

    >>> now().tzinfo is None
    True
    """
    return datetime.now(UTC).replace(tzinfo=None)


def _version(what: str) -> sa.Select[Any]:
    return sa.select(VERSIONS).where(VERSIONS.c.what == what)


def count_change(connection: Connection, what: str) -> None:
    """Let the version of what is named be another than before.

    >>> from geo.store import upgrade
    >>> with sa.create_engine("sqlite://").begin() as connection:
    ...     upgrade.to_newest(connection)
    ...     count_change(connection, FIELD)
    ...     count_change(connection, FIELD)
    ...     connection.scalar(sa.select(VERSIONS.c.number))
    2
    """
    row = connection.execute(_version(what)).first()
    change = {"number": 1 if row is None else row.number + 1, "changed_at": now()}
    if row is None:
        connection.execute(sa.insert(VERSIONS).values(what=what, **change))
    else:
        connection.execute(sa.update(VERSIONS).where(VERSIONS.c.what == what).values(**change))


def as_text(row: Row | None) -> str | None:
    """Write a row as JSON for the audit: what is empty is left out, days as 2017-10-20.

    >>> as_text({"b": date(2017, 10, 20), "a": 1, "c": None})
    '{"a": 1, "b": "2017-10-20"}'
    """
    if row is None:
        return None
    said = {name: value for name, value in row.items() if value is not None and value != ""}
    return json.dumps(said, ensure_ascii=False, sort_keys=True, default=_plain)


def _plain(value: Any) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"audit: {value!r}")


def entry(
    dataset: str,
    row_id: str,
    action: str,
    made_by: str,
    *,
    before: Row | None = None,
    after: Row | None = None,
    reason: str = "",
) -> dict[str, Any]:
    """Return one row of the audit: who did what, when, with what was there before and after.

    >>> entry("findings", "f1", "new", "prov", after={"kind": "brist"})["after"]
    '{"kind": "brist"}'
    """
    about = {"made_at": now(), "made_by": made_by, "dataset": dataset, "row_id": row_id}
    texts = {"before": as_text(before), "after": as_text(after)}
    return about | {"action": action, "reason": reason} | texts


def note(connection: Connection, entries: Sequence[dict[str, Any]]) -> None:
    """Append rows to the audit.

    >>> from geo.store import upgrade
    >>> with sa.create_engine("sqlite://").begin() as connection:
    ...     upgrade.to_newest(connection)
    ...     note(connection, [entry("findings", "f1", "new", "prov")])
    ...     connection.scalar(sa.select(AUDIT.c.row_id))
    'f1'
    """
    if entries:
        connection.execute(sa.insert(AUDIT), list(entries))


def frame_of(connection: Connection | None, table: sa.TableClause, *where: Any) -> pd.DataFrame:
    """Return rows of a table as a frame: days and times as datetime64, times in UTC.

    Empty, with its columns, when nothing has been written yet.

    >>> list(frame_of(None, VERSIONS).columns)
    ['what', 'number', 'changed_at']
    """
    days = [c.name for c in table.columns if isinstance(c.type, sa.Date)]
    flags = [c.name for c in table.columns if isinstance(c.type, sa.Boolean)]
    times = [c.name for c in table.columns if isinstance(c.type, sa.DateTime)]
    names = [column.name for column in table.columns]
    asked = [sa.cast(c, sa.Text).label(c.name) if c.name in days else c for c in table.columns]
    found = connection.execute(sa.select(*asked).where(*where)) if connection else None
    # The driver's own rows: SQLAlchemy's cost a quarter of the time with 100 000 findings.
    cells = np.array(found.cursor.fetchall() if found else [], dtype=object)
    frame = pd.DataFrame(cells.reshape(len(cells), len(names)), columns=names, dtype=object)
    for name in days:
        frame[name] = pd.to_datetime(frame[name], format="%Y-%m-%d")
    for name in times:
        frame[name] = pd.to_datetime(frame[name], format="ISO8601", utc=True)
    return frame.astype(dict.fromkeys(flags, bool))


def plain_rows(rows: pd.DataFrame) -> list[dict[str, Any]]:
    """Return rows as the database takes them: what is missing is None, days are days.

    >>> plain_rows(pd.DataFrame({"a": [1.0, float("nan")]}))
    [{'a': 1.0}, {'a': None}]
    """
    names = list(rows.columns)
    columns = [_cells(rows[name]) for name in names]
    return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]


def _cells(column: pd.Series) -> list[Any]:
    values = column.dt.date if column.dtype.kind == "M" else column
    cells: list[Any] = values.to_numpy(dtype=object).tolist()
    return [None if gone else cell for cell, gone in zip(cells, column.isna(), strict=True)]


def import_row(connection: Connection, import_id: int, dataset: str) -> Any:
    """Return one import of a dataset; raises GeoError when there is none.

    >>> from geo.store import upgrade
    >>> with sa.create_engine("sqlite://").begin() as connection:
    ...     upgrade.to_newest(connection)
    ...     import_row(connection, 1, STATISTICS)
    Traceback (most recent call last):
    geo.errors.GeoError: Import 1 finns inte. Se numren med: python -m geo statistics list.
    """
    asked = sa.select(IMPORTS).where(IMPORTS.c.import_id == import_id, IMPORTS.c.dataset == dataset)
    row = connection.execute(asked).first()
    if row is None:
        raise GeoError(
            f"Import {import_id} finns inte. Se numren med: python -m geo {dataset} list."
        )
    return row
