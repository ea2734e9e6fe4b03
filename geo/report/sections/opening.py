"""The first section: what stands out."""

from __future__ import annotations

import math
from collections.abc import Iterator

import pandas as pd

from geo import trend
from geo.layout import OK, TOTAL
from geo.report.story import Section
from geo.report.words import MISSING, counted, first_upper, number, percent
from geo.situation import Situation
from geo.situation.figures import BETTER
from geo.situation.standouts import BEFORE, CITY, SEEN, SURE, UNFELT, UNSEEN, Standout, changes

POINTS = 100
NEAR = 5  # percentage points: shares that differ by more are not called about equal
NO_WAY = {trend.LEVEL: "ingen tydlig riktning", trend.TOO_SHORT: "för kort serie"}


def standouts(found: Situation) -> Section:
    """Say what stands out, the surest and largest first.

    >>> standouts.__annotations__["found"]
    'Situation'
    """
    said = tuple(_statement(one, found) for one in found.standouts)
    nothing = (
        "Inget sticker ut säkert: inget värde skiljer sig säkert från staden, nu eller över tid. "
        "Det betyder inte att allt är väl; se vad vi inte vet."
    )
    return Section(
        "standouts",
        "Vad sticker ut",
        texts=(*(() if said else (nothing,)), *aged(found)),
        points=said,
        notes=(
            "Högst sju visas; säkert betyder att intervallen inte möts eller att en trend är säker "
            "till minst 95 %, troligen till minst 80 %. En ändring över tid räknas när den är "
            "minst 2 procentenheter och går utöver stadens.",
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
    first, *rest = (_part(part, found, row, n == 0) for n, part in enumerate(one.parts))
    return " ".join((f"{row['name']}: {first}", *(first_upper(text) for text in rest)))


def _part(one: Standout, found: Situation, row: pd.Series, is_first: bool) -> str:
    """Write one part. The first gives the shares here and in the city: no other does it again."""
    if one.kind == CITY:
        return _against_city(one, row)
    has_city = found.who.key != TOTAL
    if one.kind == BEFORE:
        write = _trend if row["trend"] in (trend.RISING, trend.FALLING) else _move
        return " ".join(write(one, row, is_first, has_city))
    return _felt(one, row, found.noted.figures["n_open"], is_first, has_city)


def points(size: float) -> str:
    """Write a difference between shares in percentage points.

    >>> points(0.01), points(0.164), points(0.002)
    ('1 procentenhet', '16 procentenheter', 'mindre än 1 procentenhet')
    """
    n = whole(abs(size))
    return counted(n, "procentenhet", "procentenheter") if n else "mindre än 1 procentenhet"


def whole(share: float) -> int:
    """Return a share as the whole per cent that is shown.

    >>> whole(0.904), whole(0.816)
    (90, 82)
    """
    return round(share * POINTS)


def gap(share: float, other: float) -> str:
    """Write the difference between two shares as they are shown: 90 and 82 differ by 8.

    >>> gap(0.904, 0.816), gap(0.704, 0.696)
    ('8 procentenheter', 'mindre än 1 procentenhet')
    """
    return points((whole(share) - whole(other)) / POINTS)


def _against_city(one: Standout, row: pd.Series) -> str:
    word = "bättre" if one.standing == BETTER else "sämre"
    when = f" ({row['period']})" if row["period"] else ""
    return (
        f"{percent(row['value'])} mot {percent(row['city'])} i Borås{when}. "
        f"Säkert {word} än staden, {gap(row['value'], row['city'])}."
    )


def _trend(one: Standout, row: pd.Series, is_first: bool, has_city: bool) -> Iterator[str]:
    """Say how a series went, how the city went beside it, and where both are now."""
    sure = "säkert" if one.certainty >= SURE else "troligen"
    about = "ungefär " if whole(one.size) else ""
    years = f"{row['first_period']}–{row['period']}, {int(row['n_periods'])} mätningar"
    went = _went(changes(row)[0])
    yield f"andelen har {sure} {went}, {about}{points(one.size)} ({years})."
    if has_city:
        yield _city_trend(one, row)
    if is_first:
        beside = f", i Borås {percent(row['city'])}" if has_city and pd.notna(row["city"]) else ""
        yield f"Nu {percent(row['value'])}{beside}."


def _went(change: float) -> str:
    return "stigit" if change > 0 else "sjunkit"


def _city_trend(one: Standout, row: pd.Series) -> str:
    """Say how the city went over the same periods: more or less, when it went the same way."""
    own, city = changes(row)
    if math.isnan(city):
        return f"Borås: {NO_WAY.get(row['city_trend'], MISSING)}."
    if own * city < 0:
        return f"Borås har {_went(city)} {points(city)}."
    n_own, n = whole(one.size), whole(abs(city))
    how = "ungefär lika mycket" if n == n_own else "mer" if n > n_own else "mindre"
    return f"Borås har också {_went(city)}, {how} ({points(city)})."


def _move(one: Standout, row: pd.Series, is_first: bool, has_city: bool) -> Iterator[str]:
    """Say from what to what a value and the city's went since the one before."""
    before, now, city = row["before"], row["value"], row["city"]
    word = "högre" if now > before else "lägre"
    little = "" if whole(before) != whole(now) else f", {gap(before, now)}"
    since = f"sedan {row['before_period']}{'' if is_first else ':'}"
    yield f"{since} från {percent(before)} till {percent(now)}, säkert {word}{little}."
    if not has_city or pd.isna(city):
        return
    if pd.notna(row["city_before"]):
        yield f"I Borås från {percent(row['city_before'])} till {percent(city)}."
    elif is_first:
        yield f"I Borås nu {percent(city)}."


def _felt(one: Standout, row: pd.Series, n_open: float, is_first: bool, has_city: bool) -> str:
    """Say what is felt beside what was seen; the shares only when they were not given before."""
    n = 0 if pd.isna(n_open) else int(n_open)
    walks = "från trygghetsvandringar är"
    lacking = counted(n, f"brist {walks} öppen", f"brister {walks} öppna")
    own, city = percent(row["value"]), percent(row["city"])
    fewer = f"färre känner sig trygga än i Borås{f' ({own} mot {city})' if is_first else ''}"
    beside = f", {_as_city(row)} i Borås ({city})" if has_city else ""
    return {
        UNSEEN: f"{fewer}, och ingen har vandrat här.",
        SEEN: f"{fewer}, och {lacking}.",
        UNFELT: f"{lacking}.{f' {own} känner sig trygga{beside}.' if is_first else ''}",
    }[one.standing]


def _as_city(row: pd.Series) -> str:
    """Say how many feel safe beside the city: about as many only when the shares are near."""
    if row["standing"] == BETTER:
        return "fler än"
    above = whole(row["value"]) - whole(row["city"])
    if abs(above) <= NEAR:
        return "ungefär som"
    return "inte säkert fler än" if above > 0 else "inte säkert färre än"


def plain(value: float, measure: str) -> str:
    """Write a value: a share as per cent, else a number.

    >>> plain(0.5, "share"), plain(7400.0, "count")
    ('50\\xa0%', '7\\u202f400')
    """
    return percent(value) if measure == "share" else number(value)
