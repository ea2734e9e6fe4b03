"""How sure a share is: the interval of a sample, and one place held against another in words."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import stats

from geo.errors import GeoError

LOWER, HIGHER, SAME, UNSURE, UNKNOWN = "lower", "higher", "same", "unsure", "unknown"
SAME_WITHIN = 0.01  # two full counts nearer than one percentage point are called the same


def wilson(share: pd.Series, n: pd.Series, confidence: float = 0.95) -> tuple[pd.Series, pd.Series]:
    """Return the ends of the interval of a share that comes from n answers.

    share: 0–1 (NaN stays NaN); n: number of answers (0 gives NaN). Returns low and high, 0–1, the
    same index. Method: Wilson (1927), which holds also for few answers and shares near 0 or 1.
    Raises GeoError when the confidence is not between 0 and 1.

    >>> low, high = wilson(pd.Series([0.5]), pd.Series([10]))
    >>> low.round(3).tolist(), high.round(3).tolist()
    ([0.237], [0.763])
    """
    if not 0 < confidence < 1:
        raise GeoError(f"confidence: mellan 0 och 1 väntades, fick {confidence!r}. Skriv 0.95.")
    z2 = float(stats.norm.ppf((1 + confidence) / 2)) ** 2
    answers = n.where(n > 0).reindex(share.index).to_numpy(dtype=float)
    part = share.to_numpy(dtype=float)
    middle = (part + z2 / (2 * answers)) / (1 + z2 / answers)
    spread = np.sqrt(z2 * (part * (1 - part) / answers + z2 / (4 * answers**2)))
    half = spread / (1 + z2 / answers)
    low, high = (pd.Series(end.clip(0, 1), share.index) for end in (middle - half, middle + half))
    return low, high


def around(
    found: pd.DataFrame, n: pd.Series, is_sample: bool, confidence: float = 0.95
) -> pd.DataFrame:
    """Widen the ends that allocation gives by those of the sample.

    found: value, low, high (0–1) as geo.allocate.shares gives them. n: answers by the same index.
    A full count has no interval of its own: only what split base areas bring. Returns low and high.

    >>> found = pd.DataFrame({"value": [0.5], "low": [0.4], "high": [0.5]})
    >>> around(found, pd.Series([10.0]), is_sample=True).round(2).to_numpy().tolist()
    [[0.17, 0.76]]
    """
    if not is_sample:
        return found[["low", "high"]]
    least, most = wilson(found["low"], n, confidence)[0], wilson(found["high"], n, confidence)[1]
    return pd.DataFrame({"low": least, "high": most})


def against(places: pd.DataFrame, city: pd.Series) -> pd.Series:
    """Say of each place whether it is surely lower or higher than the city.

    places: value, low, high; city: the same for the city. Returns lower or higher when the two
    intervals do not meet; same when they do not, or are points, and the values are less than one
    percentage point apart; unsure when the intervals meet; unknown when a value is missing or
    hidden.

    >>> ends = pd.DataFrame({"value": [0.2, 0.45], "low": [0.1, 0.3], "high": [0.3, 0.6]})
    >>> against(ends, pd.Series({"value": 0.5, "low": 0.4, "high": 0.6})).tolist()
    ['lower', 'unsure']
    """
    value, low, high = (places[name].to_numpy(dtype=float) for name in ("value", "low", "high"))
    points = (low == high) & bool(city["low"] == city["high"])
    near = np.abs(value - city["value"]) < SAME_WITHIN
    is_under, is_over = high < city["low"], low > city["high"]
    unknown = np.isnan([value, low, high]).any(axis=0) | bool(city.isna().any())
    words = np.select(
        [unknown, (points | is_under | is_over) & near, is_under, is_over],
        [UNKNOWN, SAME, LOWER, HIGHER],
        UNSURE,
    )
    return pd.Series(words, index=places.index)
