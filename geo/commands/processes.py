"""Long work on many things, by several processes at once: each core of the machine does its part.

Only commands do this. A process is forked, so that what was read is not read, or sent, once more;
a server, with its threads, must not be.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import signal
import sys
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import Any, TypeVar

from geo.errors import GeoError

T = TypeVar("T")
R = TypeVar("R")
MOST = 4  # each holds its own copy of some of what was read

_job: tuple[Any, ...]  # of a process that was forked: work and things


def add(command: argparse.ArgumentParser) -> None:
    """Add --processes to a command.

    >>> parser = argparse.ArgumentParser()
    >>> add(parser)
    >>> parser.parse_args(["--processes", "1"]).processes
    1
    """
    help_text = "hur många processer som arbetar samtidigt (annars en per kärna, högst 4)"
    command.add_argument("--processes", type=int, metavar="ANTAL", help=help_text)


def asked(number: int | None) -> int:
    """Return how many processes work at once; raises GeoError when that is none.

    >>> asked(1), 1 <= asked(None) <= MOST
    (1, True)
    """
    if number is not None and number < 1:
        raise GeoError(f"--processes: 1 eller fler väntades, fick {number}.")
    if sys.platform != "linux":  # elsewhere a fork is not to be had, or not to be trusted
        return 1
    return min(len(os.sched_getaffinity(0)), MOST) if number is None else number


def each(
    work: Callable[[T], R], things: Sequence[T], processes: int = 1
) -> Generator[R, None, None]:
    """Do work on each of things; yields what comes of it, in their order.

    work and things need not be of a kind that can be sent to a process; what work returns, or
    raises, must be. With one process, or one thing, all is done here, one after the other, and
    nothing ahead of what is asked for. Raises what work raises, and GeoError when a process dies.

    >>> list(each(lambda n: n * n, [1, 2, 3], processes=2))
    [1, 4, 9]
    """
    workers = min(processes, len(things))
    if workers < 2:
        yield from map(work, things)
        return
    forked = multiprocessing.get_context("fork")
    try:
        with ProcessPoolExecutor(workers, forked, _begin, (work, things)) as pool:
            yield from pool.map(_do, range(len(things)))
    except BrokenProcessPool as fault:
        raise GeoError(
            "En process avbröts, troligen för att minnet tog slut. Kör om med --processes 1."
        ) from fault


def _begin(*job: Any) -> None:
    global _job
    _job = job
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the first process's to answer


def _do(place: int) -> Any:
    work, things = _job
    return work(things[place])
