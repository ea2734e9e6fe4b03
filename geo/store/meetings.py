"""Meetings and development plans as people keep them; shipped ones come in when they change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from geo import kinds
from geo.errors import GeoError
from geo.schema import Schema
from geo.store import records, rows
from geo.store.tables import DECISIONS, MEETINGS, PLANS
from geo.store.walks import as_cell, refuse_taken

SHIPPED = "registret"  # who made a meeting that came with the product
FIRST = 1  # the version of a row that has just come in


class Meetings(records.Part):
    """The part of the store that keeps meetings and plans."""

    def meetings(self, *, removed: bool = False) -> pd.DataFrame:
        """Return the meetings that people keep: index meeting_id, version, kinds.MEETINGS.

        removed: those that are marked as removed instead.
        """
        return self._kept(MEETINGS, kinds.MEETINGS, removed)

    def save_meetings(self, meetings: pd.DataFrame, made_by: str) -> None:
        """Keep new meetings, all or none: columns of kinds.MEETINGS, meeting_id among them.

        Raises GeoError when an id is taken, by a kept or a removed meeting.
        """
        made = [as_row(row, kinds.MEETINGS) for row in meetings.to_dict(orient="records")]
        with self.changing(records.NETWORKS) as connection:
            refuse_taken(connection, MEETINGS, [row["meeting_id"] for row in made])
            rows.add(connection, MEETINGS, made, made_by)

    def change_meeting(
        self,
        meeting_id: str,
        changes: Mapping[str, Any],
        version: int | None,
        made_by: str,
        shipped: pd.DataFrame | None = None,
    ) -> bool:
        """Change a meeting that was read as a version; returns whether anything was changed.

        version None: the meeting ships with the product (shipped: index meeting_id) and comes into
        the store by this change. Raises ConflictError when somebody else has changed it since.
        """
        with self.changing(records.NETWORKS) as connection:
            read = _brought_in(connection, meeting_id, version, shipped)
            cells = as_row(changes, kinds.MEETINGS)
            before, after = rows.change(connection, MEETINGS, meeting_id, cells, read, made_by)
        return after != before

    def remove_meeting(
        self,
        meeting_id: str,
        version: int | None,
        made_by: str,
        reason: str = "",
        shipped: pd.DataFrame | None = None,
    ) -> None:
        """Mark a meeting as removed; it can be brought back.

        Raises as change_meeting, and GeoError while there are decisions of it.
        """
        with self.changing(records.NETWORKS) as connection:
            read = _brought_in(connection, meeting_id, version, shipped)
            _refuse_decided(connection, meeting_id)
            _mark(connection, MEETINGS, meeting_id, read, made_by, "remove", reason)

    def remove_meetings(self, meeting_ids: Sequence[str], made_by: str, reason: str = "") -> None:
        """Mark meetings that were just put in as removed, all or none.

        Raises ConflictError when somebody has changed one of them since.
        """
        with self.changing(records.NETWORKS) as connection:
            for meeting_id in meeting_ids:
                _refuse_decided(connection, meeting_id)
                _mark(connection, MEETINGS, meeting_id, FIRST, made_by, "remove", reason)

    def bring_back_meeting(self, meeting_id: str, version: int, made_by: str) -> None:
        """Let a meeting that was marked as removed count again. Raises as change_meeting."""
        with self.changing(records.NETWORKS) as connection:
            _mark(connection, MEETINGS, meeting_id, version, made_by, "bring_back", "")

    def undo_meeting(self, meeting_id: str, version: int, made_by: str) -> None:
        """Take back the last change of a meeting. Raises GeoError when there is none."""
        with self.changing(records.NETWORKS) as connection:
            rows.undo(connection, MEETINGS, meeting_id, version, made_by)

    def plans(self, *, removed: bool = False) -> pd.DataFrame:
        """Return the development plans: index plan_id, columns of kinds.PLANS, version."""
        return self._kept(PLANS, kinds.PLANS, removed)

    def save_plan(self, plan: Mapping[str, Any], made_by: str, version: int | None = None) -> bool:
        """Keep a plan: a new one, or, when a version is given, a change of that version.

        Returns whether anything was changed. Raises ConflictError when somebody else has changed
        it since, and GeoError when a new one has an id that is taken.
        """
        made, plan_id = as_row(plan, kinds.PLANS), str(plan["plan_id"])
        with self.changing(records.NETWORKS) as connection:
            if version is None:
                refuse_taken(connection, PLANS, [plan_id])
                rows.add(connection, PLANS, [made], made_by)
                return True
            before, after = rows.change(connection, PLANS, plan_id, made, version, made_by)
        return after != before

    def remove_plan(self, plan_id: str, version: int, made_by: str, reason: str = "") -> None:
        """Mark a plan as removed; it stays in the audit and in backups."""
        with self.changing(records.NETWORKS) as connection:
            _mark(connection, PLANS, plan_id, version, made_by, "remove", reason)

    def bring_back_plan(self, plan_id: str, version: int, made_by: str) -> None:
        """Let a plan that was marked as removed count again. Raises as save_plan."""
        with self.changing(records.NETWORKS) as connection:
            _mark(connection, PLANS, plan_id, version, made_by, "bring_back", "")

    def undo_plan(self, plan_id: str, version: int, made_by: str) -> None:
        """Take back the last change of a plan. Raises GeoError when there is none."""
        with self.changing(records.NETWORKS) as connection:
            rows.undo(connection, PLANS, plan_id, version, made_by)

    def _kept(self, table: sa.TableClause, kind: Schema, removed: bool) -> pd.DataFrame:
        gone = table.c.removed_at.isnot(None) if removed else table.c.removed_at.is_(None)
        with self.file.reading() as connection:
            return as_frame(records.frame_of(connection, table, gone), kind)


def _mark(
    connection: Connection,
    table: sa.TableClause,
    row_id: str,
    version: int,
    by: str,
    action: str,
    reason: str,
) -> None:
    when = {"removed_at": records.now() if action == "remove" else None}
    rows.change(connection, table, row_id, when, version, by, action=action, reason=reason)


def _refuse_decided(connection: Connection, meeting_id: str) -> None:
    own = sa.and_(DECISIONS.c.meeting_id == meeting_id, DECISIONS.c.removed_at.is_(None))
    n = connection.scalar(sa.select(sa.func.count()).select_from(DECISIONS).where(own))
    if n:
        raise GeoError(
            f"Mötet har {n} beslut. Ta bort dem först, eller låt mötet stå som inställt."
        )


def _brought_in(
    connection: Connection, meeting_id: str, version: int | None, shipped: pd.DataFrame | None
) -> int:
    """Return the version that was read; a shipped meeting comes in first."""
    if version is not None:
        return version
    if shipped is not None:
        adopt(connection, shipped[shipped.index == meeting_id])
    return FIRST


def adopt(connection: Connection, shipped: pd.DataFrame) -> int:
    """Take in those of some shipped meetings that are not in the store; returns how many.

    >>> from geo.store import upgrade
    >>> meeting = {"date": pd.Timestamp("2017-10-03"), "network_id": "on-norrby",
    ...     "kind": "ordinarie", "starred": False, "counts_for_cadence": True}
    >>> with sa.create_engine("sqlite://").begin() as connection:
    ...     upgrade.to_newest(connection)
    ...     adopt(connection, pd.DataFrame([meeting], index=pd.Index(["m1"], name="meeting_id")))
    1
    """
    there = rows.known(connection, MEETINGS, [str(i) for i in shipped.index])
    missing = shipped[~shipped.index.isin(there)].rename_axis("meeting_id").reset_index()
    new = [as_row(row, kinds.MEETINGS) for row in missing.to_dict(orient="records")]
    return len(rows.add(connection, MEETINGS, new, SHIPPED))


def as_frame(found: pd.DataFrame, kind: Schema) -> pd.DataFrame:
    """Return rows of a table as a reader of files gives them: lists as tuples, index the id.

    >>> empty = pd.DataFrame(columns=[c.name for c in PLANS.columns], dtype=object)
    >>> as_frame(empty, kinds.PLANS).index.name
    'plan_id'
    """
    table = found.set_index(kind.key[0]).sort_index()
    for column in kind.columns:
        if column.type == "list":
            texts = table[column.name]
            table[column.name] = [tuple(filter(None, text.split(";"))) for text in texts]
    return table


def as_row(row: Mapping[Any, Any], kind: Schema) -> dict[str, Any]:
    """Return a row of a kind as its table takes it: lists as text with ;, nothing as None.

    >>> as_row({"plan_id": "p1", "focus_areas": ("Belysning", "Skolväg"), "x": 1}, kinds.PLANS)
    {'plan_id': 'p1', 'focus_areas': 'Belysning;Skolväg'}
    """
    return {c.name: as_cell(row[c.name]) for c in kind.columns if c.name in row}
