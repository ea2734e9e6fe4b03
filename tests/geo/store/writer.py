"""``python -m tests.geo.store.writer``: writes and says what, in children that are killed.

It forks, so that a child need not load everything anew. For each line {"url", "turn", "n_writes"}
a child says that it is ready and who it is, then each write once the call has returned: what kind,
which ids. At the next line the child is waited for, and "ended" is said.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from typing import Any

from geo import store
from geo.errors import GeoError
from tests.geo.store.making import change, finding, save, take, walk

N_TOGETHER = 5  # findings in one write of many


def writes(kept: store.Store, turn: int, n_writes: int) -> Iterator[dict[str, Any]]:
    """Write one finding, a change of it with a step, many findings, a file: in turn."""
    for number in range(n_writes):
        name = f"{turn}-{number}"
        kind = ("new", "change", "many", "field")[number % 4]
        if kind == "new":
            save(kept, finding(name, description=f"rad {name}"))
            yield {"kind": kind, "ids": [name], "version": 1}
        elif kind == "change":
            changed = f"{turn}-{number - 1}"
            change(kept, 1, finding_id=changed, status="owned", owner="Gata", answer=name)
            yield {"kind": kind, "ids": [changed], "version": 2}
        else:
            ids = [f"{name}-{part}" for part in range(N_TOGETHER)]
            if kind == "many":
                save(kept, *map(finding, ids))
            else:
                rows = [finding(each, walk_id=name) for each in ids]
                take(kept, *rows, of_walks=[walk(name)], sha256=name)
            yield {"kind": kind, "ids": ids, "version": 1}


def say(**what: Any) -> None:
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


def child(url: str, turn: int, n_writes: int) -> None:
    say(kind="ready", pid=os.getpid())
    try:
        with store.open(url) as kept:
            for done in writes(kept, turn, n_writes):
                say(**done)
    except GeoError as fault:  # its server was killed
        say(kind="fault", said=str(fault))


def main() -> None:
    while line := sys.stdin.readline():
        pid = os.fork()
        if not pid:
            try:
                child(**json.loads(line))
            finally:
                os._exit(0)
        sys.stdin.readline()
        os.waitpid(pid, 0)
        say(kind="ended")


if __name__ == "__main__":
    main()
