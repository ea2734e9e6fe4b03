"""Checks the numbers of statistics: counts, shares in per cent, rates and classes."""

from __future__ import annotations

import re

import pandas as pd

from geo import cells
from geo.changes import NUMBERS
from geo.kinds import MUNICIPALITY
from geo.row_issues import RowIssues

HOW = {
    "percent": "i procent (0–100)",
    "share": "andelar (0–1)",
}
SET_UNIT = (
    "Ange enheten: share om 0,45 betyder 45 procent, percent om det betyder 0,45 procent "
    "(--unit på kommandoraden)."
)


def check(told: RowIssues, found: pd.DataFrame, indicators: pd.DataFrame, unit: str) -> None:
    """Tell the rows whose numbers cannot be right, and put every value in its own scale.

    found: the rows as read (indicator_id, area_vintage, status, numerator, denominator, value,
    and readable: the numbers could be read), index = position. value is changed in place: shares
    in per cent, worked out from numerator and denominator where both are there; counts in value
    alone. unit: percent, share or "".

    >>> from geo.errors import Issues
    >>> text = {"line": [2], "header": [""], **{name: [""] for name in (*NUMBERS, "status")}}
    >>> row = {"indicator_id": ["a"], "status": ["ok"], "readable": [True], "value": [0.75]}
    >>> row |= {"area_vintage": ["RegSO2025"]}
    >>> found = pd.DataFrame(row | {"numerator": [3.0], "denominator": [4.0]})
    >>> indicators = pd.DataFrame({"measure": ["share"], "unit": ["procent"]}, index=["a"])
    >>> check(RowIssues(pd.DataFrame(text), Issues("a")), found, indicators, "")
    >>> found["value"].tolist()
    [75.0]
    """
    measure = found["indicator_id"].map(indicators["measure"])
    used = found["readable"].copy()
    for column in NUMBERS:
        text = "talet är negativt. Ett antal eller en andel är minst 0: rätta det."
        below = found["readable"] & (found[column] < 0)
        used &= ~told.error(below, column, text, "negative")
    used &= found["status"] == cells.OK
    _counts(told, found, used & measure.isin(("count", "class")))
    broken = used & (measure == "class") & (found["value"] % 1 != 0)
    told.error(broken, "value", "en klass är ett heltal, till exempel 3. Rätta värdet.", "class")
    used &= measure.isin(("share", "rate"))
    used &= ~_parts(told, found, used, measure == "share")
    shares = used & (measure == "share")
    low = shares & (_unit_of(told, found, shares, unit) == "share")
    found["value"] = found["value"].mask(low, (found["value"] * 100).round(10))
    over = shares & (found["value"] > 100 + 1e-9)
    text = "andelen är över 100 procent. Rätta värdet (eller ange enheten percent, om den inte är "
    told.error(over, "value", text + "en andel 0–1).", "share")
    _agree(told, found, used & ~over, indicators, low)
    if not unit:
        text = "värdet är skrivet som andel (0–1) och är omräknat till procent."
        told.warning(low & ~over & found["value"].notna(), "value", text, "unit")


def _counts(told: RowIssues, found: pd.DataFrame, rows: pd.Series) -> None:
    """A count or class stands in value; alone in numerator, it is meant as the value."""
    top, value = found["numerator"], found["value"]
    two = rows & top.notna() & value.notna() & (top != value)
    told.error(two, "value", "värde och antal säger olika. Behåll det rätta.", "count")
    below = rows & found["denominator"].notna()
    text = "ett antal eller en klass har ingen nämnare: den används inte."
    told.warning(below, "denominator", text, "count")
    found["value"] = value.mask(rows & value.isna(), top)
    for column in ("numerator", "denominator"):
        found[column] = found[column].mask(rows)


def _parts(told: RowIssues, found: pd.DataFrame, rows: pd.Series, share: pd.Series) -> pd.Series:
    """Hold numerator and denominator against each other; returns the rows with a fault."""
    top, bottom = found["numerator"], found["denominator"]
    text = "täljaren har ingen nämnare. Skriv hur många den räknas av (denominator)."
    bad = told.error(rows & top.notna() & bottom.isna(), "denominator", text, "no_denominator")
    text = "nämnaren är 0: inget kan räknas. Skriv missing som status."
    bad |= told.error(rows & (bottom == 0), "denominator", text, "denominator")
    text = "täljaren är större än nämnaren. Kontrollera om de har bytt plats."
    over = rows & share & (bottom > 0) & (top > bottom)
    bad |= told.error(over, "numerator", text, "numerator")
    text = "andelen har ingen nämnare: den visas, men räknas aldrig samman över områden."
    alone = rows & share & top.isna() & bottom.isna() & (found["area_vintage"] != MUNICIPALITY)
    told.warning(alone, "value", text, "no_denominator")
    return bad


def _unit_of(told: RowIssues, found: pd.DataFrame, shares: pd.Series, unit: str) -> pd.Series:
    """Say for each share whether its value is written as percent (0–100) or share (0–1)."""
    known = pd.Series(unit or "percent", index=found.index, dtype=object)
    if unit:
        return known
    value, exact = found["value"], 100 * found["numerator"] / found["denominator"]
    loose = _rounding(told)
    as_percent = shares & ((value - exact).abs() <= loose + 1e-9)
    as_share = shares & ~as_percent & ((value * 100 - exact).abs() <= loose * 100 + 1e-9)
    known[as_share] = "share"
    unproved = shares & value.notna() & exact.isna()
    low = unproved & (value > 0) & (value <= 1)
    high = (unproved | as_percent) & (value > 1)
    for name in found.loc[low, "indicator_id"].unique():
        mine = found["indicator_id"] == name
        if not (high & mine).any():
            if (as_share & mine).any():
                known[low & mine] = "share"
            elif not (as_percent & mine & (value > 0)).any():
                _ask(told, str(name), low & mine)
        elif (high & mine).sum() >= ((low | as_share) & mine).sum():
            _mixed(told, str(name), low & mine, "percent")
        else:
            known[low & mine] = "share"
            _mixed(told, str(name), high & unproved & mine, "share")
    return known


def _ask(told: RowIssues, name: str, rows: pd.Series) -> None:
    if rows.sum() == 1:
        told.error(rows, "value", f"{name}: värdet är högst 1. {SET_UNIT}", "unit")
        return
    told.bad |= rows.to_numpy(dtype=bool)
    text = f"{name}: alla {rows.sum()} värden är högst 1. {SET_UNIT}"
    told.issues.error(text, column="value", kind="unit")


def _mixed(told: RowIssues, name: str, few: pd.Series, most: str) -> None:
    text = f"{name}: de flesta värden i filen är {HOW[most]}, men inte det här. Skriv alla lika. "
    told.error(few, "value", f"{text}Är det ändå rätt? {SET_UNIT}", "unit")


def _agree(
    told: RowIssues,
    found: pd.DataFrame,
    rows: pd.Series,
    indicators: pd.DataFrame,
    share_like: pd.Series,
) -> None:
    """Hold each value against its numerator and denominator; the exact one is kept."""
    factors = {str(name): _factor(str(unit)) for name, unit in indicators["unit"].items()}
    exact = found["indicator_id"].map(factors) * found["numerator"] / found["denominator"]
    loose = _rounding(told)
    loose = loose.mask(share_like, loose * 100)
    both = rows & exact.notna()
    off = both & ((found["value"] - exact).abs() > loose + 1e-9)
    if off.any():
        said = exact[off].map(lambda number: f"{number:.6g}".replace(".", ","))
        text = "värdet stämmer inte med täljare och nämnare, som ger " + said + ". Rätta ett tal."
        told.error(off, "value", text, "disagrees")
    found["value"] = found["value"].mask(both, exact)


def _rounding(told: RowIssues) -> pd.Series:
    texts = told.rows["value"]
    return texts.map({text: cells.rounding(text) for text in texts.unique()})


def _factor(unit: str) -> float:
    """Return what one whole is called in a unit: 100 of procent, 100 000 of per 100 000."""
    if unit.startswith("procent"):
        return 100.0
    digits = re.sub(r"\D", "", unit)
    return float(digits) if unit.startswith("per ") and digits else float("nan")
