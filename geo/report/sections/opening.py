"""The first section: what stands out."""

from __future__ import annotations

import math

import pandas as pd

from geo import trend
from geo.layout import OK, TOTAL
from geo.report.story import Section
from geo.report.words import counted, number, percent
from geo.situation import Situation
from geo.situation.figures import BETTER, DOWN, UP
from geo.situation.standouts import BEFORE, CITY, SEEN, SURE, UNFELT, UNSEEN, Standout

DIRECTION = {trend.RISING: UP, trend.FALLING: DOWN, UP: UP, DOWN: DOWN}
MOVES = {UP: "stiger", DOWN: "sjunker"}
POINTS = 100
NO_MOVE = {
    trend.LEVEL: "ingen tydlig riktning",
    trend.TOO_SHORT: "för kort serie",
    "": "ingen säker ändring",
}


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
        texts=(*(() if said else (nothing,)), *aged(found)),
        points=said,
        notes=(
            "Högst sju, de säkraste och största först; minst 2 procentenheter. Säkert: intervallen "
            "möts inte, eller en trend är säker till minst 95 %. Troligt: till minst 80 %. Det som "
            "känns mot det som vandringar såg har alltid en plats när det kan sägas.",
        ),
        on_wall=True,
    )


def aged(found: Situation) -> tuple[str, ...]:
    """Say that statistics are newer than the day, when the day is more than a year before them.

    >>> aged.__annotations__["found"]
    'Situation'
    """
    shown = found.indicators.loc[found.indicators["status"] == OK, "period"]
    newest = max((str(period)[-4:] for period in shown), default="")
    if not newest.isdigit() or found.as_of >= pd.Timestamp(int(newest) - 1, 12, 31):
        return ()
    day = f"{found.as_of:%Y-%m-%d}"
    return (f"Statistiken är den senaste, {newest}, inte den som fanns {day}.",)


def _statement(one: Standout, found: Situation) -> str:
    """Write all that is said of an indicator as one statement, which begins with its name."""
    row = found.indicators.loc[[one.indicator_id]].iloc[0]
    parts = one.parts
    texts = [_part(part, found, row, is_first=part is parts[0]) for part in parts]
    return " ".join(texts)


def _part(one: Standout, found: Situation, row: pd.Series, is_first: bool) -> str:
    if one.kind == CITY:
        word = "bättre" if one.standing == BETTER else "sämre"
        return (
            f"{row['name']}: {percent(row['value'])} mot {percent(row['city'])} i Borås. "
            f"Säkert {word} än staden, {points(one.size)}."
        )
    if one.kind == BEFORE:
        return _over_time(one, row, is_first) + _beside(one, row, found)
    return _felt(one, found, str(percent(row["value"])))


def points(size: float) -> str:
    """Write a difference between shares in percentage points.

    >>> points(0.01), points(0.164), points(0.002)
    ('1 procentenhet', '16 procentenheter', 'mindre än 1 procentenhet')
    """
    n = round(abs(size) * POINTS)
    return counted(n, "procentenhet", "procentenheter") if n else "mindre än 1 procentenhet"


def _over_time(one: Standout, row: pd.Series, is_first: bool) -> str:
    sure = "säkert" if one.certainty >= SURE else "troligen"
    word = "bättre" if one.standing == BETTER else "sämre"
    head = f"{row['name']}: " if is_first else "Över tid: "
    if row["trend"] in (trend.RISING, trend.FALLING):
        years = f"{row['first_period']}–{row['period']}, {int(row['n_periods'])} mätningar"
        over, now = (" över tid", f" Nu {percent(row['value'])}.") if is_first else ("", "")
        return f"{head}{sure} {word}{over}, ungefär {points(one.size)} ({years}).{now}"
    then = f"{percent(row['before'])} ({row['before_period']})"
    said = f"{head}{then}, nu {percent(row['value'])}."
    return f"{said} {sure.capitalize()} {word}, {points(one.size)}."


def _beside(one: Standout, row: pd.Series, found: Situation) -> str:
    """Say how the city moved over the same time."""
    if found.who.key == TOTAL:
        return ""
    if row["trend"] in (trend.RISING, trend.FALLING):
        own, city = str(row["trend"]), str(row["city_trend"])
        change = float(row["city_per_period"]) * (int(row["n_periods"]) - 1)
    else:
        own, city = str(row["moved"]), str(row["city_moved"])
        change = float(row["city"]) - float(row["city_before"])
        if math.isnan(change):
            return " Borås: uppgift saknas."
    if city not in DIRECTION:
        return f" Borås: {NO_MOVE[city]}."
    also = " också" if DIRECTION[city] == DIRECTION[own] else ""
    return f" Borås: {MOVES[DIRECTION[city]]}{also}, {points(change)}."


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


def plain(value: float, measure: str) -> str:
    """Write a value: a share as per cent, else a number.

    >>> plain(0.5, "share"), plain(7400.0, "count")
    ('50\\xa0%', '7\\u202f400')
    """
    return percent(value) if measure == "share" else number(value)
