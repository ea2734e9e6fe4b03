"""Says what the columns of a file mean, and turns the file into the long form of statistics."""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass, field, fields

import numpy as np
import pandas as pd

from geo import headers
from geo.areacodes import is_municipality
from geo.changes import COLUMNS
from geo.errors import GeoError, Issues
from geo.indicators import closest, key, lookup

SHAPES = {"long": "", "wide_by_indicator": "indicator_id", "wide_by_period": "period"}
FIXED = ("indicator_id", "period", "group", "area_vintage")
UNITS = ("", "percent", "share")
NEEDED = {
    "indicator_id": "vilken indikator raderna gäller. Lägg till kolumnen indicator_id, eller ange "
    "indikatorn (--indicator).",
    "area_code": "vilket område raderna gäller. Lägg till kolumnen area_code med koder som "
    "1490R001.",
    "period": "vilken period raderna gäller. Lägg till kolumnen period, eller ange perioden "
    "(--period).",
    "value": "var värdena står. Lägg till kolumnen value (eller numerator och denominator).",
}
_CODE = re.compile(r"\d{4}[RABC]\d{3,4}(_\w+)?", re.IGNORECASE)
_NUMBER = re.compile(r"[<≤−-]?\s*\d[\d\s.,]*\s*%?")


@dataclass(frozen=True)
class Mapping:
    """What the columns of a file mean; a person may change it with dataclasses.replace.

    shape: long, wide_by_indicator (a column per indicator) or wide_by_period. columns: our column
    -> the file's header (area_name besides the long form's own). values: of a wide file, header
    -> indicator_id or period; "" when nobody knows yet. indicator_id, period, group,
    area_vintage: what holds where the file says nothing. unit: how shares are written, percent
    (0–100), share (0–1) or "" when nobody has said.
    """

    shape: str = "long"
    columns: dict[str, str] = field(default_factory=dict)
    values: dict[str, str] = field(default_factory=dict)
    indicator_id: str = ""
    period: str = ""
    group: str = ""
    area_vintage: str = ""
    unit: str = ""


def guess(raw: pd.DataFrame, indicators: pd.DataFrame) -> Mapping:
    """Guess what the columns of a file mean by their headers; a vintage is never guessed.

    raw: text cells as read, columns = the file's headers. indicators: index indicator_id.

    >>> raw = pd.DataFrame({"Kod": ["1490R001"], "2023": ["1"], "2024": ["2"]}, index=[2])
    >>> found = guess(raw, pd.DataFrame({"name": ["Hyresrätt"]}, index=["hyresratt"]))
    >>> found.shape, found.columns, found.values
    ('wide_by_period', {'area_code': 'Kod'}, {'2023': '2023', '2024': '2024'})
    """
    columns: dict[str, str] = {}
    rest = []
    for header in filter(None, map(str, raw.columns)):
        meant = headers.column(header)
        if meant and meant not in columns:
            columns[meant] = header
        else:
            rest.append(header)
    codes = [header for header in rest if _mostly(raw[header], _CODE)]
    called = columns.get("area_code", "")
    if codes and not (called and _mostly(raw[called], _CODE)):  # a header may be of the names
        columns |= {"area_name": called} if called else {}
        columns["area_code"] = codes[0]
        rest = [header for header in rest if header != codes[0]]
    known = lookup(indicators)
    by_indicator = {h: known[key(h)] for h in rest if key(h) in known}
    by_period = {header: headers.period(header) for header in rest if headers.period(header)}
    if by_period and not by_indicator and not {"value", "numerator"} & set(columns):
        return Mapping("wide_by_period", _only_once(columns), by_period)
    if by_indicator or not {"value", "numerator"} & set(columns):
        numbers = [h for h in rest if h in by_indicator or _mostly(raw[h], _NUMBER)]
        if numbers and "indicator_id" not in columns:
            values = {header: by_indicator.get(header, "") for header in numbers}
            return Mapping("wide_by_indicator", _only_once(columns), values)
    return Mapping("long", columns)


def _mostly(cells: pd.Series, pattern: re.Pattern[str]) -> bool:
    texts = cells.iloc[:200].astype(str).str.strip()
    texts = texts[texts != ""]
    return bool(len(texts)) and bool(texts.str.fullmatch(pattern).mean() > 0.5)


def _only_once(columns: dict[str, str]) -> dict[str, str]:
    """Leave out what a wide file cannot have one column of: the numbers themselves."""
    return {k: v for k, v in columns.items() if k not in ("value", "numerator", "status")}


def apply(
    raw: pd.DataFrame, mapping: Mapping, indicators: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Turn a file's table into the long form as text cells; returns it and the issues.

    raw: text cells, index = line in the file. Returns the columns of the long form and header
    (where the value stood), index = line; a line of a wide file gives a row per indicator or
    period. What the file does not say is an error, and nothing is returned; columns that are not
    used are a warning. Raises GeoError for a mapping that does not fit the file.

    >>> raw = pd.DataFrame({"kod": ["1490R001"], "Hyresrätt": ["41"]}, index=[2])
    >>> known = pd.DataFrame({"name": ["Hyresrätt"]}, index=["hyresratt"])
    >>> from dataclasses import replace
    >>> mapping = replace(guess(raw, known), period="2024")
    >>> apply(raw, mapping, known)[0].loc[2, ["indicator_id", "period", "value"]].tolist()
    ['hyresratt', '2024', '41']
    """
    _refuse_unfit(raw, mapping)
    issues = Issues("statistics")
    _tell_lacking(mapping, issues)
    _tell_unknown(mapping, indicators, issues)
    _tell_unused(raw, mapping, issues)
    if any(row["severity"] == "error" for row in issues.rows):
        return pd.DataFrame(columns=[*COLUMNS, "header"], dtype=object), issues.frame()
    wide = SHAPES[mapping.shape]
    table = _unfolded(raw, mapping, wide) if wide else _columns_of(raw, mapping)
    area = table.pop("area_name")
    table["area_code"] = table["area_code"].where(table["area_code"].str.strip() != "", area)
    for name in FIXED:
        fixed = str(getattr(mapping, name))
        if fixed:
            empty = table[name].str.strip() == ""
            if name == "area_vintage":
                empty &= ~table["area_code"].map(_has_own_vintage)
            table[name] = table[name].mask(empty, fixed)
    return table, issues.frame()


def _columns_of(raw: pd.DataFrame, mapping: Mapping) -> pd.DataFrame:
    table = pd.DataFrame(index=raw.index)
    for name in (*COLUMNS, "area_name"):
        known = name in mapping.columns
        table[name] = raw[mapping.columns[name]] if known else ""
    return table.assign(header="").astype(object)


def _unfolded(raw: pd.DataFrame, mapping: Mapping, name: str) -> pd.DataFrame:
    """Give a wide line one row per value: line by line, in the order of the columns."""
    names = list(mapping.values)
    long = _columns_of(raw, mapping)
    long = long.loc[long.index.repeat(len(names))]
    long["header"] = names * len(raw)
    long[name] = [mapping.values[header] for header in names] * len(raw)
    long["value"] = np.ravel(raw[names].to_numpy(dtype=object))
    return long


def _has_own_vintage(code: str) -> bool:
    return "_" in code or is_municipality(code)


def _refuse_unfit(raw: pd.DataFrame, mapping: Mapping) -> None:
    named = [*mapping.columns.values(), *mapping.values]
    away = [header for header in dict.fromkeys(named) if header not in raw.columns]
    odd = [name for name in mapping.columns if name not in (*COLUMNS, "area_name")]
    faults = _faults(mapping)
    if away:
        faults.append(f"filen har inte kolumnerna {', '.join(away)}")
    if odd:
        faults.append(f"{', '.join(odd)} är inga av våra kolumner ({', '.join(COLUMNS)})")
    if SHAPES.get(mapping.shape) and not mapping.values:
        faults.append("en bred fil behöver values: rubrik och vad den betyder")
    if faults:
        raise GeoError(f"Kopplingen stämmer inte: {'; '.join(faults)}. Rätta den.")


def _faults(mapping: Mapping) -> list[str]:
    found = []
    if mapping.shape not in SHAPES:
        found.append(f"shape är {mapping.shape!r}, väntade {', '.join(SHAPES)}")
    if mapping.unit not in UNITS:
        found.append(f"unit är {mapping.unit!r}, väntade percent, share eller tomt")
    return found


def _tell_lacking(mapping: Mapping, issues: Issues) -> None:
    has = set(mapping.columns) | {n for n in FIXED if getattr(mapping, n)}
    has |= {SHAPES[mapping.shape]}
    has |= {"value"} if mapping.values or "numerator" in has else set()
    has |= {"area_code"} if "area_name" in has else set()
    for name, text in NEEDED.items():
        if name not in has:
            issues.error(f"Filen säger inte {text}", column=name, kind="missing_column")


def _tell_unknown(mapping: Mapping, indicators: pd.DataFrame, issues: Issues) -> None:
    for header, meant in mapping.values.items():
        if not meant:
            near = closest(header, indicators)
            issues.error(
                f"Kolumnen {header} är ingen indikator som finns. "
                f"{f'Menas {near}? ' if near else ''}Rätta rubriken, eller ta bort kolumnen.",
                column=header,
                kind="indicator_id",
                value=header,
            )


def _tell_unused(raw: pd.DataFrame, mapping: Mapping, issues: Issues) -> None:
    used = {*mapping.columns.values(), *mapping.values, ""}
    extra = [str(header) for header in raw.columns if header not in used]
    if extra:
        issues.warning(f"Kolumnerna {', '.join(extra[:8])} används inte.", kind="unused_column")
    for name in FIXED:
        if getattr(mapping, name) and name in (*mapping.columns, SHAPES[mapping.shape]):
            issues.warning(
                f"{name} {getattr(mapping, name)} används bara där filens egen kolumn är tom.",
                column=name,
                kind="fixed",
            )


def to_json(mapping: Mapping) -> str:
    """Write a mapping as JSON, for a file that is used again (--mapping).

    >>> to_json(Mapping(period="2024"))[:18]
    '{\\n "shape": "long"'
    """
    return json.dumps(asdict(mapping), ensure_ascii=False, indent=1)


def from_json(text: str) -> Mapping:
    """Read a mapping out of JSON; raises GeoError with every fault at once.

    >>> from_json('{"columns": {"area_code": "Kod"}, "period": "2024"}').columns
    {'area_code': 'Kod'}
    """
    try:
        said = json.loads(text)
    except (ValueError, RecursionError):
        raise GeoError("Kopplingen är inte giltig JSON. Rätta filen.") from None
    if not isinstance(said, dict):
        raise GeoError('Kopplingen: ett JSON-objekt väntades, som {"columns": {…}}. Rätta filen.')
    known = {f.name: dict if f.name in ("columns", "values") else str for f in fields(Mapping)}
    faults = [f"{name} är okänt" for name in said if name not in known]
    for name, kind in known.items():
        held = said.get(name, kind())
        texts = held.values() if isinstance(held, dict) else [held]
        if not isinstance(held, kind) or not all(isinstance(cell, str) for cell in texts):
            faults.append(f"{name}: {'par av texter' if kind is dict else 'en text'} väntades")
    if not faults:
        mapping = Mapping(**said)
        faults = _faults(mapping)
    if faults:
        raise GeoError(f"Kopplingen stämmer inte: {'; '.join(faults)}. Rätta filen.")
    return mapping
