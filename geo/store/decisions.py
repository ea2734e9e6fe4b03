"""What the networks decided, followed to the end: each status kept beside the one before."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pandas as pd
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from geo import decisions, kinds
from geo.errors import GeoError
from geo.store import records, rows
from geo.store.meetings import adopt, as_frame, as_row
from geo.store.tables import DECISION_STEPS, DECISIONS, MEETINGS
from geo.store.walks import refuse_taken

DATES = ("decided_date", "due_date", "done_date")


class Decisions(records.Part):
    """The part of the store that keeps decisions."""

    def decisions(self, *, removed: bool = False) -> pd.DataFrame:
        """Return the decisions: index decision_id, the columns of kinds.DECISIONS, version.

        removed: those that are marked as removed instead.
        """
        gone = DECISIONS.c.removed_at.isnot(None) if removed else DECISIONS.c.removed_at.is_(None)
        with self.file.reading() as connection:
            found = records.frame_of(connection, DECISIONS, gone)
        return as_frame(found.fillna({"meeting_id": ""}), kinds.DECISIONS)

    def save_decision(
        self, decision: Mapping[str, Any], made_by: str, shipped: pd.DataFrame | None = None
    ) -> None:
        """Keep a new decision with its first step.

        decision: columns of kinds.DECISIONS. shipped: meetings that come with the product; the one
        that the decision names is taken in as well. Raises GeoError when the id is taken, for a
        meeting that is nowhere, and for what geo.decisions.faults tells (no owner).
        """
        made = as_row(decision, kinds.DECISIONS)
        made["status"] = made.get("status") or decisions.DECIDED
        with self.changing(records.NETWORKS) as connection:
            refuse_taken(connection, DECISIONS, [str(made["decision_id"])])
            _bring_in_meeting(connection, made.get("meeting_id") or "", shipped)
            empty = dict.fromkeys(column.name for column in kinds.DECISIONS.columns)
            _refuse_faults(made, empty | made)
            kept = rows.add(connection, DECISIONS, [made], made_by)
            connection.execute(sa.insert(DECISION_STEPS), [_step(kept[0], made_by)])

    def change_decision(
        self, decision_id: str, changes: Mapping[str, Any], version: int, made_by: str
    ) -> bool:
        """Change a decision that was read as a version. A new status is kept in its history.

        Returns whether anything was changed. Raises ConflictError when somebody else has changed
        it since (nothing is written), and GeoError when the status may not follow the one before
        or lacks what it needs.
        """
        cells = as_row(changes, kinds.DECISIONS)
        with self.changing(records.NETWORKS) as connection:
            before, after = rows.change(
                connection, DECISIONS, decision_id, cells, version, made_by, check=_refuse_faults
            )
            _keep_step(connection, before, after, made_by)
        return after != before

    def undo_decision(self, decision_id: str, version: int, made_by: str) -> None:
        """Take back the last change of a decision. Raises GeoError when there is none."""
        with self.changing(records.NETWORKS) as connection:
            before, after = rows.undo(connection, DECISIONS, decision_id, version, made_by)
            _keep_step(connection, before, after, made_by, "ångrad ändring")

    def remove_decision(
        self, decision_id: str, version: int, made_by: str, reason: str = ""
    ) -> None:
        """Mark a decision as removed; it can be brought back. Raises as change_decision."""
        gone = {"removed_at": records.now()}
        about: dict[str, Any] = {"action": "remove", "reason": reason}
        with self.changing(records.NETWORKS) as connection:
            rows.change(connection, DECISIONS, decision_id, gone, version, made_by, **about)

    def bring_back_decision(self, decision_id: str, version: int, made_by: str) -> None:
        """Let a decision that was marked as removed count again. Raises as change_decision."""
        back = {"removed_at": None}
        with self.changing(records.NETWORKS) as connection:
            rows.change(
                connection, DECISIONS, decision_id, back, version, made_by, action="bring_back"
            )

    def decision_steps(self, decision_id: str | None = None) -> pd.DataFrame:
        """Return the way of each decision, or of one: decision_id, status, day, made_at, …"""
        where = [] if decision_id is None else [DECISION_STEPS.c.decision_id == decision_id]
        with self.file.reading() as connection:
            found = records.frame_of(connection, DECISION_STEPS, *where)
        return found.sort_values("step_id")


def _bring_in_meeting(
    connection: Connection, meeting_id: str, shipped: pd.DataFrame | None
) -> None:
    if meeting_id and shipped is not None:
        adopt(connection, shipped[shipped.index == meeting_id])
    if meeting_id and not rows.known(connection, MEETINGS, [meeting_id]):
        raise GeoError(
            f"Mötet {meeting_id} finns inte. Lägg in det först, eller lämna fältet tomt."
        )


def _keep_step(
    connection: Connection,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    made_by: str,
    note: str = "",
) -> None:
    if after["status"] != before["status"]:
        step = _step(after, made_by)
        connection.execute(sa.insert(DECISION_STEPS), [step | ({"note": note} if note else {})])


def _step(row: Mapping[str, Any], made_by: str) -> dict[str, Any]:
    """Return the step that a decision has come to, on the day that its row says, else today."""
    days = {decisions.DECIDED: "decided_date", decisions.DONE: "done_date"}
    day = row.get(days.get(row["status"], "")) or date.today()
    about = {"decision_id": row["decision_id"], "status": row["status"], "day": day}
    return about | {"made_at": records.now(), "made_by": made_by, "note": row.get("outcome") or ""}


def _refuse_faults(before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
    old, new = before["status"], after["status"]
    if new != old and new not in decisions.allowed(old):
        names = decisions.NAMES
        steps = ", ".join(names[status] for status in decisions.allowed(old))
        raise GeoError(
            f"Från {names[old]} går det inte direkt till {names.get(new, new)}. "
            f"Nästa steg kan vara: {steps}."
        )
    days = {name: pd.to_datetime(after[name]) for name in DATES}
    found = decisions.faults({**after, **days}, pd.Timestamp(date.today()))
    if found:
        raise GeoError(" ".join(sentence for _, sentence in found))
