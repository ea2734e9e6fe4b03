"""The store: statistics, walks, findings, and who changed what. The only writer of what people do.

database     a SQLite file, or PostgreSQL with PostGIS
upgrade      its version; migrations/ has the steps
records      transactions, versions for caches, the audit
statistics   imports of statistics, each can be undone
walks, findings, rows    what people register and change; two who change the same are told
meetings, decisions      the networks' own work: meetings, plans, decisions and their way
pictures     lägesbilder: drafts, and signed ones, which never change
intake       files of the field; the same file again changes nothing
copies       backup, restore, everything as a GeoPackage
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Self

from geo.store import database
from geo.store.copies import Copies
from geo.store.database import Database as Database
from geo.store.decisions import Decisions
from geo.store.findings import Findings
from geo.store.intake import Fates as Fates
from geo.store.intake import Intake
from geo.store.intake import Taken as Taken
from geo.store.meetings import Meetings
from geo.store.pictures import Pictures
from geo.store.records import FIELD as FIELD
from geo.store.records import NETWORKS as NETWORKS
from geo.store.records import ConflictError as ConflictError
from geo.store.statistics import AlreadyImportedError as AlreadyImportedError
from geo.store.statistics import Preview as Preview
from geo.store.statistics import Statistics
from geo.store.upgrade import OldVersionError as OldVersionError
from geo.store.walks import Walks

ADDRESSES = ("LAGESBILD_STORE", "DATABASE_URL")


class Store(Statistics, Walks, Findings, Meetings, Decisions, Pictures, Intake, Copies):
    """One opened store; use it in a with statement, or close it."""

    def __enter__(self) -> Self:
        """Return the store itself."""
        return self

    def __exit__(self, *_fault: object) -> None:
        """Close the store."""
        self.close()

    def close(self) -> None:
        """Let go of the database."""
        self.file.engine.dispose()


def open(url: str | None = None) -> Store:  # noqa: A001 - geo.store.open is the agreed name
    """Open the store; it is made by the first writing, never by opening or reading.

    url: sqlite:///PATH, a path, or postgresql://user:password@host/name. Without it
    LAGESBILD_STORE, then DATABASE_URL, else var/lagesbild.sqlite. Raises GeoError for another kind
    of database.

    >>> import tempfile
    >>> folder = tempfile.TemporaryDirectory()
    >>> with open(f"sqlite:///{folder.name}/prov.sqlite") as store:
    ...     len(store.statistics()), store.version()
    (0, '0')
    >>> folder.cleanup()
    """
    named = next((os.environ[name] for name in ADDRESSES if os.environ.get(name)), None)
    return Store(database.database(url or named or str(database.DEFAULT)))


def path() -> Path | None:
    """Return the store's file, which may not exist yet; None when it is a PostgreSQL database.

    >>> path().suffix
    '.sqlite'
    """
    return open().file.path
