"""A synthetic demonstration set: seeded, unrelated to how the places are, marked everywhere."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from geo.changes import COLUMNS
from geo.errors import require_columns
from geo.sources import SYNTHETIC

SEED = 20171020
EVERY_YEAR = tuple(range(2015, 2025))
EVERY_SECOND = tuple(range(2014, 2025, 2))
AGES = {"0-9": 0.11, "10-16": 0.08, "17-19": 0.04, "20-64": 0.57, "65-": 0.20}
BY_SEX = ("sysselsatta", "minst_gymnasial", "eftergymnasial")
COUNTRY = ("1490", "0000")
PUPILS = {"behoriga_ak9": 0.05}  # a class of pupils, more than there are so that little is hidden
UNKNOWN = 0.02  # of the cells of surveys are left out, so that gaps are seen as well


def statistics(
    indicators: pd.DataFrame, base_area_ids: Iterable[str], seed: int = SEED
) -> pd.DataFrame:
    """Make up statistics for every indicator, in the long form that an import has.

    The numbers are drawn without looking at the place: they say nothing of Borås. Each row's source
    is "synthetic", which the mark on every figure, page and export is made of.
    indicators: index indicator_id; measure, basis, level. The same seed gives the same rows.
    Returns the columns of the long form, as text where a cell may be empty.

    >>> kinds = pd.DataFrame({"measure": ["count"], "basis": ["full"], "level": ["base_area"]},
    ...                      index=["folkmangd"])
    >>> statistics(kinds, ["1490R001"])[["area_code", "source"]].iloc[0].tolist()
    ['1490R001', 'synthetic']
    """
    require_columns(indicators, ("measure", "basis", "level"), "indicators")
    ids, rng = list(base_area_ids), np.random.default_rng(seed)
    people = np.round(rng.lognormal(7.6, 0.35, len(ids)))
    tables = []
    for indicator_id, row in indicators.iterrows():
        name = str(indicator_id)
        if row["measure"] == "count":
            made = _counts(name, ids, people, rng)
        elif row["level"] == "municipality":
            made = _country(name, row["measure"], rng)
        elif row["measure"] == "class":
            made = _classes(name, ids, rng)
        else:
            is_ranked = row.get("use", "ranked") == "ranked"
            made = _shares(name, ids, people, row["basis"] == "sample", is_ranked, rng)
        tables.append(made)
    return pd.concat(tables, ignore_index=True)[list(COLUMNS)]


def _rows(indicator_id: str, codes: list[str], period: int | str, **cells: object) -> pd.DataFrame:
    vintage = "kommun" if codes[0] in COUNTRY else "RegSO2025"
    about = {"indicator_id": indicator_id, "area_code": codes, "area_vintage": vintage}
    rest = {"group": "alla", "numerator": "", "denominator": "", "value": "", "status": "ok"}
    return pd.DataFrame(about | {"period": str(period)} | rest | cells | {"source": SYNTHETIC})


def _counts(
    name: str, ids: list[str], people: np.ndarray, rng: np.random.Generator
) -> pd.DataFrame:
    shares = rng.dirichlet(np.array(list(AGES.values())) * 80, len(ids))
    tables = []
    for n, year in enumerate(EVERY_YEAR):
        ages = np.round(shares * people[:, None] * (1 + 0.008 * n)).astype(int)
        for group, numbers in zip(AGES, ages.T, strict=True):
            tables.append(_rows(name, ids, year, group=group, value=numbers))
        tables.append(_rows(name, ids, year, value=ages.sum(axis=1)))
    return pd.concat(tables)


def _shares(
    name: str,
    ids: list[str],
    people: np.ndarray,
    is_sample: bool,
    is_ranked: bool,
    rng: np.random.Generator,
) -> pd.DataFrame:
    high, low = (14, 5) if is_ranked else (5, 14)
    level = rng.beta(high, low, len(ids))
    drift = rng.normal(0, 0.008, len(ids)) + rng.normal(0, 0.008)
    tables = []
    for n, year in enumerate(EVERY_SECOND if is_sample else EVERY_YEAR):
        rate = np.clip(level + drift * n, 0.05, 0.97)
        part = 0.018 if is_sample else PUPILS.get(name, 0.55)
        asked = rng.poisson(people * part)
        if is_sample:
            tables.append(_answers(name, ids, year, rng.binomial(asked, rate), asked, rng))
        elif name in BY_SEX:
            tables += _by_sex(name, ids, year, rate, asked, rng)
        else:
            yes = rng.binomial(asked, rate)
            tables.append(_rows(name, ids, year, numerator=yes, denominator=asked))
    return pd.concat(tables)


def _answers(
    name: str,
    ids: list[str],
    year: int,
    yes: np.ndarray,
    asked: np.ndarray,
    rng: np.random.Generator,
) -> pd.DataFrame:
    gone = rng.random(len(ids)) < UNKNOWN
    cells = {
        "numerator": np.where(gone, "", yes.astype(str)),
        "denominator": np.where(gone, "", asked.astype(str)),
        "status": np.where(gone, "missing", "ok"),
    }
    return _rows(name, ids, year, **cells)


def _by_sex(
    name: str,
    ids: list[str],
    year: int,
    rate: np.ndarray,
    asked: np.ndarray,
    rng: np.random.Generator,
) -> list[pd.DataFrame]:
    women = rng.binomial(asked, 0.5)
    groups = {"kvinnor": women, "män": asked - women}
    yes = {group: rng.binomial(number, rate) for group, number in groups.items()}
    parts = [
        _rows(name, ids, year, group=group, numerator=yes[group], denominator=number)
        for group, number in groups.items()
    ]
    return [*parts, _rows(name, ids, year, numerator=sum(yes.values()), denominator=asked)]


def _classes(name: str, ids: list[str], rng: np.random.Generator) -> pd.DataFrame:
    return _rows(name, ids, EVERY_YEAR[-1], value=rng.integers(1, 6, len(ids)))


def _country(name: str, measure: str, rng: np.random.Generator) -> pd.DataFrame:
    first = rng.uniform(900, 1500, 2) if measure == "rate" else rng.uniform(60, 85, 2)
    steps = 1 + rng.normal(0, 0.02, (len(EVERY_YEAR), 2)).cumsum(axis=0)
    values = np.round(first * steps, 0 if measure == "rate" else 1)
    return pd.concat(
        _rows(name, list(COUNTRY), year, value=row)
        for year, row in zip(EVERY_YEAR, values, strict=True)
    )
