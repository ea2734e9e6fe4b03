"""What the map of walks shows: where anybody has walked, the routes, and a mark per finding."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from geo import display, fieldwork, findings
from pages.parts import field_controls, field_words, maps, state, words
from pages.parts.field import Field

if TYPE_CHECKING:
    import geopandas as gpd  # names what is passed on

# Not walked is striped: it is not "nothing found". The darker, the more is known.
COLOURS = {
    findings.NOT_WALKED: ("#ffffff", "#b3b3b3"),
    findings.POSSIBLY_WALKED: ("#ffffff", "#c9d9ec"),
    findings.NOT_KNOWN: ("#ffffff", "#9ec4e4"),
    findings.NOTHING_NOTED: ("#e3eef8",),
    findings.NOTED: ("#9ec4e4",),
}
MOST_MARKS = 2_000  # more are gathered before they are sent, in squares as small as will do
MOST_GATHERED = 600
GATHERED_M = (250.0, 500.0, 1_000.0, 2_000.0, 4_000.0)
MARKS = {
    "open": ("●", "#d55e00", "brist som väntar på någon"),
    "ended": ("○", "#0072b2", "brist som är åtgärdad, verifierad eller avslagen"),
    "good": ("▲", "#00735a", "bra, bör bevaras"),
}


def painting(known: Field, asked: field_controls.Asked) -> maps.Painting:
    """Paint base areas by whether anybody walked there, with the routes and the asked findings."""
    ids = field_controls.ids(known, asked)
    held = known.in_base_areas["finding_id"].isin(ids)
    counted = known.in_base_areas.loc[held, "area_id"].value_counts()
    looks = {}
    for area_id, walked in known.states.items():
        label = f"{known.base_areas.at[area_id, 'name']}: {field_words.STATE[walked]}"
        if walked == findings.NOTED:
            label += f", {counted.get(area_id, 0)} fynd i urvalet"
        looks[str(area_id)] = maps.Look(COLOURS[walked], label)
    table = known.findings[known.findings.index.isin(ids)]
    points = marks(known, table) if len(table) <= MOST_MARKS else gathered(table)
    return maps.Painting(looks, (), points=points, routes=routes(known.walks))


def bare(known: Field) -> maps.Painting:
    """Paint a plain map to point at, with the names of base areas."""
    looks = {
        str(i): maps.Look(("#f4f5f6",), str(name)) for i, name in known.base_areas["name"].items()
    }
    return maps.Painting(looks, (), routes=routes(known.walks))


def with_spot(known: Field, painted: maps.Painting, finding_id: str | None) -> maps.Painting:
    """Put a ring around the chosen finding."""
    return replace(painted, spot=_spot_of(known, finding_id) if finding_id else None)


def places_alone(known: Field, asked: field_controls.Asked) -> str:
    """Say how many of the findings have no point, and so no mark on the map."""
    placeless = known.findings.index[known.findings["x"].isna()]
    n = int(placeless.isin(field_controls.ids(known, asked)).sum())
    if not n:
        return ""
    return f"{words.counted(n, 'fynd har', 'fynd har')} bara en plats, ingen punkt: se listan."


def keys(known: Field) -> list[maps.Key]:
    """Return the legend's rows of base areas: only what is on the map."""
    found = set(known.states)
    return [
        maps.Key(colours, words.first_upper(field_words.STATE[walked]))
        for walked, colours in COLOURS.items()
        if walked in found
    ]


def legend_of_marks() -> str:
    """Return the legend's rows of marks, as HTML."""
    parts = [
        f'<span style="color:{colour};margin-right:.3em" aria-hidden="true">{sign}</span>{text}'
        for sign, colour, text in MARKS.values()
    ]
    line = '<span style="border-top:4px solid #5b2a86;display:inline-block;width:1.6em;'
    parts.append(f'{line}vertical-align:.3em;margin-right:.4em"></span>vandringens rutt')
    parts.append("en ring med ett tal är flera fynd tillsammans")
    style = "list-style:none;display:flex;flex-wrap:wrap;gap:.25rem 1.25rem;margin:0;padding:0"
    rows = "".join(f"<li>{part}</li>" for part in parts)
    return f'<ul aria-label="Tecken på kartan" style="{style}">{rows}</ul>'


def marks(known: Field, table: gpd.GeoDataFrame) -> tuple[maps.Point, ...]:
    """Return a mark for each finding that has a point."""
    looks = field_words.look(known)
    held = table[table.geometry.notna() & ~table.geometry.is_empty]
    spots = display.degrees(held.geometry)
    lines = field_words.lines(known, held.index)
    marked = zip(held.index, spots, looks[held.index], strict=True)
    return tuple(maps.Point(str(i), spot, look, lines[str(i)]) for i, spot, look in marked)


def gathered(table: gpd.GeoDataFrame) -> tuple[maps.Point, ...]:
    """Return marks of many findings together, when there are too many to send each."""
    for side_m in GATHERED_M:
        cells = fieldwork.gathered(table, side_m)
        if len(cells) <= MOST_GATHERED:
            break
    spots = display.degrees_at(cells["x"], cells["y"])
    return tuple(
        maps.Point(
            f"samlade-{place}",
            spot,
            "open" if cell.n_open else "ended",
            f"{words.counted(int(cell.n), 'fynd', 'fynd')} inom {side_m:.0f} meter "
            f"(grupp {place + 1}). Begränsa urvalet för att se vart och ett.",
            int(cell.n),
        )
        for place, (cell, spot) in enumerate(zip(cells.itertuples(), spots, strict=True))
    )


def routes(walks: gpd.GeoDataFrame) -> tuple[maps.Route, ...]:
    """Return the known routes as lines."""
    held = walks[walks.geometry.notna()]
    found = []
    for place, (walk_id, path) in enumerate(display.paths(held.geometry)):
        row = held.loc[walk_id]
        label = f"Vandring {row['date']:%Y-%m-%d}, {row['place']}"
        label += f", {row['light']}" if row["light"] else ""
        found.append(maps.Route(f"vandring-{place}", path, label))
    return tuple(found)


def _spot_of(known: Field, finding_id: str) -> tuple[float, float] | None:
    point = known.findings.geometry[finding_id]
    if point is None or point.is_empty:
        return None
    return display.degrees(known.findings.geometry[[finding_id]])[0]


def on_click(known: Field, found: str) -> bool:
    """Choose the finding whose mark was clicked; tells whether it was one."""
    if found not in known.findings.index:
        return False
    state.choose_finding(found)
    return True
