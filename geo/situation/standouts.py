"""What stands out in a place: at most seven statements, ranked by how sure and how large.

An indicator has one statement; it may hold several things (parts).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import pandas as pd

from geo import trend
from geo.findings import NOT_WALKED
from geo.layout import OK
from geo.situation.figures import BETTER, DOWN, UP, WORSE

MOST = 7
LEAST = 0.02  # two percentage points: what differs by less is not told
TINY = 1e-9
KINDS = CITY, BEFORE, FELT = "city", "before", "felt"
UNSEEN, SEEN, UNFELT = "unseen", "seen", "unfelt"
SURE, LIKELY = 0.95, 0.8  # intervals that do not meet; the least certainty of a trend
FELT_BY = "trygghet"  # the indicator that tells what is felt
MANY_OPEN = 5


@dataclass(frozen=True)
class Standout:
    """One statement. kind: city (against the city), before (against itself), felt (against seen).

    indicator_id: what it is about. standing: worse or better; for felt: unseen (felt worse, nobody
    walked), seen (felt worse, and things are lacking), unfelt (much is lacking, not felt worse).
    certainty: 0–1. size: the difference in the value's unit (shares 0–1). beside: what else is said
    of the same indicator, less sure or smaller.
    """

    kind: str
    indicator_id: str
    standing: str
    certainty: float
    size: float
    beside: tuple[Standout, ...] = ()

    @property
    def parts(self) -> tuple[Standout, ...]:
        """All that is said of the indicator: against the city, itself, what was seen."""
        parts = (replace(self, beside=()), *self.beside)
        return tuple(sorted(parts, key=lambda one: KINDS.index(one.kind)))


def standouts(figures: pd.DataFrame, noted: pd.Series | None) -> tuple[Standout, ...]:
    """Return what stands out, the surest and largest first: at most seven, one per indicator.

    figures: of geo.situation.figures. noted: the place's row of geo.findings.summary, None without.
    Only ranked shares that are shown are judged. Against the city: the intervals do not meet.
    Against itself: the trend is at least likely, or the last change is outside both intervals.
    Both: at least two percentage points. Surest first, in two steps (sure: at least 95 per cent;
    likely: at least 80), then largest. What is said of one indicator is one statement, ranked by
    its surest and largest part. What is felt against what was seen has a place whenever it can be
    said: else the last gives way.

    >>> row = {"use": "ranked", "measure": "share", "status": "ok", "standing": "worse",
    ...     "value": 0.6, "city": 0.7, "trend": "too short", "certainty": float("nan"),
    ...     "per_period": float("nan"), "n_periods": 1, "moved": "", "before": float("nan"),
    ...     "direction": "high"}
    >>> [one.kind for one in standouts(pd.DataFrame([row], index=["inflytande"]), None)]
    ['city']
    """
    is_judged = (figures["use"] == "ranked") & (figures["measure"] == "share")
    own = figures[is_judged & (figures["status"] == OK)]
    found = []
    for indicator_id, row in own.iterrows():
        parts = [*_against_city(str(indicator_id), row), *_against_itself(str(indicator_id), row)]
        parts = [one for one in parts if one.size >= LEAST - TINY]
        if noted is not None and indicator_id == FELT_BY:
            parts += _felt(row, noted)
        if parts:
            first, *rest = sorted(parts, key=_order)
            found.append(replace(first, beside=tuple(rest)))
    found.sort(key=_order)
    felt = [one for one in found[MOST:] if any(part.kind == FELT for part in one.parts)]
    return (*found[: MOST - len(felt)], *felt)


def _order(one: Standout) -> tuple[bool, float, str, str]:
    return one.certainty < SURE, -one.size, one.indicator_id, one.kind


def _against_city(indicator_id: str, row: pd.Series) -> list[Standout]:
    if row["standing"] not in (WORSE, BETTER):
        return []
    size = abs(float(row["value"]) - float(row["city"]))
    return [Standout(CITY, indicator_id, str(row["standing"]), SURE, size)]


def _against_itself(indicator_id: str, row: pd.Series) -> list[Standout]:
    if row["trend"] in (trend.RISING, trend.FALLING):
        size = abs(float(row["per_period"])) * (int(row["n_periods"]) - 1)
        is_up, certainty = row["trend"] == trend.RISING, float(row["certainty"])
    elif row["moved"] in (UP, DOWN):
        size = abs(float(row["value"]) - float(row["before"]))
        is_up, certainty = row["moved"] == UP, SURE
    else:
        return []
    standing = BETTER if is_up == (row["direction"] == "high") else WORSE
    return [Standout(BEFORE, indicator_id, standing, certainty, size)]


def _felt(row: pd.Series, noted: pd.Series) -> list[Standout]:
    """Hold what is felt against what the walks saw; without the city nothing can be said."""
    if pd.isna(row["city"]):
        return []
    n_open = noted["n_open"]
    size = abs(float(row["value"]) - float(row["city"]))
    if row["standing"] == WORSE and noted["state"] == NOT_WALKED:
        return [Standout(FELT, FELT_BY, UNSEEN, SURE, size)]
    if row["standing"] == WORSE and n_open > 0:
        return [Standout(FELT, FELT_BY, SEEN, SURE, size)]
    if row["standing"] != WORSE and n_open >= MANY_OPEN:
        return [Standout(FELT, FELT_BY, UNFELT, LIKELY, size)]
    return []
