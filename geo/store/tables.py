"""The tables as statements name them. How they are made stands in migrations/."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from geo import kinds
from geo.changes import KEY, NUMBERS
from geo.schema import Column, Schema

# Pandas reads a column of days as text faster than as objects: days are asked for as text.
TYPES: dict[str, Any] = {
    **{"number": sa.Float, "integer": sa.Integer, "date": sa.Date, "bool": sa.Boolean}
}
KEPT = ("version", "import_id", "imported", "imported_version", "removed_at")


def _kept() -> list[sa.ColumnClause[Any]]:
    """Return what every row that people change carries, beside its facts."""
    return [
        sa.column("version", sa.Integer),
        sa.column("import_id", sa.Integer),
        sa.column("imported", sa.Text),
        sa.column("imported_version", sa.Integer),
        sa.column("removed_at", sa.DateTime),
    ]


def _column(column: Column) -> sa.ColumnClause[Any]:
    return sa.column(column.name, TYPES.get(column.type, sa.Text))


def _of(kind: Schema) -> sa.TableClause:
    return sa.table(kind.dataset, *map(_column, kind.columns), *_kept())


def _text(*names: str) -> list[sa.ColumnClause[Any]]:
    return [sa.column(name, sa.Text) for name in names]


def _numbers(*names: str) -> list[sa.ColumnClause[Any]]:
    return [sa.column(name, sa.Integer) for name in names]


WALKS = _of(kinds.WALKS)
FINDINGS = _of(kinds.FINDINGS)
MEETINGS = _of(kinds.MEETINGS)
DECISIONS = _of(kinds.DECISIONS)
PLANS = _of(kinds.PLANS)
PICTURES = _of(kinds.PICTURES)
IMPORTS = sa.table(
    "imports",
    sa.column("import_id", sa.Integer),
    sa.column("made_at", sa.DateTime),  # UTC, as every time in the database
    *_text("made_by", "what", "file_name", "sha256"),
    *_numbers("n_rows", "n_new", "n_changed", "n_same"),
    *_text("note"),
    sa.column("taken_back_at", sa.DateTime),  # empty while the import counts
    *_text("dataset"),
)
STATISTICS = sa.table(
    "statistics",
    sa.column("import_id", sa.Integer),
    *_text(*KEY),
    *(sa.column(name, sa.Float) for name in NUMBERS),
    *_text("status", "source"),
)
VERSIONS = sa.table(
    "versions",
    sa.column("what", sa.Text),
    sa.column("number", sa.Integer),
    sa.column("changed_at", sa.DateTime),
)
STEPS = sa.table(
    "steps",
    sa.column("step_id", sa.Integer),
    *_text("finding_id", "status"),
    sa.column("day", sa.Date),
    sa.column("made_at", sa.DateTime),
    *_text("made_by", "note"),
)
DECISION_STEPS = sa.table(
    "decision_steps",
    sa.column("step_id", sa.Integer),
    *_text("decision_id", "status"),
    sa.column("day", sa.Date),
    sa.column("made_at", sa.DateTime),
    *_text("made_by", "note"),
)
SIGNED = sa.table(
    "signed",
    sa.column("signed_id", sa.Integer),
    *map(_column, kinds.PICTURES.columns),
    sa.column("made_at", sa.DateTime),
    *_text("made_by", "snapshot"),
)
AUDIT = sa.table(
    "audit",
    sa.column("audit_id", sa.Integer),
    sa.column("made_at", sa.DateTime),
    *_text("made_by", "dataset", "row_id", "action", "before", "after", "reason"),
)
# In the order in which rows may be put in, one after what it refers to.
ALL = (
    *(IMPORTS, STATISTICS, VERSIONS, WALKS, FINDINGS, STEPS),
    *(MEETINGS, DECISIONS, DECISION_STEPS, PLANS, PICTURES, SIGNED, AUDIT),
)
NUMBERED = {
    **{"imports": "import_id", "steps": "step_id", "decision_steps": "step_id"},
    **{"signed": "signed_id", "audit": "audit_id"},
}
