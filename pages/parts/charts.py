"""The only charts: networks beside the city with intervals, and a series over time."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from geo import efforts as effort_classes
from geo.layout import OK, TOTAL
from geo.report.story import Chart
from geo.report.story_pdf import percent
from pages.parts import data, efforts, indicator, priorities, words
from pages.parts.data import Register

INK, CITY, BAND = "#00508c", "#a33c00", "#f3d9c9"
FONT = {"labelFontSize": 13, "titleFontSize": 13, "labelColor": "#111", "titleColor": "#111"}
CONFIG = {"axis": FONT | {"labelLimit": 260}, "view": {"stroke": None}, "legend": FONT}


MOST_NAME = 12  # signs of a name that has room in a legend on a telephone
DOTS = "Punkt: nätverkets värde. Streck: intervall. Lodrät linje och band: Borås."
NEEDS = (
    "Streck: intervall. Lodrät linje och band: Borås. Inom parentes: antal insatser som nämner "
    "nätverket."
)
NEED_MARKS = {  # told apart by shape and colour
    effort_classes.NEED_WITHOUT_EFFORT: ("square", "#d55e00"),
    effort_classes.NEED_WITH_EFFORT: ("triangle-up", "#0072b2"),
    effort_classes.NO_NEED_SHOWN: ("circle", "#6b6b6b"),
    effort_classes.UNKNOWN: ("diamond", "#6b6b6b"),
}


def show(spec: dict[str, Any], *notes: str) -> None:
    """Show a chart with notes under it: how to read it, and whether it is made up."""
    st.vega_lite_chart(spec, width="stretch", theme=None)
    st.caption(" ".join(filter(None, notes)))


def dots(known: Register, indicator_id: str, period: str, group: str, layer: str) -> dict[str, Any]:
    """Draw the networks of a layer with their intervals, and the city as a band."""
    row = known.indicators.loc[indicator_id]
    table = data.view(indicator_id, period).tables[group]
    ids = known.areas.index[known.areas["layer"] == layer]
    shown = table.loc[ids][table.loc[ids, "status"] == OK]
    if row["use"] == "ranked" or row["measure"] == "count":
        shown = shown.sort_values("value", ascending=False)
    scale = 100 if row["measure"] == "share" else 1
    values = [_point(known, str(i), one, row["measure"], scale) for i, one in shown.iterrows()]
    city = _point(known, TOTAL, table.loc[TOTAL], row["measure"], scale)
    marks = [
        _mark("rule", INK, {"x": _x("low", row), "x2": {"field": "high"}}, strokeWidth=3),
        _mark("point", INK, {"x": _x("value", row)}, filled=True, size=110, opacity=1),
    ]
    for mark in marks:
        mark["encoding"] |= {
            "y": {"field": "name", "type": "nominal", "sort": None, "title": None},
            "tooltip": {"field": "text", "type": "nominal"},
        }
        mark["data"] = {"values": values}
    return _chart(
        [indicator.topic(known, indicator_id, period, group), words.LAYER[layer]],
        words.DEMO if data.view(indicator_id, period).is_demo else "",
        f"{row['name']} {period}: nätverken med intervall. Linjen är Borås, "
        f"{indicator.written(table.at[TOTAL, 'value'], row['measure'])}. Samma uppgifter står i "
        "tabellen.",
        [*_city(city, row), *marks],
        height=max(120, 34 * len(values) + 50),
    )


def needs(
    known: Register, indicator_id: str, period: str, group: str, layer: str
) -> dict[str, Any]:
    """Draw the networks as dots does, with the class of need against effort as shape and colour."""
    spec = dots(known, indicator_id, period, group, layer)
    found = efforts.needs(known, indicator_id, period, group, layer)
    if found is None:
        return spec
    for mark in spec["layer"]:
        held = [value for value in mark["data"]["values"] if value["id"] in found.index]
        if held:
            mark["data"] = {"values": [_with_need(value, found.loc[value["id"]]) for value in held]}
    points = {value.get("class") for value in spec["layer"][-1]["data"]["values"]}
    shown = [name for name in NEED_MARKS if efforts.CLASS[name] in points]
    names = [efforts.CLASS[name] for name in shown]
    shapes, colours = ([NEED_MARKS[name][place] for name in shown] for place in (0, 1))
    field = {"field": "class", "type": "nominal", "title": None}
    field["legend"] = {"orient": "top", "columns": 1, "labelLimit": 400, "symbolSize": 110}
    spec["layer"][-1]["encoding"] |= {
        "shape": field | {"scale": {"domain": names, "range": shapes}},
        "color": field | {"scale": {"domain": names, "range": colours}},
    }
    return spec


def _with_need(value: dict[str, Any], row: pd.Series) -> dict[str, Any]:
    n = words.counted(int(row["n_efforts"]), "insats", "insatser")
    more = {"class": efforts.CLASS[row["class"]], "name": f"{value['name']} ({row['n_efforts']})"}
    return value | more | {"text": f"{value['text']}; {n}"}


def _city(city: dict[str, Any], row: pd.Series) -> list[dict[str, Any]]:
    """Return the city's value as a line, with its interval as a band behind."""
    if row["measure"] == "count" or city["value"] is None:
        return []
    source = {"data": {"values": [city]}}
    band = {"mark": {"type": "rect", "color": BAND}} | source
    band["encoding"] = {"x": _x("low", row), "x2": {"field": "high"}}
    line = {"mark": {"type": "rule", "color": CITY, "strokeWidth": 2}} | source
    line["encoding"] = {"x": _x("value", row), "tooltip": {"field": "text", "type": "nominal"}}
    return [band, line]


def over_time(known: Register, indicator_id: str, group: str, place: str) -> dict[str, Any] | None:
    """Draw a place and the city over the periods; None when there is one period only."""
    row, history = known.indicators.loc[indicator_id], data.history(indicator_id, group)
    if len(history) < 2:
        return None
    values = [
        value
        for one in dict.fromkeys((place or TOTAL, TOTAL))
        for value in _series(history[one], indicator.name_of(known, one), row["measure"])
    ]
    if not values:
        return None
    names = list(dict.fromkeys(value["name"] for value in values))
    periods = [str(period) for period in history.index]
    x = {"field": "period", "type": "ordinal", "title": None, "axis": {"labelAngle": 0}}
    x["scale"] = {"domain": periods}
    line = {"mark": {"type": "line", "point": {"size": 70, "filled": True}, "strokeWidth": 2.5}}
    encoding = {"x": x, "y": _x("value", row)} | _two_lines(names)
    marks = [line | {"data": {"values": values}, "encoding": encoding}]
    broken = [{"period": period} for period in data.breaks(indicator_id)]
    if broken:
        rule = {"mark": {"type": "rule", "color": "#555", "strokeDash": [2, 3]}}
        marks.append(rule | {"data": {"values": broken}, "encoding": {"x": x}})
    text = f"{row['name']} över tid: {words.listed(names)}. Samma uppgifter står i tabellen."
    mark = words.DEMO if any(view.is_demo for view in data.views(indicator_id)) else ""
    title = indicator.topic(known, indicator_id, "över tid", group)
    return _chart([title], mark, text, marks, height=260)


def _series(values: pd.Series, name: str, measure: str) -> list[dict[str, Any]]:
    scale = 100 if measure == "share" else 1
    return [
        {
            "period": str(period),
            "value": float(value) * scale,
            "name": name,
            "text": f"{name} {period}: {indicator.written(value, measure)}",
        }
        for period, value in values.dropna().items()
    ]


def _two_lines(names: list[str]) -> dict[str, Any]:
    """Tell the place from the city by colour and by dashes."""
    colours = [INK, CITY] if len(names) > 1 else [CITY]
    field = {"field": "name", "type": "nominal"}
    return {
        "color": field
        | {"scale": {"domain": names, "range": colours}, "title": None}
        | {"legend": {"orient": "top"}},
        "strokeDash": field | {"scale": {"domain": names, "range": [[1, 0], [6, 4]][: len(names)]}},
        "tooltip": {"field": "text", "type": "nominal"},
    }


def _point(known: Register, place: str, row: pd.Series, measure: str, scale: int) -> dict[str, Any]:
    ends = {
        key: None if pd.isna(row[key]) else float(row[key]) * scale
        for key in ("value", "low", "high")
    }
    low = ends["value"] if ends["low"] is None else ends["low"]
    high = ends["value"] if ends["high"] is None else ends["high"]
    text = f"{indicator.name_of(known, place)}: {indicator.with_interval(row, measure)}"
    name = indicator.short_name(known, place)
    return {"id": place, "name": name, "text": text} | ends | {"low": low, "high": high}


def _places(n: int) -> list[int]:
    """Return the places that an axis names: 1 and the last, and some between."""
    step = max(1, n // 6)
    return sorted({1, *range(step, n - step // 2, step), max(2, n)})


def _x(field: str, row: pd.Series) -> dict[str, Any]:
    unit = "procent" if row["measure"] == "share" else row["unit"]
    return {
        "field": field,
        "type": "quantitative",
        "title": unit,
        "scale": {"zero": False, "nice": True, "padding": 12},
        "axis": {
            "labelExpr": "replace(format(datum.value, ',~f'), /,/g, '\u202f')",
            "tickCount": 6,
        },
    }


def _mark(kind: str, colour: str, encoding: dict[str, Any], **options: Any) -> dict[str, Any]:
    return {"mark": {"type": kind, "color": colour} | options, "encoding": encoding}


def _chart(
    title: list[str], mark: str, description: str, layers: list[dict[str, Any]], height: int
) -> dict[str, Any]:
    """Put a chart together: its title and the demonstration mark go along when it is copied."""
    head = {"text": title, "subtitle": mark, "anchor": "start", "fontSize": 14, "limit": 400}
    head |= {"subtitleFontSize": 12, "subtitleColor": "#7a3b00"}
    about = {"title": head, "description": description, "height": height}
    return about | {"layer": layers, "config": CONFIG}


RANKING = (
    "Streck: platsens 5:e–95:e percentil. Märke: mittplatsen. Fyrkant: säkert bland de första; "
    "triangel: möjligen; cirkel: inte."
)
SHAPES = {"säkert": "square", "möjligen": "triangle-up", "inte": "circle"}


def ranking(_known: Register, asked: priorities.Asked) -> dict[str, Any]:
    """Draw the places of a ranking as intervals, the first at the top; the axis begins at 1."""
    made = data.once(priorities.ranking, asked)
    rows = made.table.dropna(subset=["rank"])
    values = [
        {
            "name": made.names[str(i)],
            "low": float(row.rank_low),
            "value": float(row.rank_median),
            "high": float(row.rank_high),
            "verdict": row.verdict,
            "text": f"{made.names[str(i)]}: {row.verdict}, plats {row.rank_low:.0f}–"
            f"{row.rank_high:.0f}",
        }
        for i, row in zip(rows.index, rows.itertuples(), strict=True)
    ]
    x = {"type": "quantitative", "title": "plats (1 är störst behov)"}
    x["scale"] = {"domain": [1, max(2, len(values))], "nice": False}
    x["axis"] = {"tickMinStep": 1, "format": "d", "values": _places(len(values))}
    shape = {"field": "verdict", "type": "nominal", "title": None, "legend": {"orient": "top"}}
    shape["scale"] = {"domain": list(SHAPES), "range": list(SHAPES.values())}
    marks = [
        _mark("rule", INK, {"x": x | {"field": "low"}, "x2": {"field": "high"}}, strokeWidth=3),
        _mark("point", INK, {"x": x | {"field": "value"}, "shape": shape}, filled=True, size=110),
    ]
    for mark in marks:
        mark["encoding"] |= {
            "y": {"field": "name", "type": "nominal", "sort": None, "title": None},
            "tooltip": {"field": "text", "type": "nominal"},
        }
        mark["data"] = {"values": values}
    text = "Rangordningen med osäkerhet. Samma uppgifter står i tabellen."
    title = ["Plats med osäkerhet", priorities.AMONG[asked.among].lower()]
    return _chart(title, made.caution, text, marks, height=max(120, 30 * len(values) + 60))


def beside(chart: Chart, mark: str) -> dict[str, Any]:
    """Draw values as bars in pairs with their numbers: the place, and what it is held against."""
    name, is_long = chart.value_name, len(chart.value_name) > MOST_NAME
    names = ["Här" if is_long else name, chart.against_name]
    values = [
        {"name": bar.name, "who": name, "value": 100 * (value or 0), "said": percent(value)}
        for bar in chart.bars
        for name, value in zip(names, (bar.value, bar.against), strict=True)
    ]
    legend = {"title": None, "orient": "top", "direction": "vertical", "labelLimit": 320} | FONT
    axis = {"values": [0, 25, 50, 75, 100]} | FONT
    x = {"field": "value", "type": "quantitative", "title": "Procent", "axis": axis}
    place = {
        "x": x | {"scale": {"domain": [0, 130]}},  # beyond 100 is room for the number
        "y": {"field": "name", "type": "nominal", "sort": None, "title": None},
        "yOffset": {"field": "who", "sort": names},
    }
    scale = {"domain": names, "range": [INK, CITY]}
    colour = {"field": "who", "type": "nominal", "scale": scale, "legend": legend}
    drawn = {"data": {"values": values}}
    bars = drawn | {"mark": {"type": "bar"}, "encoding": place | {"color": colour}}
    said = place | {"text": {"field": "said", "type": "nominal"}}
    numbers = {"type": "text", "align": "left", "dx": 3, "fontSize": 12}
    layers = [bars, drawn | {"mark": numbers, "encoding": said}]
    title, height = [chart.title, *([name] if is_long else [])], 44 * len(chart.bars) + 90
    return _chart(title, mark, chart.alt, layers, height)
