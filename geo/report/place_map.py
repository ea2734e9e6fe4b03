"""A map of one place for paper and wall: its ground, who else is there, what the walks found."""

from __future__ import annotations

import io
from collections.abc import Callable
from itertools import product
from typing import Any

import geopandas as gpd
import numpy as np
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Rectangle
from matplotlib.patheffects import withStroke
from matplotlib.transforms import Bbox
from shapely import box

from geo import chain, crs
from geo.report.printmap import LINES
from geo.sources import LAYER_NAMES

OWN, OTHER, EDGE = "#cfe3f2", "#f7f6f2", "#8a8a85"
OPEN_MARK: dict[str, Any] = {"marker": "o", "color": "#a33c00", "s": 60, "edgecolor": "white"}
SHUT_MARK: dict[str, Any] = {"marker": "s", "color": "#00573d", "s": 48, "edgecolor": "white"}
SIZE, PART = (6.3, 4.3), 0.84  # inches; the part of the height that the map has
NAME, KEY = 11, 10  # points: of 310 in the height, read on paper and from six metres
PROPORTION = SIZE[0] * 0.98 / (SIZE[1] * PART)
HALO: dict[str, Any] = {"path_effects": [withStroke(linewidth=3, foreground="white")]}
NAMED: dict[str, Any] = {"fontsize": NAME, "ha": "center", "clip_on": True} | HALO
ROUTE: dict[str, Any] = {"color": "#5b3a86", "linewidth": 2.2}
INSET = (0.34, 0.41)  # of the map's width and height
PLACES = ((0.65, 0.58), (0.65, 0.14), (0.01, 0.58), (0.01, 0.01))  # of insets, above the scale
HEAP = 0.1  # of the map's width: findings that lie within it are drawn larger as well
AROUND = 400.0  # m: the least that the inset shows
Extent = tuple[float, float, float, float]  # m, EPSG:3006: left, low, right, high
Place = tuple[float, float]


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
    are round, closed ones square. A name never covers another. Where findings lie close
    together an inset shows them larger, where it covers nothing of the place.

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
    placed = findings[findings.geometry.notna()]
    placed = placed[(placed["kind"] == chain.BRIST).to_numpy()] if len(placed) else placed

    def draw(on: Any, seen: Extent | None = None) -> list[Any]:
        _land(on, _within(base_areas, seen), own_ids)
        return _outlines(on, _within(networks, seen)) + _walked(on, walks, placed)

    handles = [Patch(facecolor=OWN, edgecolor=EDGE, label="Platsens basområden"), *draw(axes)]
    _frame(axes, own)
    _names(axes, own, placed, *_insets(axes, own, _heaps(axes, placed), draw))
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


def _within(frame: gpd.GeoDataFrame, seen: Extent | None) -> gpd.GeoDataFrame:
    return frame if seen is None else frame[frame.intersects(box(*seen))]


def _land(axes: Any, base_areas: gpd.GeoDataFrame, own_ids: list[str]) -> None:
    is_own = base_areas.index.isin(own_ids)
    for part, colour in ((base_areas[~is_own], OTHER), (base_areas[is_own], OWN)):
        if len(part):
            part.plot(ax=axes, facecolor=colour, edgecolor=EDGE, linewidth=0.5)


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


def _insets(
    axes: Any, own: gpd.GeoDataFrame, heaps: list[Extent], draw: Callable[[Any, Extent], object]
) -> tuple[list[Any], list[Any]]:
    """Show each heap larger, where there is room; returns what names may not, should not cover."""
    covered, boxes = [], []
    rooms = _rooms(axes, own, heaps)
    for letter, heap, place in zip("ABCD" if len(rooms) > 1 else " ", heaps, rooms, strict=False):
        inset = axes.inset_axes((*place, *INSET), zorder=6)
        draw(inset, heap)
        inset.set(xlim=heap[::2], ylim=heap[1::2], facecolor="white")
        inset.set(xticks=[], yticks=[], xlabel="", ylabel="")
        title = f"Förstorat {letter}".rstrip()
        inset.set_title(title, loc="left", x=0.02, fontsize=NAME - 1, y=1.0, pad=-14, **HALO)
        _scale(inset, "")
        covered.append(inset.get_window_extent())
        boxes.append(_framed(axes, heap))
        if letter.strip():
            covered.append(_lettered(axes, heap, letter))
    return covered, boxes


def _framed(axes: Any, heap: Extent) -> Any:
    """Draw a frame round what an inset shows; returns what it covers."""
    x0, y0, x1, y1 = heap
    axes.add_patch(Rectangle((x0, y0), x1 - x0, y1 - y0, fill=False, edgecolor="#333333", zorder=6))
    return Bbox(axes.transData.transform([(x0, y0), (x1, y1)]))


def _lettered(axes: Any, heap: Extent, letter: str) -> Any:
    """Write the letter of an inset over its frame; returns what it covers."""
    over = {"xytext": (0, 2), "textcoords": "offset points", "fontsize": NAME - 1, "zorder": 7}
    at = (heap[0], heap[3])
    return axes.annotate(letter, at, va="bottom", weight="bold", **over, **HALO).get_window_extent()


def _rooms(axes: Any, own: gpd.GeoDataFrame, heaps: list[Extent]) -> list[Place]:
    """Return where insets fit; the place is moved to the left when more of them then do."""
    kept, found = axes.get_xlim(), _free(axes, own, heaps)
    if len(found) == len(heaps):
        return found
    (left, right), (x0, _, x1, _) = kept, own.total_bounds
    step = min(x0 - left, max(0.0, x1 - left - (right - left) * (PLACES[0][0] - 0.01)))
    axes.set_xlim(left + step, right + step)
    moved = _free(axes, own, heaps)
    if len(moved) > len(found):
        return moved
    axes.set_xlim(kept)
    return found


def _free(axes: Any, own: gpd.GeoDataFrame, heaps: list[Extent]) -> list[Place]:
    """Return for each heap, as far as they go, a place that covers nothing that must be seen."""
    busy = [*own.geometry, *(box(*heap) for heap in heaps)]
    (left, right), (low, high) = axes.get_xlim(), axes.get_ylim()
    found: list[Place] = []
    for place in PLACES:
        x, y = left + (right - left) * place[0], low + (high - low) * place[1]
        covers = box(x, y, x + (right - left) * INSET[0], y + (high - low) * INSET[1])
        if len(found) < len(heaps) and not any(covers.intersects(busy)):
            found.append(place)
    return found


def _heaps(axes: Any, placed: gpd.GeoDataFrame) -> list[Extent]:
    """Return what the insets show, in their proportions, the heap with most findings first."""
    left, right = axes.get_xlim()
    (low, high), width = axes.get_ylim(), right - left
    points = placed.geometry[placed.within(box(left, low, right, high))]
    parts = points.buffer(width * HEAP / 3).union_all()
    found = []
    for part in getattr(parts, "geoms", [parts]):
        near = points[points.within(part)]
        x0, y0, x1, y1 = near.total_bounds
        proportion = PROPORTION * INSET[0] / INSET[1]
        across = max(x1 - x0, (y1 - y0) * proportion)
        if len(near) > 1 and across <= width * HEAP:
            half, x, y = max(across * 1.4, AROUND) / 2, (x0 + x1) / 2, (y0 + y1) / 2
            low, high = y - half / proportion, y + half / proportion
            found.append((len(near), (x - half, low, x + half, high)))
    return [heap for _, heap in sorted(found, reverse=True)]


def _names(
    axes: Any,
    own: gpd.GeoDataFrame,
    placed: gpd.GeoDataFrame,
    covered: list[Any],
    boxes: list[Any],
) -> None:
    """Name the areas, small ones first: in the area, else above or below it, where all is free.

    covered: what no name may cover; boxes: what one covers only when there is no other place.
    """
    marks = axes.transData.transform(placed.get_coordinates().to_numpy())
    taken = list(covered)
    for area_id in own.geometry.area.sort_values().index:
        name, area = str(own.at[area_id, "name"]).replace("-", "-\n"), own.geometry[area_id]
        for busy, (x, y, side) in product(([*taken, *boxes], taken), _spots(area)):
            text = axes.text(x, y, name, va=side, **NAMED)
            extent = text.get_window_extent().padded(2)
            is_whole = axes.bbox.count_contains(extent.corners()) == 4
            is_free = not any(map(extent.overlaps, busy)) and not extent.count_contains(marks)
            if is_whole and is_free:
                taken.append(extent)
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


def _scale(axes: Any, north: str = "  ↑ N") -> None:
    """Draw a scale of a round length, about a fifth of the width."""
    (x0, x1), (y0, y1) = axes.get_xlim(), axes.get_ylim()
    whole = (x1 - x0) / 5
    power = 10 ** np.floor(np.log10(max(whole, 1.0)))
    length = max(step * power for step in (1, 2, 5) if step * power <= max(whole, 1.0))
    left, at = x1 - length - (x1 - x0) * 0.03, y0 + (y1 - y0) * 0.04
    axes.plot([left, left + length], [at, at], color="black", linewidth=2)
    text = f"{length / 1000:g} km".replace(".", ",") if length >= 1000 else f"{length:g} m"
    place = {"xy": (left + length, at), "xytext": (0, 4), "textcoords": "offset points"}
    axes.annotate(text + north, ha="right", fontsize=NAME, **place, **HALO)
