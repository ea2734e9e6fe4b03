"""Which version a database is of, and the way to the newest: Alembic's plain ordered steps."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from sqlalchemy.engine import Connection

from geo.errors import GeoError

MIGRATIONS = Path(__file__).with_name("migrations")
VERSIONS = ("0001", "0002", "0003", "0004")  # oldest first
NEWEST = VERSIONS[-1]
VERSION_TABLE = "alembic_version"
FIRST_TABLE = "imports"  # in the database of before there were versions


class OldVersionError(GeoError):
    """A database of an older version; it is brought up by a command, never by the way."""


def version(connection: Connection) -> str | None:
    """Return the version of a database; None when it is empty.

    >>> with sa.create_engine("sqlite://").connect() as connection:
    ...     version(connection) is None
    True
    """
    if sa.inspect(connection).has_table(VERSION_TABLE):
        found = connection.scalar(sa.text(f"SELECT version_num FROM {VERSION_TABLE}"))
        return None if found is None else str(found)
    return VERSIONS[0] if sa.inspect(connection).has_table(FIRST_TABLE) else None


def is_current(connection: Connection, name: str) -> bool:
    """Tell whether a database is of the newest version (True) or empty (False).

    Raises OldVersionError for an older one, and GeoError for one of a newer program: nothing in
    it is touched.

    >>> with sa.create_engine("sqlite://").connect() as connection:
    ...     is_current(connection, "prov")
    False
    """
    found = version(connection)
    if found is None or found == NEWEST:
        return found is not None
    if found in VERSIONS:
        raise OldVersionError(
            f"Databasen {name} är av en äldre version ({found}, nu {NEWEST}). Inget är ändrat. "
            "Kör python -m geo upgrade, som först tar en säkerhetskopia."
        )
    raise GeoError(
        f"Databasen {name} är av en nyare version ({found}) än programmet ({NEWEST}). Inget är "
        "ändrat. Uppdatera programmet."
    )


def to_newest(connection: Connection) -> None:
    """Bring a database, also an empty one, to the newest version, in the caller's transaction.

    >>> with sa.create_engine("sqlite://").begin() as connection:
    ...     to_newest(connection)
    ...     version(connection) == NEWEST
    True
    """
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    if not sa.inspect(connection).has_table(VERSION_TABLE) and version(connection):
        command.stamp(config, VERSIONS[0])
    command.upgrade(config, "head")
