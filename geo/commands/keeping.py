"""The commands of the whole store: backup, restore, upgrade, export."""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from itertools import chain, count
from pathlib import Path
from typing import Any

from tqdm import tqdm

from geo import store
from geo.commands.console import user
from geo.errors import GeoError
from geo.store import copies, upgrade


def add(commands: argparse._SubParsersAction[Any]) -> None:
    """Add backup, restore, upgrade and export to the command line.

    >>> parser = argparse.ArgumentParser()
    >>> add(parser.add_subparsers())
    >>> parser.parse_args(["backup", "kopia.sqlite"]).file.name
    'kopia.sqlite'
    """
    backup = commands.add_parser("backup", help="säkerhetskopiera allt som är sparat till en fil")
    backup.add_argument("file", type=Path, metavar="FIL")
    backup.set_defaults(run=_backup)

    restore = commands.add_parser("restore", help="ersätt allt som är sparat med en säkerhetskopia")
    restore.add_argument("file", type=Path, metavar="FIL")
    restore.add_argument("--by", metavar="NAMN", help="vem som gör det (den inloggade)")
    restore.set_defaults(run=_restore)

    newest = commands.add_parser("upgrade", help="för databasen till programmets version")
    newest.set_defaults(run=_upgrade)

    layers = commands.add_parser("export", help="ta ut allt som är sparat som GeoPackage")
    layers.add_argument("file", type=Path, metavar="FIL.gpkg")
    layers.set_defaults(run=_export)


def before(name: str) -> Path:
    """Return a free file name in the folder where one works, for what is about to be replaced.

    >>> before("restore").suffix
    '.sqlite'
    """
    stem = f"fore-{name}-{datetime.now().astimezone():%Y-%m-%d-%H%M%S}"
    ends = chain([""], (f"-{number}" for number in count(2)))
    return next(path for end in ends if not (path := Path(f"{stem}{end}.sqlite")).exists())


@contextmanager
def _progress(what: str) -> Iterator[Callable[[int, int], object]]:
    with tqdm(desc=what, unit=" rader", disable=None) as bar:

        def advance(done: int, total: int) -> None:
            bar.total = total
            bar.update(done - bar.n)

        yield advance


def _backup(options: argparse.Namespace) -> int:
    with store.open() as kept, _progress("Kopierar") as progress:
        n_rows = kept.backup(options.file, progress)
    print(f"{options.file}: {n_rows} rader säkerhetskopierade.")
    return 0


def _restore(options: argparse.Namespace) -> int:
    with tempfile.TemporaryDirectory() as folder:  # what is no backup replaces nothing
        copies.checked_copy(options.file, Path(folder) / "prov.sqlite").engine.dispose()
    with store.open() as kept:
        replaced = before("restore")
        with kept.file.reading() as connection:
            is_kept = connection is not None
        if is_kept:
            kept.backup(replaced)
            print(f"Det som fanns är sparat i {replaced}.")
        with _progress("Återställer") as progress:
            n_rows = kept.restore(options.file, options.by or user(), progress)
    print(f"{n_rows} rader återställda ur {options.file}.")
    return 0


def _upgrade(_options: argparse.Namespace) -> int:
    with store.open() as kept:
        if kept.file.path is not None and not kept.file.path.exists():
            print(f"Databasen {kept.file.name} finns inte än: det finns inget att föra upp.")
            return 0
        return _upgraded(kept.file)


def _upgraded(file: store.Database) -> int:
    with file.writing(any_version=True) as connection:
        found = upgrade.version(connection)
        if found not in upgrade.VERSIONS[:-1]:
            upgrade.is_current(connection, file.name)
            print(f"Databasen {file.name} är redan av version {upgrade.NEWEST}.")
            return 0
        copy = _copy_of_old(file)
        upgrade.to_newest(connection)
    print(f"{file.name}: version {found} är nu {upgrade.NEWEST}. {copy}")
    return 0


def _copy_of_old(file: store.Database) -> str:
    """Copy a database of an older version as it stands; says where."""
    if file.path is None:
        return "Ta säkerhetskopia av en äldre PostgreSQL med pg_dump."
    replaced = before("upgrade")
    with copies.written(replaced) as beside:
        copies.copy_file(file.path, beside)
    return f"Det som fanns är sparat i {replaced}."


def _export(options: argparse.Namespace) -> int:
    if options.file.suffix.lower() != ".gpkg":
        raise GeoError(f"FIL: .gpkg väntades, fick {options.file.name!r}.")
    with store.open() as kept:
        layers = kept.export_layers(options.file)
    print(f"{options.file}: {', '.join(layers)}.")
    return 0
