"""A real PostgreSQL with PostGIS for the tests, when its programs are on this machine.

``python -m tests.postgres`` installs them from the system's packages when they are missing.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from time import monotonic

from tests.browser.chromium import as_root

PLACES = "/usr/lib/postgresql/*/bin"  # where Debian keeps the server's programs
START_SECONDS = 90
USER, TEMPLATE = "lage", "mall"
# A test's database may be lost with the machine: no waiting for the disk but in the kill tests.
QUICK = ("-c", "fsync=off", "-c", "full_page_writes=off")
_numbers = count()


def programs() -> Path | None:
    """The folder of the server's programs, the newest; None when there is none with PostGIS."""
    named = shutil.which("initdb")
    folders = [Path(named).resolve().parent] if named else []
    folders += sorted(Path("/").glob(PLACES.lstrip("/")), reverse=True)
    return next((folder for folder in folders if _has_postgis(folder)), None)


def _has_postgis(folder: Path) -> bool:
    if not (folder / "initdb").exists():
        return False
    asked = [str(folder / "pg_config"), "--sharedir"]
    shared = subprocess.run(asked, capture_output=True, text=True, check=True).stdout.strip()
    return Path(shared, "extension", "postgis.control").exists()


def install() -> None:
    """Install the programs from the system's packages, where there is a package manager."""
    if shutil.which("apt-get") is None:
        return
    _install("postgresql")
    for folder in Path("/").glob(PLACES.lstrip("/")):
        _install(f"postgresql-{folder.parent.name}-postgis-3")


def _install(package: str) -> None:
    for act in (["update"], ["install", "-y", package]):
        subprocess.run([*as_root(), "apt-get", *act], stdout=sys.stderr, check=False)


class Postgres:
    """A running server of our own, on a socket in a folder of its own."""

    def __init__(self, folder: Path, bin_folder: Path, options: tuple[str, ...]) -> None:
        self.folder, self.bin, self.options = folder, bin_folder, options
        self.process: subprocess.Popen[bytes] | None = None

    def run(self, program: str, *arguments: str) -> None:
        """Run one of the server's programs, as its own user when we are root (it refuses root)."""
        done = subprocess.run(
            [*_as_server(), str(self.bin / program), *arguments],
            cwd=self.folder,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{program}: {done.stderr}"

    def start(self) -> None:
        """Start the server and wait until it answers."""
        command = [*_as_server(), str(self.bin / "postgres"), "-D", str(self.folder / "data")]
        command += ["-k", str(self.folder), "-c", "listen_addresses=", *self.options]
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(command, cwd=self.folder, stdout=log, stderr=log)
        deadline = monotonic() + START_SECONDS  # recovering from a kill takes its time
        while monotonic() < deadline:
            if self._answers():
                return
        raise AssertionError((self.folder / "log").read_text(errors="replace"))

    def _answers(self) -> bool:
        asked = [str(self.bin / "pg_isready"), "-q", "-t", "1", "-h", str(self.folder)]
        ready = subprocess.run(asked, check=False).returncode == 0
        if not ready and self.process is not None:
            try:
                self.process.wait(timeout=0.1)
            except subprocess.TimeoutExpired:
                return False
        return ready

    def stop(self) -> None:
        """Stop the server at once; what was committed stays."""
        if self.process is not None:
            self.run("pg_ctl", "-D", str(self.folder / "data"), "-m", "immediate", "-w", "stop")
            self.process.wait()
            self.process = None

    def sql(self, statement: str, name: str = "postgres") -> None:
        """Run a statement in one of the databases."""
        self.run("psql", "-q", "-h", str(self.folder), "-U", USER, "-d", name, "-c", statement)

    def url(self, name: str) -> str:
        """The address of one of the databases."""
        return f"postgresql://{USER}@/{name}?host={self.folder}"

    def fresh(self) -> str:
        """Make a database of its own, with PostGIS and without tables; returns its address."""
        name = f"prov{next(_numbers)}"
        self.sql(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE}")
        return self.url(name)


@contextmanager
def running(options: tuple[str, ...] = QUICK) -> Iterator[Postgres]:
    """A server that is stopped and gone afterwards."""
    found = programs()
    assert found is not None
    with tempfile.TemporaryDirectory(prefix="pg") as name:
        folder = Path(name)
        if _as_server():
            shutil.chown(folder, "postgres")
        server = Postgres(folder, found, options)
        auth = ("-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
        server.run("initdb", "-D", str(folder / "data"), "-U", USER, *auth)
        server.start()
        try:
            server.sql(f"CREATE DATABASE {TEMPLATE}")
            server.sql("CREATE EXTENSION postgis", TEMPLATE)
            yield server
        finally:
            server.stop()


def _as_server() -> list[str]:
    is_root = getattr(os, "geteuid", lambda: 1)() == 0
    return ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] if is_root else []


if __name__ == "__main__":
    if programs() is None:
        install()
    if programs() is None:  # CI stops here: there both databases are always tried
        sys.exit("PostgreSQL med PostGIS kunde inte installeras.")
    sys.stdout.write(f"{programs()}\n")
