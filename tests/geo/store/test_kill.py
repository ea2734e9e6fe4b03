"""Killed at any moment, and many at once: what was acknowledged is there, whole, and once."""

import os
import random
import signal
import threading
from collections import Counter

import pytest

from geo import store
from tests.geo.store.killing import (
    LONGEST_SPIN,
    damages,
    half_written,
    kill_server,
    kill_writer,
    lost,
    writer,
)
from tests.geo.store.making import finding, one, save, sql

SEED = 20171020
N_ROUNDS, N_WRITES = 40, 20
N_MADE = 6
N_WRITERS, N_EACH = 10, 25  # the benchmark has the full size, 20 writers with 100 each
N_EDITORS, N_EDITS = 20, 2
N_CRASHES = 4  # of the server


@pytest.fixture(params=["sqlite", "postgres"])
def kept_apart(request, tmp_path):
    """The addresses of some empty stores, each to be made once."""
    if request.param == "sqlite":
        return [f"sqlite:///{tmp_path / f'{number}.sqlite'}" for number in range(N_MADE)]
    return [request.getfixturevalue("durable").fresh() for _ in range(N_MADE)]


@pytest.fixture(params=["sqlite", "postgres"])
def place(request, tmp_path):
    """The address of an empty store that waits for the disk, and its server."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'prov.sqlite'}", None
    server = request.getfixturevalue("durable")
    return server.fresh(), server


def test_killed_at_random_moments_nothing_acknowledged_is_lost_and_nothing_is_half(place):
    url, _ = place
    chance = random.Random(SEED)
    with writer() as by:
        rounds = [kill_writer(by, url, turn, N_WRITES, chance) for turn in range(N_ROUNDS)]
    said = [done for each in rounds for done in each]
    with store.open(url) as kept:
        assert {done["kind"] for done in said} == {"new", "change", "many", "field"}
        assert lost(kept, said) == []
        assert half_written(kept) == []
        assert damages(kept) == []
        save(kept, finding("efter"))
        assert one(kept, "efter")["version"] == 1


def test_killed_while_the_store_is_made_it_is_made_whole_or_not_at_all(kept_apart):
    with writer() as by:
        for number, url in enumerate(kept_apart):
            said = by.turn((url, 0, 1), 1, number * LONGEST_SPIN // 2, kill)
            with store.open(url) as kept:
                assert lost(kept, said) == []
                assert half_written(kept) == []
                save(kept, finding("efter"))
                assert len(kept.audit("efter")) == 1
                assert damages(kept) == []


def test_a_server_killed_with_all_its_processes_loses_nothing_acknowledged(durable):
    url = durable.fresh()
    chance = random.Random(SEED)
    with writer() as by:
        rounds = [
            kill_server(durable, by, url, turn, N_WRITES, chance) for turn in range(N_CRASHES)
        ]
    with store.open(url) as kept:
        assert lost(kept, [done for each in rounds for done in each]) == []
        assert half_written(kept) == []
        assert damages(kept) == []
        save(kept, finding("efter"))


def kill(child):
    os.kill(child, signal.SIGKILL)


def together(acts):
    """Run each in a thread of its own, all let go at once; a fault in one is raised here."""
    faults, gate = [], threading.Barrier(len(acts))

    def run(act):
        gate.wait()
        try:
            act()
        except BaseException as fault:
            faults.append(fault)
            raise

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []


def test_of_many_who_write_at_once_nobody_loses_and_nothing_is_doubled(place):
    url, _ = place

    def writer(name):
        def write():
            with store.open(url) as kept:
                for number in range(N_EACH):
                    save(kept, finding(f"{name}-{number}"), made_by=f"skribent {name}")

        return write

    together([writer(name) for name in range(N_WRITERS)])
    expected = {f"{name}-{number}" for name in range(N_WRITERS) for number in range(N_EACH)}
    with store.open(url) as kept:
        for table, column in (("findings", "finding_id"), ("steps", "finding_id")):
            found = Counter(row for (row,) in sql(kept, f"SELECT {column} FROM {table}"))
            assert (set(found), set(found.values())) == (expected, {1})
        said = Counter(sql(kept, "SELECT row_id, made_by FROM audit"))
        assert said == {(row, f"skribent {row.split('-')[0]}"): 1 for row in expected}
        assert sql(kept, "SELECT number FROM versions") == [(len(expected),)]
        assert damages(kept) == []


def test_of_many_who_change_the_same_finding_every_change_is_there_once(place):
    url, _ = place
    with store.open(url) as kept:
        save(kept, finding(description=""))
        read_by_all = one(kept).to_dict()
    conflicts = []

    def editor(name):
        def edit():
            with store.open(url) as kept:
                row = read_by_all
                for number in range(N_EDITS):
                    append(kept, row, f"{name}-{number}", conflicts)
                    row = one(kept).to_dict()

        return edit

    together([editor(name) for name in range(N_EDITORS)])
    expected = {f"{name}-{number}" for name in range(N_EDITORS) for number in range(N_EDITS)}
    with store.open(url) as kept:
        found = one(kept)
        assert Counter(found["description"].split()) == dict.fromkeys(expected, 1)
        assert found["version"] == len(expected) + 1
        assert len(kept.audit("f1")) == len(expected) + 1
    assert len(conflicts) >= N_EDITORS - 1  # all had read the same version


def append(kept, row, word, conflicts):
    """Add a word to what stands there, reading anew for as long as somebody else was first."""
    while True:
        text = f"{row['description']} {word}".strip()
        try:
            kept.change_finding("f1", {"description": text}, int(row["version"]), word)
        except store.ConflictError as fault:
            conflicts.append(word)
            row = fault.theirs
        else:
            return
