"""Statistics of one indicator and period, from rows in long form to base area × group."""

from __future__ import annotations

import numpy as np
import pandas as pd

from geo.layout import WHOLE

VINTAGES = ("RegSO2025", "DeSO2025")  # the cuts that the areas here are made of
NUMBERS = ("numerator", "denominator", "value")


def local(rows: pd.DataFrame, base_areas: pd.Index) -> pd.DataFrame:
    """Keep the rows of the base areas, in a cut that they are made of: older cuts never join.

    >>> rows = pd.DataFrame({"area_code": ["A", "A", "1490"], "area_vintage":
    ...                      ["RegSO2025", "RegSO2020", "kommun"]})
    >>> len(local(rows, pd.Index(["A"])))
    1
    """
    return rows[rows["area_code"].isin(base_areas) & rows["area_vintage"].isin(VINTAGES)]


def tables(rows: pd.DataFrame, base_areas: pd.Index) -> dict[str, pd.DataFrame]:
    """Lay out numerator, denominator, value and status as base_area_id × group, NaN without a row.

    rows: of one indicator and period, in base_areas, each area and group once. A numerator that is
    not given is worked out of the share and its denominator, to a whole person.

    >>> rows = pd.DataFrame({"area_code": ["A"], "group": ["alla"], "numerator": [np.nan],
    ...     "denominator": [40.0], "value": [25.0], "status": ["ok"]})
    >>> tables(rows, pd.Index(["A", "B"]))["numerator"]["alla"].tolist()
    [10.0, nan]
    """
    groups, column = np.unique(rows["group"].to_numpy(dtype=object), return_inverse=True)
    place = (base_areas.get_indexer(pd.Index(rows["area_code"])), column)
    every = rows.assign(numerator=_numerators(rows))
    found = {}
    for name in (*NUMBERS, "status"):
        values = every[name].to_numpy(dtype=float if name in NUMBERS else object)
        table = np.full((len(base_areas), len(groups)), np.nan, dtype=values.dtype)
        table[place] = values
        found[name] = pd.DataFrame(table, base_areas, pd.Index(groups, name="group"))
    return found


def _numerators(rows: pd.DataFrame) -> pd.Series:
    worked_out = (rows["value"] / 100 * rows["denominator"]).round()
    return rows["numerator"].fillna(worked_out.clip(upper=rows["denominator"]))


def is_divided(table: pd.DataFrame) -> bool:
    """Tell whether the groups are exactly the parts of the whole: then no noise has been added.

    >>> is_divided(pd.DataFrame({"alla": [9.0], "flickor": [5.0], "pojkar": [4.0]}))
    True
    """
    whole = table.dropna()
    if WHOLE not in table or len(table.columns) < 3 or whole.empty:
        return False
    return bool(np.allclose(whole.drop(columns=WHOLE).sum(axis=1), whole[WHOLE]))
