"""The database: a SQLite file or PostgreSQL; whole transactions, its faults in Swedish."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import uniform
from time import monotonic, sleep
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import URL, Connection, Engine, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, OperationalError

from geo.errors import GeoError
from geo.store import upgrade

DEFAULT = Path(__file__).resolve().parents[2] / "var" / "lagesbild.sqlite"
BUSY_S = 20  # a writer waits so long for the others
PAUSE_S = (0.002, 0.012)  # and asks so often whether it is its turn (SQLite)
CONNECT_S = 5
WRITERS_TURN = 20171020  # the advisory lock that makes PostgreSQL's writers take turns
POSTGRES = "postgresql+psycopg"
BUSY = "är upptagen av någon annan. Vänta en stund och försök igen."
READ_ONLY = "är skrivskyddad. Ge skrivrätt till {what}."
FULL = "får inte plats: disken är full. Frigör utrymme och försök igen."
AWAY = "kan inte nås. Kontrollera att den är i gång och att adressen stämmer."
NO_POSTGIS = "saknar PostGIS. Låt serverns förvaltare köra CREATE EXTENSION postgis i databasen."
ADDRESS = "har en okänd inställning i adressen. Rätta det som står efter frågetecknet."
# What the databases call what went wrong (SQLite's names, PostgreSQL's states), and the remedy.
FAULTS = {
    "SQLITE_BUSY": BUSY,
    "SQLITE_LOCKED": BUSY,
    "SQLITE_READONLY": READ_ONLY.format(what="filen och dess mapp"),
    "SQLITE_CORRUPT": "är skadad. Lägg tillbaka en säkerhetskopia.",
    "SQLITE_NOTADB": "är skadad eller är ingen databas. Lägg tillbaka en säkerhetskopia.",
    "SQLITE_CANTOPEN": "kan inte öppnas. Kontrollera mappen och rättigheterna.",
    "SQLITE_PERM": "kan inte öppnas. Kontrollera mappen och rättigheterna.",
    "SQLITE_FULL": FULL,
    "SQLITE_IOERR_SHMSIZE": FULL,  # no room even for the 32 kB that reading needs
    "SQLITE_IOERR": "kan inte nås. Kontrollera disken eller nätverksmappen.",
    "55P03": BUSY,
    "40": BUSY,
    "25006": READ_ONLY.format(what="användaren i databasen"),
    "42501": READ_ONLY.format(what="användaren i databasen"),
    "53100": FULL,
    "53": "har slut på resurser (minne eller anslutningar). Vänta en stund och försök igen.",
    "08": AWAY,
    "57P": AWAY,
    "28": "släpper inte in användaren. Kontrollera namn och lösenord i adressen.",
    "3D000": "finns inte. Skapa den med createdb, eller rätta adressen.",
    "0A000": NO_POSTGIS,
    "58P01": NO_POSTGIS,
    "address": ADDRESS,
    "extension": NO_POSTGIS,
}
# What PostgreSQL says in words alone, before anybody is let in; the first that fits.
WORDS = {
    "invalid connection option": "address",
    "too many": "53",
    "connection slots": "53",
    "password": "28",
    "role ": "28",
    "pg_hba": "28",
    "permission denied": "28",
    "does not exist": "3D000",
}


@dataclass(frozen=True)
class Database:
    """One database. It is made by the first writing, never by opening or reading.

    path: the SQLite file, None for PostgreSQL. name: what messages call it, without a password.
    """

    engine: Engine
    path: Path | None
    name: str

    @contextmanager
    def reading(self) -> Iterator[Connection | None]:
        """Give a connection for reading, or None when nothing has been written yet.

        Raises GeoError with a Swedish reason and remedy when the database cannot be read, or is
        of an older or a newer version.
        """
        self._refuse_missing_folder()
        if self.path is not None and not self.path.exists():
            yield None
            return
        with self._told(), self.engine.connect() as connection:
            if self.path is None:
                connection = connection.execution_options(
                    isolation_level="REPEATABLE READ", postgresql_readonly=True
                )
            yield connection if upgrade.is_current(connection, self.name) else None

    @contextmanager
    def writing(self, *, any_version: bool = False) -> Iterator[Connection]:
        """Give a connection whose work is kept wholly when the block ends well, or not at all.

        Writers take turns. Tables that do not exist yet are made. any_version: leave an older
        version as it is (see geo.store.upgrade). Raises GeoError as reading does.
        """
        if self.path == DEFAULT:
            self.path.parent.mkdir(exist_ok=True)
        self._refuse_missing_folder()
        writer = self.engine.execution_options(writes=True)
        with self._told(), writer.begin() as connection:
            if not any_version and not upgrade.is_current(connection, self.name):
                upgrade.to_newest(connection)
            yield connection

    def _refuse_missing_folder(self) -> None:
        folder = None if self.path in (None, DEFAULT) else self.path.parent
        if folder is not None and not folder.is_dir():
            raise GeoError(f"Databasens mapp {folder} finns inte. Kontrollera sökvägen.")

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Turn what the database says of itself into a sentence; a fault of ours stays as it is."""
        try:
            yield
        except DBAPIError as fault:
            said = _said(fault)
            if not said:
                raise
            raise GeoError(f"Databasen {self.name} {said}") from fault


def _said(fault: DBAPIError) -> str:
    text = str(fault.orig)
    name = getattr(fault.orig, "sqlite_errorname", None) or getattr(fault.orig, "sqlstate", None)
    if name is None:  # PostgreSQL did not answer at all, or said so in words only
        away = "08" if isinstance(fault, OperationalError) else ""
        name = next((state for word, state in WORDS.items() if word in text), away)
    if name == "42501" and "create extension" in text:
        name = "extension"
    return next((said for known, said in FAULTS.items() if name.startswith(known)), "")


def database(text: str) -> Database:
    """Return the database at an address; nothing is opened yet.

    text: sqlite:///PATH, a bare path, or postgresql://user:password@host/name. A write waits 20
    seconds for another one (?timeout= changes it). Raises GeoError for another kind.

    >>> database("sqlite:////srv/lagesbild.sqlite").name
    'lagesbild.sqlite'
    >>> database("postgresql://lage:hemligt@db/lagesbild").name
    'lagesbild (db)'
    """
    if re.match(r"postgres\w*:(?!//)", text):  # a slip, not the name of a file
        raise _not_known(text)
    try:
        url = make_url(text) if "://" in text else URL.create("sqlite", database=text)
    except (ArgumentError, ValueError):  # ValueError: a port that is no number
        raise _not_known(text) from None
    if "@" in str(url.host):  # of a password with @, which is written %40
        raise _not_known(text)
    if url.drivername in ("postgres", "postgresql", POSTGRES) and url.database:
        return _postgres(url.set(drivername=POSTGRES))
    if url.drivername != "sqlite" or url.database in (None, "", ":memory:"):
        raise _not_known(text)
    return _sqlite(url)


def _not_known(text: str) -> GeoError:
    shown = re.sub(r"\?.*", "", re.sub(r":(/*).*@", r":\1***@", text))  # no password is ever shown
    return GeoError(
        "Databasen: sqlite:///sökväg eller postgresql://användare@värd/namn väntades, "
        f"fick {shown!r}."
    )


def _sqlite(url: URL) -> Database:
    if "timeout" not in url.query:
        url = url.update_query_dict({"timeout": str(BUSY_S)})
    engine = sa.create_engine(
        url, poolclass=sa.pool.NullPool, connect_args={"isolation_level": None}
    )
    sa.event.listen(engine, "connect", _prepare)
    sa.event.listen(engine, "begin", _begin)
    path = Path(str(url.database).removeprefix("file:")).absolute()
    return Database(engine, path, path.name)


def _postgres(url: URL) -> Database:
    # Times in UTC and days as 2017-10-20, whatever the server's own habits are.
    wait_ms = int(1000 * float(str(url.query.get("timeout", BUSY_S))))
    options = f"-c timezone=UTC -c datestyle=ISO -c lock_timeout={wait_ms}"
    asked = {"connect_timeout": CONNECT_S, "application_name": "lagesbild", "options": options}
    engine = sa.create_engine(
        url.difference_update_query(["timeout"]), poolclass=sa.pool.NullPool, connect_args=asked
    )
    sa.event.listen(engine, "begin", _take_turn)
    return Database(engine, None, f"{url.database} ({url.host or 'lokalt'})")


def _prepare(connection: sqlite3.Connection, _record: Any) -> None:
    connection.execute("PRAGMA foreign_keys=ON")
    connection.execute("PRAGMA synchronous=FULL")


def _begin(connection: Connection) -> None:
    """Begin by hand: a writer takes its place at once, so that nobody writes in between."""
    if connection.get_execution_options().get("writes"):
        connection.exec_driver_sql("PRAGMA journal_mode=WAL")
        _take_place(connection)
    else:
        connection.exec_driver_sql("BEGIN")


def _take_place(connection: Connection) -> None:
    """Wait for the other writers, all with the same chance.

    SQLite's own waiting asks ever more seldom: with many writers, who has waited longest then waits
    on and on.
    """
    raw: Any = connection.connection.dbapi_connection
    (wait_ms,) = raw.execute("PRAGMA busy_timeout").fetchone()
    until = monotonic() + wait_ms / 1000
    raw.execute("PRAGMA busy_timeout=0")
    while not raw.in_transaction:
        try:
            raw.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as fault:
            if not fault.sqlite_errorname.startswith("SQLITE_BUSY") or monotonic() > until:
                break
            sleep(uniform(*PAUSE_S))
    if not raw.in_transaction:
        connection.exec_driver_sql("BEGIN IMMEDIATE")  # says why not
    raw.execute(f"PRAGMA busy_timeout={wait_ms}")


def _take_turn(connection: Connection) -> None:
    if connection.get_execution_options().get("writes"):
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({WRITERS_TURN})")
