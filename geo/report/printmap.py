"""The coverage map as a picture for a decision paper: legend, source and date on it."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import geopandas as gpd
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from geo import crs
from geo.sources import LAYER_NAMES

LINES: dict[str, dict[str, Any]] = {
    "barn_unga": {"color": "#0072b2", "linewidth": 2.6, "linestyle": "-"},
    "omrade": {"color": "#a33c00", "linewidth": 1.8, "linestyle": (0, (4, 2))},
    "ortsrad": {"color": "#00573d", "linewidth": 2.0, "linestyle": (0, (1, 1.5))},
}
MUTED = "#333333"


@dataclass(frozen=True)
class Picture:
    """What a printed map shows: areas in colours, the lines of layers, words around it.

    base_areas and areas: EPSG:3006. colours: by base_area_id, one colour, or two for stripes.
    keys: (colours, text) rows of the legend.
    """

    title: str
    base_areas: gpd.GeoDataFrame
    areas: gpd.GeoDataFrame
    colours: Mapping[str, Sequence[str]]
    keys: Sequence[tuple[Sequence[str], str]]
    notes: Sequence[str]
    detail: gpd.GeoDataFrame | None = field(default=None)


def png(picture: Picture, dpi: int = 150) -> bytes:
    """Draw the whole municipality and, beside it, the detail; returns a PNG."""
    crs.require_metric(picture.base_areas, "base_areas")
    figure = Figure(figsize=(11.7, 8.3), dpi=dpi, layout=None, facecolor="white")
    both = picture.detail is not None and len(picture.detail) > 0
    whole = figure.add_axes((0.02, 0.2, 0.47 if both else 0.96, 0.68))
    _draw(whole, picture, picture.base_areas, "Hela kommunen")
    if both:
        _draw(figure.add_axes((0.51, 0.2, 0.47, 0.68)), picture, picture.detail, "Staden")
    figure.text(0.02, 0.94, picture.title, fontsize=18, fontweight="bold")
    figure.legend(
        handles=_handles(picture),
        loc="lower left",
        bbox_to_anchor=(0.015, 0.07),
        ncols=3,
        frameon=False,
        fontsize=10,
    )
    figure.text(0.02, 0.02, "\n".join(picture.notes), fontsize=8.5, color=MUTED, linespacing=1.4)
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", metadata={"Title": picture.title})
    return buffer.getvalue()


def _draw(axes: Any, picture: Picture, extent: Any, heading: str) -> None:
    for area_id, geometry in picture.base_areas.geometry.items():
        first, *second = picture.colours[str(area_id)]
        style: dict[str, Any] = {"facecolor": first, "edgecolor": "#555555", "linewidth": 0.5}
        if second:
            style |= {"hatch": "////", "edgecolor": second[0]}
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


def _handles(picture: Picture) -> list[Any]:
    handles: list[Any] = []
    for colours, text in picture.keys:
        first, *second = colours
        edge = second[0] if second else "#555555"
        hatch = "////" if second else None
        handles.append(Patch(facecolor=first, edgecolor=edge, hatch=hatch, label=text))
    shown = set(picture.areas["layer"])
    for layer, style in LINES.items():
        if layer in shown:
            handles.append(Line2D([], [], label=LAYER_NAMES[layer], **style))
    return handles
