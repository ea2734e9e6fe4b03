"""Which functions were present at a meeting, as counts: Skola, Polis. Never names of persons."""

from __future__ import annotations

import re
from collections.abc import Iterable

import pandas as pd

from geo.errors import require_columns

MOST = 500  # at one meeting, of one function
_ITEM = re.compile(r"([^:;\d][^:;]{0,59}):\s*(\d{1,4})")
COLUMNS = ("meeting_id", "network_id", "date", "function", "n_present")


def fault(item: str) -> str:
    """Say in Swedish why one item is not a function and its count; "" when it is.

    >>> fault("Polis:2"), fault("Polis")
    ('', "Närvaro: en funktion och ett antal väntades, som Polis:2, fick 'Polis'.")
    """
    found = _ITEM.fullmatch(item.strip())
    if found is None:
        return f"Närvaro: en funktion och ett antal väntades, som Polis:2, fick {item[:60]!r}."
    return "" if int(found[2]) <= MOST else f"Närvaro: högst {MOST} väntades, fick {item[:60]!r}."


def parse(items: Iterable[str]) -> dict[str, int]:
    """Return the count of each function: what a meeting's column present says.

    0 means that the function was noted as absent; a function that is not there was not noted.

    >>> parse(("Skola:3", "Polis:0"))
    {'Skola': 3, 'Polis': 0}
    """
    found = [_ITEM.fullmatch(item.strip()) for item in items]
    return {match[1].strip(): int(match[2]) for match in found if match}


def written(counts: dict[str, int | None]) -> tuple[str, ...]:
    """Return counts as the column present says them; None was not noted and is left out.

    >>> written({"Skola": 3, "Polis": 0, "Kultur": None})
    ('Skola:3', 'Polis:0')
    """
    return tuple(f"{name}:{n}" for name, n in counts.items() if n is not None)


def long(meetings: pd.DataFrame) -> pd.DataFrame:
    """Return one row per meeting and noted function: meeting_id, network_id, date, function, n.

    meetings: index meeting_id; network_id, date, present (tuple). Meetings where nothing was noted
    have no row: unknown is not absent.

    >>> row = {"network_id": "bu-boda", "date": pd.Timestamp("2026-02-03"), "present": ("Polis:1",)}
    >>> long(pd.DataFrame([row], index=pd.Index(["m1"], name="meeting_id"))).values.tolist()[0][3:]
    ['Polis', 1]
    """
    require_columns(meetings, ("network_id", "date", "present"), "meetings")
    rows = [
        (meeting_id, network_id, day, function, n)
        for meeting_id, network_id, day, items in zip(
            meetings.index,
            meetings["network_id"],
            meetings["date"],
            meetings["present"],
            strict=True,
        )
        for function, n in parse(items).items()
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def expected(functions: pd.DataFrame, layer: str) -> tuple[str, ...]:
    """Return the functions that take part in the networks of a layer, in the register's order.

    functions: function, layer.

    >>> expected(pd.DataFrame({"function": ["Polis"], "layer": ["barn_unga"]}), "barn_unga")
    ('Polis',)
    """
    require_columns(functions, ("function", "layer"), "functions")
    return tuple(functions.loc[functions["layer"] == layer, "function"])


def noted(meeting: Iterable[str], asked: Iterable[str]) -> dict[str, bool]:
    """Tell of each asked function that was noted at a meeting whether it was there.

    One that was not noted is unknown and left out, also where others were.

    >>> noted(("Skola:2", "Polis:0", "Boende:4"), ("Skola", "Fritid", "Polis"))
    {'Skola': True, 'Polis': False}
    """
    counts = parse(meeting)
    return {name: counts[name] > 0 for name in asked if name in counts}
