"""Safety walks, their findings and the way of each, and the audit of every change."""

import sqlalchemy as sa
from alembic import op

from geo.store import guards

revision = "0002"
down_revision = "0001"

STATUSES = ("noted", "owned", "answered", "done", "verified", "declined")
LIGHTS = ("", "dagsljus", "skymning", "mörker")
# With PostGIS, QGIS and an OGC service find real geometry; it follows x, y and route of itself.
POSTGIS = (
    "CREATE EXTENSION IF NOT EXISTS postgis",
    "ALTER TABLE findings ADD COLUMN geom geometry(Point, 3006) "
    "GENERATED ALWAYS AS (ST_SetSRID(ST_MakePoint(x, y), 3006)) STORED",
    "ALTER TABLE walks ADD COLUMN geom geometry(Geometry, 3006) "
    "GENERATED ALWAYS AS (ST_GeomFromText(NULLIF(route, ''), 3006)) STORED",
    "CREATE INDEX findings_by_geom ON findings USING gist (geom)",
    "CREATE INDEX walks_by_geom ON walks USING gist (geom)",
)


def _one_of(name: str, values: tuple[str, ...]) -> sa.CheckConstraint:
    listed = ", ".join(f"'{value}'" for value in values)
    return sa.CheckConstraint(f"{name} IN ({listed})", name=f"known_{name}")


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=False, server_default="")


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
    """Make the tables of walks."""
    op.add_column("imports", _dataset())
    op.create_table(
        "walks",
        sa.Column("walk_id", sa.Text, primary_key=True),
        sa.Column("date", sa.Date, nullable=False),
        sa.Column("network_id", sa.Text, nullable=False),
        *map(_text, ("place", "status", "note", "source", "start_time", "end_time", "light")),
        sa.Column("step", sa.Integer),
        sa.Column("n_participants", sa.Integer),
        *map(_text, ("organisers", "route", "same_as", "assumed")),
        *_kept(),
        _one_of("light", LIGHTS),
    )
    op.create_table(
        "findings",
        sa.Column("finding_id", sa.Text, primary_key=True),
        sa.Column("walk_id", sa.Text, sa.ForeignKey("walks.walk_id"), index=True),
        sa.Column("observed_date", sa.Date, nullable=False),
        *map(_text, ("light", "kind", "category", "description", "status", "owner")),
        *(sa.Column(f"{name}_date", sa.Date) for name in ("due", "done", "verified", "answered")),
        sa.Column("x", sa.Float),
        sa.Column("y", sa.Float),
        *map(_text, ("answer", "action", "place", "base_area_id", "source")),
        *_kept(),
        _one_of("light", LIGHTS),
        _one_of("kind", ("brist", "bra")),
        _one_of("status", STATUSES),
        sa.CheckConstraint("status = 'noted' OR owner <> ''", name="owner_before_status"),
        sa.CheckConstraint("(x IS NULL) = (y IS NULL)", name="both_coordinates"),
    )
    _history()
    guards.put(op.get_bind(), ("steps", "audit"))
    if op.get_bind().dialect.name == "postgresql":
        for statement in POSTGIS:
            op.execute(statement)


def _dataset() -> sa.Column[str]:
    return sa.Column("dataset", sa.Text, nullable=False, server_default="statistics")


def _history() -> None:
    op.create_table(
        "steps",
        sa.Column("step_id", sa.Integer, primary_key=True),
        sa.Column("finding_id", sa.Text, sa.ForeignKey("findings.finding_id"), nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("made_at", sa.DateTime, nullable=False),
        sa.Column("made_by", sa.Text, nullable=False),
        _text("note"),
        sa.Index("steps_by_finding", "finding_id"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "audit",
        sa.Column("audit_id", sa.Integer, primary_key=True),
        sa.Column("made_at", sa.DateTime, nullable=False),
        sa.Column("made_by", sa.Text, nullable=False),
        sa.Column("dataset", sa.Text, nullable=False),
        sa.Column("row_id", sa.Text, nullable=False),
        sa.Column("action", sa.Text, nullable=False),
        sa.Column("before", sa.Text),
        sa.Column("after", sa.Text),
        _text("reason"),
        sa.Index("audit_by_row", "dataset", "row_id"),
        sa.Index("audit_by_time", "made_at"),
        sqlite_autoincrement=True,
    )
