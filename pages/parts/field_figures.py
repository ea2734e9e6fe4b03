"""Walks and findings of every network and base area side by side, for the page and for files."""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd

from geo import findings
from pages.parts import field_answers, field_words, words
from pages.parts.field import Field

UNSAID = {"owner": field_words.NOBODY, "light": "Ljus okänt"}


class Figure(NamedTuple):
    """A column: of the summary, how it is written, and the column of the number it rests on."""

    column: str
    decimals: int = 0
    is_share: bool = False
    of: str = ""


FIGURES = {
    "Vandringar": Figure("n_walks"),
    "Km": Figure("km_walked", 1),
    "Andel av ytan": Figure("area_walked_share", 1, is_share=True),
    "Fynd": Figure("n_findings"),
    "Brist": Figure("n_brist"),
    "Bra": Figure("n_bra"),
    "Fynd per vandring": Figure("findings_per_walk", 1, of="n_walks_told"),
    "Fynd per km": Figure("findings_per_km", 1, of="n_on_routes"),
    "Väntar": Figure("n_open"),
    "Försenade": Figure("n_overdue"),
    "Avslutade": Figure("n_closed"),
    "Andel avslutade": Figure("share_closed", is_share=True),
    "Verifierade": Figure("n_verified"),
    "Dagar till svar": Figure("days_to_answer"),
    "Dagar till åtgärd": Figure("days_to_done"),
}
IN_BRACKETS = {"n_walks_told": "Vandringar med kända fynd", "n_on_routes": "Fynd på kända rutter"}
RESTS = (
    "Inom parentes: vid fynd per vandring de vandringar vars fynd är kända, vid fynd per km de "
    "fynd som är noterade på en känd rutt. Under en halv kilometer räknas inget per km."
)


def networks(known: Field, *, is_file: bool = False) -> pd.DataFrame:
    """Put every network's walks and findings side by side; in a file numbers are numbers."""
    table = field_answers.summary(known, networks=True)
    return _sums(table, "Nätverk", _names(known.areas), is_file)


def base_areas(known: Field, *, is_file: bool = False) -> pd.DataFrame:
    """Put every base area's walks and findings side by side: the map in words."""
    table = field_answers.summary(known, networks=False)
    return _sums(table, "Basområde", list(known.base_areas["name"]), is_file)


def divided(known: Field, by: str, *, is_file: bool = False) -> pd.DataFrame:
    """Count every network's findings by category, light, owner, kind or status."""
    counts = findings.breakdown(known.findings, known.in_networks, by)
    named = {"category": known.categories, "kind": field_words.KIND, "status": field_words.STATUS}
    columns = {value: named.get(by, {}).get(value, value) or UNSAID[by] for value in counts}
    names = _names(known.areas.loc[list(counts.index)])
    table = counts.rename(columns=columns)
    table = table if is_file else table.map(words.number)
    table.insert(0, "Nätverk", names)
    return table


def _names(areas: pd.DataFrame) -> list[str]:
    return [words.network(a, b) for a, b in zip(areas["layer"], areas["name"], strict=True)]


def _sums(table: pd.DataFrame, heading: str, names: list[str], is_file: bool) -> pd.DataFrame:
    states = [words.first_upper(field_words.STATE[state]) for state in table["state"]]
    columns = {heading: names, "Läge": states}
    for label, figure in FIGURES.items():
        if is_file:
            columns |= _numbers(table, label, figure)
        else:
            columns[label] = _texts(table, figure)
    return pd.DataFrame(columns)


def _numbers(table: pd.DataFrame, label: str, figure: Figure) -> dict[str, list[float]]:
    scale, unit = (100, " (%)") if figure.is_share else (1, "")
    own = {f"{label}{unit}": list((table[figure.column] * scale).round(figure.decimals + 1))}
    return own | ({IN_BRACKETS[figure.of]: list(table[figure.of])} if figure.of else {})


def _texts(table: pd.DataFrame, figure: Figure) -> list[str]:
    write = words.percent if figure.is_share else words.number
    rests = table[figure.of] if figure.of else [None] * len(table)
    return [
        "–"
        if pd.isna(value)
        else write(value, figure.decimals) + (f" ({words.number(n)})" if figure.of else "")
        for value, n in zip(table[figure.column], rests, strict=True)
    ]
