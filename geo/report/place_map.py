"""A map of one place for paper and wall: its ground, who else is there, what the walks found."""

from __future__ import annotations

import io
from typing import Any

import geopandas as gpd
import numpy as np
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.patheffects import withStroke

from geo import chain, crs
from geo.report.printmap import LINES
from geo.sources import LAYER_NAMES

OWN, OTHER, EDGE = "#cfe3f2", "#f7f6f2", "#8a8a85"
OPEN_MARK: dict[str, Any] = {"marker": "o", "color": "#a33c00", "s": 60, "edgecolor": "white"}
SHUT_MARK: dict[str, Any] = {"marker": "s", "color": "#00573d", "s": 48, "edgecolor": "white"}
SIZE, PART = (6.3, 4.3), 0.84  # inches; the part of the height that the map has
NAME, KEY = 11, 10  # points: of 310 in the height, read on paper and from six metres
PROPORTION = SIZE[0] * 0.98 / (SIZE[1] * PART)
NAMED: dict[str, Any] = {
    **{"fontsize": NAME, "ha": "center", "clip_on": True},
    "path_effects": [withStroke(linewidth=3, foreground="white")],
}
ROUTE: dict[str, Any] = {"color": "#5b3a86", "linewidth": 2.2}


def png(
    base_areas: gpd.GeoDataFrame,
    own_ids: list[str],
    networks: gpd.GeoDataFrame,
    walks: gpd.GeoDataFrame,
    findings: gpd.GeoDataFrame,
    dpi: int = 150,
) -> bytes:
    """Draw a place and what lies around it; returns a PNG, 16 × 10 cm, north up, with a scale.

    base_areas: all, with name; own_ids: those of the place. networks: outlines with layer. walks:
    lines or None; findings: points or None, with kind and status. All in EPSG:3006. Open findings
    are round, closed ones square. A name never covers another.

    >>> square = gpd.GeoDataFrame({"name": ["A"]}, geometry=gpd.points_from_xy([0], [0]).buffer(9),
    ...     index=["A"], crs="EPSG:3006")
    >>> none = square.iloc[:0].assign(layer="", kind="", status="")
    >>> png(square, ["A"], none, none, none, dpi=20)[1:4]
    b'PNG'
    """
    crs.require_metric(base_areas, "base_areas")
    figure = Figure(figsize=SIZE, dpi=dpi, facecolor="white")
    axes = figure.add_axes((0.01, 0.99 - PART, 0.98, PART))
    own = base_areas[base_areas.index.isin(own_ids)]
    rest = base_areas[~base_areas.index.isin(own_ids)]
    for part, colour in ((rest, OTHER), (own, OWN)):
        if len(part):
            part.plot(ax=axes, facecolor=colour, edgecolor=EDGE, linewidth=0.5)
    handles = [Patch(facecolor=OWN, edgecolor=EDGE, label="Platsens basområden")]
    placed = findings[findings.geometry.notna()]
    placed = placed[(placed["kind"] == chain.BRIST).to_numpy()] if len(placed) else placed
    handles += _outlines(axes, networks) + _walked(axes, walks, placed)
    _frame(axes, own)
    _names(axes, own, placed)
    _scale(axes)
    legend = figure.legend(
        handles=handles,
        frameon=False,
        fontsize=KEY,
        ncols=3 if len(handles) > 4 else 2,
        columnspacing=1.2,
        loc="lower left",
    )
    legend.set_bbox_to_anchor((0.0, 0.0))
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png")
    return buffer.getvalue()


def _outlines(axes: Any, networks: gpd.GeoDataFrame) -> list[Any]:
    handles = []
    for layer, style in LINES.items():
        members = networks[networks["layer"] == layer]
        if len(members):
            members.boundary.plot(ax=axes, **style)
            handles.append(Line2D([], [], label=LAYER_NAMES[layer], **style))
    return handles


def _walked(axes: Any, walks: gpd.GeoDataFrame, placed: gpd.GeoDataFrame) -> list[Any]:
    handles = []
    routes = walks[walks.geometry.notna()]
    if len(routes):
        routes.plot(ax=axes, **ROUTE)
        handles.append(Line2D([], [], label="Vandrad väg", **ROUTE))
    is_open = chain.is_open(placed).to_numpy() if len(placed) else np.array([], bool)
    for mask, style, text in (
        (~is_open, SHUT_MARK, "Fynd, avslutat"),
        (is_open, OPEN_MARK, "Fynd, öppet"),
    ):
        points = placed[mask]
        if len(points):
            axes.scatter(points.geometry.x, points.geometry.y, zorder=5, linewidth=0.6, **style)
            mark = {"marker": style["marker"], "color": style["color"], "linestyle": ""}
            handles.append(Line2D([], [], label=text, **mark))
    return handles


def _frame(axes: Any, own: gpd.GeoDataFrame) -> None:
    """Set what is seen: the place and a little around it, in the picture's proportions."""
    axes.set_axis_off()
    axes.set_aspect("equal")
    if own.empty:
        return
    x0, y0, x1, y1 = own.total_bounds
    across = max(x1 - x0, (y1 - y0) * PROPORTION, 1.0) * 1.15
    middle, level = (x0 + x1) / 2, (y0 + y1) / 2
    axes.set_xlim(middle - across / 2, middle + across / 2)
    axes.set_ylim(level - across / 2 / PROPORTION, level + across / 2 / PROPORTION)


def _names(axes: Any, own: gpd.GeoDataFrame, placed: gpd.GeoDataFrame) -> None:
    """Name the areas, small ones first: in the area, else above or below it, where all is free."""
    marks = axes.transData.transform(placed.get_coordinates().to_numpy())
    taken: list[Any] = []
    for area_id in own.geometry.area.sort_values().index:
        for x, y, side in _spots(own.geometry[area_id]):
            text = axes.text(
                x, y, str(own.at[area_id, "name"]).replace("-", "-\n"), va=side, **NAMED
            )
            box = text.get_window_extent().padded(2)
            is_whole = axes.bbox.count_contains(box.corners()) == 4
            is_free = not any(map(box.overlaps, taken)) and not box.count_contains(marks)
            if is_whole and is_free:
                taken.append(box)
                break
            text.remove()


def _spots(area: Any) -> tuple[tuple[float, float, str], ...]:
    """Return where a name may stand, and on which side of it that is."""
    middle = area.representative_point()
    _, low, _, high = area.bounds
    return (
        (middle.x, middle.y, "center"),
        (middle.x, high, "bottom"),
        (middle.x, low, "top"),
    )


def _scale(axes: Any) -> None:
    """Draw a scale of a round length, about a fifth of the width."""
    (x0, x1), (y0, y1) = axes.get_xlim(), axes.get_ylim()
    whole = (x1 - x0) / 5
    power = 10 ** np.floor(np.log10(max(whole, 1.0)))
    length = max(step * power for step in (1, 2, 5) if step * power <= max(whole, 1.0))
    left, at = x1 - length - (x1 - x0) * 0.03, y0 + (y1 - y0) * 0.04
    axes.plot([left, left + length], [at, at], color="black", linewidth=2)
    text = f"{length / 1000:g} km".replace(".", ",") if length >= 1000 else f"{length:g} m"
    axes.annotate(f"{text}  ↑ N", (left, at), (0, 4), textcoords="offset points", fontsize=NAME)
