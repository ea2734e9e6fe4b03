"""Where findings lie closer than chance would put them, per kilometre walked: Gi* on hexagons."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from math import sqrt
from threading import Lock
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from scipy.stats import false_discovery_control
from shapely.geometry.base import BaseGeometry

from geo import chain, crs, walked
from geo.errors import GeoError, require_columns

Array = np.ndarray[Any, Any]

SIDE_M = 150.0
MIN_KM = 0.05
MIN_CELLS, MIN_FINDINGS, MIN_NEIGHBOURS = 30, 30, 2  # fewer: nothing is called a concentration
MOST_CELLS = 100_000
MOST_DRAWS = 50_000_000  # cells × permutations: bounds the memory
# The smallest p is 2 / (permutations + 1). With 999 and some 300 cells the correction for so many
# tests would leave nothing smaller than a dozen cells to be found.
PERMUTATIONS = 9_999
CONCENTRATION, FEWER, NO_DIFFERENCE, UNSURE_FEW, NOT_WALKED = VERDICTS = (
    "concentration",
    "fewer",
    "no_difference",
    "unsure_few",
    "not_walked",
)
TIE = 1e-9  # shares (G) closer than this differ by rounding: a tie, which speaks for neither side
# A hexagon with a corner upwards, in half widths (to the east) and half sides (to the north).
_CORNERS = np.array([(0, 2), (1, 1), (1, -1), (0, -2), (-1, -1), (-1, 1)])
_NEIGHBOURS = np.array([(2, 0), (1, 3), (-1, 3), (-2, 0), (-1, -3), (1, -3)])
# Without numba esda draws from numpy's one global generator, which threads would share.
_esda_alone = Lock()


@dataclass(frozen=True)
class Concentrations:
    """What concentrations() found: a row per cell, and how much it rests on.

    cells: GeoDataFrame, EPSG:3006, index cell_id. n_findings: in the cells walked enough, those
    that the rates are made of. Left out are n_outside (in no such cell), n_off_route (with a
    point, but noted on no walk with a known route) and n_without_point. n_tested: cells with a
    test. is_unsure: too little for any verdict; why: "few_cells", "few_findings" or "".
    What is left out is counted over all findings given: give those of the area alone.
    """

    cells: gpd.GeoDataFrame
    n_findings: int
    n_outside: int
    n_off_route: int
    n_without_point: int
    n_tested: int
    is_unsure: bool
    why: str


def hexagons(area: BaseGeometry, side_m: float = SIDE_M) -> gpd.GeoDataFrame:
    """Lay a net of equal hexagons over an area; a place has the same cell in every run.

    area: Polygon or MultiPolygon, EPSG:3006. side_m: the length of a side, metres, above 0. The
    net is anchored at the origin of the coordinates; corners point north and south; a hexagon has
    1.5 √3 side_m² (150 m: 0.058 km²). Returns the whole hexagons that the area meets, EPSG:3006,
    index cell_id ("side:row:column"), ordered by row and column; columns east and north: the
    centre in half widths and half sides (whole numbers). Border rule: a hexagon that only touches
    the area is there too. Raises GeoError for what is no area, and above 100 000 hexagons.
    Method: offset hexagon grid (Birch, Oom & Beecham 2007, Ecological Modelling 206).

    >>> net = hexagons(shapely.box(0, 0, 400, 400))
    >>> net.index[:2].tolist(), net.area.round(3).unique().tolist()
    (['150:0:0', '150:0:1'], [58456.715])
    """
    kinds = ("Polygon", "MultiPolygon")
    if area.geom_type not in kinds or area.is_empty:
        raise GeoError(f"area: en yta ({' eller '.join(kinds)}) väntades, fick {area!r:.60}.")
    if not side_m > 0:
        raise GeoError(f"side_m: ett tal över 0 väntades, fick {side_m!r}.")
    half = np.array([side_m * sqrt(3) / 2, side_m / 2])
    low = np.floor(np.array(area.bounds[:2]) / half / (2, 3)) - 1
    high = np.ceil(np.array(area.bounds[2:]) / half / (2, 3)) + 1
    n = int(np.prod(high - low + 1))
    if n > MOST_CELLS:
        raise GeoError(f"Högst {MOST_CELLS} hexagoner väntades, fick {n}. Höj side_m.")
    places = np.mgrid[low[1] : high[1] + 1, low[0] : high[0] + 1].reshape(2, -1).astype(int)
    row, column = places
    centre = np.stack([2 * column + row % 2, 3 * row], axis=1)
    cells = shapely.polygons((centre[:, None, :] + _CORNERS) * half)
    met = np.sort(shapely.STRtree(cells).query(area, predicate="intersects"))
    ids = [f"{side_m:g}:{r}:{c}" for r, c in places[:, met].T]
    columns = {"east": centre[met, 0], "north": centre[met, 1]}
    index = pd.Index(ids, name="cell_id")
    return gpd.GeoDataFrame(columns, index, geometry=cells[met], crs=crs.METRIC)


def concentrations(
    findings: gpd.GeoDataFrame,
    walks: gpd.GeoDataFrame,
    area: BaseGeometry,
    *,
    side_m: float = SIDE_M,
    min_km: float = MIN_KM,
    permutations: int = PERMUTATIONS,
    seed: int = 0,
    alpha: float = 0.05,
    kind: str = chain.BRIST,
) -> Concentrations:
    """Find the places where more is noted per kilometre walked than chance would put there.

    A cell and its neighbours are held against the whole: Gi* of the findings per kilometre, so that
    a street that is walked ten times and has ten times the findings is no concentration.
    findings: points or None, EPSG:3006; kind, walk_id. walks: lines or None, EPSG:3006; same_as.
    area: Polygon or MultiPolygon, EPSG:3006; cells at its edge are whole, what lies in them counts.
    side_m: of the hexagons. min_km: a cell with less is not walked enough (above 0). permutations:
    from 99; p is never below 2 / (permutations + 1). seed: the same gives the same result. alpha:
    the accepted share of falsely named cells among those named. kind: brist, or bra.
    Returns Concentrations; its cells have, besides the columns of hexagons(): km_walked (every
    walk counted), n_findings and rate_per_km (n / km, NaN where not walked enough, never 0 for
    it), z (of Gi*), p (two-sided, by permutation), p_adjusted, and verdict:
    "concentration" or "fewer" (p_adjusted at most alpha; z above, below 0), "no_difference",
    "unsure_few" (fewer than 2 neighbours walked enough; in all cells when fewer than 30 are tested
    or have fewer than 30 findings together) and "not_walked". is_possible: no concentration, but
    something is noted there and p, before it is adjusted, is at most alpha (z above 0): of many
    cells some are so by chance. A concentration says that the place with what surrounds it differs;
    not why, and not that it is unsafe.
    Numerator and kilometres are of the same walks: what was noted on a walk without a route, or on
    none, is left out and counted. Border rule: a point on the border of cells is in one of them
    (the southern, then the western). Raises GeoError for a missing column, another CRS, another
    kind, numbers out of range, and above 50 million cells × permutations (some 800 MB).
    Method: Getis & Ord 1992, Ord & Getis 1995 (binary weights, star), conditional permutation by
    esda; false discovery rate by Benjamini & Hochberg 1995 over the tested cells.

    >>> walks = gpd.GeoDataFrame({"same_as": [""]}, index=["w1"], crs="EPSG:3006",
    ...     geometry=[shapely.LineString([(0, 100), (400, 100)])])
    >>> findings = gpd.GeoDataFrame({"kind": ["brist"], "walk_id": "w1"}, index=["f1"],
    ...     geometry=[shapely.Point(60, 90)], crs="EPSG:3006")
    >>> found = concentrations(findings, walks, shapely.box(0, 0, 400, 400))
    >>> found.why, found.n_findings, sorted(set(found.cells["verdict"]))
    ('few_cells', 1, ['not_walked', 'unsure_few'])
    """
    _require(findings, walks, min_km=min_km, permutations=permutations, alpha=alpha, kind=kind)
    noted = findings[findings["kind"] == kind]
    cells, left_out = _rates(noted, walks, hexagons(area, side_m), min_km)
    measured = cells[cells["rate_per_km"].notna()]
    near = _neighbours(measured)
    is_tested = (near >= 0).sum(axis=1) >= MIN_NEIGHBOURS
    n_findings, n_tested = int(measured["n_findings"].sum()), int(is_tested.sum())
    too_few = {"few_cells": n_tested < MIN_CELLS, "few_findings": n_findings < MIN_FINDINGS}
    why = next((reason for reason, is_so in too_few.items() if is_so), "")
    tests = pd.DataFrame(np.nan, measured.index, ["z", "p", "p_adjusted"])
    if not why:
        z, p = _gi_star(measured["rate_per_km"].to_numpy(), near, permutations, seed)
        adjusted = false_discovery_control(p[is_tested])
        tests[is_tested] = np.stack([z[is_tested], p[is_tested], adjusted], axis=1)
    cells = cells.join(tests)
    cells["verdict"] = np.select(
        [cells["rate_per_km"].isna(), cells["p_adjusted"].isna(), cells["p_adjusted"] > alpha],
        [NOT_WALKED, UNSURE_FEW, NO_DIFFERENCE],
        np.where(cells["z"] > 0, CONCENTRATION, FEWER),
    )
    is_unlikely = (cells["p"] <= alpha) & (cells["z"] > 0) & (cells["n_findings"] > 0)
    cells["is_possible"] = is_unlikely & (cells["verdict"] == NO_DIFFERENCE)
    return Concentrations(cells, n_findings, *left_out, n_tested, is_unsure=why != "", why=why)


def _rates(
    noted: gpd.GeoDataFrame, walks: gpd.GeoDataFrame, cells: gpd.GeoDataFrame, min_km: float
) -> tuple[gpd.GeoDataFrame, tuple[int, int, int]]:
    """Add km_walked, n_findings and rate_per_km; and count what is left out, reason by reason."""
    is_routed = walked.counted(walks) & walked.has_route(walks)
    hexes = cells.geometry.to_numpy()
    km = walked.metres(walks.geometry.to_numpy()[is_routed], hexes) / 1000
    points = noted.geometry.to_numpy()
    has_point = walked.has_point(noted)
    on_route = has_point & walked.walk_of(noted, walks).isin(walks.index[is_routed]).to_numpy()
    pairs = shapely.STRtree(hexes).query(points[on_route], predicate="intersects")
    first = pd.Series(pairs[1]).groupby(pairs[0]).min()
    is_measured = km >= min_km
    n_findings = np.where(is_measured, np.bincount(first, minlength=len(cells)), np.nan)
    rate = n_findings / np.where(is_measured, km, np.nan)
    n_outside = int(on_route.sum() - np.nansum(n_findings))
    left_out = (n_outside, int((has_point & ~on_route).sum()), int((~has_point).sum()))
    return cells.assign(km_walked=km, n_findings=n_findings, rate_per_km=rate), left_out


def _neighbours(cells: gpd.GeoDataFrame) -> Array:
    """Return, cell by cell, the positions of the six cells around it; -1 where there is none."""
    places = pd.MultiIndex.from_arrays([cells["east"], cells["north"]])
    around = cells[["east", "north"]].to_numpy()[:, None, :] + _NEIGHBOURS
    near = places.get_indexer(pd.MultiIndex.from_arrays(around.reshape(-1, 2).T))
    return near.reshape(-1, len(_NEIGHBOURS))


def _gi_star(rates: Array, near: Array, permutations: int, seed: int) -> tuple[Array, Array]:
    """Return z of Gi* and its two-sided p by conditional permutation, cell by cell."""
    if np.ptp(rates) == 0:  # everywhere the same: no z, and nothing stands out
        return np.full(len(rates), np.nan), np.ones(len(rates))
    if len(rates) * permutations > MOST_DRAWS:
        raise GeoError(
            f"permutations: {permutations} för {len(rates)} hexagoner är mer än {MOST_DRAWS} drag. "
            "Höj side_m, eller sänk permutations."
        )
    # Here, and not above: they take half a second to import, which every other page would pay.
    from esda.getisord import G_Local
    from esda.significance import calculate_significance
    from libpysal.graph import Graph

    own = np.arange(len(rates))
    with_self = np.column_stack([own, near])
    focal = np.repeat(own, with_self.shape[1])[with_self.ravel() >= 0]
    graph = Graph.from_arrays(focal, with_self[with_self >= 0], np.ones(len(focal)))
    with _esda_alone, warnings.catch_warnings(), np.errstate(invalid="ignore"):
        # esda's own p is of one side, chosen by the data, and favours ties below: not used.
        warnings.filterwarnings("ignore", "The alternative hypothesis", DeprecationWarning)
        state = np.random.get_state()
        found = G_Local(rates, graph, "B", permutations, True, n_jobs=1, seed=seed)
        np.random.set_state(state)
    above = calculate_significance(found.Gs - TIE, found.rGs, "greater")
    below = calculate_significance(found.Gs + TIE, found.rGs, "lesser")
    return found.Zs, np.minimum(2 * np.where(found.Zs > 0, above, below), 1.0)


def _require(findings: gpd.GeoDataFrame, walks: gpd.GeoDataFrame, **given: Any) -> None:
    require_columns(findings, ("kind", "walk_id"), "findings")
    require_columns(walks, ("same_as",), "walks")
    crs.require_metric(findings, "findings")
    crs.require_metric(walks, "walks")
    ranges = {
        "min_km": ("ett tal över 0", given["min_km"] > 0),
        "permutations": ("minst 99", given["permutations"] >= 99),
        "alpha": ("ett tal mellan 0 och 1", 0 < given["alpha"] < 1),
        "kind": (f"{chain.BRIST} eller {chain.BRA}", given["kind"] in (chain.BRIST, chain.BRA)),
    }
    faults = [
        f"{name}: {words} väntades, fick {given[name]!r}."
        for name, (words, is_right) in ranges.items()
        if not is_right
    ]
    if again := sorted(set(walks.index[walks.index.duplicated()])):
        faults.append(f"walks: id:n är inte unika: {again!r}. Behåll en rad per id.")
    if faults:
        raise GeoError(" ".join(faults))
