"""Walks and findings as they now stand: shipped, registered here, or made up."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo import chain, crs, walked
from geo.errors import require_columns
from geo.findings import NOT_KNOWN, NOT_WALKED, NOTED, NOTHING_NOTED, POSSIBLY_WALKED

STATE_NAMES = {
    NOT_WALKED: "ej vandrat",
    POSSIBLY_WALKED: "kanske vandrat, bara orten är känd",
    NOT_KNOWN: "vandrat, fynden är okända",
    NOTHING_NOTED: "vandrat, inget noterat",
    NOTED: "vandrat, noterat",
}
WAITING, ENDED, OVERDUE = "waiting", "ended", "overdue"
TWELVE_MONTHS = "12"
FAR_M = 300.0  # a finding that far from its walk's route has probably got the wrong place


@dataclass(frozen=True)
class Fieldwork:
    """Walks (lines or None) and findings (points or None), EPSG:3006; is some of it made up?"""

    walks: gpd.GeoDataFrame
    findings: gpd.GeoDataFrame
    is_demo: bool


@dataclass(frozen=True)
class Filter:
    """What is asked for: "" (or nothing) asks for everything. period: a year, or TWELVE_MONTHS."""

    categories: tuple[str, ...] = ()
    status: str = ""
    light: str = ""
    kind: str = ""
    period: str = ""


def current(
    kept: tuple[gpd.GeoDataFrame, gpd.GeoDataFrame],
    shipped: gpd.GeoDataFrame,
    made_up: tuple[gpd.GeoDataFrame, gpd.GeoDataFrame],
    *,
    with_demo: bool = True,
) -> Fieldwork:
    """Put walks and findings together: what is kept here goes before what ships with the product.

    kept, made_up: walks and findings; shipped: walks. All in EPSG:3006 with the columns of
    kinds.WALKS and kinds.FINDINGS, index their id. The demonstration set counts only while nothing
    is registered here: real findings replace it whole. findings_known tells the walks whose
    findings are here (none of a shipped walk is, until somebody registers one).

    >>> from geo import read
    >>> empty = (read.walks()[0].iloc[:0], read.demo_findings()[0].iloc[:0])
    >>> shown = current(empty, read.walks()[0], (read.demo_walks()[0], read.demo_findings()[0]))
    >>> shown.is_demo, set(shown.findings["source"])
    (True, {'synthetic'})
    """
    walks, findings = kept
    own = shipped[~shipped.index.isin(walks.index)]
    is_demo = with_demo and findings.empty and len(made_up[1]) > 0
    every = [walks, own, made_up[0]] if is_demo else [walks, own]
    parts = [part for part in every if len(part)] or [own]
    together = gpd.GeoDataFrame(pd.concat(parts), crs=crs.METRIC).rename_axis("walk_id")
    shown = made_up[1] if is_demo else findings
    is_told = ~together.index.isin(shipped.index) | together.index.isin(shown["walk_id"])
    return Fieldwork(together.assign(findings_known=is_told), shown, is_demo)


def located(
    walks: gpd.GeoDataFrame, places: pd.DataFrame, base_areas: gpd.GeoDataFrame
) -> gpd.GeoDataFrame:
    """Say in which base areas the place of each walk lies: adds base_area_ids (tuple, () unknown).

    places: index place, base_area_ids (text with ;). The place of a walk may also be the name of a
    base area. Several ids: the walk was in at least one of them, which one is not known.

    >>> from geo import read
    >>> found = located(read.walks()[0], read.register("places", "place"), read.base_areas()[0])
    >>> found.at["tv-2017-10-30-hulta", "base_area_ids"]
    ('1490R017', '1490R018')
    """
    require_columns(walks, ("place",), "walks")
    known = {name: (str(area_id),) for area_id, name in base_areas["name"].items()}
    known |= {
        place: tuple(filter(None, text.split(";")))
        for place, text in places["base_area_ids"].items()
    }
    return walks.assign(base_area_ids=[known.get(place, ()) for place in walks["place"]])


def noted_in(
    walks: gpd.GeoDataFrame, findings: gpd.GeoDataFrame, in_base_areas: pd.DataFrame
) -> gpd.GeoDataFrame:
    """Say in which base areas the findings of each walk lie: adds noted_in (tuple, () for none).

    findings: index finding_id, walk_id. in_base_areas: finding_id, area_id (findings.pairs).

    >>> walks = gpd.GeoDataFrame({"same_as": [""]}, index=["w1"], geometry=[None])
    >>> found = gpd.GeoDataFrame({"walk_id": ["w1"]}, index=["f1"], geometry=[None])
    >>> pairs = pd.DataFrame({"finding_id": ["f1"], "area_id": ["A"]})
    >>> noted_in(walks, found, pairs)["noted_in"].tolist()
    [('A',)]
    """
    walk_ids = in_base_areas["finding_id"].map(walked.walk_of(findings, walks))
    areas = in_base_areas["area_id"].astype(object).groupby(walk_ids.to_numpy()).unique()
    held = {walk_id: tuple(sorted(ids)) for walk_id, ids in areas.items()}
    return walks.assign(noted_in=[held.get(walk_id, ()) for walk_id in walks.index])


def matching(findings: gpd.GeoDataFrame, asked: Filter, today: pd.Timestamp) -> pd.Series:
    """Tell which findings a filter asks for: a mask, index finding_id.

    status: "waiting" (a brist that is not ended), "ended", "overdue" (waiting past due_date, on
    today's date), or one of chain.STATUSES. period: by observed_date.

    >>> frame = pd.DataFrame({"category": ["belysning"], "status": ["noted"], "kind": ["brist"],
    ...     "light": [""], "observed_date": pd.to_datetime(["2026-01-02"])})
    >>> matching(frame, Filter(status="waiting"), pd.Timestamp("2026-03-01")).tolist()
    [True]
    """
    mask = pd.Series(True, index=findings.index)
    if asked.categories:
        mask &= findings["category"].isin(asked.categories)
    for name in ("light", "kind"):
        if getattr(asked, name):
            mask &= findings[name] == getattr(asked, name)
    if asked.status:
        mask &= _by_status(findings, asked.status, today)
    if asked.period == TWELVE_MONTHS:
        mask &= findings["observed_date"] > today - pd.DateOffset(months=12)
    elif asked.period:
        mask &= findings["observed_date"].dt.year == int(asked.period)
    return mask


def _by_status(findings: gpd.GeoDataFrame, status: str, today: pd.Timestamp) -> pd.Series:
    if status == WAITING:
        return chain.is_open(findings)
    if status == ENDED:
        return chain.is_closed(findings)
    late = chain.is_open(findings) & (findings["due_date"] < today)
    return pd.Series(late if status == OVERDUE else findings["status"] == status)


def since(
    findings: pd.DataFrame, day: pd.Timestamp, steps: pd.DataFrame | None = None
) -> pd.DataFrame:
    """List what happened to findings from a day on: finding_id, status, day, newest first.

    A row for each of noted, answered (or declined), done and verified whose date is on or after
    the day. steps: the way of each finding in the store (finding_id, status, day): an owner is
    named on a day that only they have. Who registered it is the store's audit.

    >>> frame = pd.DataFrame({"status": ["done"], "observed_date": pd.to_datetime(["2026-01-02"]),
    ...     "answered_date": pd.NaT, "done_date": pd.to_datetime(["2026-02-02"]),
    ...     "verified_date": pd.NaT}, index=pd.Index(["f1"], name="finding_id"))
    >>> since(frame, pd.Timestamp("2026-02-01"))[["finding_id", "status"]].values.tolist()
    [['f1', 'done']]
    """
    dated = {"observed_date": chain.NOTED, "answered_date": chain.ANSWERED}
    dated |= {"done_date": chain.DONE, "verified_date": chain.VERIFIED}
    parts = []
    for column, status in dated.items():
        days = findings[column]
        new = findings.index[days >= day]
        came = pd.DataFrame({"finding_id": new, "status": status, "day": days[new].to_numpy()})
        if status == chain.ANSWERED:
            said_no = (findings.loc[new, "status"] == chain.DECLINED).to_numpy()
            came["status"] = np.where(said_no, chain.DECLINED, status)
        parts.append(came)
    if steps is not None:
        named = steps[(steps["status"] == chain.OWNED) & steps["finding_id"].isin(findings.index)]
        named = named[["finding_id", "status"]].assign(day=pd.to_datetime(named["day"]))
        parts.append(named[named["day"] >= day])
    table = pd.concat([part for part in parts if len(part)] or parts, ignore_index=True)
    return table.sort_values(["day", "finding_id"], ascending=[False, True], ignore_index=True)


def periods(findings: pd.DataFrame) -> list[str]:
    """Return the years in which something was noted, newest first.

    >>> periods(pd.DataFrame({"observed_date": pd.to_datetime(["2017-10-03", "2022-11-10"])}))
    ['2022', '2017']
    """
    years = findings["observed_date"].dropna().dt.year.unique()
    return [str(year) for year in sorted(years, reverse=True)]


def gathered(findings: gpd.GeoDataFrame, side_m: float) -> pd.DataFrame:
    """Put points together that lie in the same square of a grid: x, y (their mean), n, n_open.

    For a map of more points than a screen can show. findings: EPSG:3006, kind and status; those
    without a point are left out. side_m: the squares' side in metres.

    >>> points = gpd.GeoDataFrame({"kind": ["brist"] * 2, "status": ["noted", "done"]},
    ...     geometry=shapely.points([1, 3], [1, 1]), crs="EPSG:3006")
    >>> gathered(points, 10.0).values.tolist()
    [[2.0, 1.0, 2.0, 1.0]]
    """
    points = findings.geometry.to_numpy()
    x, y = shapely.get_x(points), shapely.get_y(points)
    held = np.isfinite(x) & np.isfinite(y)
    x, y, is_open = x[held], y[held], chain.is_open(findings).to_numpy()[held]
    columns, rows = np.floor(x / side_m), np.floor(y / side_m)
    key = columns * 1e9 + rows  # one number for each square
    _, square = np.unique(key, return_inverse=True)
    n = np.bincount(square)
    sums = {"x": np.bincount(square, x) / n, "y": np.bincount(square, y) / n}
    return pd.DataFrame(sums | {"n": n, "n_open": np.bincount(square, is_open).astype(int)})


def flags(
    findings: gpd.GeoDataFrame,
    base_areas: gpd.GeoDataFrame,
    walks: gpd.GeoDataFrame,
    water: Iterable[shapely.Geometry] = (),
) -> pd.DataFrame:
    """List findings whose place a person should look at: finding_id, flag, distance_m.

    "outside" (in no base area; kept, not assigned), "far_from_route" (over FAR_M from its walk's
    route, with the distance) and "in_water" (in one of the polygons of water, when a layer of it
    is loaded). All in EPSG:3006.

    >>> town = gpd.GeoDataFrame(geometry=[shapely.box(0, 0, 9, 9)], index=["A"], crs="EPSG:3006")
    >>> found = gpd.GeoDataFrame({"walk_id": [""]}, geometry=[shapely.Point(20, 1)], index=["f1"],
    ...     crs="EPSG:3006")
    >>> flags(found, town, town.iloc[:0])["flag"].tolist()
    ['outside']
    """
    crs.require_metric(findings, "findings")
    crs.require_metric(base_areas, "base_areas")
    points = findings.geometry.to_numpy()
    held = np.isfinite(shapely.get_x(points))
    town = shapely.union_all(base_areas.geometry.to_numpy())
    shapely.prepare(town)
    outside = held & ~shapely.intersects(town, points)
    routes = walks.geometry.reindex(findings["walk_id"]).to_numpy()
    distance = shapely.distance(points, routes)
    lakes = shapely.union_all(list(water))
    wet = held & shapely.contains(lakes, points)
    masks = {"outside": outside, "far_from_route": held & (distance > FAR_M), "in_water": wet}
    found = [
        pd.DataFrame(
            {"finding_id": findings.index[mask], "flag": flag, "distance_m": distance[mask]}
        )
        for flag, mask in masks.items()
    ]
    return pd.concat(found, ignore_index=True)
