"""What a table must hold: columns, types and rules, checked row by row in Swedish."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from geo.errors import Issues

EMPTY = {"", "..", "-", "–", "x", "X", "NaN", "nan", "None"}


@dataclass(frozen=True)
class Column:
    """One column: its type, whether it may be empty, and what its values may be.

    minimum, maximum: of numbers; of dates, the year.
    """

    name: str
    type: str = "text"
    required: bool = True
    may_be_empty: bool = False
    allowed: tuple[str, ...] = ()
    pattern: str = ""
    minimum: float | None = None
    maximum: float | None = None


@dataclass(frozen=True)
class Schema:
    """One kind of table: its columns, and the columns that together name a row."""

    dataset: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]


def _number(text: str) -> float:
    plain = re.sub(r"[\s\u00a0\u2009\u202f]", "", text).replace("−", "-")
    if "_" in plain:  # Python reads 1_000 as a number, a person does not
        raise ValueError("ett tal väntades, till exempel 12,5")
    if "," in plain and "." in plain:
        raise ValueError("skriv talet med antingen komma eller punkt, inte båda")
    try:
        value = float(plain.replace(",", "."))
    except ValueError:
        raise ValueError("ett tal väntades, till exempel 0,5") from None
    if value != value or abs(value) == float("inf"):
        raise ValueError("ett ändligt tal väntades")
    return value


def _integer(text: str) -> int:
    value = _number(text)
    if value != int(value):
        raise ValueError("ett heltal väntades")
    return int(value)


def _date(text: str) -> pd.Timestamp:
    match = re.fullmatch(r"(\d{4})-(\d{2})-(\d{2})([T ]00:00(:00)?)?", text)
    if not match:
        raise ValueError("ett datum väntades, skrivet som 2017-10-20")
    year, month, day = (int(part) for part in match.groups()[:3])
    if not 1900 <= year <= 2100:
        raise ValueError("ett år mellan 1900 och 2100 väntades")
    try:
        return pd.Timestamp(date(year, month, day))
    except ValueError:
        raise ValueError("den dagen finns inte i kalendern") from None


def _clock(text: str) -> str:
    match = re.fullmatch(r"(\d{1,2})[:.](\d{2})(:00)?", text)
    if not match or int(match[1]) > 23 or int(match[2]) > 59:
        raise ValueError("ett klockslag väntades, skrivet som 18:30")
    return f"{int(match[1]):02}:{match[2]}"


def _boolean(text: str) -> bool:
    known = {"true": True, "ja": True, "1": True, "false": False, "nej": False, "0": False}
    if text.lower() not in known:
        raise ValueError("ja eller nej väntades (true/false)")
    return known[text.lower()]


def _list(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(";") if part.strip())


_PARSERS: dict[str, Callable[[str], Any]] = {
    "text": str,
    "number": _number,
    "integer": _integer,
    "date": _date,
    "clock": _clock,
    "bool": _boolean,
    "list": _list,
}
_NOTHING: dict[str, Any] = {
    "text": "",
    "clock": "",
    "list": (),
    "number": float("nan"),
    "date": pd.NaT,
}


def parse(text: str, column: Column) -> Any:
    """Turn one cell into its value; raises ValueError with a Swedish reason.

    >>> parse("12,5", Column("share", "number"))
    12.5
    """
    text = text.strip()
    if text in EMPTY and (column.type != "text" or text == ""):
        if not column.may_be_empty:
            raise ValueError("värdet saknas")
        return _NOTHING.get(column.type, pd.NA)
    value = _PARSERS[column.type](text)
    if column.allowed and value not in column.allowed:
        raise ValueError(f"ett av {', '.join(column.allowed)} väntades")
    if column.pattern and not re.fullmatch(column.pattern, text):
        raise ValueError("id:t har inte den form som väntades")
    size = value.year if column.type == "date" else value
    if column.minimum is not None and size < column.minimum:
        raise ValueError(f"minst {column.minimum:g} väntades")
    if column.maximum is not None and size > column.maximum:
        raise ValueError(f"högst {column.maximum:g} väntades")
    return value


def check(raw: pd.DataFrame, schema: Schema, issues: Issues) -> pd.DataFrame:
    """Type a raw table (strings, index = line in the file) and leave faulty rows out.

    Returns a frame with the schema's columns (unknown columns are dropped and told), index = line
    in the file. Every fault is an issue with line, column, value and remedy. An empty cell in a
    column that must have a value is a fault; it never becomes 0.

    >>> kind = Schema("prov", (Column("id"), Column("antal", "integer")), ("id",))
    >>> issues = Issues("prov")
    >>> raw = pd.DataFrame({"id": ["a", "b"], "antal": ["1", "x"]}, index=[2, 3])
    >>> check(raw, kind, issues).index.tolist()
    [2]
    >>> issues.rows[0]["row"]
    3
    """
    present = [column for column in schema.columns if column.name in raw.columns]
    missing = [c.name for c in schema.columns if c.required and c.name not in raw.columns]
    for name in missing:
        issues.error(
            f"Kolumnen {name} saknas. Lägg till den i filens första rad.",
            column=name,
            kind="missing_column",
        )
    if missing:
        return pd.DataFrame(columns=[column.name for column in schema.columns])
    extra = [name for name in raw.columns if name not in {c.name for c in schema.columns}]
    if extra:
        issues.warning(
            f"Kolumnerna {', '.join(map(str, extra[:8]))} används inte.", kind="unused_column"
        )
    values = {column.name: _column(raw[column.name], column, issues) for column in present}
    bad = {row["row"] for row in issues.rows if row["severity"] == "error"}
    frame = pd.DataFrame(values, index=raw.index)
    for column in schema.columns:
        if column.name not in frame:
            nothing = [_NOTHING.get(column.type, pd.NA)] * len(frame)
            frame[column.name] = _typed(nothing, column, frame.index)
    frame = frame.loc[~frame.index.isin(bad), [column.name for column in schema.columns]]
    return _drop_duplicates(frame, schema, issues)


def _column(cells: pd.Series, column: Column, issues: Issues) -> pd.Series:
    texts = [str(cell) for cell in cells]
    known = {text: _parsed(text, column) for text in dict.fromkeys(texts)}
    faulty = {text for text, (_, reason) in known.items() if reason}
    if faulty:
        for line, cell, text in zip(cells.index, cells, texts, strict=True):
            if text in faulty:
                issues.error(
                    f"{column.name}: {known[text][1]}. Rätta cellen eller ta bort raden.",
                    row=int(str(line)),
                    column=column.name,
                    value=cell,
                )
    return _typed([known[text][0] for text in texts], column, cells.index)


def _typed(values: list[Any], column: Column, index: pd.Index) -> pd.Series:
    dtype = {"date": "datetime64[ns]", "number": "float64"}.get(column.type, "object")
    return pd.Series(values, index=index, dtype=dtype)


def _parsed(text: str, column: Column) -> tuple[Any, str]:
    """Return a cell's value and no reason, or no value and the reason."""
    try:
        return parse(text, column), ""
    except ValueError as reason:
        return None, str(reason)


def _drop_duplicates(frame: pd.DataFrame, schema: Schema, issues: Issues) -> pd.DataFrame:
    keys = list(schema.key)
    again = frame.duplicated(keys, keep="first")
    if not again.any():
        return frame
    first = {tuple(key): line for line, key in _keys(frame[~again], keys)}
    for line, key in _keys(frame[again], keys):
        issues.error(
            f"{' + '.join(keys)} finns redan på rad {first[key]}. Behåll en av raderna.",
            row=line,
            column=keys[0],
            kind="duplicate",
            value=", ".join(map(str, key)),
        )
    return frame[~again]


def _keys(frame: pd.DataFrame, keys: list[str]) -> list[tuple[int, tuple[Any, ...]]]:
    rows = frame[keys].itertuples(index=True, name=None)
    return [(int(row[0]), tuple(row[1:])) for row in rows]
