"""Where safety walks have been: which walks concern which area, how far, and how much of it."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo import crs
from geo.errors import GeoError, require_columns

Array = np.ndarray[Any, Any]

BUFFER_M = 50.0  # so far to each side of the route a walk has seen the place
# The strongest first. possible: the walk was in one of several base areas, not all of them here.
NETWORK, ROUTE, NOTED, PLACE, POSSIBLE = ("network", "route", "noted", "place", "possible")
MEETINGS = (1, 3)
_LINES = (1, 5)  # LineString, MultiLineString


def counted(walks: pd.DataFrame) -> pd.Series:
    """Tell which rows are walks to count: not one that doubles another (same_as), nor a meeting.

    step: 1 and 3 are the meetings before and after (missing: a walk).

    >>> counted(pd.DataFrame({"same_as": ["", "w1"]}, index=["w1", "w2"])).tolist()
    [True, False]
    """
    is_meeting = walks["step"].isin(MEETINGS) if "step" in walks else False
    return (walks["same_as"] == "") & ~pd.Series(is_meeting, walks.index)


def has_route(walks: gpd.GeoDataFrame) -> pd.Series:
    """Tell which walks have a known route: a line of some kind, not empty.

    >>> walks = gpd.GeoDataFrame(geometry=[None, shapely.LineString([(0, 0), (9, 0)])])
    >>> has_route(walks).tolist()
    [False, True]
    """
    routes = walks.geometry.to_numpy()
    return pd.Series(~(shapely.is_missing(routes) | shapely.is_empty(routes)), walks.index)


def walk_of(findings: pd.DataFrame, walks: pd.DataFrame) -> pd.Series:
    """Find the walk that each finding was noted on: the one that counts, where a row doubles it.

    findings: walk_id ("" = none). walks: index walk_id, same_as. Returns a Series of walk_id, index
    finding_id; "" when the finding names no walk, or none that is in walks.

    >>> walks = pd.DataFrame({"same_as": ["", "w1"]}, index=["w1", "w2"])
    >>> walk_of(pd.DataFrame({"walk_id": ["w2", ""]}, index=["f1", "f2"]), walks).to_dict()
    {'f1': 'w1', 'f2': ''}
    """
    own = pd.Series(walks.index, walks.index, dtype=object)
    ids = findings["walk_id"].map(walks["same_as"].where(~counted(walks), own)).astype(object)
    return ids.where(ids.notna(), "")


def is_routed(walks: gpd.GeoDataFrame, found: pd.DataFrame, areas: gpd.GeoDataFrame) -> Array:
    """Tell for walk × area (positions) whether the walk concerns the area and has a known route.

    found: the pairs of walks and areas. A last row stands for no walk (position -1): all False.

    >>> walks = gpd.GeoDataFrame(geometry=[None, shapely.LineString([(0, 0), (9, 0)])])
    >>> found = pd.DataFrame({"walk_id": [0, 1], "area_id": ["a", "b"]})
    >>> is_routed(walks, found, pd.DataFrame(index=["a", "b"])).tolist()
    [[False, False], [False, True], [False, False]]
    """
    walk, area = (
        walks.index.get_indexer(found["walk_id"]),
        areas.index.get_indexer(found["area_id"]),
    )
    table = np.zeros((len(walks) + 1, len(areas)), bool)
    is_given = (walk >= 0) & (area >= 0)
    table[walk[is_given], area[is_given]] = has_route(walks).to_numpy()[walk[is_given]]
    return table


def has_point(findings: gpd.GeoDataFrame) -> Array:
    """Tell which findings have a known point: not missing, not empty, with coordinates.

    >>> has_point(gpd.GeoDataFrame(geometry=[None, shapely.Point(), shapely.Point(1, 2)])).tolist()
    [False, False, True]
    """
    points = findings.geometry.to_numpy()
    x = shapely.get_x(np.where(shapely.is_empty(points), None, points))
    has: Array = np.isfinite(x)
    return has


def base_areas_of(areas: gpd.GeoDataFrame) -> pd.DataFrame:
    """List the base areas of each area: area_id, base_area_id, a row per pair.

    areas: catchments with a column base_areas (ids), or base areas, each then its own.

    >>> base_areas_of(pd.DataFrame({"base_areas": [("A", "B")]}, index=["x"])).values.tolist()
    [['x', 'A'], ['x', 'B']]
    """
    own = areas.get("base_areas", pd.Series(areas.index, areas.index))
    each = own.explode().dropna()
    return pd.DataFrame({"area_id": each.index, "base_area_id": each.to_numpy()})


def pairs(
    walks: gpd.GeoDataFrame, areas: gpd.GeoDataFrame, base_areas: gpd.GeoDataFrame
) -> pd.DataFrame:
    """Find which walks concern which area, and how that is known.

    walks: lines (LineString, MultiLineString) or None = route unknown, EPSG:3006, index walk_id;
    columns network_id, same_as ("" or the walk that the row doubles), base_area_ids (tuple: where
    the place lies, () when unknown) and, if known, noted_in (tuple: the base areas where its
    findings lie). areas: polygons, EPSG:3006: catchments (column
    base_areas) or base areas (without it); they may overlap. base_areas: index base_area_id, the
    register that base_area_ids must be in.
    Returns walk_id, area_id (categorical, in the order of areas), how, and findings_known (of the
    walks' column of that name, else True), ordered by walk and area. how is the strongest of:
    "network" (the area is the walk's own network), "route" (the route comes within it), "noted" (no
    route, but it noted something in a base area of the area: somebody was there), "place"
    (no route, but all of base_area_ids lie in the area: the walk was somewhere in it) and
    "possible" (no route, and some of them lie elsewhere).
    Border rule: a route that only touches an area concerns it. Missing rule: a walk of which
    neither is known has no row. A row that doubles another walk is left out.
    Raises GeoError for a missing column, another CRS, ids that come twice, routes that are no
    lines, and base_area_ids that are not in base_areas.

    >>> areas = gpd.GeoDataFrame({"base_areas": [("A",), ("A", "B")]}, crs="EPSG:3006",
    ...     geometry=[shapely.box(0, 0, 9, 9), shapely.box(0, 0, 18, 9)], index=["on-a", "or-b"])
    >>> base_areas = areas[["geometry"]].set_axis(["A", "B"])
    >>> walks = gpd.GeoDataFrame({"network_id": ["on-a"], "same_as": [""],
    ...     "base_area_ids": [("A",)]}, geometry=[None], index=["w1"], crs="EPSG:3006")
    >>> pairs(walks, areas, base_areas)[["area_id", "how"]].values.tolist()
    [['on-a', 'network'], ['or-b', 'place']]
    """
    _require(walks, areas)
    named = walks["base_area_ids"].explode().dropna()
    unknown = sorted(set(named) - set(base_areas.index))
    if unknown:
        raise GeoError(
            f"walks: basområden {unknown!r} finns inte i registret. "
            "Rätta base_area_ids eller läs in rätt årgång."
        )
    return _pairs(walks, areas)


def _pairs(walks: gpd.GeoDataFrame, areas: gpd.GeoDataFrame) -> pd.DataFrame:
    walks = walks[counted(walks)]
    routes = walks.geometry.to_numpy()
    by_network = walks["network_id"][walks["network_id"].isin(areas.index)]
    area, walk = shapely.STRtree(routes).query(areas.geometry.to_numpy(), predicate="intersects")
    unrouted = walks[~has_route(walks)]
    by_place, by_noted = _by_place(unrouted, areas), _by_noted(unrouted, areas)
    found = pd.concat(
        [
            _rows(by_network.index, by_network, NETWORK),
            _rows(walks.index[walk], areas.index[area], ROUTE),
            _rows(by_noted["walk_id"], by_noted["area_id"], NOTED),
            _rows(by_place["walk_id"], by_place["area_id"], by_place["how"]),
        ]
    ).drop_duplicates(["walk_id", "area_id"])
    known = walks.get("findings_known", pd.Series(True, walks.index))
    found["findings_known"] = found["walk_id"].map(known).astype(bool)
    found["area_id"] = pd.Categorical(found["area_id"], categories=areas.index)
    return found.sort_values(["walk_id", "area_id"], ignore_index=True)


def _by_noted(walks: gpd.GeoDataFrame, areas: gpd.GeoDataFrame) -> pd.DataFrame:
    noted = walks.get("noted_in", pd.Series([()] * len(walks), walks.index, dtype=object))
    each = noted.explode().dropna().rename("base_area_id").rename_axis("walk_id")
    return pd.DataFrame(each.reset_index().merge(base_areas_of(areas)))


def _by_place(walks: gpd.GeoDataFrame, areas: gpd.GeoDataFrame) -> pd.DataFrame:
    placed = walks["base_area_ids"].explode().dropna().rename("base_area_id").rename_axis("walk_id")
    found = placed.reset_index().merge(base_areas_of(areas))
    sums = found.groupby(["walk_id", "area_id"], sort=False).size().rename("n").reset_index()
    is_whole = sums["n"] == sums["walk_id"].map(walks["base_area_ids"].map(len))
    return pd.DataFrame(sums.assign(how=np.where(is_whole, PLACE, POSSIBLE)))


def _rows(walk_ids: Any, area_ids: Any, how: Any) -> pd.DataFrame:
    ids = {"walk_id": np.asarray(walk_ids, object), "area_id": np.asarray(area_ids, object)}
    return pd.DataFrame(ids | {"how": how})


def lengths(walks: gpd.GeoDataFrame, areas: gpd.GeoDataFrame) -> pd.DataFrame:
    """Tell how far people have walked in each area, and how much of the area they have seen.

    km_walked is effort: the parts of all routes inside the area, each walk as often as it was
    walked (out and back along a street is twice its length). area_walked_km2 is reach: the land of
    the area within BUFFER_M of a route that concerns it, a shared street once; area_walked_share
    is that / the area, 0–1.

    walks, areas: as in pairs (base_area_ids included). Returns, with the index of areas:
    n_walks (walks that concern the area, the possible ones left out), n_routes (those with a
    known route), km_walked, area_walked_km2, area_walked_share. Where n_routes is below n_walks
    the figures are the least that can be said. Missing rule: NaN when no walk that concerns the
    area has a route; 0 is only said when every one of them has (a route drawn wholly outside the
    area), else NaN.
    Border rule: a route along a border is walked in every area that it borders. Rows that double
    another walk are left out. Raises GeoError as pairs does, but for base_area_ids.

    >>> areas = gpd.GeoDataFrame(geometry=[shapely.box(0, 0, 1000, 200)], index=["on-a"],
    ...     crs="EPSG:3006")
    >>> walks = gpd.GeoDataFrame({"network_id": "on-a", "same_as": "", "base_area_ids": [()] * 2},
    ...     geometry=[shapely.LineString([(-500, 100), (1500, 100)])] * 2, index=["w1", "w2"],
    ...     crs="EPSG:3006")
    >>> lengths(walks, areas).loc["on-a", ["km_walked", "area_walked_share"]].round(6).to_dict()
    {'km_walked': 2.0, 'area_walked_share': 0.5}
    """
    _require(walks, areas)
    found = _pairs(walks, areas)
    routes, polygons = walks.geometry.to_numpy(), areas.geometry.to_numpy()
    walk, area = walks.index.get_indexer(found["walk_id"]), found["area_id"].cat.codes.to_numpy()
    is_sure = (found["how"] != POSSIBLE).to_numpy()
    walk, area = walk[is_sure], area[is_sure]
    is_known = has_route(walks).to_numpy()[walk]
    n_walks, n_routes = (np.bincount(each, minlength=len(areas)) for each in (area, area[is_known]))
    reach_m2 = _reach(shapely.buffer(routes, BUFFER_M, quad_segs=16)[walk], area, polygons)
    figures = pd.DataFrame(
        {
            "km_walked": metres(routes[counted(walks)], polygons) / 1000,
            "area_walked_km2": reach_m2 / 1e6,
            "area_walked_share": np.minimum(reach_m2 / shapely.area(polygons), 1.0),
        },
        areas.index,
    )
    is_whole = (n_routes > 0) & (n_routes == n_walks)
    counts = pd.DataFrame({"n_walks": n_walks, "n_routes": n_routes}, areas.index)
    return counts.join(figures.where((figures > 0) | is_whole[:, None]))


def _reach(seen: Array, area: Array, polygons: Array) -> Array:
    """Return the m² of each polygon that walks have seen; area: the polygon of each seen land."""
    unions = [shapely.union_all(seen[area == which]) for which in range(len(polygons))]
    reach: Array = shapely.area(shapely.intersection(np.array(unions, object), polygons))
    return reach


def metres(routes: Array, polygons: Array) -> Array:
    """Measure how many metres of some routes lie in each polygon, every walk counted.

    routes: array of lines or None. polygons: array of polygons; same metric coordinates. Returns
    an array of metres, one per polygon. Routes are measured step by step: where one comes back
    along its own street, an intersection of the whole line would count the street once.
    Border rule: what lies along a border is inside.

    >>> back = shapely.LineString([(0, 5), (8, 5), (0, 5)])
    >>> metres(np.array([back, None]), shapely.box([0, 6], 0, [6, 9], 9)).tolist()
    [12.0, 4.0]
    """
    lines = shapely.get_parts(routes[~shapely.is_missing(routes)])
    corners, line = shapely.get_coordinates(lines, return_index=True)
    first = np.flatnonzero(line[1:] == line[:-1])
    steps = shapely.linestrings(np.stack([corners[first], corners[first + 1]], axis=1))
    tree = shapely.STRtree(steps)
    covering, step = tree.query(polygons, predicate="covers")
    meeting, met = tree.query(polygons, predicate="intersects")
    is_cut = ~np.isin(meeting * len(steps) + met, covering * len(steps) + step)
    meeting, met = meeting[is_cut], met[is_cut]
    cut = shapely.length(shapely.intersection(steps[met], polygons[meeting]))
    n = len(polygons)
    whole = np.bincount(covering, shapely.length(steps[step]), n)
    inside: Array = whole + np.bincount(meeting, cut, n)
    return inside


def _require(walks: gpd.GeoDataFrame, areas: gpd.GeoDataFrame) -> None:
    require_columns(walks, ("network_id", "same_as", "base_area_ids"), "walks")
    for name, frame in (("walks", walks), ("areas", areas)):
        crs.require_metric(frame, name)
        if not frame.index.is_unique:
            again = sorted(set(frame.index[frame.index.duplicated()]))
            raise GeoError(f"{name}: id:n är inte unika: {again!r}. Behåll en rad per id.")
    is_odd = has_route(walks) & ~np.isin(shapely.get_type_id(walks.geometry.to_numpy()), _LINES)
    if is_odd.any():
        kinds = sorted(set(walks.geom_type[is_odd]))
        raise GeoError(f"walks: linjer väntades, fick {kinds!r}. Rita rutten som en linje.")
