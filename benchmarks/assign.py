"""A million points to areas, beside geopandas.sjoin."""

from __future__ import annotations

import itertools
import os
import re
import subprocess
import sys
from collections import defaultdict
from pathlib import Path
from time import perf_counter
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from benchmarks import Row, median
from geo import read
from geo.assign import assign_points, grid_of

VARIABLE = "LAGESBILD_REGSO"
SEED = 20261122
N_POINTS = 1_000_000
ROUNDS, PEER_ROUNDS = 5, 3
STEPS = itertools.count(1)
Array = np.ndarray[Any, Any]


def measure(quick: bool = False, regso: str = "") -> list[Row]:
    """Return every figure: the municipality's two sets, and all of RegSO when it is at hand."""
    n_points = N_POINTS // 10 if quick else N_POINTS
    rows = []
    for name in sets(regso):
        rows += compare(name, n_points, regso)
        for way in ("arrays", "GeoSeries"):
            grown = memory(name, way, n_points, regso)
            if grown is not None:
                target = "" if name.startswith("regso") else "<= 100"
                rows.append(
                    Row(f"{name}, {way}: peak memory over the points", grown, "MB", None, target)
                )
    return rows


def regso_path(named: str = "") -> str:
    """Return the file with all of Sweden's RegSO, "" when there is none."""
    path = named or os.environ.get(VARIABLE, "")
    return path if path and Path(path).exists() else ""


def sets(regso: str) -> list[str]:
    """Return the names of what is measured."""
    found = ["47 base areas", "20 catchments"]
    return found + ["regso, points in Borås", "regso, points in Sweden"] * bool(regso_path(regso))


def load(name: str, regso: str) -> tuple[gpd.GeoDataFrame, Array]:
    """Return a set of areas, and the box that the points are strewn over."""
    base_areas, _ = read.base_areas()
    box = base_areas.total_bounds
    if name == "47 base areas":
        return base_areas, box
    if name == "20 catchments":
        return read.areas()[0], box
    sweden = gpd.read_file(regso_path(regso)).set_index("regsokod").to_crs("EPSG:3006")
    return sweden, box if name.endswith("Borås") else sweden.total_bounds


def strew(box: Array, n_points: int) -> tuple[Array, Array]:
    """Return random points in a box, the same each time."""
    random = np.random.default_rng(SEED)
    return random.uniform(box[0], box[2], n_points), random.uniform(box[1], box[3], n_points)


def compare(name: str, n_points: int, regso: str) -> list[Row]:
    """Time ours and sjoin in turn on the same points, and hold their pairs against each other."""
    areas, box = load(name, regso)
    x, y = strew(box, n_points)
    built = [timed(grid_of, shifted(areas, next(STEPS)))[0] for _ in range(3)]
    assign_points((x[:10], y[:10]), areas, crs="EPSG:3006")  # the grid is there, as in the app
    taken: dict[str, list[float]] = defaultdict(list)

    def note(key: str, function: Any, *args: Any, **named: Any) -> Any:
        seconds, result = timed(function, *args, **named)
        taken[key].append(seconds)
        return result

    for turn in range(ROUNDS):
        points = note("making", gpd.GeoSeries.from_xy, x, y, crs=3006)
        found = [note("arrays", assign_points, (x, y), areas, crs="EPSG:3006")]
        found.append(note("series", assign_points, points, areas))
        if turn < PEER_ROUNDS:
            peers = [
                note("sjoin", join, points, areas),
                note("swapped", join_swapped, points, areas),
            ]
            require_same([*map(of_ours, found), *(of_peer(areas, made) for made in peers)])
    return figures(name, n_points, len(found[0]), built, {k: median(v) for k, v in taken.items()})


def figures(
    name: str, n_points: int, n_pairs: int, built: list[float], taken: dict[str, float]
) -> list[Row]:
    """Return the rows of one comparison."""
    title = f"{name}, {n_points:,} points, {n_pairs:,} pairs"
    target = "" if name.startswith("regso") else ">= 20 x"
    ms = {key: seconds * 1000 for key, seconds in taken.items()}
    swapped = f"{name}: %s, peer with the areas first"
    return [
        Row(f"{title}: arrays", ms["arrays"], "ms", ms["making"] + ms["sjoin"], target),
        Row(swapped % "arrays", ms["arrays"], "ms", ms["making"] + ms["swapped"]),
        Row(f"{name}: GeoSeries", ms["series"], "ms", ms["sjoin"], target),
        Row(swapped % "GeoSeries", ms["series"], "ms", ms["swapped"]),
        Row(f"{name}: the grid, built once", median(built) * 1000, "ms"),
    ]


def join(points: gpd.GeoSeries, areas: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Join as it is mostly written: each point finds its areas."""
    return gpd.sjoin(points.to_frame("geometry"), areas[["geometry"]], predicate="intersects")


def join_swapped(points: gpd.GeoSeries, areas: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Join with the areas first: GEOS then prepares each area once, and the peer is faster."""
    return gpd.sjoin(areas[["geometry"]], points.to_frame("geometry"), predicate="intersects")


def shifted(areas: gpd.GeoDataFrame, step: int) -> gpd.GeoDataFrame:
    """Return the areas a few metres away: another set, whose grid must be built anew."""
    return areas.set_geometry(areas.translate(step * 3, step * 3))


def timed(function: Any, *args: Any, **named: Any) -> tuple[float, Any]:
    """Return how many seconds a call took, and what it returned."""
    start = perf_counter()
    result = function(*args, **named)
    return perf_counter() - start, result


def of_ours(found: pd.DataFrame) -> Array:
    """Return our pairs as sorted numbers."""
    codes = found["area_id"].cat.codes.to_numpy().astype(np.int64)
    return np.sort(found["point_id"].to_numpy() * len(found["area_id"].cat.categories) + codes)


def of_peer(areas: gpd.GeoDataFrame, joined: gpd.GeoDataFrame) -> Array:
    """Return a join's pairs as sorted numbers; one of its two columns of ids holds the points."""
    ids = [joined.index, pd.Index(joined.iloc[:, -1])]
    point, area = ids if joined.geometry.iloc[0].geom_type == "Point" else ids[::-1]
    return np.sort(point.to_numpy() * len(areas) + areas.index.get_indexer(area))


def require_same(pairs: list[Array]) -> None:
    """Fail unless all are the same set of pairs."""
    same = all(np.array_equal(pairs[0], others) for others in pairs[1:])
    require(same, f"the pairs differ: {[len(found) for found in pairs]}")


def memory(name: str, way: str, n_points: int, regso: str) -> float | None:
    """Return the MB that a fresh process grew by at its peak, the grid's building included."""
    if not Path("/proc/self/clear_refs").exists():
        return None
    command = [sys.executable, "-m", "benchmarks.assign", name, way, str(n_points)]
    environment = os.environ | {VARIABLE: regso_path(regso)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    return float(done.stdout)


def grown(name: str, way: str, n_points: int) -> float:
    """Assign once in this process; return by how much its resident memory peaked over before."""
    areas, box = load(name, "")
    assign_points(strew(box, 10), shifted(areas.iloc[:1], 1), crs="EPSG:3006")  # lazy imports
    x, y = strew(box, n_points)
    points = gpd.GeoSeries.from_xy(x, y, crs=3006) if way == "GeoSeries" else (x, y)
    named = {} if way == "GeoSeries" else {"crs": "EPSG:3006"}
    Path("/proc/self/clear_refs").write_text("5")  # the peak is counted from here
    before = resident("VmRSS")
    found = assign_points(points, areas, **named)
    peak = resident("VmHWM")
    require(len(found) > 0, "no point was assigned")
    return peak - before


def resident(field: str) -> float:
    """Return a figure of this process's memory in MB."""
    status = Path("/proc/self/status").read_text(encoding="ascii", errors="replace")
    found = re.search(rf"{field}:\s+(\d+) kB", status)
    require(found is not None, f"{field} is not in /proc/self/status")
    return int(found[1]) * 1024 / 1e6


def require(holds: bool, sentence: str) -> None:
    """Fail with a sentence when something does not hold."""
    if not holds:
        raise AssertionError(sentence)


if __name__ == "__main__":
    print(grown(sys.argv[1], sys.argv[2], int(sys.argv[3])))
