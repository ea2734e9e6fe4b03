"""What is appended stays: no row of the history may be changed or taken away, not even by us."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.engine import Connection

APPENDED = ("steps", "decision_steps", "signed", "audit")
_SAYS = "historiken ändras aldrig"
_FUNCTION = (
    "CREATE OR REPLACE FUNCTION history_is_kept() RETURNS trigger LANGUAGE plpgsql AS "
    f"$$ BEGIN RAISE EXCEPTION '{_SAYS}'; END $$"
)


def put(connection: Connection, tables: Sequence[str] = APPENDED) -> None:
    """Refuse, in the database itself, every change of an appended row of some tables.

    >>> import sqlalchemy as sa
    >>> with sa.create_engine("sqlite://").begin() as connection:
    ...     for table in APPENDED:
    ...         _ = connection.exec_driver_sql(f"CREATE TABLE {table} (a)")
    ...     put(connection)
    ...     lift(connection)
    """
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(_FUNCTION)
    for table in tables:
        for act in _acts(connection):
            connection.exec_driver_sql(_trigger(connection.dialect.name, table, act))


def lift(connection: Connection) -> None:
    """Take the guards away: for a restore, which puts them back in the same transaction.

    >>> import sqlalchemy as sa
    >>> with sa.create_engine("sqlite://").begin() as connection:
    ...     lift(connection)
    """
    for table in APPENDED:
        for act in _acts(connection):
            on = f" ON {table}" if connection.dialect.name == "postgresql" else ""
            connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {_name(table, act)}{on}")


def _acts(connection: Connection) -> tuple[str, ...]:
    has_truncate = connection.dialect.name == "postgresql"
    return ("UPDATE", "DELETE", "TRUNCATE") if has_truncate else ("UPDATE", "DELETE")


def _name(table: str, act: str) -> str:
    return f"{table}_no_{act.lower()}"


def _trigger(dialect: str, table: str, act: str) -> str:
    head = f"CREATE TRIGGER {_name(table, act)} BEFORE {act} ON {table}"
    if dialect == "postgresql":
        each = "STATEMENT" if act == "TRUNCATE" else "ROW"
        return f"{head} FOR EACH {each} EXECUTE FUNCTION history_is_kept()"
    return f"{head} BEGIN SELECT RAISE(ABORT, '{_SAYS}'); END"
