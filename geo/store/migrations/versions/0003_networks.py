"""Meetings with who was present, decisions with their way, and development plans."""

import sqlalchemy as sa
from alembic import op

from geo.store import guards

revision = "0003"
down_revision = "0002"

MEETING_KINDS = ("ordinarie", "tema", "gemensam", "central", "stormöte", "medborgardialog")
STATUSES = ("decided", "started", "done", "dropped")


def _one_of(name: str, values: tuple[str, ...]) -> sa.CheckConstraint:
    listed = ", ".join(f"'{value}'" for value in values)
    return sa.CheckConstraint(f"{name} IN ({listed})", name=f"known_{name}")


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=False, server_default="")


def _needed(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=False)


def _kept() -> list[sa.Column[object]]:
    """Return what every row that people change carries."""
    return [
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("import_id", sa.Integer, sa.ForeignKey("imports.import_id")),
        _text("imported"),
        sa.Column("imported_version", sa.Integer),
        sa.Column("removed_at", sa.DateTime),
    ]


def upgrade() -> None:
    """Make the tables of meetings, decisions and plans."""
    op.create_table(
        "meetings",
        sa.Column("meeting_id", sa.Text, primary_key=True),
        sa.Column("date", sa.Date, nullable=False),
        _needed("network_id"),
        _needed("kind"),
        sa.Column("starred", sa.Boolean, nullable=False),
        sa.Column("counts_for_cadence", sa.Boolean, nullable=False),
        *map(_text, ("note", "source", "status", "start_time", "end_time", "place")),
        *map(_text, ("agenda", "present")),
        *_kept(),
        _one_of("kind", MEETING_KINDS),
        _one_of("status", ("", "inställt")),
    )
    _decisions()
    op.create_table(
        "plans",
        sa.Column("plan_id", sa.Text, primary_key=True),
        _needed("network_id"),
        _needed("title"),
        sa.Column("valid_from", sa.Date, nullable=False),
        sa.Column("valid_to", sa.Date),
        *map(_text, ("focus_areas", "priority_ids", "note", "source")),
        *_kept(),
        sa.CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="plan_in_order"),
    )
    guards.put(op.get_bind(), ("decision_steps",))


def _decisions() -> None:
    op.create_table(
        "decisions",
        sa.Column("decision_id", sa.Text, primary_key=True),
        sa.Column("meeting_id", sa.Text, sa.ForeignKey("meetings.meeting_id"), index=True),
        _needed("network_id"),
        sa.Column("decided_date", sa.Date, nullable=False),
        _needed("decision"),
        _needed("owner"),
        sa.Column("due_date", sa.Date),
        _needed("status"),
        sa.Column("done_date", sa.Date),
        *map(_text, ("outcome", "priority_id", "link_kind", "link_id")),
        *_kept(),
        _one_of("status", STATUSES),
        _one_of("link_kind", ("", "finding", "indicator", "development_area")),
        sa.CheckConstraint("owner <> ''", name="decision_has_owner"),
        sa.CheckConstraint("(status = 'done') = (done_date IS NOT NULL)", name="done_has_date"),
    )
    op.create_table(
        "decision_steps",
        sa.Column("step_id", sa.Integer, primary_key=True),
        sa.Column("decision_id", sa.Text, sa.ForeignKey("decisions.decision_id"), nullable=False),
        _needed("status"),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("made_at", sa.DateTime, nullable=False),
        _needed("made_by"),
        _text("note"),
        sa.Index("decision_steps_by_decision", "decision_id"),
        sqlite_autoincrement=True,
    )
