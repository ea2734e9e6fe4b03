"""Points to areas, many to many: a grid answers most points, exact geometry the rest."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo import crs
from geo.errors import GeoError

Array = np.ndarray[Any, Any]
Points = Any  # GeoSeries, GeoDataFrame, or (x, y) arrays

CELLS = 1024  # cells along each side of the grid
THINNEST = 16  # the grid is at most so many times as long as it is wide
CHUNK = 250_000  # points at a time: bounds the memory
KEPT_GRIDS = 8


@dataclass(frozen=True)
class Grid:
    """A uniform grid over a set of polygons: what is known of each cell without geometry.

    inside[cell] is a row of `sets` (the areas that hold the whole cell); border cells also have
    candidate areas, `candidates[start[cell]:start[cell + 1]]`, that the cell's points must be
    tested against exactly.
    """

    origin: tuple[float, float]
    size: tuple[float, float]
    n: int
    inside: Array
    sets: tuple[Array, ...]
    start: Array
    candidates: Array
    polygons: Array

    def cells(self, x: Array, y: Array) -> Array:
        """Return the cell of each point, -1 outside the grid or without coordinates."""
        with np.errstate(invalid="ignore"):
            column = np.floor((x - self.origin[0]) / self.size[0])
            row = np.floor((y - self.origin[1]) / self.size[1])
            held = (column >= 0) & (column < self.n) & (row >= 0) & (row < self.n)
        return np.where(held, row * self.n + column, -1).astype(np.int64)


_grids: OrderedDict[str, Grid] = OrderedDict()


def grid_of(areas: gpd.GeoDataFrame) -> Grid:
    """Return the grid of a set of areas; built once per set and reused.

    >>> squares = gpd.GeoDataFrame(geometry=[shapely.box(0, 0, 2, 2)], crs="EPSG:3006")
    >>> grid_of(squares) is grid_of(squares)
    True
    """
    polygons = areas.geometry.to_numpy()
    known = (wkb or b"-" for wkb in shapely.to_wkb(polygons))
    mark = hashlib.sha256(b"".join(known)).hexdigest()
    if mark not in _grids:
        _grids[mark] = _build(polygons)
    _grids.move_to_end(mark)
    while len(_grids) > KEPT_GRIDS:
        _grids.popitem(last=False)
    return _grids[mark]


def _build(polygons: Array, n: int = CELLS) -> Grid:
    drawn = polygons[~(shapely.is_missing(polygons) | shapely.is_empty(polygons))]
    bounds = shapely.total_bounds(drawn) if len(drawn) else np.array([0.0, 0.0, 1.0, 1.0])
    sides = bounds[2:] - bounds[:2]
    margin = max(*sides, 1.0) * 1e-6
    origin = (bounds[0] - margin, bounds[1] - margin)
    # A long strip gets no cells thinner than this: its border would fall into endless pieces.
    sides = np.maximum(sides, sides.max() / THINNEST) + 2 * margin
    size = (sides[0] / n, sides[1] / n)
    held: list[tuple[Array, Array]] = []
    for polygon in polygons:
        held.append(_classify(polygon, origin, size, n))
    inside, sets = _sets([within for within, _ in held], n)
    start, candidates = _candidates([border for _, border in held], n)
    shapely.prepare(polygons)
    return Grid(origin, size, n, inside, sets, start, candidates, polygons)


def _classify(
    polygon: Any, origin: tuple[float, float], size: tuple[float, float], n: int
) -> tuple[Array, Array]:
    """Return the cells wholly inside a polygon, and those that its border may touch."""
    if polygon is None or polygon.is_empty:
        return np.empty(0, np.int64), np.empty(0, np.int64)
    border = _border_cells(polygon, origin, size, n)
    x0, y0, x1, y1 = polygon.bounds
    columns = np.arange(int((x0 - origin[0]) / size[0]), int((x1 - origin[0]) / size[0]) + 1)
    rows = np.arange(int((y0 - origin[1]) / size[1]), int((y1 - origin[1]) / size[1]) + 1)
    column, row = np.meshgrid(columns, rows)
    cells = (row * n + column).ravel()
    free = np.isin(cells, border, invert=True, kind="table")
    middle_x = origin[0] + (column.ravel()[free] + 0.5) * size[0]
    middle_y = origin[1] + (row.ravel()[free] + 0.5) * size[1]
    shapely.prepare(polygon)
    return cells[free][shapely.contains_xy(polygon, middle_x, middle_y)], border


def _border_cells(
    polygon: Any, origin: tuple[float, float], size: tuple[float, float], n: int
) -> Array:
    """Return every cell that the border may touch: the boxes of its short pieces, a bit widened."""
    pieces = shapely.segmentize(shapely.boundary(polygon), min(size) * 0.9)
    found = []
    for line in shapely.get_parts(pieces):
        xy = shapely.get_coordinates(line)
        low, high = np.minimum(xy[:-1], xy[1:]), np.maximum(xy[:-1], xy[1:])
        slack = np.array(size) * 1e-6
        first = np.floor((low - slack - origin) / size).astype(np.int64)
        last = np.floor((high + slack - origin) / size).astype(np.int64)
        for column in (first[:, 0], last[:, 0]):
            for row in (first[:, 1], last[:, 1]):
                found.append(row.clip(0, n - 1) * n + column.clip(0, n - 1))
    return np.unique(np.concatenate(found))


def _sets(within: list[Array], n: int) -> tuple[Array, tuple[Array, ...]]:
    """Number each distinct set of areas that hold a whole cell; set 0 is the empty one."""
    inside = np.zeros(n * n, np.int32)
    numbers: dict[tuple[int, ...], int] = {(): 0}
    for area, cells in enumerate(within):
        for before in np.unique(inside[cells]):
            members = (*list(numbers)[before], area)
            numbers.setdefault(members, len(numbers))
            held = cells[inside[cells] == before]
            inside[held] = numbers[members]
    return inside, tuple(np.array(members, np.int64) for members in numbers)


def _candidates(borders: list[Array], n: int) -> tuple[Array, Array]:
    cells = np.concatenate([*borders, np.empty(0, np.int64)])
    area = np.repeat(np.arange(len(borders)), [len(border) for border in borders])
    order = np.argsort(cells, kind="stable")
    start = np.zeros(n * n + 1, np.int32)
    np.cumsum(np.bincount(cells, minlength=n * n), out=start[1:])
    return start, area[order]


def _pairs(grid: Grid, x: Array, y: Array) -> tuple[Array, Array]:
    """Return (point, area) positions: each pair once, ordered by point."""
    cells = grid.cells(x, y)
    held = np.flatnonzero(cells >= 0)
    cells = cells[held]
    found = [*_inner(grid, held, cells), *_outer(grid, held, cells, x, y)]
    if not found:
        return np.empty(0, np.int64), np.empty(0, np.int64)
    point = np.concatenate([pair[0] for pair in found])
    area = np.concatenate([pair[1] for pair in found])
    order = np.argsort(point, kind="stable")
    return point[order], area[order]


def _inner(grid: Grid, held: Array, cells: Array) -> Iterator[tuple[Array, Array]]:
    """Pairs that the cell alone decides: the first area of each cell's set, the second, …"""
    code = grid.inside[cells]
    for place in range(max(len(members) for members in grid.sets)):
        nth = np.array([m[place] if len(m) > place else -1 for m in grid.sets], np.int32)
        area = nth[code]
        kept = area >= 0
        yield held[kept], area[kept]


def _outer(
    grid: Grid, held: Array, cells: Array, x: Array, y: Array
) -> Iterator[tuple[Array, Array]]:
    """Pairs in cells that a border crosses, each tested exactly."""
    first, count = grid.start[cells], grid.start[cells + 1] - grid.start[cells]
    near = np.flatnonzero(count)
    count = count[near]
    point = np.repeat(held[near], count)
    step = np.arange(len(point)) - np.repeat(np.cumsum(count) - count, count)
    area = grid.candidates[np.repeat(first[near], count) + step]
    order = np.argsort(area, kind="stable")
    point, area = point[order], area[order]
    edges = np.searchsorted(area, np.arange(len(grid.polygons) + 1))
    hit = np.zeros(len(point), bool)
    for which in np.flatnonzero(np.diff(edges)):
        part = slice(edges[which], edges[which + 1])
        hit[part] = shapely.intersects_xy(grid.polygons[which], x[point[part]], y[point[part]])
    by_point = np.argsort(point[hit], kind="stable")
    yield point[hit][by_point], area[hit][by_point]


def _coordinates(points: Points, system: str | None) -> tuple[Array, Array, pd.Index]:
    if isinstance(points, gpd.GeoDataFrame | gpd.GeoSeries):
        geometry = points.geometry
        if geometry.crs is None:
            raise GeoError("points: koordinatsystem väntades, fick None. Ange det med set_crs().")
        if geometry.crs.to_epsg() != 3006:
            geometry = geometry.to_crs(crs.METRIC)
        shapes = geometry.to_numpy()
        empty = shapely.is_empty(shapes)
        if empty.any():
            shapes = np.where(empty, None, shapes)
        odd = shapely.get_type_id(shapes) > 0
        if odd.any():
            kinds = sorted(set(geometry.geom_type[odd]))
            raise GeoError(f"points: punkter väntades, fick {kinds!r}. Dela upp dem (explode).")
        return shapely.get_x(shapes), shapely.get_y(shapes), geometry.index
    x, y = (np.asarray(values, dtype=float) for values in points)
    if system is None:
        raise GeoError('crs: behövs när punkterna är (x, y), till exempel crs="EPSG:3006".')
    if system.upper() != crs.METRIC:
        moved = gpd.GeoSeries(gpd.points_from_xy(x, y), crs=system).to_crs(crs.METRIC)
        x, y = shapely.get_x(moved.to_numpy()), shapely.get_y(moved.to_numpy())
    return x, y, pd.RangeIndex(len(x))


def assign_points(
    points: Points,
    areas: gpd.GeoDataFrame,
    *,
    crs: str | None = None,
    progress: Callable[[int], object] | None = None,
) -> pd.DataFrame:
    """Find the areas that hold each point; a point may lie in several, or in none.

    points: GeoSeries or GeoDataFrame of points with a CRS, or (x, y) arrays together with crs.
    areas: polygons, EPSG:3006, index area_id (or base_area_id); they may overlap.
    progress: called with the number of points done since the last call.
    Returns a frame with a row per pair: point_id (the points' index, or the position) and
    area_id (categorical), ordered by point. Points without a row are unassigned: outside every
    area, empty, or without coordinates.
    Border rule: a point on a border belongs to every area that it touches, the same pairs as
    geopandas.sjoin(predicate="intersects") gives. Raises GeoError for a missing CRS
    and for geometries that are not points.

    >>> squares = gpd.GeoDataFrame(geometry=[shapely.box(0, 0, 2, 2), shapely.box(2, 0, 4, 2)],
    ...     index=["A", "B"], crs="EPSG:3006")
    >>> found = assign_points(([1, 2, 9], [1, 1, 1]), squares, crs="EPSG:3006")
    >>> list(zip(found["point_id"], found["area_id"]))
    [(0, 'A'), (1, 'A'), (1, 'B')]
    """
    _require_areas(areas)
    x, y, index = _coordinates(points, crs)
    grid = grid_of(areas)
    parts = []
    for begin in range(0, len(x), CHUNK):
        stop = min(begin + CHUNK, len(x))
        point, area = _pairs(grid, x[begin:stop], y[begin:stop])
        parts.append((point + begin, area.astype(np.int32)))
        if progress is not None:
            progress(stop - begin)
    point = np.concatenate([part[0] for part in parts] or [np.empty(0, np.int64)])
    area = np.concatenate([part[1] for part in parts] or [np.empty(0, np.int32)])
    kind = pd.CategoricalDtype(areas.index)
    return pd.DataFrame(
        {
            "point_id": index[point]
            if not isinstance(index, pd.RangeIndex)
            else _range(index, point),
            "area_id": pd.Categorical.from_codes(area, dtype=kind),
        }
    )


def _range(index: pd.RangeIndex, positions: Array) -> Array:
    return positions * index.step + index.start


def _require_areas(areas: gpd.GeoDataFrame) -> None:
    crs.require_metric(areas, "areas")
    if not areas.index.is_unique:
        again = sorted(set(areas.index[areas.index.duplicated()]))
        raise GeoError(f"areas: id:n är inte unika: {again!r}. Behåll en yta per id.")
