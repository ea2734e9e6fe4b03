"""One score out of many indicators: normalised, weighted, added up; and what each contributes."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from numbers import Real
from typing import Any

import numpy as np
import pandas as pd

from geo.errors import GeoError, GeoWarning

MINMAX, ZSCORE, PERCENTILE = METHODS = ("minmax", "zscore", "percentile")
ARITHMETIC, GEOMETRIC = AGGREGATES = ("arithmetic", "geometric")
HIGH, LOW = "high", "low"
LEAST_KNOWN = 2 / 3  # of the weights: an area with less cannot be judged
FLOOR = 0.01  # under a geometric mean: nothing is a total lack, which would outweigh all else
Bounds = Mapping[str, Sequence[float]]
Directions = Mapping[str, str] | pd.Series
Array = np.ndarray[Any, np.dtype[Any]]


def normalise(
    values: pd.DataFrame,
    direction: Directions,
    method: str = MINMAX,
    bounds: Bounds | None = None,
) -> pd.DataFrame:
    """Bring indicators to one scale, on which more is always more of what is ranked.

    values: area × indicator, NaN where not known. direction: per indicator high (a high value gives
    a high score) or low (the other way round). minmax: 0–1 between the lowest and the highest
    value, or between bounds (goalposts: indicator -> (low, high)), outside which values are
    clipped; zscore: standard deviations (population) from the mean; percentile: the share of areas
    below, ties at their middle: (rank − ½) / n. An indicator that is constant tells nothing: 0.5
    (zscore: 0), with a GeoWarning. NaN stays NaN. Raises GeoError with all faults of the call: no
    area or indicator, one that stands twice, a value that is no finite number, an unknown method,
    a direction that is missing or none (a context indicator is never ranked), bounds that are no
    two finite numbers in order. Source: OECD/JRC Handbook on Constructing Composite Indicators.

    >>> values = pd.DataFrame({"trygga": [60.0, 90.0, 75.0]}, index=["A", "B", "C"])
    >>> normalise(values, {"trygga": "low"})["trygga"].tolist()
    [1.0, 0.0, 0.5]
    """
    low, high = checked(values, direction, method, bounds)
    oriented = values.to_numpy(dtype=float) * signs(values, direction)
    _warn_constant(values, low, high)
    found = normalised(oriented[None], method, low, high)[0]
    return pd.DataFrame(found, index=values.index, columns=values.columns)


def checked(
    values: pd.DataFrame, direction: Directions, method: str, bounds: Bounds | None
) -> tuple[Array, Array]:
    """Check a call; returns the goalposts (low, high) of each indicator as they are oriented.

    NaN where the values themselves are the goalposts. Raises GeoError as normalise.

    >>> checked(pd.DataFrame({"a": [1.0]}), {"a": "low"}, "minmax", {"a": (0, 10)})[0].tolist()
    [-10.0]
    """
    names = [str(name) for name in values.columns]
    faults = _table_faults(values)
    if method not in METHODS:
        faults.append(f"method: ett av {', '.join(METHODS)}, fick {method!r}")
    for name in names:
        way = direction.get(name)
        if way not in (HIGH, LOW):
            faults.append(
                f"direction för {name}: high eller low väntades, fick {way!r} "
                "(en bakgrundsindikator rangordnas aldrig)"
            )
    posts = np.full((2, len(names)), np.nan)
    for name, ends in (bounds or {}).items():
        if name not in names:
            faults.append(f"bounds: indikatorn {name!r} finns inte bland värdena")
        elif not is_pair(ends):
            faults.append(f"bounds för {name}: (lågt, högt) väntades, fick {ends!r}")
        else:
            posts[:, names.index(name)] = ends
    if faults:
        raise GeoError(f"{'; '.join(faults)}.")
    is_low = np.array([direction[name] == LOW for name in names])
    return np.where(is_low, -posts[1], posts[0]), np.where(is_low, -posts[0], posts[1])


def _table_faults(values: pd.DataFrame) -> list[str]:
    if values.empty:
        return [f"values: minst ett område och en indikator väntades, fick {values.shape!r}"]
    faults = []
    for axis in (values.index, values.columns):
        twice = list(map(str, axis[axis.duplicated()].unique()))
        if twice:
            faults.append(f"values: {', '.join(twice)} står flera gånger")
    try:
        is_infinite = np.isinf(values.to_numpy(dtype=float)).any()
    except (TypeError, ValueError):
        is_infinite = True
    return [*faults, "values: ändliga tal väntades"] if is_infinite else faults


def is_pair(ends: object) -> bool:
    """Tell whether something is goalposts: two finite numbers, the lower first.

    >>> is_pair((0, 10)), is_pair([10, 0]), is_pair(3), is_pair(("0", "1"))
    (True, False, False, False)
    """
    if not isinstance(ends, Sequence | np.ndarray) or len(ends) != 2:
        return False
    return all(map(is_number, ends)) and bool(np.isfinite(ends).all() and ends[0] < ends[1])


def is_number(value: object) -> bool:
    """Tell whether something is a number; true and false are none.

    >>> is_number(3), is_number("3"), is_number(True)
    (True, False, False)
    """
    return isinstance(value, Real) and not isinstance(value, bool)


def signs(values: pd.DataFrame, direction: Directions) -> Array:
    """Return 1 or −1 for each indicator: what makes more be more.

    >>> signs(pd.DataFrame(columns=["a", "b"]), {"a": "low", "b": "high"}).tolist()
    [-1.0, 1.0]
    """
    return np.array([-1.0 if direction[str(name)] == LOW else 1.0 for name in values.columns])


def normalised(oriented: Array, method: str, low: Array, high: Array) -> Array:
    """Normalise many tables at once: draws × areas × indicators, oriented so that more is more.

    low, high: goalposts per indicator, NaN for the table's own. A constant indicator is 0.5.

    >>> table = np.array([[[1.0], [3.0]]])
    >>> normalised(table, "minmax", np.array([np.nan]), np.array([np.nan])).ravel().tolist()
    [0.0, 1.0]
    """
    if method == PERCENTILE:
        return _percentiles(oriented)
    if method == ZSCORE:
        apart = oriented - _mean(oriented)
        spread = np.sqrt(_mean(apart * apart))
        return np.asarray(apart / np.where(spread > 0, spread, np.inf))
    least = np.where(np.isnan(low), np.fmin.reduce(oriented, axis=1, keepdims=True), low)
    most = np.where(np.isnan(high), np.fmax.reduce(oriented, axis=1, keepdims=True), high)
    width = most - least
    found = (oriented - least) / np.where(width > 0, width, 1)
    np.clip(found, 0, 1, out=found)
    is_constant = np.broadcast_to(width <= 0, found.shape) & ~np.isnan(found)
    found[is_constant] = 0.5
    return np.asarray(found)


def _mean(oriented: Array) -> Array:
    """Return the mean along the areas of what is known."""
    known = ~np.isnan(oriented)
    n = known.sum(axis=1, keepdims=True)
    return np.asarray(np.where(known, oriented, 0).sum(axis=1, keepdims=True) / np.maximum(n, 1))


def _percentiles(oriented: Array) -> Array:
    """Return (rank − ½) / n along the areas; ties at their middle, NaN left out."""
    known = ~np.isnan(oriented)
    below = np.zeros(oriented.shape, dtype=oriented.dtype)
    for place in range(oriented.shape[1]):  # areas are few: n passes beat n log n sorts with ties
        other = oriented[:, place : place + 1]
        below += other < oriented
        below += other <= oriented
    n = known.sum(axis=1, keepdims=True)
    return np.where(known, below / np.maximum(2 * n, 1), np.nan)


def _warn_constant(values: pd.DataFrame, low: Array, high: Array) -> None:
    has_posts = ~np.isnan(low) & ~np.isnan(high)
    same = (values.nunique() == 1).to_numpy() & ~has_posts & (len(values) > 1)
    if same.any():
        names = ", ".join(map(str, values.columns[same]))
        text = (
            f"{int(same.sum())} indikatorer är lika i alla områden och skiljer ingenting: {names}"
        )
        warnings.warn(text, GeoWarning, stacklevel=3)


def checked_weights(weights: Mapping[str, float] | pd.Series, names: Sequence[str]) -> pd.Series:
    """Return weights that sum to 1, in the order of the indicators; told when they did not.

    Raises GeoError with all faults: an unknown or a missing indicator, a weight that is negative
    or no number, nothing but zeros.

    >>> checked_weights({"a": 0.25, "b": 0.75}, ["b", "a"]).tolist()
    [0.75, 0.25]
    """
    given = pd.Series(dict(weights), dtype=float)
    faults = [f"{name!r} har ingen vikt som är ett tal" for name in given.index[~_finite(given)]]
    faults += [f"{name!r} har en negativ vikt" for name in given.index[given < 0]]
    faults += [
        f"{name!r} finns inte bland indikatorerna"
        for name in given.index.difference(pd.Index(names))
    ]
    lacking = [repr(name) for name in pd.Index(names).difference(given.index)]
    rest = f" och {len(lacking) - 3} till" if len(lacking) > 3 else ""
    faults += [f"{', '.join(lacking[:3])}{rest} saknar vikt"] if lacking else []
    if not faults and not given.sum() > 0:
        faults.append("alla är noll")
    if faults:
        raise GeoError(
            f"weights: {'; '.join(faults)}. Ge varje indikator en vikt från 0 och uppåt."
        )
    if abs(given.sum() - 1) > 1e-6:
        text = f"Vikterna summerar till {given.sum():.4g} och räknas om så att summan blir 1"
        warnings.warn(text, GeoWarning, stacklevel=3)
    return (given / given.sum()).reindex(list(names))


def _finite(given: pd.Series) -> pd.Series:
    return pd.Series(np.isfinite(given.to_numpy(dtype=float)), given.index)


def score(
    values: pd.DataFrame,
    direction: Directions,
    weights: Mapping[str, float] | pd.Series,
    method: str = MINMAX,
    bounds: Bounds | None = None,
    aggregate: str = ARITHMETIC,
) -> pd.Series:
    """Return one score per area, index as values: the higher, the more of what is ranked.

    arithmetic: the weighted mean of the normalised values; geometric: the weighted geometric mean,
    for minmax and percentile (values below FLOOR count as FLOOR, with a GeoWarning: otherwise one
    zero would outweigh all else). What is not known is left out and the other weights scaled up;
    an area of which less than LEAST_KNOWN of the weights is known has no score (NaN): it cannot be
    judged, which is not the same as being last. Raises GeoError as normalise and checked_weights.

    >>> values = pd.DataFrame({"a": [0.0, 5.0, 10.0], "b": [9.0, 6.0, 3.0]}, index=["A", "B", "C"])
    >>> score(values, {"a": "high", "b": "low"}, {"a": 0.5, "b": 0.5}).tolist()
    [0.0, 0.5, 1.0]
    """
    scaled = ready(values, direction, method, bounds, aggregate)
    share = checked_weights(weights, list(map(str, values.columns)))
    found = aggregated(scaled.to_numpy()[None], share.to_numpy()[None], aggregate)[0]
    return pd.Series(found, index=values.index, name="score")


def ready(
    values: pd.DataFrame,
    direction: Directions,
    method: str,
    bounds: Bounds | None,
    aggregate: str,
) -> pd.DataFrame:
    """Return the normalised values as the aggregate takes them; parameters and errors as score.

    >>> values = pd.DataFrame({"a": [0.0, 1.0]})
    >>> ready(values, {"a": "high"}, "minmax", None, "arithmetic")["a"].tolist()
    [0.0, 1.0]
    """
    if aggregate not in AGGREGATES:
        raise GeoError(f"aggregate: ett av {', '.join(AGGREGATES)} väntades, fick {aggregate!r}.")
    if aggregate == GEOMETRIC and method == ZSCORE:
        raise GeoError("aggregate: geometriskt medel kräver minmax eller percentile, inte zscore.")
    scaled = normalise(values, direction, method, bounds)
    n_floored = int((scaled < FLOOR).sum().sum()) if aggregate == GEOMETRIC else 0
    if n_floored:
        text = f"{n_floored} värden under {FLOOR:g} räknas som {FLOOR:g} i det geometriska medlet"
        warnings.warn(text, GeoWarning, stacklevel=3)
    return scaled


def aggregated(ready: Array, share: Array, aggregate: str, least: float = LEAST_KNOWN) -> Array:
    """Add normalised values up: draws × areas × indicators and draws × indicators to draws × areas.

    What is not known is left out; NaN where less than least of the weights is known, or nothing.

    >>> aggregated(np.array([[[0.25, 1.0]]]), np.array([[0.5, 0.5]]), "geometric").tolist()
    [[0.5]]
    """
    known = ~np.isnan(ready)
    filled = np.where(known, ready, 0)
    if aggregate == GEOMETRIC:
        filled = np.where(known, np.log(np.maximum(filled, FLOOR)), 0)
    total = np.matmul(filled, share[:, :, None])[:, :, 0]
    held = np.matmul(known.astype(share.dtype), share[:, :, None])[:, :, 0]
    mean = total / np.where(held > 0, held, 1)
    found = np.exp(mean) if aggregate == GEOMETRIC else mean
    return np.where((held > 0) & (held >= least - 1e-6), found, np.nan)
