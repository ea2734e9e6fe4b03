"""What a score is made of: each indicator's part, weights of themes, what is told twice."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations

import numpy as np
import pandas as pd

from geo.errors import GeoError
from geo.priority.scoring import (
    ARITHMETIC,
    FLOOR,
    GEOMETRIC,
    MINMAX,
    Bounds,
    Directions,
    checked_weights,
    ready,
    score,
    signs,
)

LEAST_AREAS = 10  # for a correlation: of fewer areas, some pairs always go together by chance
DOUBLE = 0.8  # rank correlation from which two indicators tell much the same


def theme_weights(themes: Mapping[str, str], by_theme: Mapping[str, float]) -> pd.Series:
    """Return weights of indicators out of weights of themes: each theme's is shared equally.

    themes: indicator -> theme. Raises GeoError for a theme without a weight or without indicators.

    >>> theme_weights({"a": "skola", "b": "skola", "c": "fritid"},
    ...     {"skola": 0.5, "fritid": 0.5}).tolist()
    [0.25, 0.25, 0.5]
    """
    own = pd.Series(dict(themes))
    strange = sorted(set(own) ^ set(by_theme))
    if strange:
        raise GeoError(f"by_theme: en vikt per tema med indikatorer väntades, skiljer {strange!r}.")
    n = own.map(own.value_counts())
    return own.map(pd.Series(dict(by_theme), dtype=float)) / n


def per_cent(weights: pd.Series, decimals: int = 1) -> pd.Series:
    """Return shares that sum to 1 in per cent, rounded so that they still sum to 100.

    The largest remainders are rounded up (Hamilton's method), the first of equal ones. Index as
    weights.

    >>> per_cent(pd.Series([1 / 3, 1 / 3, 1 / 3], index=["a", "b", "c"])).to_dict()
    {'a': 33.4, 'b': 33.3, 'c': 33.3}
    """
    steps = weights.astype(float) * 100 * 10**decimals
    whole = (steps + 1e-9) // 1
    lacking = round(float(steps.sum() - whole.sum()))
    first = (whole - steps).round(9).sort_values(kind="stable").index[:lacking]
    whole[first] += 1
    return pd.Series(whole / 10**decimals)


def contributions(
    values: pd.DataFrame,
    direction: Directions,
    weights: Mapping[str, float] | pd.Series,
    method: str = MINMAX,
    bounds: Bounds | None = None,
    aggregate: str = ARITHMETIC,
) -> pd.DataFrame:
    """Return what each indicator contributes to each score: area × indicator; rows sum to it.

    arithmetic: weight × normalised value. geometric: the score shared out by weight × logarithm
    against the worst possible (FLOOR), so that a value at the floor contributes nothing. NaN for an
    indicator that is not known, and for an area without a score. Raises as score.

    >>> values = pd.DataFrame({"a": [0.0, 10.0], "b": [3.0, 9.0]}, index=["A", "B"])
    >>> contributions(values, {"a": "high", "b": "high"}, {"a": 0.25, "b": 0.75}).loc["B"].tolist()
    [0.25, 0.75]
    """
    scaled = ready(values, direction, method, bounds, aggregate)
    share = checked_weights(weights, list(map(str, values.columns)))
    total = score(values, direction, share, method, bounds, aggregate)
    held = scaled.notna().mul(share.to_numpy()).sum(axis=1)
    own = scaled.mul(share.to_numpy()).div(held, axis=0)
    if aggregate == GEOMETRIC:
        above = scaled.clip(lower=FLOOR).div(FLOOR).map(np.log).mul(share.to_numpy())
        own = above.div(above.sum(axis=1).replace(0, np.nan), axis=0).mul(total, axis=0)
        lowest = above.sum(axis=1).eq(0)  # everything at the floor: by weight
        by_weight = scaled.notna().mul(share.to_numpy()).div(held, axis=0).mul(total, axis=0)
        own = own.where(~lowest, by_weight)
    return own.where(scaled.notna()).where(total.notna(), np.nan)


def double_counted(
    values: pd.DataFrame, direction: Directions, least: float = DOUBLE
) -> pd.DataFrame:
    """List pairs of indicators that show much the same need, the strongest first.

    values: area × indicator; direction: high or low, which end is a need. Returns a, b, correlation
    (Spearman's, of the needs: what pulls against each other counts nothing twice), n_areas: over
    areas where both are known, at least LEAST_AREAS. A pair counts what it tells twice: lower the
    weights, or leave one out. Raises GeoError as score, for directions.

    >>> values = pd.DataFrame({"a": range(10), "b": range(9, -1, -1), "c": [2, 1] * 5})
    >>> double_counted(values, {"a": "high", "b": "low", "c": "low"})[["a", "b"]].values.tolist()
    [['a', 'b']]
    """
    need, rows = values * signs(values, direction), []
    for one, other in combinations(need.columns, 2):
        both = need[[one, other]].dropna()
        tells = len(both) >= LEAST_AREAS and bool((both.nunique() > 1).all())
        found = float(both[one].rank().corr(both[other].rank())) if tells else 0.0
        if found >= least:
            rows.append((one, other, found, len(both)))
    table = pd.DataFrame(rows, columns=["a", "b", "correlation", "n_areas"])
    return table.sort_values("correlation", ascending=False, ignore_index=True)


def without_each(
    values: pd.DataFrame,
    direction: Directions,
    weights: Mapping[str, float] | pd.Series,
    method: str = MINMAX,
    bounds: Bounds | None = None,
    aggregate: str = ARITHMETIC,
) -> pd.DataFrame:
    """Return each area's rank when one indicator is left out: area × indicator, 1 is first.

    The other weights are scaled up. NaN for an area that cannot be judged then, and in the column
    of an indicator that has all the weight. Parameters and errors as score.

    >>> values = pd.DataFrame({"a": [1.0, 2.0], "b": [9.0, 1.0]}, index=["A", "B"])
    >>> without_each(values, {"a": "high", "b": "high"}, {"a": 0.5, "b": 0.5}).loc["A"].tolist()
    [1.0, 2.0]
    """
    share = checked_weights(weights, list(map(str, values.columns)))
    found = {}
    for name in values.columns:
        rest = share.drop(name)
        if rest.sum() > 0:
            own = score(
                values[rest.index],
                direction,
                rest / rest.sum(),
                method,
                _of(bounds, rest),
                aggregate,
            )
            found[name] = own.rank(method="min", ascending=False)
        else:
            found[name] = pd.Series(np.nan, index=values.index)
    return pd.DataFrame(found)


def _of(bounds: Bounds | None, rest: pd.Series) -> Bounds:
    return {name: ends for name, ends in (bounds or {}).items() if name in rest.index}
