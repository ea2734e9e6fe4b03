"""What may be ranked: each indicator as it is shown, area by area, turned so that need is known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from geo.errors import GeoError, require_columns
from geo.layout import MISSING, OK, WHOLE
from geo.welfare import View

RANKED, BASE_AREA = "ranked", "base_area"
# A high value of what is well is a low need, and the other way round.
NEED = {"high": "low", "low": "high"}
CONTEXT, NO_DIRECTION, COARSE, NO_VALUES = "context", "no_direction", "coarse", "no_values"
LEFT_OUT = {
    CONTEXT: "bakgrund, rangordnas aldrig",
    NO_DIRECTION: "har ingen riktning",
    COARSE: "finns bara för hela kommunen",
    NO_VALUES: "inga värden som får visas",
}


@dataclass(frozen=True)
class Needs:
    """Values with their intervals, area × indicator, and the direction in which each is a need.

    NaN where a value is hidden or missing: what is not shown never enters. direction: low (a low
    value is a need) or high. left_out: indicator_id, why (context, no_direction, coarse: not known
    by base area, no_values). periods, sources: of each indicator. demo: the indicators that are
    made up. status: area × indicator, why a value is there or not (as geo.welfare.View).
    """

    values: pd.DataFrame
    low: pd.DataFrame
    high: pd.DataFrame
    direction: dict[str, str]
    left_out: pd.DataFrame
    periods: dict[str, str]
    sources: dict[str, tuple[str, ...]]
    demo: tuple[str, ...]
    status: pd.DataFrame


def needs(indicators: pd.DataFrame, views: Mapping[str, View], ids: Sequence[str]) -> Needs:
    """Put together what may be ranked of some areas: networks of one layer, or base areas.

    indicators: index indicator_id; direction (high, low, none), use (ranked, context), level,
    measure. views: the newest view of each indicator (geo.welfare.view). ids: the areas. Only
    values that are shown enter (status ok), with their low and high; context indicators never do.
    Raises GeoError when no area is asked for.

    >>> kinds = pd.DataFrame({"direction": ["high"], "use": ["ranked"], "level": ["base_area"],
    ...     "measure": ["share"]}, index=["trygghet"])
    >>> table = pd.DataFrame({"value": [0.7], "low": [0.6], "high": [0.8], "status": ["ok"]},
    ...     index=["bu-boda"])
    >>> view = View("trygghet", "2024", ("alla",), (), (), False, {"alla": table}, {})
    >>> found = needs(kinds, {"trygghet": view}, ["bu-boda"])
    >>> found.direction, found.values.loc["bu-boda"].tolist()
    ({'trygghet': 'low'}, [0.7])
    """
    require_columns(indicators, ("direction", "use", "level", "measure"), "indicators")
    if not len(ids):
        raise GeoError("ids: minst ett område väntades, fick inget.")
    tables, left = {}, []
    for indicator_id, indicator in indicators.iterrows():
        name = str(indicator_id)
        why = _left_out(indicator)
        shown = pd.DataFrame() if why or name not in views else _shown(views[name], ids)
        if why or shown.empty or shown["value"].isna().all():
            left.append((name, why or NO_VALUES))
        else:
            tables[name] = shown
    parts = {
        column: pd.DataFrame(
            {name: table[column] for name, table in tables.items()}, index=pd.Index(ids)
        )
        for column in ("value", "low", "high", "status")
    }
    direction = indicators["direction"]
    return Needs(
        parts["value"],
        parts["low"],
        parts["high"],
        {name: NEED[str(direction[name])] for name in tables},
        pd.DataFrame(left, columns=["indicator_id", "why"]),
        {name: views[name].period for name in tables},
        {name: views[name].sources for name in tables},
        tuple(name for name in tables if views[name].is_demo),
        parts["status"],
    )


def _left_out(indicator: pd.Series) -> str:
    """Say why an indicator is not ranked; "" when it is."""
    if indicator["use"] != RANKED:
        return CONTEXT
    if indicator["direction"] not in NEED or indicator["measure"] == "class":
        return NO_DIRECTION
    return "" if indicator["level"] == BASE_AREA else COARSE


def _shown(view: View, ids: Sequence[str]) -> pd.DataFrame:
    """Return value, low and high of the areas, as they may be shown, and their status."""
    if WHOLE not in view.tables:
        return pd.DataFrame()
    table = view.tables[WHOLE].reindex(list(ids))
    status = table["status"].fillna(MISSING)
    shown = table[["value", "low", "high"]].astype(float).where(status == OK)
    return shown.assign(status=status)
