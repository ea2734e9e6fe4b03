"""Holds the rows of one file against each other: vintages that mix, cells that come twice."""

from __future__ import annotations

import pandas as pd

from geo.changes import FACTS, KEY
from geo.kinds import MUNICIPALITY
from geo.row_issues import RowIssues


def vintages(told: RowIssues, found: pd.DataFrame) -> None:
    """Tell the rows of another vintage than most have, within one indicator and period.

    found: indicator_id, period, area_vintage, index = position. Vintages are never joined: the
    municipality's own rows go with any.

    >>> from geo.errors import Issues
    >>> text = pd.DataFrame({"line": [2, 3, 4], "header": "", "area_vintage": ["a", "a", "b"]})
    >>> found = text.assign(indicator_id="i", period="2024")
    >>> told = RowIssues(text, Issues("prov"))
    >>> vintages(told, found)
    >>> told.good().tolist()
    [True, True, False]
    """
    known = (found[["indicator_id", "period", "area_vintage"]] != "").all(axis=1)
    rows = found[known & (found["area_vintage"] != MUNICIPALITY)]
    for (name, period), part in rows.groupby(["indicator_id", "period"])["area_vintage"]:
        counts = part.value_counts()
        if len(counts) == 1:
            continue
        most = max(counts.index[counts == counts.max()])  # the newest of those that are as many
        text = f"{name} {period} har rader av flera årgångar ({', '.join(sorted(counts.index))}), "
        text += f"flest av {most}. Årgångar slås aldrig ihop: dela filen i en per årgång."
        told.error(_among(found, part.index[part != most]), "area_vintage", text, "mixed_vintages")


def doubles(told: RowIssues, found: pd.DataFrame) -> pd.Series:
    """Tell the cells that come twice; returns which rows are kept (True) of those that agree.

    The same cell with the same numbers is a warning and one row is kept; with different numbers
    every one of its rows is an error.

    >>> from geo.errors import Issues
    >>> names = (*KEY, *FACTS)
    >>> found = pd.DataFrame({name: ["1", "1"] for name in names})
    >>> told = RowIssues(found.assign(line=[2, 3], header=""), Issues("prov"))
    >>> doubles(told, found).tolist()
    [True, False]
    """
    keys, rows = list(KEY), found[told.good()]
    again = rows[rows.duplicated(keys, keep=False)]
    if again.empty:
        return pd.Series(True, index=found.index)
    lines = told.rows.loc[again.index, "line"]
    cell = again.groupby(keys, sort=False).ngroup()
    content = again.groupby([*keys, *FACTS], sort=False, dropna=False).ngroup()
    agree = content.groupby(cell).transform("nunique") == 1
    others = lines.astype(str).groupby(cell).transform(", ".join)
    text = "samma cell finns flera gånger med olika värden (rad " + others + "). Behåll en av dem."
    told.error(_among(found, again.index[~agree]), "value", text, "duplicate")
    more = _among(found, again.index[agree & again.duplicated(keys, keep="first")])
    text = "samma cell finns flera gånger med samma värde (rad " + others + "). En av dem används."
    told.warning(more, "value", text, "duplicate")
    return ~more


def _among(found: pd.DataFrame, chosen: pd.Index) -> pd.Series:
    return pd.Series(found.index.isin(chosen), index=found.index)
