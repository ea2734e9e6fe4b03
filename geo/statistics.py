"""Checks statistics in long form, row by row: what they are of, and what they say."""

from __future__ import annotations

import numpy as np
import pandas as pd

from geo import areacodes, cells, consistency, measures
from geo.changes import COLUMNS, NUMBERS
from geo.errors import GeoError, Issues
from geo.indicators import closest, key, lookup
from geo.kinds import MUNICIPALITY
from geo.row_issues import RowIssues
from geo.sources import has_noise

UNITS = ("", "percent", "share")


def check(
    table: pd.DataFrame, indicators: pd.DataFrame, base_areas: pd.DataFrame, *, unit: str = ""
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Check statistics row by row; returns the rows without fault, and the issues.

    table: text cells in long form, index = line in the file (one line may hold several rows);
    columns that are lacking count as empty, header (where a value stood) is used if there.
    indicators: index indicator_id. base_areas: index base_area_id, with name and vintage; DeSO
    is accepted when its areas are among them. unit says how shares are written: percent (0–100),
    share (0–1), or "" when nobody has said; it is then taken from numerator and denominator, and
    asked for when they do not tell.

    Returns long form, index = line: numbers are floats, shares in per cent 0–100, status is ok,
    missing or suppressed (then NaN, never 0), period 2024 or 2023/2024, group alla for everyone.
    A row with numerator and denominator gets its exact value. A row with an error is left out.
    Raises GeoError for an unknown unit.

    >>> from geo import read
    >>> row = {"indicator_id": "Hyresrätt", "area_code": "1490R001_RegSO2025", "period": "2024"}
    >>> table = pd.DataFrame([row | {"numerator": "1", "denominator": "8"}], index=[2])
    >>> frame, issues = check(table, read.indicators()[0], read.base_areas()[0])
    >>> frame[["indicator_id", "area_code", "value", "status"]].values.tolist()
    [['hyresratt', '1490R001', 12.5, 'ok']]
    """
    if unit not in UNITS:
        raise GeoError(f"unit: percent, share eller tomt väntades, fick {unit!r}.")
    issues = Issues("statistics")
    rows = _texts(table)
    told = RowIssues(rows, issues)
    found = _what(told, indicators, base_areas)
    found = found.join(_numbers(told))
    _status(told, found)
    _noise(told, found)
    measures.check(told, found, indicators, unit)
    consistency.vintages(told, found)
    kept = consistency.doubles(told, found)
    frame = found.loc[kept & told.good(), list(COLUMNS)]
    frame.index = pd.Index(rows.loc[frame.index, "line"].to_numpy())
    return frame, issues.frame().sort_values("row", kind="stable", na_position="first")


def periods(statistics: pd.DataFrame) -> dict[str, tuple[str, str]]:
    """Return the first and the last period of each indicator that has any row.

    statistics: long form, columns indicator_id and period (text that sorts).

    >>> periods(pd.DataFrame({"indicator_id": ["trygghet"] * 2, "period": ["2024", "2022"]}))
    {'trygghet': ('2022', '2024')}
    """
    found = statistics.groupby("indicator_id")["period"]
    return {str(name): (str(of.min()), str(of.max())) for name, of in found}


def _texts(table: pd.DataFrame) -> pd.DataFrame:
    """Return every column as text by position, with the line of the file beside."""
    rows = pd.DataFrame(index=range(len(table)))
    for name in (*COLUMNS, "header"):
        known = table[name].astype(object) if name in table else pd.Series("", index=table.index)
        texts = [str(cell).strip() for cell in known.where(known.notna(), "")]
        rows[name] = pd.Series(texts, index=rows.index, dtype=object)
    rows["line"] = table.index.astype(int)
    return rows


def _what(told: RowIssues, indicators: pd.DataFrame, base_areas: pd.DataFrame) -> pd.DataFrame:
    """Find indicator, area, vintage, period and group of each row."""
    known = lookup(indicators)

    def indicator(text: str) -> str:
        found = text if text in indicators.index else known.get(key(text), "")
        if not text:
            raise ValueError("indikatorn saknas. Skriv dess id i kolumnen indicator_id.")
        if not found:
            near = closest(text, indicators)
            raise ValueError(
                f"{text} är ingen indikator som finns. "
                f"{f'Menas {near}? ' if near else ''}Rätta id:t, eller lägg till indikatorn i "
                "data/indicators.csv."
            )
        return found

    found = pd.DataFrame({"indicator_id": told.translate("indicator_id", indicator)})
    found = found.join(_areas(told, base_areas))
    found["period"] = told.translate("period", cells.period)
    found["group"] = told.translate("group", cells.group)
    found["source"] = told.rows["source"]
    _levels(told, found, indicators)
    return found


def _areas(told: RowIssues, base_areas: pd.DataFrame) -> pd.DataFrame:
    known = areacodes.Areas(base_areas)
    pairs = list(zip(told.rows["area_code"], told.rows["area_vintage"], strict=True))
    meant = {pair: areacodes.meaning(*pair, known) for pair in dict.fromkeys(pairs)}
    areas = pd.Series([meant[pair] for pair in pairs], index=told.rows.index, dtype=object)
    found = pd.DataFrame(
        {
            "area_code": [area.code for area in areas],
            "area_vintage": [area.vintage for area in areas],
        },
        index=told.rows.index,
        dtype=object,
    )
    faults = areas.map(lambda area: area.fault)
    for column in ("area_code", "area_vintage"):
        here = (faults != "") & (areas.map(lambda area: area.column) == column)
        told.error(here, column, faults, "area")
    notes = areas.map(lambda area: area.note)
    told.warning(notes != "", "area_vintage", notes, "old_vintage")
    return found


def _noise(told: RowIssues, found: pd.DataFrame) -> None:
    """Take out what SCB's noise has made impossible: a part that is larger than its whole."""
    over = has_noise(found) & (found["numerator"] > found["denominator"])
    text = "SCB:s brus gör täljaren större än nämnaren. Talet rättas inte utan räknas som saknat."
    told.warning(over, "numerator", text, "noise")
    found["status"] = found["status"].mask(over, cells.MISSING)
    for column in NUMBERS:
        found[column] = found[column].mask(over)


def _levels(told: RowIssues, found: pd.DataFrame, indicators: pd.DataFrame) -> None:
    """Hold the level of each row (base area or municipality) against its indicator's."""
    level = found["indicator_id"].map(indicators["level"])
    whole = found["area_vintage"] == MUNICIPALITY
    wrong = (level == "municipality") & ~whole & (found["area_code"] != "")
    text = "finns bara för hela kommunen. Skriv 1490 och kommun, eller ta bort raden."
    told.error(wrong, "area_code", found["indicator_id"] + " " + text, "level")
    alone = whole.groupby(found["indicator_id"]).all()
    for name in alone.index[alone]:
        if indicators["level"].get(name) == "base_area":
            told.issues.warning(
                f"{name} har bara värden för hela kommunen eller riket i filen. De används som "
                "jämförelse, inte för områdena.",
                column="area_code",
                kind="level",
            )


def _numbers(told: RowIssues) -> pd.DataFrame:
    """Read numerator, denominator and value; hidden tells which rows have a hidden number."""
    found = pd.DataFrame({"hidden": False, "readable": True}, index=told.rows.index)
    for column in NUMBERS:
        known: dict[str, tuple[float, str]] = {}

        def read(text: str, known: dict[str, tuple[float, str]] = known) -> str:
            known[text] = (float("nan"), "")
            try:
                known[text] = cells.number(text)
            except ValueError as reason:
                raise ValueError(f"{reason}. Rätta cellen, eller töm den.") from None
            return known[text][1]

        kind = told.translate(column, read)
        found["hidden"] |= kind == cells.SUPPRESSED
        found["readable"] &= kind != ""
        found[column] = [known[text][0] for text in told.rows[column]]
    return found


def _status(told: RowIssues, found: pd.DataFrame) -> None:
    """Find each row's status; readable tells where it goes together with the numbers."""
    said = told.translate("status", cells.status)
    has = found["value"].notna() | found["numerator"].notna()
    full = found["value"].notna() | (found["numerator"].notna() & (found["denominator"] > 0))
    worked_out = np.select([found["hidden"], has], [cells.SUPPRESSED, cells.OK], cells.MISSING)
    status = said.where(said != "", pd.Series(worked_out, index=said.index, dtype=object))
    found["status"] = status
    readable = found["readable"] & status.isin((cells.OK, cells.MISSING, cells.SUPPRESSED))
    hidden = found["hidden"]
    for where, text in (
        (
            (status == cells.OK) & ~has & ~hidden,
            "status är ok men värdet saknas. Skriv värdet, eller missing som status.",
        ),
        (
            (status == cells.OK) & ~has & hidden,
            "status är ok men värdet är dolt. Skriv suppressed som status.",
        ),
        (
            (status == cells.MISSING) & full,
            "raden sägs sakna värde men har ett. Skriv ok som status, eller töm värdet.",
        ),
        (
            (status == cells.SUPPRESSED) & has,
            "värdet är dolt, men raden visar det ändå. Töm täljare och värde, eller skriv ok.",
        ),
    ):
        readable &= ~told.error(found["readable"] & where, "status", text, "status")
    found["readable"] = readable
