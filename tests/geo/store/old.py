"""A store as the third delivery left it: its own three tables, and nowhere a version."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import command
from alembic.config import Config

from geo.changes import KEY, NUMBERS
from geo.store import upgrade

# Word for word what that delivery's store made.
METADATA = sa.MetaData()
IMPORTS = sa.Table(
    "imports",
    METADATA,
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
sa.Table(
    "statistics",
    METADATA,
    sa.Column("import_id", sa.ForeignKey(IMPORTS.c.import_id), primary_key=True),
    *(sa.Column(name, sa.Text, primary_key=True) for name in KEY),
    *(sa.Column(name, sa.Float) for name in NUMBERS),
    sa.Column("status", sa.Text, nullable=False),
    sa.Column("source", sa.Text, nullable=False),
    sa.Index("statistics_by_indicator", "indicator_id", "period"),
)
sa.Table(
    "versions",
    METADATA,
    sa.Column("what", sa.Text, primary_key=True),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("changed_at", sa.DateTime, nullable=False),
)
NAMES = "made_at, made_by, what, file_name, sha256, n_rows, n_new, n_changed, n_same, note"
ROWS = [
    f"INSERT INTO imports ({NAMES}) VALUES ('2026-11-01 08:00:00.000001', 'Åsa', 'statistik', "
    "'a.csv', '1', 2, 2, 0, 0, '')",
    f"INSERT INTO imports ({NAMES}) VALUES ('2026-11-02 08:00:00.000001', 'Bo', 'statistik', "
    "'b.csv', '2', 1, 0, 1, 0, 'rättad 🦉')",
    *(
        f"INSERT INTO statistics VALUES ({number}, 'folkmangd', '{area}', 'RegSO2025', '2024', "
        f"'alla', NULL, NULL, {value}, 'ok', 'prov')"
        for number, area, value in ((1, "1490R001", 1.0), (1, "1490R002", 2.0), (2, "1490R001", 10))
    ),
    "INSERT INTO versions VALUES ('statistics', 2, '2026-11-02 08:00:00.000002')",
]


def make_old(engine: sa.Engine) -> None:
    """Make the tables and rows of then; PostgreSQL came later, there Alembic notes the version."""
    with engine.execution_options(writes=True).begin() as connection:
        if connection.dialect.name == "sqlite":
            METADATA.create_all(connection)
        else:
            config = Config()
            config.set_main_option("script_location", str(upgrade.MIGRATIONS))
            config.attributes["connection"] = connection
            command.upgrade(config, upgrade.VERSIONS[0])
        for row in ROWS:
            connection.exec_driver_sql(row)
