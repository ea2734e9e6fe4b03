"""Does a series rise or fall: only with enough periods that can be compared, and how surely."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import permutations

import numpy as np
import pandas as pd
from scipy import stats

TOO_SHORT, RISING, FALLING, LEVEL = "too short", "rising", "falling", "no clear direction"
FEWEST = 5  # periods that can be compared
EVERY_ORDER = 8  # periods at most, of which every order is tried
SURE, LIKELY = 0.95, 0.8


@dataclass(frozen=True)
class Trend:
    """The direction of a series, how sure that is, and what it rests on.

    direction: rising, falling, no clear direction, or too short. certainty: 0–1, NaN when too
    short. per_period: the middle change from one period to the next, in the value's unit.
    periods: those compared, after the last break. breaks: the periods that begin something new.
    """

    direction: str
    certainty: float
    per_period: float
    periods: tuple[str, ...]
    breaks: tuple[str, ...]


def trend(values: pd.Series, breaks: Iterable[str] = ()) -> Trend:
    """Judge the direction of a series of one place.

    values: a number by period (text that sorts, such as 2024 or 2023/2024); NaN = not known, left
    out. breaks: periods from which values cannot be compared with earlier ones: another cut of the
    areas, another way of counting. Only periods from the last break on count, at least 5 of them.
    Method: Kendall's rank test against the order of the periods, exact for short series; change by
    Theil and Sen's median slope. certainty is 1 − p (two-sided); under 0.8 no direction is said.

    >>> trend(pd.Series({"2020": 70, "2021": 71, "2022": 73, "2023": 74, "2024": 78})).direction
    'rising'
    >>> trend(pd.Series({"2020": 70, "2021": 71, "2022": 73}), breaks=["2021"]).direction
    'too short'
    """
    known = values.dropna().sort_index()
    known.index = known.index.astype(str)
    within = [b for b in sorted(set(map(str, breaks))) if len(known) and b > known.index[0]]
    marks = tuple(b for b in within if b <= known.index[-1])
    if marks:
        known = known[known.index >= marks[-1]]
    periods = tuple(known.index)
    if len(known) < FEWEST:
        return Trend(TOO_SHORT, float("nan"), float("nan"), periods, marks)
    order = range(len(known))
    if known.nunique() == 1:
        return Trend(LEVEL, 0.0, 0.0, periods, marks)
    numbers = known.to_numpy(dtype=float)
    slope = float(stats.theilslopes(numbers, order).slope)
    certainty = 1 - _chance(numbers)
    direction = RISING if slope > 0 else FALLING
    is_clear = certainty >= LIKELY and slope != 0
    return Trend(direction if is_clear else LEVEL, certainty, slope, periods, marks)


def _chance(numbers: np.ndarray) -> float:
    """Return how often chance alone orders numbers as much, up or down: Kendall's test.

    Exact, also with equal numbers, which scipy's exact test cannot have: every order is tried up
    to EVERY_ORDER of them; longer series with equal numbers take the normal approximation.
    """
    n = len(numbers)
    if len(np.unique(numbers)) == n or n > EVERY_ORDER:
        return float(stats.kendalltau(range(n), numbers).pvalue)
    first, second = np.triu_indices(n, 1)
    tried = numbers[np.array(list(permutations(range(n))))]
    score = np.abs(np.sign(tried[:, second] - tried[:, first]).sum(axis=1))
    return float((score >= score[0]).mean())
