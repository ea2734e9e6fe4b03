"""Turns the cells of a table into statistics in the long form: one row an area, year and group."""

from __future__ import annotations

import numpy as np
import pandas as pd

from geo.changes import COLUMNS
from geo.errors import GeoError
from geo.fetch.register import CONTENTS, PERIOD, REGION, Measure, Part


def rows(
    measures: list[Measure], cells: pd.DataFrame, *, vintage: str, source: str
) -> pd.DataFrame:
    """Make the rows of each measure out of a table's cells.

    cells: a column of codes for each dimension, value (number, NaN = not known). The region's
    code carries the vintage as its end (1490R001_RegSO2025); the row does not. Returns the
    columns of the long form, sorted by measure, period and area.

    count: value. share: numerator, denominator and value = 100 × numerator / denominator, in per
    cent. percent: value alone. A complement is 100 − value, and denominator − numerator. A sum
    with an unknown cell is unknown; what is unknown is missing, never 0. The numbers stay as SCB
    gives them, noise included. A year in which every cell is 0 is one that the table does not
    hold for this division of areas: it is missing as well.

    >>> from geo.fetch import register
    >>> measure = [row for row in register.scb() if row.indicator_id == "ensamstaende_med_barn"]
    >>> cells = pd.DataFrame({"Region": "1490R001_RegSO2025", "Hushallstyp": ["ESMB", "TOTALT"],
    ...                       "ContentsCode": "000007Y1", "Tid": "2025", "value": [5.0, 40.0]})
    >>> found = rows(measure, cells, vintage="RegSO2025", source="prov")
    >>> found[["area_code", "numerator", "denominator", "value"]].values.tolist()
    [['1490R001', 5.0, 40.0, 12.5]]
    """
    cells, parts = _without_empty_years(cells), []
    for measure in measures:
        part = _numbers(measure, cells[cells[PERIOD] >= measure.first_period]).reset_index()
        part = part.rename(columns={REGION: "area_code", PERIOD: "period"})
        part["indicator_id"], part["group"] = measure.indicator_id, measure.group
        parts.append(part.sort_values(["period", "area_code"]))
    found = pd.concat(parts, ignore_index=True)
    found["area_code"] = found["area_code"].str.removesuffix(f"_{vintage}")
    found["area_vintage"], found["source"] = vintage, source
    found["status"] = np.where(found["value"].notna(), "ok", "missing")
    return found[list(COLUMNS)]


def _numbers(measure: Measure, cells: pd.DataFrame) -> pd.DataFrame:
    """Return numerator, denominator and value of a measure, by region and period."""
    top = _sum(cells, measure.numerator)
    if measure.denominator is None:
        nothing = pd.Series(np.nan, index=top.index)
        value = _percent(measure, top) if measure.measure == "percent" else top
        return pd.DataFrame({"numerator": nothing, "denominator": nothing, "value": value})
    whole = _sum(cells, measure.denominator)
    top = whole - top if measure.complement else top
    value = 100 * top / whole.where(whole > 0)
    return pd.DataFrame({"numerator": top, "denominator": whole, "value": value})


def _percent(measure: Measure, value: pd.Series) -> pd.Series:
    outside = value[(value < 0) | (value > 100)]
    if len(outside):
        raise GeoError(
            f"SCB {measure.table_id}, {measure.indicator_id}: procent mellan 0 och 100 väntades, "
            f"fick {outside.iloc[0]:g}. Kontrollera contents_numerator i scb_tables.csv."
        )
    return (100 - value).round(10) if measure.complement else value


def _sum(cells: pd.DataFrame, part: Part) -> pd.Series:
    """Add up a part's cells by region and period; one unknown cell makes the sum unknown."""
    chosen = cells[CONTENTS] == part.contents
    for name, codes in part.codes.items():
        chosen &= cells[name].isin(codes)
    groups = cells[chosen].groupby([REGION, PERIOD], sort=False)["value"]
    return groups.sum().where(groups.count() == groups.size())


def _without_empty_years(cells: pd.DataFrame) -> pd.DataFrame:
    most = cells.groupby(PERIOD)["value"].transform("max")
    return cells.assign(value=cells["value"].where(most != 0))
