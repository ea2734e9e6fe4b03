"""A synthetic demonstration set: seeded, unrelated to how the places are, marked everywhere."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from geo.sources import DEMO_MARK

SEED = 20171020


def population(base_area_ids: Iterable[str], seed: int = SEED) -> pd.DataFrame:
    """Make up a number of children 0–17 for each base area, in the long form of statistics.

    The numbers are drawn without looking at the place: they say nothing of Borås. Every row's
    source carries the demonstration mark. Returns indicator_id, area_code, area_vintage, period,
    group, numerator, denominator, value, status, source.

    >>> population(["1490R001"])[["indicator_id", "status"]].values.tolist()
    [['folkmangd', 'ok']]
    """
    ids = list(base_area_ids)
    numbers = np.random.default_rng(seed).integers(150, 900, size=len(ids))
    return pd.DataFrame(
        {
            "indicator_id": "folkmangd",
            "area_code": ids,
            "area_vintage": "RegSO2025",
            "period": "demo",
            "group": "0-17",
            "numerator": "",
            "denominator": "",
            "value": numbers,
            "status": "ok",
            "source": DEMO_MARK,
        }
    )
