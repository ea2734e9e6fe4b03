"""The coverage map as a picture for a decision paper: legend, source and date on it."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.patheffects import withStroke

from geo import crs
from geo.sources import LAYER_NAMES

LINES: dict[str, dict[str, Any]] = {
    "barn_unga": {"color": "#0072b2", "linewidth": 2.2, "linestyle": "-"},
    "omrade": {"color": "#a33c00", "linewidth": 1.6, "linestyle": (0, (4, 2))},
    "ortsrad": {"color": "#00573d", "linewidth": 1.8, "linestyle": (0, (1, 1.5))},
}
EDGE = "#555555"
HATCH = "////"


@dataclass(frozen=True)
class Picture:
    """What a printed map shows: areas in colours, the lines of layers, words around it.

    base_areas (with name), areas (with layer) and detail: EPSG:3006. colours: by base_area_id,
    one colour, or two for stripes. keys: (colours, text) rows of the legend. detail: base areas
    that are shown enlarged and named; may be empty.
    """

    title: str
    base_areas: gpd.GeoDataFrame
    areas: gpd.GeoDataFrame
    colours: Mapping[str, Sequence[str]]
    keys: Sequence[tuple[Sequence[str], str]]
    notes: Sequence[str]
    detail: gpd.GeoDataFrame


def png(picture: Picture, dpi: int = 150) -> bytes:
    """Draw the whole municipality and, beside it, the detail with names; returns a PNG (A4).

    >>> square = gpd.GeoDataFrame({"name": ["A"]}, geometry=gpd.points_from_xy([0], [0]).buffer(9),
    ...     index=["A"], crs="EPSG:3006")
    >>> none = square.iloc[:0].assign(layer="")
    >>> png(Picture("Prov", square, none, {"A": ["#225ea8"]}, [], [], none), dpi=20)[1:4]
    b'PNG'
    """
    crs.require_metric(picture.base_areas, "base_areas")
    figure = Figure(figsize=(11.7, 8.3), dpi=dpi, facecolor="white")
    has_detail = len(picture.detail) > 0
    whole = figure.add_axes((0.02, 0.26, 0.46 if has_detail else 0.96, 0.62), anchor="NW")
    _draw(whole, picture, picture.base_areas, "Hela kommunen")
    if has_detail:
        beside = figure.add_axes((0.5, 0.26, 0.48, 0.62), anchor="NW")
        _draw(beside, picture, picture.detail, "Staden")
        _name(beside, picture)
    figure.text(0.02, 0.94, picture.title, fontsize=18, fontweight="bold")
    legend = figure.legend(handles=_handles(picture), frameon=False, fontsize=10, ncols=3)
    legend.set_loc("upper left")
    legend.set_bbox_to_anchor((0.01, 0.235))
    notes = "\n".join(picture.notes)
    figure.text(0.02, 0.02, notes, fontsize=8.5, linespacing=1.4, va="bottom")
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", metadata={"Title": picture.title})
    return buffer.getvalue()


def _draw(axes: Any, picture: Picture, extent: gpd.GeoDataFrame, heading: str) -> None:
    for area_id, geometry in picture.base_areas.geometry.items():
        style = _fill(picture.colours[str(area_id)]) | {"linewidth": 0.5}
        gpd.GeoSeries([geometry]).plot(ax=axes, **style)
    for layer, style in LINES.items():
        members = picture.areas[picture.areas["layer"] == layer]
        if len(members):
            members.boundary.plot(ax=axes, **style)
    x0, y0, x1, y1 = extent.total_bounds
    margin = 0.02 * max(x1 - x0, y1 - y0)
    axes.set_xlim(x0 - margin, x1 + margin)
    axes.set_ylim(y0 - margin, y1 + margin)
    axes.set_title(heading, fontsize=12, loc="left")
    axes.set_axis_off()


def _fill(colours: Sequence[str]) -> dict[str, Any]:
    first, *second = colours
    if second:
        return {"facecolor": first, "edgecolor": second[0], "hatch": HATCH}
    return {"facecolor": first, "edgecolor": EDGE}


def _name(axes: Any, picture: Picture) -> None:
    """Name the detail's areas, those with the rarest colour first; a name never covers another."""
    colours = {area_id: tuple(picture.colours[str(area_id)]) for area_id in picture.detail.index}
    common = Counter(colours.values())
    order = sorted(colours, key=lambda area_id: common[colours[area_id]])
    halo = [withStroke(linewidth=2, foreground="white")]
    style = {"fontsize": 5.5, "ha": "center", "va": "center", "path_effects": halo}
    taken: list[Any] = []
    for area_id in order:
        spot = picture.detail.geometry[area_id].representative_point()
        lines = str(picture.detail.at[area_id, "name"]).replace("-", "-\n")
        text = axes.text(spot.x, spot.y, lines, clip_on=True, **style)
        box = text.get_window_extent()
        if any(box.overlaps(other) for other in taken):
            text.remove()
        else:
            taken.append(box)


def _handles(picture: Picture) -> list[Any]:
    fills = [Patch(label=text, **_fill(colours)) for colours, text in picture.keys]
    shown = set(picture.areas["layer"])
    lines = [
        Line2D([], [], label=LAYER_NAMES[layer], **style)
        for layer, style in LINES.items()
        if layer in shown
    ]
    return fills + lines
