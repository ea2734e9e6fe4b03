"""The database file: opened, read and written in whole transactions, its faults in Swedish."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import URL, Connection, Engine, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError

from geo.errors import GeoError

DEFAULT = Path(__file__).resolve().parents[1] / "var" / "lagesbild.sqlite"
BUSY_S = "5"
# SQLite's own names of what went wrong, and what a person can do.
FAULTS = {
    "SQLITE_BUSY": "är upptagen av någon annan. Vänta en stund och försök igen.",
    "SQLITE_LOCKED": "är upptagen av någon annan. Vänta en stund och försök igen.",
    "SQLITE_READONLY": "är skrivskyddad. Ge skrivrätt till filen och dess mapp.",
    "SQLITE_CORRUPT": "är skadad. Lägg tillbaka en säkerhetskopia.",
    "SQLITE_NOTADB": "är skadad eller är ingen databas. Lägg tillbaka en säkerhetskopia.",
    "SQLITE_CANTOPEN": "kan inte öppnas. Kontrollera mappen och rättigheterna.",
    "SQLITE_PERM": "kan inte öppnas. Kontrollera mappen och rättigheterna.",
    "SQLITE_FULL": "får inte plats: disken är full. Frigör utrymme och försök igen.",
    "SQLITE_IOERR": "kan inte nås. Kontrollera disken eller nätverksmappen.",
}


@dataclass(frozen=True)
class Database:
    """One SQLite file. It is made by the first writing, never by opening or reading."""

    path: Path
    engine: Engine

    @contextmanager
    def reading(self) -> Iterator[Connection | None]:
        """Give a connection for reading, or None when the file does not exist yet.

        Raises GeoError with a Swedish reason and remedy when the file cannot be read.
        """
        self._refuse_missing_folder()
        if not self.path.exists():
            yield None
            return
        with _told(self.path), self.engine.connect() as connection:
            yield connection

    @contextmanager
    def writing(self, tables: sa.MetaData) -> Iterator[Connection]:
        """Give a connection whose work is kept wholly when the block ends well, or not at all.

        Tables that do not exist yet are made. Raises GeoError as reading does.
        """
        if self.path == DEFAULT:
            self.path.parent.mkdir(exist_ok=True)
        self._refuse_missing_folder()
        writer = self.engine.execution_options(writes=True)
        with _told(self.path), writer.begin() as connection:
            tables.create_all(connection)
            yield connection

    def _refuse_missing_folder(self) -> None:
        if not self.path.parent.is_dir() and self.path != DEFAULT:
            raise GeoError(f"Databasens mapp {self.path.parent} finns inte. Kontrollera sökvägen.")


def database(text: str) -> Database:
    """Return the database at sqlite:///PATH, or at a bare path; nothing is opened yet.

    A write waits 5 seconds for another one (?timeout= changes it). Raises GeoError for another
    kind of database.

    >>> database("sqlite:////srv/lagesbild.sqlite").path.name
    'lagesbild.sqlite'
    """
    try:
        url = make_url(text) if "://" in text else URL.create("sqlite", database=text)
    except ArgumentError:
        raise GeoError(f"Databasen: sqlite:///sökväg väntades, fick {text!r}.") from None
    file = url.database or ""
    if url.drivername != "sqlite" or file in ("", ":memory:"):
        raise GeoError(
            f"Databasen: sqlite:///sökväg väntades, fick {url.render_as_string()!r}. "
            "Än så länge kan bara en SQLite-fil användas."
        )
    if "timeout" not in url.query:
        url = url.update_query_dict({"timeout": BUSY_S})
    engine = sa.create_engine(
        url, poolclass=sa.pool.NullPool, connect_args={"isolation_level": None}
    )
    sa.event.listen(engine, "connect", _prepare)
    sa.event.listen(engine, "begin", _begin)
    return Database(Path(file.removeprefix("file:")).absolute(), engine)


def _prepare(connection: sqlite3.Connection, _record: Any) -> None:
    connection.execute("PRAGMA foreign_keys=ON")
    connection.execute("PRAGMA synchronous=FULL")


def _begin(connection: Connection) -> None:
    """Begin by hand: a writer takes its place at once, so that nobody writes in between."""
    if connection.get_execution_options().get("writes"):
        connection.exec_driver_sql("PRAGMA journal_mode=WAL")
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    else:
        connection.exec_driver_sql("BEGIN")


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """Turn what SQLite says of the file into a sentence; a fault of ours stays as it is."""
    try:
        yield
    except DBAPIError as fault:
        name = str(getattr(fault.orig, "sqlite_errorname", ""))
        said = [text for known, text in FAULTS.items() if name.startswith(known)]
        if not said:
            raise
        raise GeoError(f"Databasen {path.name} {said[0]}") from fault
