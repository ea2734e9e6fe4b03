"""A map of one place for paper and wall: its ground, who else is there, what the walks found."""

from __future__ import annotations

import io
from dataclasses import dataclass
from itertools import product
from textwrap import fill
from typing import Any

import geopandas as gpd
import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.transforms import Bbox
from PIL import Image
from shapely import box, contains, distance, points

from geo import chain, crs
from geo.report import map_insets
from geo.report.map_insets import HALO, NAME, Extent, Place
from geo.report.printmap import LINES
from geo.sources import LAYER_NAMES

OWN, OTHER, EDGE = "#cfe3f2", "#f7f6f2", "#8a8a85"
OPEN_MARK: dict[str, Any] = {"marker": "o", "color": "#a33c00", "s": 60, "edgecolor": "white"}
SHUT_MARK: dict[str, Any] = {"marker": "s", "color": "#00573d", "s": 48, "edgecolor": "white"}
KEY = 10  # points
FEW = 10  # areas
GRID = 9  # so many places across and down where a name is tried in its area
NAMED: dict[str, Any] = {"fontsize": NAME, "ha": "center", "clip_on": True} | HALO
NUMBER: dict[str, Any] = {"color": "black", "linestyle": "", "markersize": 7, "mew": 0.2}
ROUTE: dict[str, Any] = {"color": "#5b3a86", "linewidth": 2.2}


@dataclass(frozen=True)
class Sheet:
    """What a map is drawn on. size: inches; dots: to an inch.

    part: what the map has of it, as left, low, width and height, 0–1; key_at: which corner of the
    legend, and where; columns: of a long legend and of a short one; signs: on a line of it;
    numbers: of names without room on a map of few areas, that stand there.
    """

    size: tuple[float, float]
    dots: int
    part: tuple[float, float, float, float]
    key_at: tuple[str, Place]
    columns: tuple[int, int]
    signs: int
    numbers: int


PAPER = Sheet((6.3, 4.3), 150, (0.01, 0.15, 0.98, 0.84), ("lower left", (0.0, 0.0)), (3, 2), 60, 0)
# The same points on a low and wide sheet: on a slide names are 4.4 % of its height, keys 4.0.
WALL = Sheet((5.7, 2.35), 320, (0.0, 0.0, 0.62, 1.0), ("upper left", (0.625, 1.0)), (1, 1), 20, 2)


def png(
    base_areas: gpd.GeoDataFrame,
    own_ids: list[str],
    networks: gpd.GeoDataFrame,
    walks: gpd.GeoDataFrame,
    findings: gpd.GeoDataFrame,
    sheet: Sheet = PAPER,
) -> bytes:
    """Draw a place and what lies around it; returns a PNG, north up, with a scale.

    base_areas: all, with name; own_ids: those of the place. networks: outlines with layer. walks:
    lines or None; findings: points or None, with kind and status. All in EPSG:3006. Open findings
    are round, closed ones square. A name never covers another. Where findings lie close
    together an inset shows them larger, where it covers nothing of the place. sheet: PAPER, or
    WALL, whose names are read from six metres.

    >>> square = gpd.GeoDataFrame({"name": ["A"]}, geometry=gpd.points_from_xy([0], [0]).buffer(9),
    ...     index=["A"], crs="EPSG:3006")
    >>> none = square.iloc[:0].assign(layer="", kind="", status="")
    >>> png(square, ["A"], none, none, none)[1:4]
    b'PNG'
    """
    crs.require_metric(base_areas, "base_areas")
    figure = Figure(figsize=sheet.size, dpi=sheet.dots, facecolor="white")
    axes = figure.add_axes(sheet.part)
    own = base_areas[base_areas.index.isin(own_ids)]
    placed = findings[findings.geometry.notna()]
    placed = placed[(placed["kind"] == chain.BRIST).to_numpy()] if len(placed) else placed

    def draw(on: Any, seen: Extent | None = None) -> list[Any]:
        _land(on, _within(base_areas, seen), own_ids)
        return _outlines(on, _within(networks, seen)) + _walked(on, walks, placed)

    handles = [Patch(facecolor=OWN, edgecolor=EDGE, label="Platsens basområden"), *draw(axes)]
    _frame(axes, own)
    covered, boxes = map_insets.put(axes, own, placed, draw)
    most = sheet.numbers if len(own) <= FEW else 0
    handles += _names(axes, own, placed, [*covered, map_insets.scale(axes)], boxes, most)
    _legend(figure, handles, sheet)
    return _encoded(figure)


def _encoded(figure: Figure) -> bytes:
    """Return a drawing as a PNG of 256 colours: about a third of the size, to the eye the same."""
    canvas: Any = FigureCanvasAgg(figure)
    canvas.draw()
    drawn = Image.fromarray(np.asarray(canvas.buffer_rgba())).convert("RGB")
    buffer = io.BytesIO()
    drawn.quantize(256, dither=Image.Dither.NONE).save(buffer, "PNG", dpi=(figure.dpi,) * 2)
    return buffer.getvalue()


def _legend(figure: Figure, handles: list[Any], sheet: Sheet) -> None:
    corner, at = sheet.key_at
    labels = [fill(handle.get_label(), sheet.signs) for handle in handles]
    about: dict[str, Any] = {"frameon": False, "columnspacing": 1.2, "labelspacing": 0.4}
    about |= {"ncols": sheet.columns[len(handles) <= 4], "fontsize": KEY}
    legend: Any = figure.legend(handles, labels, **about)
    legend.set_loc(corner)
    legend.set_bbox_to_anchor(at)


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
    shape = map_insets.proportion(axes)
    across = max(x1 - x0, (y1 - y0) * shape, 1.0) * 1.15
    middle, level = (x0 + x1) / 2, (y0 + y1) / 2
    axes.set_xlim(middle - across / 2, middle + across / 2)
    axes.set_ylim(level - across / 2 / shape, level + across / 2 / shape)


def _names(
    axes: Any,
    own: gpd.GeoDataFrame,
    placed: gpd.GeoDataFrame,
    covered: list[Any],
    boxes: list[Any],
    most: int,
) -> list[Any]:
    """Name the areas, small ones first: in the area, else above or below it, where all is free.

    covered: what no name may cover; boxes: what one covers only when there is no other place. So
    many (most) of those that have no room get a number; returns what the numbers stand for.
    """
    marks = axes.transData.transform(placed.get_coordinates().to_numpy())
    taken = list(covered)
    numbered: list[Any] = []
    for area_id in own.geometry.area.sort_values().index:
        name, area = str(own.at[area_id, "name"]), own.geometry[area_id]
        number = f"{len(numbered) + 1}"
        if _put(axes, name.replace("-", "-\n"), area, marks, taken, boxes):
            continue
        if len(numbered) < most and _put(axes, number, area, marks, taken, boxes, weight="bold"):
            mark = NUMBER | {"marker": f"$\\mathbf{{{number}}}$"}
            numbered.append(Line2D([], [], label=name, **mark))
    return numbered


def _put(
    axes: Any,
    said: str,
    area: Any,
    marks: Any,
    taken: list[Any],
    boxes: list[Any],
    **look: str,
) -> bool:
    """Write something of an area where there is room, and add it to what is taken."""
    text = axes.text(*area.representative_point().coords[0], said, **NAMED, **look)
    size = text.get_window_extent().size
    for busy, (spot, side) in product(([*taken, *boxes], taken), _spots(area)):
        extent = _extent(axes.transData.transform(spot), size, side)
        is_whole = axes.bbox.count_contains(extent.corners()) == 4
        is_free = not any(map(extent.overlaps, busy)) and not extent.count_contains(marks)
        if is_whole and is_free:
            text.set(position=spot, va=side)
            taken.append(extent)
            return True
    text.remove()
    return False


def _extent(at: Place, size: Place, side: str) -> Bbox:
    """Return what a name of a size covers that stands at a place, or above (bottom) or below it."""
    (x, y), (width, height) = at, size
    low = y - height * {"center": 0.5, "bottom": 0.0, "top": 1.0}[side]
    return Bbox.from_bounds(x - width / 2, low, width, height).padded(2)


def _spots(area: Any) -> list[tuple[Place, str]]:
    """Return where a name may stand, and on which side of it that is: inside, above or below."""
    middle = area.representative_point()
    left, low, right, high = area.bounds
    x, y = np.meshgrid(np.linspace(left, right, GRID), np.linspace(low, high, GRID))
    grid = points(x.ravel(), y.ravel())
    inside = grid[contains(area, grid)]
    near = inside[np.argsort(distance(middle, inside))]
    within = [(spot.coords[0], "center") for spot in (middle, *near)]
    return [*within, ((middle.x, high), "bottom"), ((middle.x, low), "top")]
