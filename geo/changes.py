"""What an import would change: its rows beside those that count now."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from geo import kinds

COLUMNS = tuple(column.name for column in kinds.STATISTICS.columns)
KEY = kinds.STATISTICS.key
NUMBERS = ("numerator", "denominator", "value")
FACTS = (*NUMBERS, "status")
GROUPS = ["indicator_id", "period"]


@dataclass(frozen=True)
class Preview:
    """What an import would change: rows that are new, changed (old beside new) and the same.

    new, same: long form. changed: long form, with numerator_before, denominator_before,
    value_before and status_before. summary: index indicator_id, period; n_new, n_changed, n_same,
    and n_kept, the rows in the store that the file does not mention and that stay.
    """

    new: pd.DataFrame
    changed: pd.DataFrame
    same: pd.DataFrame
    summary: pd.DataFrame


def compare(rows: pd.DataFrame, current: pd.DataFrame) -> Preview:
    """Hold new rows against those that count now: new, changed or the same, cell by cell.

    rows, current: checked statistics in long form, one row per key. A row is the same when
    numerator, denominator, value and status are (missing equals missing); another source alone
    is no change.

    >>> row = dict.fromkeys(COLUMNS, "") | {"numerator": None, "denominator": None}
    >>> old, new = (pd.DataFrame([row | {"value": value}]) for value in (1.0, 2.0))
    >>> compare(new, old).changed[["value_before", "value"]].values.tolist()
    [[1.0, 2.0]]
    """
    keys = list(KEY)
    old = current[[*keys, *FACTS]].rename(columns={name: f"{name}_before" for name in FACTS})
    both = rows.merge(old, how="left", on=keys, indicator="found", validate="one_to_one")
    is_new = both.pop("found") == "left_only"
    is_same = ~is_new
    for name in FACTS:
        one, two = both[name], both[f"{name}_before"]
        is_same &= (one == two) | (one.isna() & two.isna())
    is_changed = ~is_new & ~is_same
    marks = pd.DataFrame({"n_new": is_new, "n_changed": is_changed, "n_same": is_same})
    summary = marks.groupby([both[name] for name in GROUPS]).sum()
    in_store = current.groupby(GROUPS).size().reindex(summary.index, fill_value=0)
    summary["n_kept"] = in_store - summary["n_changed"] - summary["n_same"]
    plain = both[list(COLUMNS)]
    return Preview(plain[is_new], both[is_changed], plain[is_same], summary)


def what(frame: pd.DataFrame) -> str:
    """Return in short what rows hold: indicators and periods.

    >>> what(pd.DataFrame({"indicator_id": ["trygghet"] * 2, "period": ["2022", "2024"]}))
    'trygghet, 2022–2024'
    """
    names, periods = sorted(set(frame["indicator_id"])), sorted(set(frame["period"]))
    more = f" och {len(names) - 3} till" if len(names) > 3 else ""
    span = periods[0] if len(periods) == 1 else f"{periods[0]}–{periods[-1]}"
    return f"{', '.join(names[:3])}{more}, {span}"


def with_source(frame: pd.DataFrame, file_name: str) -> pd.DataFrame:
    """Let rows that name no source say which file they came from.

    >>> with_source(pd.DataFrame({"source": ["SCB", ""]}), "vb.csv")["source"].tolist()
    ['SCB', 'filen vb.csv']
    """
    return frame.assign(source=frame["source"].replace("", f"filen {file_name}"))
