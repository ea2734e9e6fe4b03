"""Kills a writer, or a server, at a moment that nobody chose, and looks at what is left."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from geo.store import Store
from tests.geo.store.making import sql
from tests.geo.store.writer import N_TOGETHER
from tests.postgres import Postgres

ROOT = Path(__file__).parents[3]
WRITES = ("new", "change", "many", "field")
LONGEST_SPIN = 2_000_000  # some 40 ms: longer than one write takes


@dataclass(frozen=True)
class Writer:
    """The program tests.geo.store.writer, which has a child write for each turn."""

    program: subprocess.Popen[str]

    def turn(
        self,
        about: tuple[str, int, int],
        n_lines: int,
        n_spins: int,
        kill: Callable[[int], object],
    ) -> list[Any]:
        """Let a child write, kill at some time after some lines; returns what it acknowledged.

        about: address, number of the turn, number of writes. kill: is given the child.
        """
        self._tell(json.dumps(dict(zip(("url", "turn", "n_writes"), about, strict=True))))
        said = [self._listen() for _ in range(n_lines)]
        for _ in range(n_spins):
            pass
        kill(said[0]["pid"])
        self._tell("")
        while said[-1]["kind"] != "ended":
            said.append(self._listen())
        return [done for done in said if done["kind"] in WRITES]

    def _tell(self, line: str) -> None:
        assert self.program.stdin is not None
        self.program.stdin.write(line + "\n")
        self.program.stdin.flush()

    def _listen(self) -> Any:
        assert self.program.stdout is not None
        return json.loads(self.program.stdout.readline())


@contextmanager
def writer() -> Iterator[Writer]:
    command = [sys.executable, "-m", "tests.geo.store.writer"]
    pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, cwd=ROOT, **pipes) as program:
        yield Writer(program)


def kill_writer(by: Writer, url: str, turn: int, n_writes: int, chance: random.Random) -> list[Any]:
    """Kill a writer at a random moment; returns what it had acknowledged."""
    moment = chance.randint(1, n_writes), chance.randrange(LONGEST_SPIN)
    return by.turn((url, turn, n_writes), *moment, lambda child: os.kill(child, signal.SIGKILL))


def kill_server(
    server: Postgres, by: Writer, url: str, turn: int, n_writes: int, chance: random.Random
) -> list[Any]:
    """Kill every process of a server at a random moment of a writer, and start it again."""
    moment = chance.randint(1, n_writes), chance.randrange(LONGEST_SPIN)
    said = by.turn((url, turn, n_writes), *moment, lambda _child: _kill_all(server))
    server.start()
    return said


def _kill_all(server: Postgres) -> None:
    assert server.process is not None
    first = server.process.pid
    server.process.send_signal(signal.SIGSTOP)  # so that it does not tidy up after its children
    for child in Path(f"/proc/{first}/task/{first}/children").read_text().split():
        os.kill(int(child), signal.SIGKILL)
    server.process.kill()
    server.process.wait()
    server.process = None


def lost(kept: Store, said: list[Any]) -> list[Any]:
    """Return the acknowledged writes that are not there, or not as they were said."""
    versions = kept.findings()["version"].to_dict()
    return [
        done for done in said if any(versions.get(row, 0) < done["version"] for row in done["ids"])
    ]


def half_written(kept: Store) -> list[str]:
    """Return what is there without all that was written with it."""
    with kept.file.reading() as connection:  # one moment: what was under way may come in yet
        if connection is None:
            return []

        def asked(statement: str) -> list[Any]:
            return [tuple(row) for row in connection.exec_driver_sql(statement)]

        found = asked("SELECT finding_id, version, status, import_id FROM findings")
        steps = Counter(row for (row,) in asked("SELECT finding_id FROM steps"))
        audit = asked("SELECT row_id FROM audit WHERE dataset = 'findings'")
        imports = asked("SELECT import_id FROM imports")
        walks = dict(asked("SELECT import_id, count(*) FROM walks GROUP BY import_id"))
    told = Counter(row for (row,) in audit)
    faults = [
        f"{row}: version {version}, {steps[row]} steps, {told[row]} in the audit"
        for row, version, status, _ in found
        if not version == steps[row] == told[row] == (1 if status == "noted" else 2)
    ]
    faults += [f"{row}: of nothing" for row in {*steps, *told} - {row for row, *_ in found}]
    together = Counter(row.rpartition("-")[0] for row, *_ in found if row.count("-") == 2)
    faults += [f"{name}: {n} of {N_TOGETHER}" for name, n in together.items() if n != N_TOGETHER]
    brought = Counter(import_id for *_, import_id in found)
    return faults + [
        f"import {number}: {brought[number]} findings"
        for (number,) in imports
        if (brought[number], walks.get(number)) != (N_TOGETHER, 1)
    ]


def damages(kept: Store) -> list[Any]:
    """Return what the database's own check finds wrong."""
    if kept.file.path is not None:
        return sql(kept, "PRAGMA integrity_check")[1:] + sql(kept, "PRAGMA foreign_key_check")
    sql(kept, "CREATE EXTENSION IF NOT EXISTS amcheck")
    asked = "SELECT c.oid::regclass::text FROM pg_class c JOIN pg_am a ON a.oid = c.relam "
    asked += "WHERE c.relkind = '{}' AND c.relnamespace = 'public'::regnamespace AND amname = '{}'"
    found = []
    for (table,) in sql(kept, asked.format("r", "heap")):
        found += sql(kept, f"SELECT '{table}', msg FROM verify_heapam('{table}')")
    for (index,) in sql(kept, asked.format("i", "btree")):
        sql(kept, f"SELECT bt_index_check('{index}', true)")  # raises when it is damaged
    return found
