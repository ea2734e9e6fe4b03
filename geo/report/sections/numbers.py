"""Sections of numbers: what stands out, since last time, indicators, place in the ranking."""

from __future__ import annotations

import pandas as pd

from geo import trend
from geo.layout import BY_SOURCE, MISSING, OK, SECONDARY, SMALL
from geo.priority.ranking import NO_VERDICT
from geo.report.story import Bar, Chart, Section, Table
from geo.report.words import counted, first_upper, listed, number, percent, span
from geo.situation import Situation
from geo.situation.figures import BETTER, WORSE
from geo.situation.since import MEETING, NEVER, SIGNED
from geo.situation.standouts import BEFORE, CITY, SEEN, SURE, UNFELT, UNSEEN, Standout
from geo.situation.who import BASE_AREA, NETWORK
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
POINTS, CHART_BARS = 100, 8


def standouts(found: Situation) -> Section:
    """Say what stands out, the surest and largest first.

    >>> standouts.__annotations__["found"]
    'Situation'
    """
    said = tuple(_statement(one, found) for one in found.standouts)
    nothing = (
        "Inget sticker ut säkert: inget värde skiljer sig säkert från staden eller från tidigare. "
        "Det betyder inte att allt är väl; se vad vi inte vet."
    )
    return Section(
        "standouts",
        "Vad sticker ut",
        texts=() if said else (nothing,),
        points=said,
        notes=(
            "Högst sju, de säkraste och största först. Säkert: intervallen möts inte, eller en "
            "trend är säker till minst 95 %. Troligt: till minst 80 %.",
        ),
        on_wall=True,
    )


def _statement(one: Standout, found: Situation) -> str:
    row = found.indicators.loc[[one.indicator_id]].iloc[0]
    name, points = str(row["name"]), number(one.size * POINTS)
    if one.kind == CITY:
        word = "bättre" if one.standing == BETTER else "sämre"
        return (
            f"{name}: {percent(row['value'])} mot {percent(row['city'])} i Borås. "
            f"Säkert {word} än staden, {points} procentenheter."
        )
    if one.kind == BEFORE:
        return _over_time(one, row, name, points)
    return _felt(one, found, str(percent(row["value"])))


def _over_time(one: Standout, row: pd.Series, name: str, points: str) -> str:
    sure = "Säkert" if one.certainty >= SURE else "Troligen"
    word = "bättre" if one.standing == BETTER else "sämre"
    if row["trend"] in (trend.RISING, trend.FALLING):
        n = int(row["n_periods"])
        return (
            f"{name}: {sure.lower()} {word} över tid, ungefär {points} procentenheter på {n} "
            f"mätningar. Nu {percent(row['value'])}."
        )
    return (
        f"{name}: {percent(row['before'])} ({row['before_period']}), nu {percent(row['value'])}. "
        f"{sure} {word}, {points} procentenheter."
    )


def _felt(one: Standout, found: Situation, share: str) -> str:
    noted = found.noted.figures
    n = 0 if pd.isna(noted["n_open"]) else int(noted["n_open"])
    seen = "trygghetsvandringar är"
    n_open = counted(n, f"brist från {seen} öppen", f"brister från {seen} öppna")
    return {
        UNSEEN: (
            f"Känns otryggare än staden ({share} känner sig trygga), men ingen har vandrat här."
        ),
        SEEN: f"Känns otryggare än staden ({share} känner sig trygga), och {n_open}.",
        UNFELT: (
            f"{n_open}, men det känns inte säkert otryggare än i staden ({share} känner sig "
            "trygga)."
        ),
    }[one.standing]


def since(found: Situation) -> Section:
    """Say what happened since last time.

    >>> since.__annotations__["found"]
    'Situation'
    """
    past = found.since
    if past.how == NEVER:
        text = "Ingen tidigare lägesbild och inget möte finns registrerat. Nästa gång jämförs här."
        return Section("since", "Sedan sist", texts=(text,), on_wall=True)
    what = {SIGNED: "den senaste avslutade lägesbilden", MEETING: "det senaste mötet"}[past.how]
    points: tuple[str, ...] = (
        f"Beslut: {len(past.decided)} nya, {len(past.done)} klara, {len(past.late)} försenade.",
        f"Fynd: {len(past.found)} nya, {len(past.closed)} avslutade.",
    )
    texts = [f"Sedan {what}, {past.day:%Y-%m-%d}."]
    if past.how == MEETING:
        texts.append("Ingen lägesbild är avslutad än, så värden jämförs inte med en tidigare.")
    if past.rank_then and found.place is not None and past.rank_then != found.place.verdict:
        then, now = past.rank_then, found.place.verdict
        texts.append(f"Plats i kraftsamla: då {then}, nu {now} bland de {found.place.top} första.")
    rows = tuple(
        (
            str(row["name"]),
            f"{_plain(row['then'], row['measure'])} ({row['then_period']})",
            f"{_plain(row['now'], row['measure'])} ({row['now_period']})",
        )
        for _, row in past.figures.iterrows()
    )
    late = tuple(
        f"{row['decision']} ({row['owner']}, klart senast {_day(row['due_date'])})"
        for _, row in past.late.iterrows()
    )
    tables: tuple[Table, ...] = ()
    if past.how == SIGNED:
        otherwise = "Inga värden har ändrats."
        columns = ("Indikator", "Då", "Nu")
        tables = (Table("Värden som har ändrats", columns, rows, otherwise, (1, 2)),)
    points += tuple(f"Försenat: {text}" for text in late)
    return Section("since", "Sedan sist", tuple(texts), points, tables=tables, on_wall=True)


def _day(day: pd.Timestamp) -> str:
    return "–" if pd.isna(day) else f"{day:%Y-%m-%d}"


def _plain(value: float, measure: str) -> str:
    return percent(value) if measure == "share" else number(value)


def value(row: pd.Series) -> str:
    """Write a value, or why there is none: dolt and uppgift saknas are two different things.

    >>> value(pd.Series({"status": "suppressed", "value": float("nan"), "measure": "share"}))
    'dolt'
    """
    if row["status"] != OK:
        return WHY_NONE.get(str(row["status"]), "redovisas inte här")
    return _plain(float(row["value"]), str(row["measure"]))


def indicators(found: Situation) -> Section:
    """Show every indicator that is compared, then those of the background.

    >>> indicators.__annotations__["found"]
    'Situation'
    """
    table = found.indicators
    ranked = table[(table["use"] == "ranked") & (table["measure"] == "share")]
    rest = table[(table["use"] == "context") & table["status"].isin([OK, SMALL, SECONDARY])]
    rest = rest[rest["measure"] != "class"]
    own = tuple(_row(row) for _, row in ranked.iterrows())
    columns = ("Indikator", "Här", "Intervall", "Borås", "Mot Borås", "Över tid", "Skattat")
    background = tuple(
        (str(row["name"]), value(row), _city(row), str(row["period"])) for _, row in rest.iterrows()
    )
    notes = (
        "Intervall: det som urval och delade basområden lämnar öppet. Mot Borås: säkert när "
        "intervallen inte möts. Skattat: den del av värdet som kommer från delade eller osäkra "
        f"basområden. Antal under {THRESHOLD} personer döljs, och det som gör att de kan räknas "
        "ut. Högre är bättre för alla som jämförs.",
    )
    heading = ("Indikator", "Här", "Borås", "Period")
    return Section(
        "indicators",
        "Så har barn, unga och vuxna det",
        texts=(_summary(ranked),),
        charts=_chart(ranked, found.name),
        tables=(
            Table("Indikatorer som jämförs", columns, own, "Ingen statistik är inläst.", (1, 3, 6)),
            Table("Bakgrund, rangordnas aldrig", heading, background, "Ingen.", (1, 2)),
        ),
        notes=notes,
    )


def _summary(ranked: pd.DataFrame) -> str:
    n = {name: int((ranked["standing"] == name).sum()) for name in (WORSE, BETTER)}
    n_shown = int((ranked["status"] == OK).sum())
    if not n_shown:
        return "Inget värde får eller kan visas här."
    return (
        f"Av {counted(n_shown, 'värde', 'värden')} som visas är {n[WORSE]} säkert sämre och "
        f"{n[BETTER]} säkert bättre än staden; de andra går inte att skilja från den."
    )


def _row(row: pd.Series) -> tuple[str, ...]:
    is_shown = row["status"] == OK
    interval = ""
    if is_shown and not pd.isna(row["low"]) and row["low"] != row["high"]:
        interval = span(percent(row["low"]), percent(row["high"]))
    part = row["estimated_share"]
    return (
        f"{row['name']} ({row['period']})" if row["period"] else str(row["name"]),
        value(row),
        interval or "–",
        _city(row),
        STANDING[str(row["standing"])] if is_shown else "–",
        _trend(row),
        percent(part) if is_shown and not pd.isna(part) else "–",
    )


def _city(row: pd.Series) -> str:
    return "–" if pd.isna(row["city"]) else _plain(float(row["city"]), str(row["measure"]))


def _trend(row: pd.Series) -> str:
    word = TREND.get(str(row["trend"]), "för kort serie")
    if row["trend"] not in (trend.RISING, trend.FALLING):
        return word
    return f"{word} ({'säkert' if row['certainty'] >= trend.SURE else 'troligen'})"


def _chart(ranked: pd.DataFrame, name: str) -> tuple[Chart, ...]:
    shown = ranked[ranked["status"] == OK]
    shown = shown[shown["city"].notna()]
    gap = (shown["value"] - shown["city"]).abs().sort_values(ascending=False)
    chosen = shown.loc[gap.index[:CHART_BARS]]
    if chosen.empty:
        return ()
    bars = tuple(
        Bar(str(row["name"]), float(row["value"]), float(row["city"]))
        for _, row in chosen.iterrows()
    )
    first = bars[0]
    alt = (
        f"Andelar i {name} och i Borås för {len(bars)} indikatorer, störst skillnad först. "
        f"{first.name}: {percent(first.value or 0.0)} mot {percent(first.against or 0.0)}. Alla "
        "tal står i tabellen."
    )
    return (Chart("Störst skillnad mot Borås", alt, name, "Borås", bars),)


def place(found: Situation) -> Section:
    """Say where the place stands in the ranking, how sure that is and what it rests on.

    >>> place.__annotations__["found"]
    'Situation'
    """
    own, heading = found.place, "Plats i kraftsamla"
    if own is None and found.who.kind not in (NETWORK, BASE_AREA):
        text = "Rangordningen är av nätverk inom ett lager, eller av basområden. Se Kraftsamla."
        return Section("place", heading, texts=(text,))
    if own is None or own.verdict == NO_VERDICT:
        text = "Går ej att bedöma: för lite är känt, eller får visas. Det är inte samma som sist."
        return Section("place", heading, texts=(text,), on_wall=True)
    among = LAYER_NAMES.get(own.among, "basområden")
    low, high = number(float(own.row["rank_low"])), number(float(own.row["rank_high"]))
    where = low if low == high else f"{low}–{high}"
    names = [str(found.indicators.at[name, "name"]) for name in own.drivers]
    texts = (
        f"{first_upper(own.verdict)} bland de {own.top} med störst behov av {own.n_areas} "
        f"({among}): {percent(float(own.row['p_top']))} av dragningarna. Plats {where}, där 1 är "
        "störst behov.",
        f"Mest bidrar {listed(names)}." if names else "",
    )
    note = (
        f"Lika vikter på {own.n_indicators} indikatorer, 10 000 dragningar; plats som "
        "5:e–95:e percentilen. Med andra vikter kan platsen bli en annan: se Kraftsamla."
    )
    return Section("place", heading, texts=tuple(filter(None, texts)), notes=(note,), on_wall=True)
