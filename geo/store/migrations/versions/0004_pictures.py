"""Lägesbilder: what a meeting writes, and the signed ones, which never change."""

import sqlalchemy as sa
from alembic import op

from geo.store import guards

revision = "0004"
down_revision = "0003"


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=False, server_default="")


def _needed(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=False)


def upgrade() -> None:
    """Make the tables of lägesbilder and of signed ones."""
    op.create_table(
        "pictures",
        sa.Column("picture_id", sa.Text, primary_key=True),
        _needed("network_id"),
        sa.Column("day", sa.Date, nullable=False),
        *map(_text, ("seen", "joint", "focus")),
        sa.Column("signed_date", sa.Date),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("import_id", sa.Integer, sa.ForeignKey("imports.import_id")),
        _text("imported"),
        sa.Column("imported_version", sa.Integer),
        sa.Column("removed_at", sa.DateTime),
    )
    op.create_table(
        "signed",
        sa.Column("signed_id", sa.Integer, primary_key=True),
        sa.Column("picture_id", sa.Text, sa.ForeignKey("pictures.picture_id"), nullable=False),
        _needed("network_id"),
        sa.Column("day", sa.Date, nullable=False),
        *map(_text, ("seen", "joint", "focus")),
        sa.Column("signed_date", sa.Date, nullable=False),
        sa.Column("made_at", sa.DateTime, nullable=False),
        *map(_needed, ("made_by", "snapshot")),
        sa.UniqueConstraint("picture_id", name="signed_once"),
        sqlite_autoincrement=True,
    )
    guards.put(op.get_bind(), ("signed",))
