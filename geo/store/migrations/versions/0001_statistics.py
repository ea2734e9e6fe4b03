"""Statistics as they were imported, each import whole."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

KEY = ("indicator_id", "area_code", "area_vintage", "period", "group")


def upgrade() -> None:
    """Make the tables of statistics."""
    op.create_table(
        "imports",
        sa.Column("import_id", sa.Integer, primary_key=True),
        sa.Column("made_at", sa.DateTime, nullable=False),
        sa.Column("made_by", sa.Text, nullable=False),
        sa.Column("what", sa.Text, nullable=False),
        sa.Column("file_name", sa.Text, nullable=False),
        sa.Column("sha256", sa.Text, nullable=False, index=True),
        sa.Column("n_rows", sa.Integer, nullable=False),
        sa.Column("n_new", sa.Integer, nullable=False),
        sa.Column("n_changed", sa.Integer, nullable=False),
        sa.Column("n_same", sa.Integer, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("taken_back_at", sa.DateTime),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "statistics",
        sa.Column("import_id", sa.Integer, sa.ForeignKey("imports.import_id"), primary_key=True),
        *(sa.Column(name, sa.Text, primary_key=True) for name in KEY),
        *(sa.Column(name, sa.Float) for name in ("numerator", "denominator", "value")),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Index("statistics_by_indicator", "indicator_id", "period"),
    )
    op.create_table(
        "versions",
        sa.Column("what", sa.Text, primary_key=True),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("changed_at", sa.DateTime, nullable=False),
    )
