"""The first sections: what stands out, and what happened since last time."""

from __future__ import annotations

import math

import pandas as pd

from geo import trend
from geo.layout import OK, TOTAL
from geo.report.story import Section, Table
from geo.report.words import counted, number, percent
from geo.situation import Situation
from geo.situation.figures import BETTER, DOWN, UP
from geo.situation.since import MEETING, NEVER, SIGNED
from geo.situation.standouts import BEFORE, CITY, SEEN, SURE, UNFELT, UNSEEN, Standout

DIRECTION = {trend.RISING: UP, trend.FALLING: DOWN, UP: UP, DOWN: DOWN}
MOVES = {UP: "stiger", DOWN: "sjunker"}
POINTS = 100
NO_MOVE = {
    trend.LEVEL: "ingen tydlig riktning",
    trend.TOO_SHORT: "för kort serie",
    "": "ingen säker ändring",
}
CLOSED_TODAY = "Avslutad i dag; nästa jämförs med den."
NONE_CLOSED = "Ingen lägesbild är avslutad än, så värden jämförs inte med en tidigare."
ACTED = {  # one, many
    "decided": ("nytt", "nya"),
    "done": ("klart", "klara"),
    "late": ("försenat", "försenade"),
    "closed": ("avslutat", "avslutade"),
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


def since(found: Situation) -> Section:
    """Say what happened since last time.

    >>> since.__annotations__["found"]
    'Situation'
    """
    past, heading = found.since, "Sedan sist"
    if past.how == NEVER:
        text = "Ingen tidigare lägesbild och inget möte finns registrerat. Nästa gång jämförs här."
        texts = (CLOSED_TODAY if found.is_signed_today else text,)
        return Section("since", heading, texts=texts, on_wall=True)
    what = {SIGNED: "den senaste avslutade lägesbilden", MEETING: "det senaste mötet"}[past.how]
    said = [f"Sedan {what}, {past.day:%Y-%m-%d}."]
    if past.how == MEETING:
        said.append(CLOSED_TODAY if found.is_signed_today else NONE_CLOSED)
    if past.rank_then and found.place is not None and past.rank_then != found.place.verdict:
        then, now = past.rank_then, found.place.verdict
        said.append(f"Plats i kraftsamla: då {then}, nu {now} bland de {found.place.top} första.")
    late = tuple(
        f"Försenat: {row['decision']} ({row['owner']}, klart senast {row['due_date']:%Y-%m-%d})"
        for _, row in past.late.iterrows()
    )
    tables = (_changed(found),) if past.how == SIGNED else ()
    all_points = (*_counts(found), *late)
    return Section("since", heading, tuple(said), all_points, tables=tables, on_wall=True)


def _counts(found: Situation) -> tuple[str, str]:
    """Count decisions and findings since then, with the right form for one."""
    past = found.since
    n = {"decided": len(past.decided), "done": len(past.done), "late": len(past.late)}
    decided = ", ".join(counted(count, *ACTED[name]) for name, count in n.items())
    new, closed = (
        counted(len(past.found), *ACTED["decided"]),
        counted(len(past.closed), *ACTED["closed"]),
    )
    return f"Beslut: {decided}.", f"Fynd: {new}, {closed}."


def _changed(found: Situation) -> Table:
    rows = tuple(
        (
            str(row["name"]),
            f"{plain(row['then'], row['measure'])} ({row['then_period']})",
            f"{plain(row['now'], row['measure'])} ({row['now_period']})",
        )
        for _, row in found.since.figures.iterrows()
    )
    otherwise = "Inga värden har ändrats."
    return Table("Värden som har ändrats", ("Indikator", "Då", "Nu"), rows, otherwise, (1, 2))


def plain(value: float, measure: str) -> str:
    """Write a value: a share as per cent, else a number.

    >>> plain(0.5, "share"), plain(7400.0, "count")
    ('50\\xa0%', '7\\u202f400')
    """
    return percent(value) if measure == "share" else number(value)
