"""Sections of numbers: the indicators, and the place in the ranking."""

from __future__ import annotations

import pandas as pd

from geo import trend
from geo.layout import BY_SOURCE, MISSING, OK, SECONDARY, SMALL
from geo.priority import ranking
from geo.report.sections.opening import aged, plain
from geo.report.story import Bar, Chart, Section, Table
from geo.report.words import counted, first_upper, listed, number, percent, span
from geo.situation import Situation
from geo.situation.figures import BETTER, WORSE
from geo.situation.who import BASE_AREA, CITY, NETWORK
from geo.sources import LAYER_NAMES, THRESHOLD

STANDING = {
    WORSE: "säkert sämre",
    BETTER: "säkert bättre",
    "same": "lika",
    "unsure": "går inte att skilja åt",
    "unknown": "jämförs inte",
}
WHY_NONE = {
    OK: "",
    MISSING: "uppgift saknas",
    SMALL: "dolt",
    SECONDARY: "dolt",
    BY_SOURCE: "dolt i källan",
}
TREND = {trend.RISING: "stiger", trend.FALLING: "sjunker", trend.LEVEL: "ingen tydlig riktning"}
AGAINST = "Mot Borås: säkert när intervallen inte möts. "
ESTIMATED = "Skattat: den del av värdet som kommer från delade eller osäkra basområden. "
BEFORE = "Mätningen före"
NOTHING = "Inget värde får eller kan visas här."
CHART_BARS = 5  # that many have room on one slide


def value(row: pd.Series) -> str:
    """Write a value, or why there is none: dolt and uppgift saknas are two different things.

    >>> value(pd.Series({"status": "suppressed", "value": float("nan"), "measure": "share"}))
    'dolt'
    """
    if row["status"] != OK:
        return WHY_NONE.get(str(row["status"]), "redovisas inte här")
    return plain(float(row["value"]), str(row["measure"]))


def welfare(found: Situation) -> Section:
    """Sum up the indicators that are compared, and show those that differ most from the city.

    The city has none beside it: of it those that have changed most since the period before.

    >>> welfare.__annotations__["found"]
    'Situation'
    """
    ranked = _ranked(found)
    is_city = found.who.kind == CITY
    return Section(
        "welfare",
        "Så har barn, unga och vuxna det",
        texts=(_directions(ranked) if is_city else _summary(ranked), *aged(found)),
        charts=_changes(ranked) if is_city else _differences(ranked, found.name),
        on_wall=True,
    )


def indicators(found: Situation) -> Section:
    """Show every indicator that is compared, then those of the background: long, so on paper.

    >>> indicators.__annotations__["found"]
    'Situation'
    """
    table, is_city = found.indicators, found.who.kind == CITY
    rest = table[(table["use"] == "context") & table["status"].isin([OK, SMALL, SECONDARY])]
    rest = rest[rest["measure"] != "class"]
    beside, name = ("before", BEFORE) if is_city else ("city", "Borås")
    own = tuple(_row(row, beside) for _, row in _ranked(found).iterrows())
    columns = ("Indikator", "Här", "Intervall", name, "Mot Borås", "Över tid", "Skattat")
    background = tuple(
        (str(row["name"]), value(row), _other(row, beside), str(row["period"]))
        for _, row in rest.iterrows()
    )
    compared = Table(
        "Indikatorer som jämförs", columns, own, "Ingen statistik är inläst.", (1, 3, 6)
    ).without_silent("Skattat", "–", percent(0.0))
    estimated = ESTIMATED if "Skattat" in compared.columns else ""
    about = ("Indikator", "Här", name, "Period")
    rests = Table("Bakgrund, rangordnas aldrig", about, background, "Ingen.", (1, 2))
    if is_city:
        compared = compared.without("Mot Borås")
    notes = (
        "Intervall: det som urval och delade basområden lämnar öppet; – när inget är öppet. "
        f"{'' if is_city else AGAINST}{estimated}"
        f"Antal under {THRESHOLD} personer döljs, och det som gör att de kan räknas ut. Högre är "
        "bättre för alla som jämförs.",
    )
    heading = "Alla indikatorer"
    return Section("indicators", heading, tables=(compared, rests), notes=notes, level=2)


def _ranked(found: Situation) -> pd.DataFrame:
    table = found.indicators
    return table[(table["use"] == "ranked") & (table["measure"] == "share")]


def _summary(ranked: pd.DataFrame) -> str:
    n = {name: int((ranked["standing"] == name).sum()) for name in (WORSE, BETTER)}
    n_shown = int((ranked["status"] == OK).sum())
    if not n_shown:
        return NOTHING
    return (
        f"Av {counted(n_shown, 'värde', 'värden')} som visas är {n[WORSE]} säkert sämre och "
        f"{n[BETTER]} säkert bättre än staden; de andra är lika eller osäkra, de går inte att "
        "skilja från den."
    )


def _directions(ranked: pd.DataFrame) -> str:
    shown = ranked[ranked["status"] == OK]
    if shown.empty:
        return NOTHING
    going = shown.loc[shown["certainty"] >= trend.SURE, "trend"]
    n_up, n_down = (int((going == name).sum()) for name in (trend.RISING, trend.FALLING))
    return (
        f"Av {counted(len(shown), 'värde', 'värden')} som visas stiger {n_up} säkert över tid och "
        f"{n_down} sjunker säkert; de andra har ingen säker riktning, eller för kort serie."
    )


def _row(row: pd.Series, beside: str) -> tuple[str, ...]:
    is_shown = row["status"] == OK
    interval = ""
    if is_shown and not pd.isna(row["low"]) and row["low"] != row["high"]:
        interval = span(percent(row["low"]), percent(row["high"]))
    part = row["estimated_share"]
    return (
        f"{row['name']} ({row['period']})" if row["period"] else str(row["name"]),
        value(row),
        interval or "–",
        _other(row, beside),
        STANDING[str(row["standing"])] if is_shown else "–",
        _trend(row),
        percent(part) if is_shown and not pd.isna(part) else "–",
    )


def _other(row: pd.Series, beside: str) -> str:
    return "–" if pd.isna(row[beside]) else plain(float(row[beside]), str(row["measure"]))


def _trend(row: pd.Series) -> str:
    word = TREND.get(str(row["trend"]), "för kort serie")
    if row["trend"] not in (trend.RISING, trend.FALLING):
        return word
    return f"{word} ({'säkert' if row['certainty'] >= trend.SURE else 'troligen'})"


def _differences(ranked: pd.DataFrame, name: str) -> tuple[Chart, ...]:
    is_sure = ranked["standing"].isin((WORSE, BETTER))
    said = f"Andelar i {name} och i Borås"
    return _chart(ranked, "city", is_sure, ("Störst skillnad mot Borås", said, name, "Borås"))


def _changes(ranked: pd.DataFrame) -> tuple[Chart, ...]:
    title, said = "Störst ändring sedan mätningen före", "Andelar nu och i mätningen före"
    return _chart(ranked, "before", ranked["moved"] != "", (title, said, "Nu", BEFORE))


def _chart(
    ranked: pd.DataFrame, beside: str, is_sure: pd.Series, texts: tuple[str, str, str, str]
) -> tuple[Chart, ...]:
    """Show the shares that lie farthest from another column; what is not sure says so.

    texts: title, what is shown, the names of the two.
    """
    shown = ranked[(ranked["status"] == OK) & ranked[beside].notna()]
    gap = (shown["value"] - shown[beside]).abs().sort_values(ascending=False)
    chosen = shown.loc[gap.index[:CHART_BARS]]
    bars = tuple(
        Bar(
            f"{row['name']}{'' if is_sure.at[name] else ' (osäkert)'}",
            float(row["value"]),
            float(row[beside]),
        )
        for name, row in chosen.iterrows()
    )
    title, said, own, other = texts
    if not bars:
        return ()
    first, n = bars[0], counted(len(bars), "indikator", "indikatorer")
    alt = (
        f"{said} för {n}, störst skillnad först. {first.name}: {percent(first.value or 0.0)} mot "
        f"{percent(first.against or 0.0)}. Alla tal står i tabellen."
    )
    return (Chart(title, alt, own, other, bars),)


def place(found: Situation) -> Section:
    """Say where the place stands in the ranking, how sure that is and what it rests on.

    >>> place.__annotations__["found"]
    'Situation'
    """
    own, heading = found.place, "Plats i kraftsamla"
    if own is None and found.who.kind not in (NETWORK, BASE_AREA):
        text = "Rangordningen är av nätverk inom ett lager, eller av basområden. Se Kraftsamla."
        return Section("place", heading, texts=(text,))
    if own is None or own.verdict == ranking.NO_VERDICT:
        text = "Går ej att bedöma: för lite är känt, eller får visas. Det är inte samma som sist."
        return Section("place", heading, texts=(text,), on_wall=True)
    among = LAYER_NAMES.get(own.among, "basområden")
    names = [str(found.indicators.at[name, "name"]) for name in own.drivers]
    p_top = percent(*ranking.written(float(own.row["p_top"])))
    texts = (
        f"{first_upper(own.verdict)} bland de {own.top} med störst behov av {own.n_areas} "
        f"({among}): i {p_top} av beräkningarna. {_where(own.row)}",
        f"Mest bidrar {listed(names)}." if names else "",
    )
    sure, unlikely = percent(ranking.SURE), percent(ranking.UNLIKELY)
    note = (
        f"Säkert: bland de {own.top} i minst {sure} av beräkningarna; inte: i mindre än "
        f"{unlikely}; möjligen: däremellan. Lika vikter på {own.n_indicators} indikatorer; "
        "10\u202f000 beräkningar där det osäkra dras på nytt. Med andra vikter kan platsen bli en "
        "annan: se Kraftsamla."
    )
    return Section("place", heading, texts=tuple(filter(None, texts)), notes=(note,), on_wall=True)


def _where(row: pd.Series) -> str:
    """Say between which places the draws put it: not the same as how often it is among the top."""
    low, high = number(float(row["rank_low"])), number(float(row["rank_high"]))
    where = f"är {low}" if low == high else f"ligger mellan {low} och {high}"
    return f"Platsen {where} i nio av tio beräkningar, där 1 är störst behov."
