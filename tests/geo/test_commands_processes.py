"""Several processes at once do what one does: in order, with every fault told."""

import os
import signal
import subprocess
import sys

import pytest

from geo.commands import processes
from geo.errors import GeoError


def test_what_comes_is_in_order_and_from_other_processes():
    base = 10  # seen by the work without being sent
    found = list(processes.each(lambda n: (n + base, os.getpid()), range(8), processes=2))
    assert [number for number, _ in found] == [10, 11, 12, 13, 14, 15, 16, 17]
    assert os.getpid() not in {pid for _, pid in found}


def test_things_that_cannot_be_sent_are_not_sent():
    things = [lambda n=n: n * n for n in range(4)]
    assert list(processes.each(lambda thing: thing(), things, processes=2)) == [0, 1, 4, 9]


@pytest.mark.parametrize(("n", "at_once"), [(3, 1), (1, 4), (0, 4)])
def test_one_process_or_one_thing_is_done_here_and_nothing_ahead(n, at_once):
    done = []
    for number in processes.each(lambda n: done.append(n) or n, range(n), at_once):
        assert done == list(range(number + 1))
    assert len(done) == n


def test_a_fault_is_raised_as_it_is():
    def work(number):
        if number == 2:
            raise GeoError("Rad 2 saknar namn.")
        return number

    got = processes.each(work, range(6), processes=2)
    assert [next(got), next(got)] == [0, 1]
    with pytest.raises(GeoError, match="Rad 2 saknar namn"):
        next(got)


def test_a_process_that_dies_is_told_with_what_to_do():
    def work(number):
        if number == 1:
            os.kill(os.getpid(), signal.SIGKILL)
        return number

    with pytest.raises(GeoError, match="Kör om med --processes 1"):
        list(processes.each(work, range(4), processes=2))


def test_who_stops_early_leaves_no_process_behind():
    got = processes.each(lambda n: (n, os.getpid()), range(50), processes=2)
    _, pid = next(got)
    got.close()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


@pytest.mark.parametrize("number", [0, -1])
def test_no_process_at_all_is_told(number):
    with pytest.raises(GeoError, match="1 eller fler väntades"):
        processes.asked(number)


def test_as_many_as_asked_else_one_for_each_core_within_reason():
    assert processes.asked(7) == 7
    cores = len(os.sched_getaffinity(0))
    assert processes.asked(None) == min(cores, processes.MOST)


@pytest.mark.parametrize("platform", ["win32", "darwin"])
def test_where_processes_are_not_forked_one_does_it_all(monkeypatch, platform):
    monkeypatch.setattr(processes.sys, "platform", platform)
    assert processes.asked(7) == 1


SLOW = """
import signal, sys, time
from geo.__main__ import main
from geo.commands import report

signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell may have it ignored

def slow(number):
    print("nu", flush=True)
    time.sleep(1)

report.gather.facts = lambda quiet, each: list(each(slow, range(40)))
sys.exit(main(["report", "--all", "--processes", "2", "--out", "/tmp"]))
"""


def test_the_keyboard_stops_it_with_one_sentence():
    pipe = subprocess.PIPE
    started = subprocess.Popen(
        [sys.executable, "-c", SLOW], stdout=pipe, stderr=pipe, text=True, start_new_session=True
    )
    assert started.stdout.readline().startswith("nu")
    os.killpg(started.pid, signal.SIGINT)  # as a terminal does: to all of them
    _, told = started.communicate(timeout=30)
    assert (started.returncode, told) == (130, "Avbröts.\n")
