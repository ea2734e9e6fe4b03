"""Classes for a map: a stated rule, the same for the colours and for the legend."""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd

MOST = 5


def quantiles(values: pd.Series, k: int = MOST) -> tuple[pd.Series, list[tuple[float, float]]]:
    """Put values in at most k classes with about as many places in each.

    values: numbers by id; NaN is in no class (-1). Equal values are always in one class, so there
    may be fewer classes. Returns the class of each id (0 = lowest) and, for each class, its least
    and its largest value, which is what a legend says. Method: mapclassify's Quantiles.

    >>> found, ends = quantiles(pd.Series({"A": 1.0, "B": 2.0, "C": 2.0, "D": float("nan")}), k=2)
    >>> found.to_dict(), ends
    ({'A': 0, 'B': 0, 'C': 0, 'D': -1}, [(1.0, 2.0)])
    """
    from mapclassify import Quantiles  # slow to import (scikit-learn): when a map is first coloured

    known = values.dropna().astype(float)
    found = pd.Series(-1, index=values.index)
    if known.nunique() < 2:
        found[known.index] = 0
        return found, [(float(known.iloc[0]), float(known.iloc[0]))] if len(known) else []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # many equal values: fewer classes, as said above
        made = Quantiles(known.to_numpy(), k=min(k, known.nunique()))
    classes = pd.Series(np.unique(made.yb, return_inverse=True)[1], index=known.index)
    found[known.index] = classes
    ends = known.groupby(classes).agg(["min", "max"])
    return found, [(float(low), float(high)) for low, high in ends.to_numpy()]


def each(values: pd.Series) -> tuple[pd.Series, list[tuple[float, float]]]:
    """Put each value in a class of its own, for what is classes already (områdestyp 1–5).

    values: numbers by id; NaN is in no class (-1). Returns as quantiles does.

    >>> found, ends = each(pd.Series({"A": 5.0, "B": 2.0, "C": float("nan")}))
    >>> found.to_dict(), ends
    ({'A': 1, 'B': 0, 'C': -1}, [(2.0, 2.0), (5.0, 5.0)])
    """
    known = sorted(values.dropna().astype(float).unique().tolist())
    found = values.map({value: at for at, value in enumerate(known)}).fillna(-1).astype(int)
    return found, [(value, value) for value in known]
