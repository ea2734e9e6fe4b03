"""What is asked for, as data: the tables of SCB and the key figures of Kolada."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from geo import files, schema
from geo.errors import GeoError, Issues
from geo.schema import Column, Schema
from geo.sources import DATA

REGION, PERIOD, CONTENTS = "Region", "Tid", "ContentsCode"
SCB_TABLES = Schema(
    "scb_tables",
    (
        Column("indicator_id"),
        Column("group"),
        Column("table_id", pattern=r"TAB\d+"),
        Column("measure", allowed=("count", "share", "percent")),
        Column("contents_numerator", pattern=r"[0-9A-Z]+"),
        Column("contents_denominator", may_be_empty=True, pattern=r"[0-9A-Z]*"),
        Column("selection", may_be_empty=True),
        Column("numerator", may_be_empty=True),
        Column("denominator", may_be_empty=True),
        Column("complement", "bool"),
        Column("first_period", pattern=r"\d{4}"),
        Column("verified", allowed=("yes", "no")),
        Column("assumed", may_be_empty=True),
        Column("note", may_be_empty=True),
    ),
    ("indicator_id", "group"),
)
KOLADA_KPIS = Schema(
    "kolada_kpis",
    (
        Column("kpi", pattern=r"[NU]\d{5}"),
        Column("indicator_id"),
        Column("name"),
        Column("unit"),
        Column("verified", allowed=("yes", "no")),
        Column("note", may_be_empty=True),
    ),
    ("kpi",),
)


@dataclass(frozen=True)
class Part:
    """Which cells of a table are added up: one content, and codes of each other dimension."""

    contents: str
    codes: dict[str, tuple[str, ...]]


@dataclass(frozen=True)
class Measure:
    """How an indicator is made of a table's cells, for one group.

    measure: count (numerator is the value), share (numerator and denominator), percent (the
    table gives per cent and no counts). complement: the table gives the opposite wording.
    """

    indicator_id: str
    group: str
    table_id: str
    measure: str
    numerator: Part
    denominator: Part | None
    complement: bool
    first_period: str

    @property
    def parts(self) -> tuple[Part, ...]:
        """The numerator, and the denominator where there is one."""
        return (self.numerator,) if self.denominator is None else (self.numerator, self.denominator)


def scb(path: Path = DATA / "scb_tables.csv") -> list[Measure]:
    """Read which table, contents and codes of SCB make each indicator.

    Returns one Measure for each indicator and group, in the order of the file. Raises GeoError
    with every fault of the file.

    >>> found = {(row.indicator_id, row.group): row for row in scb()}
    >>> found["utlandsk_bakgrund", "alla"].denominator.codes["UtlBakgrund"]
    ('SA',)
    """
    return [_measure(row, path.name) for row in _rows(path, SCB_TABLES)]


def kolada(path: Path = DATA / "kolada_kpis.csv") -> pd.DataFrame:
    """Read which key figure of Kolada is which indicator: index kpi; indicator_id, name, unit, ….

    Raises GeoError with every fault of the file.

    >>> kolada().at["N15428", "indicator_id"]
    'behoriga_ak9'
    """
    return pd.DataFrame(_rows(path, KOLADA_KPIS)).set_index("kpi")


def _rows(path: Path, kind: Schema) -> list[dict[str, Any]]:
    issues = Issues(kind.dataset)
    frame = schema.check(files.read_table(path), kind, issues)
    faults = [issue for issue in issues.rows if issue["severity"] == "error"]
    if faults:
        lines = [f"Rad {issue['row']}: " if issue["row"] else "" for issue in faults]
        told = [line + issue["message"] for line, issue in zip(lines, faults, strict=True)]
        raise GeoError(f"{path.name} kan inte användas. {' '.join(told)}")
    return [{str(name): cell for name, cell in row.items()} for row in frame.to_dict("records")]


def _measure(row: dict[str, Any], name: str) -> Measure:
    common = _codes(row["selection"], name)
    numerator = Part(row["contents_numerator"], common | _codes(row["numerator"], name))
    denominator = None
    if row["contents_denominator"]:
        codes = common | _codes(row["denominator"], name)
        denominator = Part(row["contents_denominator"], codes)
    who = f"{name}, {row['indicator_id']} ({row['group']})"
    if (row["measure"] == "share") != (denominator is not None):
        raise GeoError(f"{who}: contents_denominator ska finnas när measure är share, annars inte.")
    if denominator is not None and set(denominator.codes) != set(numerator.codes):
        raise GeoError(f"{who}: täljare och nämnare ska nämna samma kolumner i tabellen.")
    if row["complement"] and row["measure"] == "count":
        raise GeoError(f"{who}: complement kan inte vara true för ett antal.")
    return Measure(
        row["indicator_id"],
        row["group"],
        row["table_id"],
        row["measure"],
        numerator,
        denominator,
        bool(row["complement"]),
        row["first_period"],
    )


def _codes(text: str, name: str) -> dict[str, tuple[str, ...]]:
    """Read "Kon=1+2; Alder=15-19|20-24" as the codes of each dimension."""
    found: dict[str, tuple[str, ...]] = {}
    for part in filter(None, (part.strip() for part in text.split(";"))):
        dimension, is_split, codes = part.partition("=")
        if not (dimension and is_split and codes):
            raise GeoError(f"{name}: {part!r} ska skrivas Kolumn=kod eller Kolumn=kod|kod.")
        found[dimension] = tuple(codes.split("|"))
    return found
