"""Land of polygons in the squares of a grid: summed along the borders, exact and fast."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely

Array = np.ndarray[Any, Any]

BLOCK = 250_000  # polygons × cells at a time: bounds the memory
SPARSEST = 8  # a grid with more cells than this for each square that is asked for is not worth it


def is_grid(shapes: Array) -> bool:
    """Tell whether shapes are the squares (or rectangles) of one grid, some or all of them.

    shapes: array of polygons. A rectangle that spans several cells, or is turned, is no square.

    >>> is_grid(shapely.box([0, 2, 4], 0, [2, 4, 6], 2)), is_grid(shapely.box([0, 1], 0, [2, 3], 2))
    (True, False)
    """
    if len(shapes) == 0:
        return False
    x0, y0, x1, y1 = shapely.bounds(shapes).T
    fills = np.isclose(shapely.area(shapes), (x1 - x0) * (y1 - y0), rtol=1e-12, atol=0)
    x, y = _lines(x0, x1), _lines(y0, y1)
    is_one = (np.searchsorted(x, x1) - np.searchsorted(x, x0) == 1) & (
        np.searchsorted(y, y1) - np.searchsorted(y, y0) == 1
    )
    return bool(fills.all() and is_one.all() and len(x) * len(y) <= SPARSEST * (len(shapes) + 2))


def land_in(polygons: Array, squares: Array) -> Array:
    """Return how much land of each polygon lies in each square of a grid.

    polygons: array of valid polygons, holes and several parts allowed. squares: array for which
    is_grid is true, same coordinates. Returns polygons × squares, m² (where there is none, a
    rounding of some 1e-7 m² may stand instead of 0).
    Method: the area under each edge of a border, with its sign (the trapezoid formula), once the
    edges are cut at the lines of the grid. A corner or an edge on a line is no special case.

    >>> land_in(shapely.box([1], 0, 5, 1), shapely.box([0, 2, 4], 0, [2, 4, 6], 2)).tolist()
    [[1.0, 2.0, 1.0]]
    """
    x0, y0, x1, y1 = shapely.bounds(squares).T
    x, y = _lines(x0, x1), _lines(y0, y1)
    column, row = np.searchsorted(x, x0), np.searchsorted(y, y0)
    land = np.empty((len(polygons), len(squares)))
    step = max(1, BLOCK // ((len(x) + 1) * (len(y) + 1)))
    for begin in range(0, len(polygons), step):
        block = slice(begin, begin + step)
        land[block] = _in_grid(polygons[block], x, y)[:, column, row]
    return land


def _lines(low: Array, high: Array) -> Array:
    return np.unique(np.concatenate([low, high]))


def _in_grid(polygons: Array, x: Array, y: Array) -> Array:
    """Return polygon × column × row: the land in every cell between the lines x and y."""
    edges, polygon = _edges(polygons)
    edges, polygon = _cut(edges, polygon, x, 0)
    edges, polygon = _cut(edges, polygon, y, 1)
    middle = (edges[:, 0] + edges[:, 1]) / 2
    column, row = np.searchsorted(x, middle[:, 0]), np.searchsorted(y, middle[:, 1])
    width = edges[:, 0, 0] - edges[:, 1, 0]  # positive along the upper side of the land
    floor = np.concatenate([y[:1], y])[row]
    shape = (len(polygons), len(x) + 1, len(y) + 1)
    cell = np.ravel_multi_index((polygon, column, row), shape)
    n_cells = int(np.prod(shape))
    in_cell = np.bincount(cell, width * (middle[:, 1] - floor), n_cells).reshape(shape)
    widths = np.bincount(cell, width, n_cells).reshape(shape)
    above = np.flip(np.cumsum(np.flip(widths, axis=2), axis=2), axis=2) - widths
    land: Array = in_cell[:, 1:-1, 1:-1] + above[:, 1:-1, 1:-1] * np.diff(y)
    return land


def _edges(polygons: Array) -> tuple[Array, Array]:
    """Return the edges (start and end, the land to the left) and the polygon of each."""
    parts, polygon = shapely.get_parts(shapely.orient_polygons(polygons), return_index=True)
    rings, part = shapely.get_rings(parts, return_index=True)
    corners, ring = shapely.get_coordinates(rings, return_index=True)
    same = np.flatnonzero(ring[1:] == ring[:-1])
    return np.stack([corners[same], corners[same + 1]], axis=1), polygon[part[ring[same]]]


def _cut(edges: Array, polygon: Array, lines: Array, axis: int) -> tuple[Array, Array]:
    """Cut edges where they cross lines; the pieces of an edge meet exactly on the line."""
    a, b = edges[:, 0, axis], edges[:, 1, axis]
    first = np.searchsorted(lines, np.minimum(a, b), side="right")
    n_cuts = np.searchsorted(lines, np.maximum(a, b), side="left") - first
    crosses = n_cuts > 0
    n_cuts, first, long = n_cuts[crosses], first[crosses], edges[crosses]
    edge = np.repeat(np.arange(len(long)), n_cuts + 1)
    nth = np.arange(len(edge)) - np.repeat(np.cumsum(n_cuts + 1) - n_cuts - 1, n_cuts + 1)
    pieces = long[edge]
    ends = np.flatnonzero(nth < n_cuts[edge])  # the pieces that end on a line
    start, end, nth, edge = pieces[ends, 0], pieces[ends, 1], nth[ends], edge[ends]
    is_rising = start[:, axis] < end[:, axis]
    line = lines[first[edge] + np.where(is_rising, nth, n_cuts[edge] - 1 - nth)]
    way = (line - start[:, axis]) / (end[:, axis] - start[:, axis])
    meet = start + way[:, None] * (end - start)
    meet[:, axis] = line
    pieces[ends, 1] = meet
    pieces[ends + 1, 0] = meet
    whole = ~crosses
    return (
        np.concatenate([edges[whole], pieces]),
        np.concatenate([polygon[whole], np.repeat(polygon[crosses], n_cuts + 1)]),
    )
