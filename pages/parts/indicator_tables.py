"""One indicator as a map and as tables: networks, base areas, over time, what is exported."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from geo import intervals, trend
from geo.layout import MISSING, OK, TOTAL
from geo.welfare import NOT_ADDED
from pages.parts import data, indicator, indicator_source, looks, maps, words
from pages.parts.data import Register


def painting(
    known: Register, indicator_id: str, period: str, group: str, layer: str
) -> maps.Painting:
    """Return the colours of the map of one indicator, nothing chosen."""
    measure, table = _table_of(known, indicator_id, period, group)
    rows = table.loc[known.base_areas.index]
    said = [indicator.with_interval(row, measure) for _, row in rows.iterrows()]
    scale = looks.Scale(rows, _step(measure), is_class=measure == "class")
    return looks.indicator(known.base_areas["name"], scale, pd.Series(said, rows.index), (layer,))


def keys(known: Register, indicator_id: str, period: str, group: str) -> list[maps.Key]:
    """Return the legend of the map of one indicator."""
    measure, table = _table_of(known, indicator_id, period, group)
    rows = table.loc[known.base_areas.index]
    scale = looks.Scale(rows, _step(measure), is_class=measure == "class")
    return looks.indicator_keys(scale, lambda value: indicator.written(value, measure))


def _step(measure: str) -> float:
    return 0.01 if measure == "share" else 1.0


def has_dots(known: Register, indicator_id: str, period: str, group: str) -> bool:
    """Tell whether there is anything to draw for the networks."""
    measure, table = _table_of(known, indicator_id, period, group)
    return measure != "class" and bool((table.loc[known.areas.index, "status"] == OK).any())


def networks(
    known: Register, indicator_id: str, period: str, group: str, layer: str
) -> pd.DataFrame:
    """List the networks of a layer beside the city, highest first; none when nothing is summed."""
    measure, table = _table_of(known, indicator_id, period, group)
    if table.at[TOTAL, "status"] == NOT_ADDED:
        return pd.DataFrame()
    ids = known.areas.index[known.areas["layer"] == layer]
    order = table.loc[ids]
    compared = (order["against"] != intervals.UNKNOWN).any()
    if compared or measure == "count":  # background stands in alphabetical order
        order = order.sort_values("value", ascending=False, kind="stable")
    rows = pd.concat([table.loc[[TOTAL]], order])
    frame = pd.DataFrame(
        {
            "Nätverk": [indicator.short_name(known, str(place)) for place in rows.index],
            "Värde": [indicator.cell(row, measure) for _, row in rows.iterrows()],
            "Intervall": [indicator.interval(row, measure) for _, row in rows.iterrows()],
            "Mot Borås": ["", *(indicator.STANDING[key] for key in order["against"])],
            "Svar eller personer": [_count(row["n"], row["status"]) for _, row in rows.iterrows()],
            "Varav uppskattat": [_part(row) for _, row in rows.iterrows()],
            "Utan uppgift": [words.percent(row["missing_share"]) for _, row in rows.iterrows()],
        }
    )
    away = [] if compared else ["Mot Borås"]
    return frame.drop(columns=[*away, *(["Svar eller personer"] if measure == "count" else [])])


def _count(n: float, status: str) -> str:
    unknown = words.MISSING if status in (OK, MISSING) else words.HIDDEN
    return words.number(n) if pd.notna(n) else unknown


def _part(row: pd.Series) -> str:
    if row["status"] != OK:
        return ""
    return (
        words.percent(row["estimated_share"]) if pd.notna(row["estimated_share"]) else words.HIDDEN
    )


def base_areas(known: Register, indicator_id: str, period: str, group: str) -> pd.DataFrame:
    """List every base area as the map shows it."""
    measure, table = _table_of(known, indicator_id, period, group)
    rows = table.loc[known.base_areas.index]
    frame = pd.DataFrame(
        {
            "Basområde": list(known.base_areas["name"]),
            "Kod": list(rows.index),
            "Värde": [indicator.cell(row, measure) for _, row in rows.iterrows()],
            "Intervall": [indicator.interval(row, measure) for _, row in rows.iterrows()],
            "Mot Borås": [indicator.STANDING[key] for key in rows["against"]],
            "Svar eller personer": [
                _count(row["n"], row["status"]) if measure == "share" else ""
                for _, row in rows.iterrows()
            ],
        }
    )
    if (rows["against"] == intervals.UNKNOWN).all():
        frame = frame.drop(columns="Mot Borås")
    return frame if measure == "share" else frame[["Basområde", "Kod", "Värde"]]


def _table_of(
    known: Register, indicator_id: str, period: str, group: str
) -> tuple[str, pd.DataFrame]:
    return known.indicators.at[indicator_id, "measure"], data.view(indicator_id, period).tables[
        group
    ]


def values(known: Register, indicator_id: str, period: str, group: str) -> pd.DataFrame:
    """List all that is shown as plain numbers, for other programs: a row per place."""
    view = data.view(indicator_id, period)
    table = view.tables[group]
    kinds = ["basområde"] * len(known.base_areas)
    kinds += [words.LAYER[layer] for layer in known.areas["layer"].reindex(known.weights.columns)]
    kinds += ["lager"] * (len(table) - len(kinds) - 1) + ["staden"]
    return pd.DataFrame(
        {
            "id": list(table.index),
            "namn": [indicator.name_of(known, str(place)) for place in table.index],
            "slag": kinds,
            "indikator": indicator_id,
            "period": period,
            "grupp": group,
            "värde": list(table["value"]),
            "lägst": list(table["low"]),
            "högst": list(table["high"]),
            "nämnare": list(table["n"]),
            "uppskattad_del": list(table["estimated_share"]),
            "saknad_del": list(table["missing_share"]),
            "status": [indicator.STATUS[status] for status in table["status"]],
            "mot_staden": [indicator.AGAINST[key].strip("–") for key in table["against"]],
            "källa": indicator_source.source_of(view),
        }
    )


def sheets(
    known: Register, asked: tuple[str, str, str], layer: str, place: str
) -> dict[str, pd.DataFrame]:
    """Lay out the workbook: numbers for other programs, then the tables as the page shows them."""
    source = indicator_source.source_of(data.view(*asked[:2]))
    shown = {
        "Basområden": base_areas(known, *asked),
        "Nätverk": networks(known, *asked, layer),
        "Över tid": series(known, asked[0], asked[2], place),
    }
    marked = {name: table.assign(Källa=source) for name, table in shown.items()}
    return {"Värden": values(known, *asked)} | marked


def trends(known: Register, indicator_id: str, group: str, layer: str) -> pd.DataFrame:
    """List how each network of a layer and the city have developed, in words; or nothing."""
    newest = data.views(indicator_id)[0].tables
    if group not in newest or newest[group].at[TOTAL, "status"] == NOT_ADDED:
        return pd.DataFrame()
    history, marks = data.history(indicator_id, group), data.breaks(indicator_id)
    measure = known.indicators.at[indicator_id, "measure"]
    ids = [TOTAL, *known.areas.index[known.areas["layer"] == layer]]
    found = {place: trend.trend(history[place], marks) for place in ids}
    return pd.DataFrame(
        {
            "Nätverk": [indicator.short_name(known, place) for place in ids],
            "Utveckling": [trend_words(found[place]) for place in ids],
            "Per period": [_change(found[place].per_period, measure) for place in ids],
            "Perioder": [_periods(found[place].periods) for place in ids],
        }
    )


def trend_words(found: trend.Trend) -> str:
    """Say the direction of a series and how sure it is."""
    text = indicator.TREND[found.direction]
    if found.direction == trend.TOO_SHORT:
        return f"{text} ({len(found.periods)} av minst {trend.FEWEST} jämförbara perioder)"
    if found.direction == trend.LEVEL:
        return text
    return f"{text} ({'säkert' if found.certainty >= trend.SURE else 'troligen'})"


def _change(per_period: float, measure: str) -> str:
    if pd.isna(per_period):
        return "–"
    sign = "+" if per_period > 0 else "−" if per_period < 0 else "±"
    size = abs(per_period) * (100 if measure == "share" else 1)
    return f"{sign}{words.number(size, 1)}" + (" procentenheter" if measure == "share" else "")


def _periods(periods: Sequence[str]) -> str:
    return f"{len(periods)} ({periods[0]}–{periods[-1]})" if len(periods) > 1 else str(len(periods))


def series(known: Register, indicator_id: str, group: str, place: str) -> pd.DataFrame:
    """List the values of each period: the chosen place, the city, and official values."""
    measure = known.indicators.at[indicator_id, "measure"]
    views = data.views(indicator_id)
    rows = []
    for view in views:
        table = view.tables.get(group)
        row: dict[str, str] = {"Period": view.period}
        for one in dict.fromkeys((place, TOTAL)):
            if table is not None and one:
                row[indicator.name_of(known, one)] = indicator.with_interval(
                    table.loc[one], measure
                )
        for code, name in (("1490", "Borås, officiellt"), ("0000", "Riket")):
            if any(code in other.reference for other in views):
                row[name] = indicator.written(view.reference.get(code, float("nan")), measure, 1)
        rows.append(row)
    return pd.DataFrame(rows)


def by_target_area(known: Register) -> dict[str, str]:
    """Return the indicators to choose among: id -> name, those that may be ranked first."""
    rows = known.indicators
    order = rows.assign(last=rows["use"] == "context").sort_values("last", kind="stable")
    present = set(known.statistics["indicator_id"])
    return {str(i): row["name"] for i, row in order.iterrows() if i in present}
