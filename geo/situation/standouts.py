"""What stands out in a place: at most seven statements, ranked by how sure and how large.

An indicator has one statement; it may hold several things (parts).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from geo import trend
from geo.findings import NOT_WALKED
from geo.layout import OK
from geo.situation.figures import BETTER, DOWN, UP, WORSE

MOST = 7
LEAST = 0.02  # two percentage points: a change by less is not told
TINY = 1e-9
KINDS = CITY, BEFORE, FELT = "city", "before", "felt"
UNSEEN, SEEN, UNFELT = "unseen", "seen", "unfelt"
SURE, LIKELY = 0.95, 0.8  # intervals that do not meet; the least certainty of a trend
FELT_BY = "trygghet"  # the indicator that tells what is felt
MANY_OPEN = 5
SIGN = {trend.RISING: 1, trend.FALLING: -1, UP: 1, DOWN: -1}
NO_WAY = float("nan")
MUNICIPALITY = "municipality"  # the level of an indicator that only the city has


@dataclass(frozen=True)
class Standout:
    """One statement. kind: city (against the city), before (against itself), felt (against seen).

    indicator_id: what it is about. standing: worse or better; for felt: unseen (felt worse, nobody
    walked), seen (felt worse, and things are lacking), unfelt (much is lacking, not felt worse).
    certainty: 0–1. size: the difference in the value's unit (shares 0–1). beyond: by what it is
    ranked: of a change that the city shares, how far it differs from the city's; else the size.
    beside: what else is said of the same indicator, less sure or smaller.
    """

    kind: str
    indicator_id: str
    standing: str
    certainty: float
    size: float
    beyond: float
    beside: tuple[Standout, ...] = ()

    @property
    def parts(self) -> tuple[Standout, ...]:
        """All that is said of the indicator: against the city, itself, what was seen.

        A change that is the city's as well comes last.
        """
        parts = (replace(self, beside=()), *self.beside)
        return tuple(sorted(parts, key=lambda one: (one.is_shared, KINDS.index(one.kind))))

    @property
    def is_shared(self) -> bool:
        """Whether it is a change that is the city's as well: never a statement of its own."""
        return self.kind == BEFORE and self.beyond < LEAST - TINY


def standouts(figures: pd.DataFrame, noted: pd.Series | None) -> tuple[Standout, ...]:
    """Return what stands out, the surest and largest first: at most seven, one per indicator.

    figures: of geo.situation.figures. noted: the place's row of geo.findings.summary, None without.
    Only ranked shares that are shown are judged. Against the city: the intervals do not meet.
    Against itself: the trend is at least likely, or the last change is outside both intervals; when
    the city moved the same way, what counts is how far the two changes differ.
    The latter: at least two percentage points. A change of that size that the city shares stands
    only beside something else, last. Surest first, in two steps (sure: at least 95 per cent;
    likely: at least 80), then largest. What is said of one indicator is one statement, ranked by
    its surest and largest part. What is felt against what was seen has a place whenever it can be
    said: else the last gives way.

    >>> row = {"use": "ranked", "measure": "share", "status": "ok", "standing": "worse",
    ...     "value": 0.6, "city": 0.7, "trend": "too short", "certainty": float("nan"),
    ...     "per_period": float("nan"), "n_periods": 1, "moved": "", "before": float("nan"),
    ...     "direction": "high", "level": "base_area"}
    >>> [one.kind for one in standouts(pd.DataFrame([row], index=["inflytande"]), None)]
    ['city']
    """
    is_judged = (figures["use"] == "ranked") & (figures["measure"] == "share")
    own, is_city = figures[is_judged & (figures["status"] == OK)], _is_city(figures)
    found = []
    for indicator_id, row in own.iterrows():
        parts = [*_against_city(str(indicator_id), row)]
        parts += _against_itself(str(indicator_id), row, is_city)
        parts = [one for one in parts if one.kind == CITY or _is_large(one)]
        if noted is not None and indicator_id == FELT_BY:
            parts += _felt(row, noted)
        found += _together(parts)
    found.sort(key=_order)
    felt = [one for one in found[MOST:] if any(part.kind == FELT for part in one.parts)]
    return (*found[: MOST - len(felt)], *felt)


def _is_large(one: Standout) -> bool:
    return max(one.size, one.beyond) >= LEAST - TINY


def changes(row: pd.Series) -> tuple[float, float]:
    """Return how far a place and the city went, signed: over the trend, else since the last value.

    row: of geo.situation.figures. In the value's unit (shares 0–1). NaN: no direction can be told.

    >>> row = {"trend": "falling", "per_period": -0.02, "n_periods": 6, "city_trend": "falling"}
    >>> changes(pd.Series(row | {"city_per_period": -0.01}))
    (-0.1, -0.05)
    """
    if row["trend"] in SIGN:
        steps = int(row["n_periods"]) - 1
        own, city = row["per_period"] * steps, row["city_per_period"] * steps
        return _signed(row["trend"], own), _signed(row["city_trend"], city)
    if row["moved"] in SIGN:
        own, city = row["value"] - row["before"], row["city"] - row["city_before"]
        return _signed(row["moved"], own), _signed(row["city_moved"], city)
    return NO_WAY, NO_WAY


def _signed(way: str, change: float) -> float:
    return SIGN.get(way, NO_WAY) * abs(float(change))


def _is_city(figures: pd.DataFrame) -> bool:
    """Tell whether the figures are the city's: it alone has what is known of the municipality."""
    return bool(((figures["level"] == MUNICIPALITY) & (figures["status"] == OK)).any())


def _together(parts: list[Standout]) -> list[Standout]:
    """Make one statement of all that is said of an indicator; none of a shared change alone."""
    heads = sorted((one for one in parts if not one.is_shared), key=_order)
    shared = [one for one in parts if one.is_shared]
    return [replace(heads[0], beside=(*heads[1:], *shared))] if heads else []


def _order(one: Standout) -> tuple[bool, float, str, str]:
    return one.certainty < SURE, -one.beyond, one.indicator_id, one.kind


def _against_city(indicator_id: str, row: pd.Series) -> list[Standout]:
    if row["standing"] not in (WORSE, BETTER):
        return []
    size = abs(float(row["value"]) - float(row["city"]))
    return [Standout(CITY, indicator_id, str(row["standing"]), SURE, size, size)]


def _against_itself(indicator_id: str, row: pd.Series, is_city: bool) -> list[Standout]:
    own, city = changes(row)
    if np.isnan(own):
        return []
    is_same_way = not is_city and own * city > 0
    beyond = abs(own - city) if is_same_way else abs(own)
    standing = BETTER if (own > 0) == (row["direction"] == "high") else WORSE
    certainty = float(row["certainty"]) if row["trend"] in SIGN else SURE
    return [Standout(BEFORE, indicator_id, standing, certainty, abs(own), beyond)]


def _felt(row: pd.Series, noted: pd.Series) -> list[Standout]:
    """Hold what is felt against what the walks saw; without the city nothing can be said."""
    if pd.isna(row["city"]):
        return []
    n_open = noted["n_open"]
    size = abs(float(row["value"]) - float(row["city"]))
    if row["standing"] == WORSE and noted["state"] == NOT_WALKED:
        return [Standout(FELT, FELT_BY, UNSEEN, SURE, size, size)]
    if row["standing"] == WORSE and n_open > 0:
        return [Standout(FELT, FELT_BY, SEEN, SURE, size, size)]
    if row["standing"] != WORSE and n_open >= MANY_OPEN:
        return [Standout(FELT, FELT_BY, UNFELT, LIKELY, size, size)]
    return []
