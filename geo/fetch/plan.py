"""Holds a table of SCB against what is expected of it, and divides what is asked into questions."""

from __future__ import annotations

import math
from typing import Any

from geo.errors import GeoError
from geo.fetch.jsonstat import Codes
from geo.fetch.register import CONTENTS, PERIOD, REGION, Measure

Question = dict[str, Any]


def wanted(measures: list[Measure]) -> Codes:
    """Return the codes of each dimension that a table's measures need, regions and years apart.

    >>> from geo.fetch import register
    >>> wanted([row for row in register.scb() if row.indicator_id == "ensamstaende_med_barn"])
    {'ContentsCode': ('000007Y1',), 'Hushallstyp': ('ESMB', 'TOTALT')}
    """
    found: dict[str, dict[str, None]] = {}
    for part in (part for measure in measures for part in measure.parts):
        for name, codes in {CONTENTS: (part.contents,), **part.codes}.items():
            found.setdefault(name, {}).update(dict.fromkeys(codes))
    return {name: tuple(codes) for name, codes in found.items()}


def periods(measures: list[Measure], codes: Codes) -> list[str]:
    """Return the table's periods from the first that any of its measures is read from.

    >>> from geo.fetch import register
    >>> periods(register.scb(), {"Tid": ("2023", "2024", "2025")})
    ['2024', '2025']
    """
    first = min(measure.first_period for measure in measures)
    return [period for period in codes.get(PERIOD, ()) if period >= first]


def faults(measures: list[Measure], codes: Codes, regions: list[str]) -> list[str]:
    """Tell in Swedish what a table lacks, or has beside, of what is expected. [] = nothing.

    >>> from geo.fetch import register
    >>> found = [row for row in register.scb() if row.table_id == "TAB6568"]
    >>> codes = {"Region": ("1490R001_RegSO2025",), "ContentsCode": ("000007Y1",),
    ...          "Hushallstyp": ("ESMB",), "Tid": ("2025",)}
    >>> faults(found, codes, ["1490R001_RegSO2025"])
    ['koden TOTALT väntades i kolumnen Hushallstyp, som nu har ESMB']
    """
    told: list[str] = []
    for measure in measures:
        expected = {REGION, PERIOD, CONTENTS, *measure.numerator.codes}
        told += [f"kolumnen {name} väntades" for name in sorted(expected - set(codes))]
        told += [f"kolumnen {name} väntades inte" for name in sorted(set(codes) - expected)]
    for name, needed in wanted(measures).items():
        has = codes.get(name, needed)
        for code in (code for code in needed if code not in has):
            told.append(f"koden {code} väntades i kolumnen {name}, som nu har {_short(has)}")
    known = set(codes.get(REGION, regions))
    unknown = [region for region in regions if region not in known]
    if unknown:
        told.append(f"områdena {_short(unknown)} finns inte i kolumnen {REGION}")
    years = periods(measures, codes)
    if PERIOD in codes and not (years and all(len(y) == 4 and y.isdigit() for y in years)):
        told.append(f"år väntades i kolumnen {PERIOD}, som nu har {_short(codes[PERIOD])}")
    return list(dict.fromkeys(told))


def _short(codes: list[str] | tuple[str, ...]) -> str:
    shown = ", ".join(codes[:12])
    return f"{shown} … ({len(codes)} st)" if len(codes) > 12 else shown


def selections(
    measures: list[Measure], codes: Codes, regions: list[str], max_cells: int
) -> list[Codes]:
    """Divide what a table is asked for into parts of at most max_cells cells, by year and region.

    codes: the table's own; the order of its dimensions is kept. Raises GeoError when a single
    region and year has more cells than that.

    >>> from geo.fetch import register
    >>> found = [row for row in register.scb() if row.table_id == "TAB6568"]
    >>> codes = {"Region": (), "Hushallstyp": (), "ContentsCode": (), "Tid": ("2024", "2025")}
    >>> [part["Region"] for part in selections(found, codes, ["a", "b", "c"], 8)]
    [('a', 'b'), ('c',)]
    """
    needed = wanted(measures)
    years = periods(measures, codes)
    each = math.prod(len(found) for found in needed.values())
    if each > max_cells:
        raise GeoError(
            f"Ett område och ett år ger {each} celler; gränsen är {max_cells}. "
            "Hämta färre indikatorer åt gången."
        )
    n_years = max(1, min(len(years), max_cells // each))
    n_regions = max_cells // (each * n_years)
    parts = []
    for first in range(0, len(years), n_years):
        for start in range(0, len(regions), n_regions):
            chosen = {
                **needed,
                REGION: tuple(regions[start : start + n_regions]),
                PERIOD: tuple(years[first : first + n_years]),
            }
            parts.append({name: chosen[name] for name in codes})
    return parts


def question(url: str, selection: Codes, updated: str) -> Question:
    """Write a selection as a question to PxWeb: where it is POSTed, with what body.

    updated is the table's own stamp: an answer is kept for that edition of the table alone.

    >>> question("https://exempel.se/data", {"Tid": ("2025",)}, "2026-02-20")["body"]
    {'selection': [{'variableCode': 'Tid', 'valueCodes': ['2025']}]}
    """
    chosen = [{"variableCode": n, "valueCodes": list(codes)} for n, codes in selection.items()]
    return {"url": url, "body": {"selection": chosen}, "updated": updated}


def refuse_other_codes(asked: Codes, answered: Codes, table_id: str) -> None:
    """Raise GeoError when an answer lacks codes that were asked for, or has others.

    >>> refuse_other_codes({"Tid": ("2025",)}, {"Tid": ("2025",)}, "TAB6574")
    """
    for name in [*asked, *(name for name in answered if name not in asked)]:
        lost = [c for c in asked.get(name, ()) if c not in answered.get(name, ())]
        other = [c for c in answered.get(name, ()) if c not in asked.get(name, ())]
        if lost or other:
            raise GeoError(
                f"SCB {table_id} svarade inte på det som frågades i kolumnen {name}: saknar "
                f"{_short(lost) or 'inget'}, har därutöver {_short(other) or 'inget'}. "
                "Försök igen; kvarstår felet har tabellen ändrats."
            )
