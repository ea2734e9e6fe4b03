"""The store on a SQLite file and on PostgreSQL: writes, many writers, kills, reading, copies."""

from __future__ import annotations

import random
import sqlite3
import subprocess
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from time import perf_counter
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import psycopg
import sqlalchemy as sa

from benchmarks import Row, median, quantile
from benchmarks.assign import require, timed
from geo import kinds, store
from tests.geo.store.killing import damages, half_written, kill_server, kill_writer, lost, writer
from tests.postgres import Postgres, programs, running

SEED = 20261122
N_FINDINGS, N_IMPORTED = 100_000, 10_000
N_WRITES = 200
N_WRITERS, N_EACH = 20, 100
N_ROUNDS, N_KILLED = 40, 20  # 800 writes planned in all
N_SERVER_ROUNDS = 5
COLUMNS = [column.name for column in kinds.FINDINGS.columns]
# What one acknowledged write costs without us: the same text on the same disk, one row, one commit.
FLOOR = "CREATE TABLE floor (id TEXT PRIMARY KEY, said TEXT, x FLOAT, y FLOAT)"


@dataclass(frozen=True)
class Place:
    """Where a store is measured: an address, and the server that it is on, if any."""

    name: str
    url: str
    server: Postgres | None


def measure(quick: bool = False) -> list[Row]:
    """Return every figure, on a SQLite file and, when its programs are here, on PostgreSQL."""
    size = 10 if quick else 1
    rows = []
    for name in ("SQLite", "PostgreSQL")[: 2 if programs() else 1]:
        for part in (writing, writers, kills, large):
            with place(name) as where:
                rows += part(where, size)
    return rows


@contextmanager
def place(name: str) -> Iterator[Place]:
    """Give an empty store of one kind; the server waits for the disk at each commit."""
    if name == "SQLite":
        with tempfile.TemporaryDirectory() as folder:
            yield Place(name, f"sqlite:///{folder}/matning.sqlite", None)
    else:
        with running(options=()) as server:
            yield Place(name, server.fresh(), server)


def findings(n_rows: int, first: int = 0, word: str = "trasig") -> pd.DataFrame:
    """Return findings as the field sends them, the same each time."""
    chance = np.random.default_rng(SEED)
    numbers = np.arange(first, first + n_rows)
    texts = [column.name for column in kinds.FINDINGS.columns if column.type == "text"]
    days = [column.name for column in kinds.FINDINGS.columns if column.type == "date"]
    empty: dict[str, Any] = dict.fromkeys(texts, "") | dict.fromkeys(days, pd.NaT)
    about = empty | {
        "finding_id": [f"fynd-{number:06}" for number in numbers],
        "observed_date": pd.Timestamp("2026-03-02"),
        "light": "mörker",
        "kind": "brist",
        "category": "Belysning",
        "description": [f"Lampa {number} vid gångvägen är {word}" for number in numbers],
        "status": "noted",
        "x": np.round(chance.uniform(360_000, 390_000, n_rows), 1),
        "y": np.round(chance.uniform(6_380_000, 6_410_000, n_rows), 1),
    }
    return pd.DataFrame(about).astype(dict.fromkeys(days, "datetime64[ns]"))


def writing(where: Place, size: int) -> list[Row]:
    """Time single acknowledged writes, beside a bare INSERT and commit on the same disk."""
    n_writes = N_WRITES // size
    many = [findings(1, number) for number in range(n_writes + 1)]
    with store.open(where.url) as kept, bare(where) as insert:
        kept.save_findings(many.pop(), "mätning")  # the tables are made
        ours, peer = [], []
        for number, one in enumerate(many):
            ours.append(timed(kept.save_findings, one, "mätning")[0] * 1000)
            said = str(one["description"].iloc[0])
            peer.append(timed(insert, (str(number), said, 377_000.5, 6_400_000.5))[0] * 1000)
        require(len(kept.findings()) == n_writes + 1, "a write is lost")
    title = f"{where.name}: one acknowledged write"
    return [
        Row(f"{title}, median", median(ours), "ms", median(peer), "<= 100"),
        Row(f"{title}, 95 of 100", quantile(ours, 0.95), "ms", quantile(peer, 0.95), "<= 250"),
    ]


@contextmanager
def bare(where: Place) -> Iterator[Callable[[tuple[Any, ...]], None]]:
    """Give a function that inserts one row and commits, on a connection that stays open."""
    is_file = where.server is None
    if is_file:
        path = where.url.removeprefix("sqlite:///") + ".golv"
        connection: Any = sqlite3.connect(path, isolation_level=None)
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
    else:
        connection = psycopg.connect(where.url, autocommit=True)
    statement = (
        f"INSERT INTO floor VALUES ({', '.join('?' if is_file else '%s' for _ in range(4))})"
    )
    with closing(connection):
        connection.execute(FLOOR)
        yield lambda row: connection.execute(statement, row)


def writers(where: Place, size: int) -> list[Row]:
    """Let 20 processes write at once; count what is lost, doubled, or had to give up."""
    n_each = N_EACH // size
    with store.open(where.url) as kept:
        kept.save_findings(findings(1, 900_000), "mätning")
    context = get_context("fork")
    gate = context.Barrier(N_WRITERS + 1)
    waits: Any = context.Queue()
    arguments = [(where.url, name, n_each, gate, waits) for name in range(N_WRITERS)]
    processes = [context.Process(target=write, args=each) for each in arguments]
    for process in processes:
        process.start()
    gate.wait()
    start = perf_counter()
    taken = [waits.get() for _ in processes]
    seconds = perf_counter() - start
    for process in processes:
        process.join()
    require(all(process.exitcode == 0 for process in processes), "a writer gave up")
    n_writes = N_WRITERS * n_each
    title = f"{where.name}: {N_WRITERS} writers x {n_each}"
    return [
        Row(f"{title}: writes per second", n_writes / seconds, "/s"),
        Row(f"{title}: longest wait of a write", max(map(max, taken)), "s", None, "<= 20"),
        *counted(where, title, n_writes),
    ]


def write(url: str, name: int, n_each: int, gate: Any, waits: Any) -> None:
    """Write finding after finding; tell how long each took."""
    many = [findings(1, name * 1_000 + number) for number in range(n_each)]
    gate.wait()
    with store.open(url) as kept:
        waits.put([timed(kept.save_findings, one, f"skribent {name}")[0] for one in many])


def counted(where: Place, title: str, n_writes: int) -> list[Row]:
    """Return how many writes are lost or doubled, in the findings, their steps and the audit."""
    with store.open(where.url) as kept:
        steps, audit = Counter(kept.steps()["finding_id"]), Counter(kept.audit()["row_id"])
        there = set(kept.findings().index)
        n_lost = n_writes + 1 - min(len(there), len(steps), len(audit))
        n_doubled = sum(n - 1 for found in (steps, audit) for n in found.values())
        require(not damages(kept), "the database is damaged")
    return [
        Row(f"{title}: lost", n_lost, "writes", None, "<= 0"),
        Row(f"{title}: doubled", n_doubled, "writes", None, "<= 0"),
    ]


def kills(where: Place, size: int) -> list[Row]:
    """Kill a writer at random moments, then the whole server; count what is lost or half."""
    chance = random.Random(SEED)
    n_rounds = max(N_ROUNDS // size, 2)
    with writer() as by:
        rounds = [kill_writer(by, where.url, turn, N_KILLED, chance) for turn in range(n_rounds)]
        rows = left(where, f"{n_rounds} kills of a writer", rounds)
        if where.server is not None:
            n_more = max(N_SERVER_ROUNDS // size, 1)
            for turn in range(n_rounds, n_rounds + n_more):
                said = kill_server(where.server, by, where.url, turn, N_KILLED, chance)
                rounds.append(said)
            rows += left(where, f"and {n_more} of the whole server", rounds)
    return rows


def left(where: Place, title: str, rounds: list[list[Any]]) -> list[Row]:
    """Return how many writes were acknowledged, and how many of them are lost or half written."""
    said = [done for each in rounds for done in each]
    with store.open(where.url) as kept:
        n_lost, n_half = len(lost(kept, said)), len(half_written(kept))
        require(not damages(kept), "the database is damaged")
    title = f"{where.name}, {title}"
    return [
        Row(f"{title}: acknowledged", len(said), "writes"),
        Row(f"{title}: lost", n_lost, "writes", None, "<= 0"),
        Row(f"{title}: half written", n_half, "writes", None, "<= 0"),
    ]


def large(where: Place, size: int) -> list[Row]:
    """Time reading, importing and copying with many findings in the store."""
    n_rows, n_new = N_FINDINGS // size, N_IMPORTED // size
    with store.open(where.url) as kept, tempfile.TemporaryDirectory() as folder:
        kept.save_findings(findings(n_rows), "mätning")
        ours = [timed(kept.findings) for _ in range(3)]
        peer = [timed(read_plainly, kept) for _ in range(3)]
        require(len(ours[0][1]) == len(peer[0][1]) == n_rows, "a finding is lost")
        seconds, others = (median([taken for taken, _ in each]) for each in (ours, peer))
        title = f"{where.name}: {n_rows:,} findings"
        rows = [Row(f"{title}: read as a frame", seconds, "s", others, "<= 1.5")]
        rows += importing(where, kept, n_rows, n_new)
        rows += copying(where, kept, title, Path(folder))
    return rows


def read_plainly(kept: store.Store) -> gpd.GeoDataFrame:
    """Read as it is mostly written: pandas asks, geopandas makes the points."""
    with kept.file.engine.connect() as connection:
        asked = sa.text(f"SELECT {', '.join(COLUMNS)} FROM findings WHERE removed_at IS NULL")
        days = [name for name in COLUMNS if name.endswith("_date")]
        table = pd.read_sql(asked, connection, index_col="finding_id", parse_dates=days)
    points = gpd.points_from_xy(table["x"], table["y"], crs="EPSG:3006")
    return gpd.GeoDataFrame(table, geometry=points)


def importing(where: Place, kept: store.Store, n_rows: int, n_new: int) -> list[Row]:
    """Time a file of the field: new, the same again, and with every row changed."""
    title = f"{where.name}: a file of {n_new:,} findings among {n_rows:,}"
    rows = []
    for said, fate, word in (
        ("new", "new", "trasig"),
        ("the same again", "same", "trasig"),
        ("each changed", "changed", "lagad"),
    ):
        table = findings(n_new, n_rows, word)
        about = {"file_name": "runda.csv", "sha256": word, "made_by": "mätning"}
        walks = pd.DataFrame(columns=["walk_id"])
        seconds, taken = timed(kept.save_field, table, walks, **about)
        require(len(getattr(taken.findings, fate)) == n_new, f"not every row is {fate}")
        rows.append(Row(f"{title}, {said}", seconds, "s"))
    return rows


def copying(where: Place, kept: store.Store, title: str, folder: Path) -> list[Row]:
    """Time a backup and its restore; the peer is the database's own copy, for its kind alone."""
    backup, rows_before = folder / "kopia.sqlite", len(kept.findings())
    seconds, n_rows = timed(kept.backup, backup)
    own, _ = timed(copy_of_its_own, where, folder / "egen")
    again, _ = timed(kept.restore, backup, "mätning")
    require(len(kept.findings()) == rows_before, "the restore is not whole")
    layers, _ = timed(kept.export_layers, folder / "lager.gpkg")
    return [
        Row(f"{title}: backup, {n_rows:,} rows in all", seconds, "s", own),
        Row(f"{title}: restore", again, "s"),
        Row(f"{title}: export as layers", layers, "s"),
    ]


def copy_of_its_own(where: Place, path: Path) -> None:
    """Copy pages (SQLite) or dump (PostgreSQL): no other kind of database can take it in."""
    if where.server is None:
        source = where.url.removeprefix("sqlite:///")
        with closing(sqlite3.connect(source)) as ours, closing(sqlite3.connect(path)) as copy:
            ours.backup(copy)
    else:
        command = [str(where.server.bin / "pg_dump"), "-Fc", "-f", str(path), where.url]
        subprocess.run(command, check=True)
