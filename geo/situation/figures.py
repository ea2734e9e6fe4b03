"""The indicators of a place: value, interval, the city, the period before, the trend."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from geo import intervals, trend
from geo.facts import Facts
from geo.layout import MISSING, OK, TOTAL, WHOLE
from geo.situation.who import Who
from geo.welfare import View

WORSE, BETTER = "worse", "better"
UP, DOWN = "up", "down"
BORAS = "1490"
COLUMNS = ("value", "low", "high", "n", "estimated_share", "missing_share", "status", "against")
OTHER = {
    **{"period": "", "city": float("nan"), "standing": intervals.UNKNOWN},
    **{"before": float("nan"), "before_period": "", "moved": "", "trend": trend.TOO_SHORT},
    **{"certainty": float("nan"), "per_period": float("nan"), "n_periods": 0, "is_demo": False},
    **{"source": "", "first_period": "", "city_trend": trend.TOO_SHORT},
    **{"city_per_period": float("nan"), "city_before": float("nan"), "city_moved": ""},
}
EMPTY = dict.fromkeys(COLUMNS, float("nan")) | {"status": MISSING, "against": intervals.UNKNOWN}


def figures(place: Who, facts: Facts) -> pd.DataFrame:
    """Return every indicator of a place: index indicator_id, in the order of the register.

    Columns: name, measure, direction, use, level; those of geo.welfare.View (shares 0–1; status
    tells what is hidden, missing or not applicable); period; city (the city's value); standing
    (worse, better, same, unsure, unknown: against the city, as what is good is meant); before,
    before_period (the shown value before, NaN across a break) and moved (up, down when the two
    intervals do not meet, else ""); trend, certainty, per_period, n_periods (geo.trend) and
    first_period, with which the trend begins; city_trend, city_per_period (the city's over the same
    periods), city_before, city_moved (as before and moved); is_demo; source. Hidden values are not
    here: nothing but Views is read. An indicator of the municipality alone has a value for the city
    only.

    >>> figures.__annotations__["place"]
    'Who'
    """
    indicators = facts.register.indicators
    rows = {str(name): _figure(str(name), facts, place) for name in indicators.index}
    table = pd.DataFrame.from_dict(rows, orient="index").rename_axis("indicator_id")
    about = indicators[["name", "measure", "direction", "use", "level"]]
    table = about.join(table)
    standing = [
        _standing(against, direction)
        for against, direction in zip(table["against"], table["direction"], strict=True)
    ]
    return table.assign(standing=standing)


def _standing(against: str, direction: str) -> str:
    if against not in (intervals.LOWER, intervals.HIGHER) or direction not in ("high", "low"):
        return str(against)
    return BETTER if (against == intervals.HIGHER) == (direction == "high") else WORSE


def _figure(name: str, facts: Facts, place: Who) -> dict[str, Any]:
    views = facts.views.get(name, ())
    if not views:
        return EMPTY | OTHER
    newest = views[0]
    about = {"period": newest.period, "is_demo": newest.is_demo}
    about["source"] = ", ".join(newest.sources)
    table = newest.tables.get(WHOLE)
    if table is None or place.key not in table.index:
        return EMPTY | OTHER | about | _of_municipality(newest, place)
    row = {name: table.at[place.key, name] for name in COLUMNS}
    if row["status"] == MISSING:
        row |= _of_municipality(newest, place)
    about["city"] = table.at[TOTAL, "value"] if table.at[TOTAL, "status"] == OK else float("nan")
    moved = _over_time(views, facts.histories[name], facts.breaks.get(name, {}), place.key)
    return OTHER | row | about | moved


def _of_municipality(view: View, place: Who) -> dict[str, Any]:
    """Return the official value of the municipality, for the city."""
    if place.key != TOTAL or BORAS not in view.reference:
        return {}
    value = view.reference[BORAS]
    return {"value": value, "low": value, "high": value, "status": OK}


def _over_time(
    views: Sequence[View], series: pd.DataFrame, breaks: Mapping[str, str], key: str
) -> dict[str, Any]:
    if key not in series.columns:
        return {}
    found = trend.trend(series[key], breaks)
    same = [period for period in series.index if str(period) in found.periods]
    city = trend.trend(series.loc[same, TOTAL])
    about: dict[str, Any] = {
        "trend": found.direction,
        "certainty": found.certainty,
        "per_period": found.per_period,
        "n_periods": len(found.periods),
        "first_period": found.periods[0] if found.periods else "",
        "city_trend": city.direction,
        "city_per_period": city.per_period,
    }
    if len(views) < 2 or views[0].period in breaks:
        return about
    before, moved = _moved(views, key)
    if np.isnan(before):
        return about
    about |= {"before": before, "before_period": views[1].period, "moved": moved}
    return about | dict(zip(("city_before", "city_moved"), _moved(views, TOTAL), strict=True))


def _moved(views: Sequence[View], key: str) -> tuple[Any, str]:
    """Return the value before, NaN when it is not shown, and how it moved from there to now."""
    table = views[1].tables.get(WHOLE)
    if table is None or key not in table.index or table.at[key, "status"] != OK:
        return float("nan"), ""
    before, now = table.loc[key], views[0].tables[WHOLE].loc[key]
    moved = UP if now["low"] > before["high"] else DOWN if now["high"] < before["low"] else ""
    return before["value"], moved
