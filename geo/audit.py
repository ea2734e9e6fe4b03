"""What a reader could work out of the hidden numbers in tables that are shown together."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from geo import solver
from geo.layout import BY_SOURCE, MISSING, OK, TOTAL, WHOLE, Layout

TOLERANCE = 1e-4
UNKNOWN = (MISSING, BY_SOURCE)  # not known here either: in no sum


def audit(shown: pd.DataFrame | Mapping[str, pd.DataFrame], weights: pd.DataFrame) -> pd.DataFrame:
    """Solve for the range of each hidden number, given all that is shown.

    shown: a table of geo.disclosure.protect or protect_shares (or an export of one, read back), or
    a table by group. weights: base_area_id × area_id, as when it was made.
    Returns a row for each hidden number: low, high (the least and the largest whole number that
    fits all that is shown; inf when nothing bounds it), exactly_recoverable (they are the same).
    Index: id; for shares (id, quantity), quantity numerator, rest or denominator; for groups the
    group comes first. Tables that contradict themselves give NaN and count as recoverable.

    >>> table = pd.DataFrame({"value": [np.nan, 20.0, 23.0, 23.0],
    ...                       "status": ["suppressed", "ok", "ok", "ok"]},
    ...                      index=["A", "B", "bu-x", "total"])
    >>> found = audit(table, pd.DataFrame({"bu-x": [1, 1]}, index=["A", "B"]))
    >>> float(found.at["A", "low"]), bool(found.at["A", "exactly_recoverable"])
    (3.0, True)
    """
    tables = {WHOLE: shown} if isinstance(shown, pd.DataFrame) else dict(shown)
    base = [i for i in next(iter(tables.values())).index if i not in weights.columns and i != TOTAL]
    known = {g: ~table["status"].reindex(base).isin(UNKNOWN) for g, table in tables.items()}
    layout = Layout.known(pd.DataFrame(known), weights)
    if _parts_are_all(tables, base):
        ends, asked = _ends(layout.without_rest(), tables)
        if np.isnan(ends).any():
            ends, asked = _ends(layout, tables)
    else:
        ends, asked = _ends(layout, tables)
    frame = pd.DataFrame(ends, columns=["low", "high"])
    frame["exactly_recoverable"] = ~(frame["high"] - frame["low"] > solver.TINY)
    names = ["group", "id", "quantity"]
    names = names[isinstance(shown, pd.DataFrame) :]
    if "denominator" not in next(iter(tables.values())):
        names = names[:-1]
    keys = pd.DataFrame(asked, columns=["group", "id", "quantity"])[names]
    is_one = len(names) == 1
    return frame.set_index(pd.Index(keys["id"]) if is_one else pd.MultiIndex.from_frame(keys))


def _parts_are_all(tables: Mapping[str, pd.DataFrame], base: list[str]) -> bool:
    """Tell whether the parts make up the whole in every base area that shows them all."""
    if WHOLE not in tables or len(tables) == 1:
        return False
    column = "denominator" if "denominator" in tables[WHOLE] else "value"
    parts = pd.DataFrame({g: t[column] for g, t in tables.items()}).reindex(base).dropna()
    is_all = np.isclose(parts.drop(columns=WHOLE).sum(axis=1), parts[WHOLE])
    return bool(len(parts)) and bool(is_all.all())


def _ends(
    layout: Layout, tables: Mapping[str, pd.DataFrame]
) -> tuple[np.ndarray, list[tuple[str, str, str]]]:
    """Return the ranges, and of which group, id and quantity each is."""
    rows, table = layout.rows, pd.concat([tables[g].reindex(layout.ids) for g in layout.groups])
    keys = [(g, str(i)) for g in layout.groups for i in layout.ids]
    if "denominator" not in table:
        is_shown = table["status"].eq(OK).to_numpy()
        hidden = np.flatnonzero(table["status"].str.startswith("suppressed").to_numpy())
        values = table["value"].to_numpy(dtype=float)[is_shown]
        asked = [(*keys[at], "value") for at in hidden]
        return ranges(rows[is_shown], values, rows[hidden]), asked
    nothing = np.zeros_like(rows)
    sums = {
        "numerator": np.hstack([rows, nothing]),
        "rest": np.hstack([nothing, rows]),
        "denominator": np.hstack([rows, rows]),
    }
    seen = {
        "numerator": table["status"].eq(OK).to_numpy(),
        "denominator": table["denominator_status"].eq(OK).to_numpy(),
    }
    there = ~table["status"].isin(UNKNOWN).to_numpy()
    hidden_of = {
        "numerator": there & ~seen["numerator"],
        "rest": there & ~seen["numerator"],
        "denominator": there & ~seen["denominator"],
    }
    shown_rows = np.vstack([sums[name][mask] for name, mask in seen.items()])
    values = np.concatenate(
        [table[name].to_numpy(dtype=float)[mask] for name, mask in seen.items()]
    )
    targets = np.vstack([sums[name][mask] for name, mask in hidden_of.items()])
    asked = [(*keys[at], name) for name, mask in hidden_of.items() for at in np.flatnonzero(mask)]
    return ranges(shown_rows, values, targets), asked


def ranges(shown: np.ndarray, values: np.ndarray, asked: np.ndarray) -> np.ndarray:
    """Return the least and the largest value that each asked sum can have, given what is shown.

    shown: a sum per row over the same whole, not negative numbers; values: what they sum to;
    asked: sums per row. Returns asked × 2 (inf when nothing bounds it). Numbers that are not whole
    are handled as real ones. Raises nothing: sums that contradict each other give NaN.

    >>> ranges(np.array([[1.0, 1, 0]]), np.array([7.0]), np.eye(3)).tolist()
    [[0.0, 7.0], [0.0, 7.0], [0.0, inf]]
    """
    for whole in (1, 0):
        ends = np.array(
            [[_end(shown, values, row, way, whole) for way in (1, -1)] for row in asked]
        )
        if not np.isnan(ends).any():
            break
    return ends.reshape(len(asked), 2)


def _end(shown: np.ndarray, values: np.ndarray, row: np.ndarray, way: int, whole: int) -> float:
    alone = (shown != 0).sum(axis=1) == 1
    known = np.zeros(shown.shape[1])
    free = solver.free_numbers(shown, shown.shape[1])
    for sum_, value in zip(shown[alone], values[alone], strict=True):
        at = int(np.flatnonzero(sum_)[0])
        known[at] = value / sum_[at]
    left = values - shown @ known
    rest = shown[:, free]
    used = np.abs(rest).sum(axis=1) > 0
    if np.abs(left[~used]).max(initial=0) > TOLERANCE or known.min(initial=0) < -TOLERANCE:
        return np.nan  # what is shown contradicts itself
    if not (row[free] != 0).any():
        return float(row @ known)
    found = solver.solve(way * row[free], rest[used], left[used], left[used], 0.0, whole=whole)
    if found.status == 3:
        return way * -np.inf
    if found.x is None or np.abs(rest[used] @ found.x - left[used]).max(initial=0) > TOLERANCE:
        return np.nan  # no answer, or one that is not true to what is shown
    return float(way * found.fun + row @ known)
