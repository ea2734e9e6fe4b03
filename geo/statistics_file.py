"""Reads a file of statistics as somebody made it: checked rows in long form, and the issues."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from geo import files, headers, mapping
from geo import statistics as checks
from geo.changes import COLUMNS
from geo.errors import Issues, has_errors
from geo.indicators import indicators as read_indicators
from geo.polygons import base_areas as read_base_areas

Read = tuple[pd.DataFrame, pd.DataFrame]


def raw(path: Path | str, indicators: pd.DataFrame, *, header: int | None = None) -> Read:
    """Read a file of statistics as text cells, wherever its headers stand; index = line.

    header: which row (from 1) holds the headers; without it the row is found, and told when it
    is not the first. Notes under the table are told and left out. indicators: index indicator_id,
    with name. Raises UnreadableFileError with a Swedish reason and remedy.

    >>> from geo.sources import DATA
    >>> known = read_indicators()[0]
    >>> table, issues = raw(DATA / "memberships.csv", known)
    >>> table.index[:2].tolist(), issues.empty
    ([2, 3], True)
    """
    issues = Issues("statistics")
    rows = files.read_rows(Path(path), sniff=headers.LOOKED_AT)
    found = header or headers.find(rows, indicators)
    table = files.as_table(rows, found)
    if header is None and found > 1:
        issues.warning(
            f"Rubrikerna lästes från rad {found}; raderna ovanför används inte.",
            row=found,
            kind="header",
        )
    for line in _notes(table):
        first = str(table.loc[line].iloc[0])
        issues.warning(
            "Raden står under tabellen och lästes som en not. Ta bort den, eller fyll i cellerna.",
            row=line,
            column=str(table.columns[0]),
            kind="note",
            value=first,
        )
        table = table.drop(index=line)
    return table, issues.frame()


def _notes(table: pd.DataFrame) -> list[int]:
    """Return the last lines in which only the first cell is filled."""
    found: list[int] = []
    for line in reversed(table.index):
        cells = table.loc[line].str.strip() != ""
        if len(cells) < 3 or not cells.iloc[0] or cells.sum() > 1:
            break
        found.append(int(line))
    return found[::-1]


def statistics(
    path: Path | str,
    chosen: mapping.Mapping | None = None,
    *,
    indicators: pd.DataFrame | None = None,
    base_areas: pd.DataFrame | None = None,
    header: int | None = None,
) -> Read:
    """Read statistics as somebody made them, long or wide, and check them row by row.

    chosen: what the columns mean; without it they are guessed by their headers. indicators, base
    areas: the registers (those of data/ by default). header: as in raw. Returns long form, index
    = line in the file: shares in per cent 0–100; status says ok, missing or suppressed; a missing
    value stays NaN and is never 0. Raises UnreadableFileError as raw does, and GeoError for a
    mapping that does not fit the file.

    >>> import tempfile
    >>> folder = tempfile.TemporaryDirectory()
    >>> path = Path(folder.name) / "fil.csv"
    >>> head = "indicator_id,area_code,area_vintage,period,value,status\\n"
    >>> _ = path.write_text(head + "folkmangd,1490R001,RegSO2025,2024,12,ok")
    >>> statistics(path)[0]["value"].tolist()
    [12.0]
    >>> folder.cleanup()
    """
    known = read_indicators()[0] if indicators is None else indicators
    areas = read_base_areas()[0] if base_areas is None else base_areas
    table, told = raw(path, known, header=header)
    frame, issues = interpret(table, chosen or mapping.guess(table, known), known, areas)
    return frame, pd.concat([told, issues], ignore_index=True)


def interpret(
    table: pd.DataFrame,
    chosen: mapping.Mapping,
    indicators: pd.DataFrame,
    base_areas: pd.DataFrame,
) -> Read:
    """Take a file's table as a mapping says, and check it row by row.

    table: as raw gives it. Returns what statistics does; when the mapping leaves out something
    that is needed, no row and what is lacking. Raises GeoError for a mapping that does not fit.

    >>> table = pd.DataFrame({"Kod": ["1490R025_RegSO2025"], "2024": ["12"]}, index=[2])
    >>> known, areas = read_indicators()[0], read_base_areas()[0]
    >>> chosen = mapping.Mapping("wide_by_period", {"area_code": "Kod"}, {"2024": "2024"})
    >>> interpret(table, chosen, known, areas)[1].at[0, "message"][:32]
    'Filen säger inte vilken indikato'
    """
    long, told = mapping.apply(table, chosen, indicators)
    if has_errors(told):
        return pd.DataFrame(columns=list(COLUMNS)), told
    frame, issues = checks.check(long, indicators, base_areas, unit=chosen.unit)
    issues["column"] = issues["column"].replace(chosen.columns)
    return frame, pd.concat([told, issues], ignore_index=True)
