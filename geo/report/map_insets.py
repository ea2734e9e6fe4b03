"""The insets of a place's map: findings that heap are shown larger, where nothing is covered."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import geopandas as gpd
import numpy as np
from matplotlib.patches import Rectangle
from matplotlib.patheffects import withStroke
from matplotlib.transforms import Bbox
from shapely import box

NAME = 11  # points
HALO: dict[str, Any] = {"path_effects": [withStroke(linewidth=3, foreground="white")]}
INSET = (0.34, 0.41)  # of the map's width and height
PLACES = ((0.65, 0.58), (0.65, 0.14), (0.01, 0.58), (0.01, 0.01))  # of insets, above the scale
HEAP = 0.1  # of the map's width: findings that lie within it are drawn larger as well
AROUND = 400.0  # m: the least that the inset shows
Extent = tuple[float, float, float, float]  # m, EPSG:3006: left, low, right, high
Place = tuple[float, float]


def put(
    axes: Any,
    own: gpd.GeoDataFrame,
    placed: gpd.GeoDataFrame,
    draw: Callable[[Any, Extent], object],
) -> tuple[list[Any], list[Any]]:
    """Show each heap of findings larger, where there is room; the map may be moved for it.

    own: the place's base areas; placed: findings that are points; both in EPSG:3006. draw: puts
    what lies in an extent on axes. Returns what names may not cover, and what they should not.

    >>> put.__annotations__["own"]
    'gpd.GeoDataFrame'
    """
    heaps, covered, boxes = _heaps(axes, placed), [], []
    rooms = _rooms(axes, own, heaps)
    for letter, heap, place in zip("ABCD" if len(rooms) > 1 else " ", heaps, rooms, strict=False):
        inset = axes.inset_axes((*place, *INSET), zorder=6)
        draw(inset, heap)
        inset.set(xlim=heap[::2], ylim=heap[1::2], facecolor="white")
        inset.set(xticks=[], yticks=[], xlabel="", ylabel="")
        title = f"Förstorat {letter}".rstrip()
        inset.set_title(title, loc="left", x=0.02, fontsize=NAME - 1, y=1.0, pad=-14, **HALO)
        scale(inset, "")
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
    """Return what the insets show, in their proportions, the heap with most findings first.

    Above and below the findings there is room for the inset's name and scale.
    """
    left, right = axes.get_xlim()
    (low, high), width = axes.get_ylim(), right - left
    room = 1 - 3 * NAME / (72 * INSET[1] * axes.bbox.height / axes.figure.dpi)
    points = placed.geometry[placed.within(box(left, low, right, high))]
    parts = points.buffer(width * HEAP / 3).union_all()
    found = []
    for part in getattr(parts, "geoms", [parts]):
        near = points[points.within(part)]
        x0, y0, x1, y1 = near.total_bounds
        shape = proportion(axes) * INSET[0] / INSET[1]
        wide, tall = x1 - x0, (y1 - y0) * shape
        if len(near) > 1 and max(wide, tall) <= width * HEAP:
            half, up = (
                max(wide * 1.4, tall * 1.2 / room, AROUND) / part for part in (2, 2 * shape)
            )
            x, y = (x0 + x1) / 2, (y0 + y1) / 2
            found.append((len(near), (x - half, y - up, x + half, y + up)))
    return [heap for _, heap in sorted(found, reverse=True)]


def scale(axes: Any, north: str = "  ↑ N") -> Any:
    """Draw a scale of a round length, about a fifth of the width; returns what it covers.

    >>> scale.__annotations__["north"]
    'str'
    """
    (x0, x1), (y0, y1) = axes.get_xlim(), axes.get_ylim()
    whole = (x1 - x0) / 5
    power = 10 ** np.floor(np.log10(max(whole, 1.0)))
    length = max(step * power for step in (1, 2, 5) if step * power <= max(whole, 1.0))
    left, at = x1 - length - (x1 - x0) * 0.03, y0 + (y1 - y0) * 0.04
    axes.plot([left, left + length], [at, at], color="black", linewidth=2)
    text = f"{length / 1000:g} km".replace(".", ",") if length >= 1000 else f"{length:g} m"
    place = {"xy": (left + length, at), "xytext": (0, 4), "textcoords": "offset points"}
    said = axes.annotate(text + north, ha="right", fontsize=NAME, **place, **HALO)
    return said.get_window_extent().padded(2)


def proportion(axes: Any) -> float:
    """Return the width of a map as a multiple of its height.

    >>> from matplotlib.figure import Figure
    >>> proportion(Figure(figsize=(4, 2)).add_axes((0, 0, 1, 1)))
    2.0
    """
    return float(axes.bbox.width / axes.bbox.height)
