"""What walks found, followed to the end: each change kept beside what was there before."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from geo import chain, crs, kinds
from geo.errors import GeoError
from geo.store import records, rows
from geo.store.tables import AUDIT, FINDINGS, STEPS, WALKS
from geo.store.walks import adopt, as_cell, refuse_taken

COLUMNS = tuple(column.name for column in kinds.FINDINGS.columns)
# The day on which a finding came to a status, when its row says it.
DAYS = {
    chain.NOTED: "observed_date",
    chain.ANSWERED: "answered_date",
    chain.DECLINED: "answered_date",
    chain.DONE: "done_date",
    chain.VERIFIED: "verified_date",
}


class Findings(records.Part):
    """The part of the store that keeps findings."""

    def findings(self, *, removed: bool = False) -> gpd.GeoDataFrame:
        """Return the findings: index finding_id, the columns of kinds.FINDINGS, version; points.

        EPSG:3006; the geometry is None where only the place is known. removed: those that are
        marked as removed instead.
        """
        gone = FINDINGS.c.removed_at.isnot(None) if removed else FINDINGS.c.removed_at.is_(None)
        with self.file.reading() as connection:
            found = records.frame_of(connection, FINDINGS, gone)
        return as_frame(found)

    def save_findings(
        self, findings: pd.DataFrame, made_by: str, shipped: pd.DataFrame | None = None
    ) -> None:
        """Keep new findings, all or none: index finding_id, columns of kinds.FINDINGS.

        shipped: walks that come with the product; those that findings name are taken in as well.
        Raises GeoError when an id is taken, and for a finding of a walk that is nowhere.
        """
        made = as_rows(findings)
        with self.changing(records.FIELD) as connection:
            refuse_taken(connection, FINDINGS, [row["finding_id"] for row in made])
            if shipped is not None:
                adopt(connection, shipped[shipped.index.isin([row["walk_id"] for row in made])])
            put_in(connection, made, made_by)

    def change_finding(
        self,
        finding_id: str,
        changes: Mapping[str, Any],
        version: int,
        made_by: str,
        reason: str = "",
    ) -> bool:
        """Change a finding that was read as a version. A new status is kept in its history.

        Returns whether anything was changed.

        Raises ConflictError when somebody else has changed it since (nothing is written, nobody
        loses text), and GeoError when the status may not follow the one before, or lacks what it
        needs (an owner, a date, a reason).
        """
        cells = {name: as_cell(value) for name, value in changes.items() if name in COLUMNS}
        with self.changing(records.FIELD) as connection:
            refuse_strange_walks(connection, [cells])
            about: dict[str, Any] = {"reason": reason, "check": _refuse_faults}
            before, after = rows.change(
                connection, FINDINGS, finding_id, cells, version, made_by, **about
            )
            if after["status"] != before["status"]:
                come = step(after, made_by, reason or str(after["answer"] or ""))
                connection.execute(sa.insert(STEPS), [come])
        return after != before

    def remove_finding(self, finding_id: str, version: int, made_by: str, reason: str = "") -> None:
        """Mark a finding as removed; it can be brought back. Raises as change_finding."""
        self._mark(finding_id, version, made_by, "remove", reason)

    def bring_back_finding(self, finding_id: str, version: int, made_by: str) -> None:
        """Let a finding that was marked as removed count again. Raises as change_finding."""
        self._mark(finding_id, version, made_by, "bring_back", "")

    def undo_finding(self, finding_id: str, version: int, made_by: str) -> None:
        """Take back the last change of a finding: what stood there before stands there again.

        The change and its undoing both stay in the audit. Raises GeoError when the finding is as
        it was registered, and ConflictError as change_finding.
        """
        with self.changing(records.FIELD) as connection:
            before, after = rows.undo(connection, FINDINGS, finding_id, version, made_by)
            if after["status"] != before["status"]:
                connection.execute(sa.insert(STEPS), [step(after, made_by, "ångrad ändring")])

    def steps(self, finding_id: str | None = None) -> pd.DataFrame:
        """Return the way of each finding, or of one: finding_id, status, day, made_at, …"""
        where = [] if finding_id is None else [STEPS.c.finding_id == finding_id]
        with self.file.reading() as connection:
            return records.frame_of(connection, STEPS, *where).sort_values("step_id")

    def audit(self, row_id: str | None = None, since: pd.Timestamp | None = None) -> pd.DataFrame:
        """Return who changed what and when, oldest first, of one row or since a time (UTC)."""
        where = [] if row_id is None else [AUDIT.c.row_id == row_id]
        if since is not None:
            when = since.tz_convert("UTC").tz_localize(None) if since.tzinfo else since
            where.append(AUDIT.c.made_at >= when.to_pydatetime())
        with self.file.reading() as connection:
            return records.frame_of(connection, AUDIT, *where).sort_values("audit_id")

    def _mark(self, finding_id: str, version: int, by: str, action: str, reason: str) -> None:
        when = records.now() if action == "remove" else None
        about: dict[str, Any] = {"action": action, "reason": reason}
        with self.changing(records.FIELD) as connection:
            rows.change(
                connection, FINDINGS, finding_id, {"removed_at": when}, version, by, **about
            )


def _refuse_unowned(made: Sequence[Mapping[str, Any]]) -> None:
    for row in made:
        if row.get("status", chain.NOTED) != chain.NOTED and not row.get("owner"):
            raise GeoError(
                f"Fyndet {row['finding_id']!r}: status hoppar över ansvarig. Ange vem som äger "
                "frågan först."
            )


def put_in(connection: Connection, made: Sequence[dict[str, Any]], made_by: str) -> None:
    """Put in new findings with the first step of each; raises GeoError for an unknown walk.

    >>> from geo.store import upgrade
    >>> with sa.create_engine("sqlite://").begin() as connection:  # doctest: +ELLIPSIS
    ...     upgrade.to_newest(connection)
    ...     put_in(connection, [{"finding_id": "f1", "walk_id": "w1"}], "prov")
    Traceback (most recent call last):
    geo.errors.GeoError: Vandringen w1 finns inte. Registrera den först (samma dag och nätverk), ...
    """
    refuse_strange_walks(connection, made)
    _refuse_unowned(made)
    kept = rows.add(connection, FINDINGS, made, made_by)
    if kept:
        connection.execute(sa.insert(STEPS), [step(row, made_by, "") for row in kept])


def refuse_strange_walks(
    connection: Connection | None, made: Sequence[Mapping[str, Any]], near: Collection[str] = ()
) -> None:
    """Raise GeoError when findings name a walk that is neither in the store nor near.

    >>> refuse_strange_walks(None, [{"walk_id": "w1"}, {"walk_id": None}], near=["w1"])
    """
    asked = sorted({row["walk_id"] for row in made if row.get("walk_id")} - set(near))
    missing = set(asked) - (rows.known(connection, WALKS, asked) if connection else set())
    if missing:
        raise GeoError(
            f"Vandringen {', '.join(sorted(missing)[:5])} finns inte. Registrera den först (samma "
            "dag och nätverk), läs in filen som har den, eller lämna vandringen tom."
        )


def _refuse_faults(before: dict[str, Any], after: dict[str, Any]) -> None:
    old, new = before["status"], after["status"]
    if new != old and new not in chain.allowed(old):
        steps = ", ".join(chain.NAMES[status] for status in chain.allowed(old))
        raise GeoError(
            f"Från {chain.NAMES[old]} går det inte direkt till {chain.NAMES.get(new, new)}. "
            f"Nästa steg kan vara: {steps}."
        )
    days = {name: pd.to_datetime(after[name]) for name in chain.DATES}
    found = chain.faults(after | days, pd.Timestamp(date.today()))
    if found:
        raise GeoError(" ".join(sentence for _, sentence in found))


def step(row: Mapping[str, Any], made_by: str, note: str) -> dict[str, Any]:
    """Return the step that a finding has come to, on the day that its row says, else today.

    >>> row = {"finding_id": "f1", "status": "noted", "observed_date": date(2017, 10, 3)}
    >>> step(row, "prov", "")["day"].isoformat()
    '2017-10-03'
    """
    day = row.get(DAYS.get(row["status"], "")) or date.today()
    about = {"finding_id": row["finding_id"], "status": row["status"], "day": day}
    return about | {"made_at": records.now(), "made_by": made_by, "note": note}


def as_frame(found: pd.DataFrame) -> gpd.GeoDataFrame:
    """Return rows of the table as findings: points where they have coordinates.

    >>> empty = pd.DataFrame(columns=[column.name for column in FINDINGS.columns], dtype=object)
    >>> as_frame(empty).index.name
    'finding_id'
    """
    table = found.set_index("finding_id").sort_index()
    table = table.astype({"x": "float64", "y": "float64"}).fillna({"walk_id": ""})
    x, y = table["x"].to_numpy(), table["y"].to_numpy()
    points = np.where(np.isnan(x), None, shapely.points(x, y))
    return gpd.GeoDataFrame(table, geometry=gpd.GeoSeries(points, table.index), crs=crs.METRIC)


def as_rows(findings: pd.DataFrame) -> list[dict[str, Any]]:
    """Return findings as the table takes them: index finding_id or a column of that name.

    >>> frame = pd.DataFrame({"finding_id": ["f1"], "walk_id": [""], "x": [float("nan")]})
    >>> as_rows(frame)
    [{'finding_id': 'f1', 'walk_id': None, 'x': None}]
    """
    table = findings if "finding_id" in findings else findings.reset_index()
    names = [name for name in COLUMNS if name in table]
    made = records.plain_rows(pd.DataFrame(table[names]))
    for row in made:
        row["walk_id"] = row.get("walk_id") or None
    return made
