"""One page run at a time: under load many runs at once all end late; in turn they end early.

Measured with 100 readers (docs/benchmarks.md). A run that waits longer than PATIENCE goes ahead, so
that one reader's large file never holds the others up.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

PATIENCE = 0.5  # seconds
_turn = threading.Semaphore(1)


@contextmanager
def in_turn(patience: float = PATIENCE) -> Iterator[bool]:
    """Wait for one's turn, at most patience seconds; gives whether it came."""
    came = _turn.acquire(timeout=patience)
    try:
        yield came
    finally:
        if came:
            _turn.release()
