"""What safety walks found: in which area, how far each finding has come, and what waits."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from geo import chain, crs, walked
from geo.assign import assign_points
from geo.errors import GeoError, require_columns

Array = np.ndarray[Any, Any]

NOT_WALKED, POSSIBLY_WALKED, NOT_KNOWN, NOTHING_NOTED, NOTED = STATES = (
    "not_walked",
    "possibly_walked",
    "walked_findings_unknown",
    "walked_nothing_noted",
    "walked_noted",
)
LEAST_KM = 0.5  # a rate per kilometre over a shorter way says nothing
GROUPINGS = ("category", "light", "owner", "kind", "status")
_DATES = ("observed_date", "due_date", "answered_date", "done_date")
_NEEDED = ("kind", "status", *_DATES)


def pairs(findings: gpd.GeoDataFrame, areas: gpd.GeoDataFrame) -> pd.DataFrame:
    """Find the areas that each finding lies in; several where areas overlap, or none.

    findings: points or None, EPSG:3006, index finding_id; column base_area_id ("", or the base
    area when only the place is known). areas: polygons, EPSG:3006: catchments (column base_areas)
    or base areas (without it). Returns finding_id, area_id (categorical) and by, in the order of
    findings, then areas: "point" (the point lies in the area), or "place" (no point, and its base
    area is one of the area's).
    Border rule: a point on a border belongs to every area that it touches. Missing rule: a finding
    without a row is unassigned. Raises GeoError for a missing column, another CRS, ids that come
    twice, and what is no point.

    >>> import shapely
    >>> squares = gpd.GeoDataFrame({"base_areas": [("A",), ("B",)]}, index=["x", "y"],
    ...     geometry=shapely.box([0, 9], 0, [9, 18], 9), crs="EPSG:3006")
    >>> found = gpd.GeoDataFrame({"base_area_id": ["", "B"]}, index=["f1", "f2"],
    ...     geometry=[shapely.Point(9, 1), None], crs="EPSG:3006")
    >>> pairs(found, squares).values.tolist()
    [['f1', 'x', 'point'], ['f1', 'y', 'point'], ['f2', 'y', 'place']]
    """
    _require(findings, ("base_area_id",))
    crs.require_metric(findings, "findings")
    by_point = assign_points(findings.geometry.reset_index(drop=True), areas)
    placed = findings["base_area_id"].reset_index(drop=True)[~walked.has_point(findings)]
    by_place = placed.rename_axis("finding").reset_index().merge(walked.base_areas_of(areas))
    at_place = areas.index.get_indexer(by_place["area_id"])
    finding = np.concatenate([by_point["point_id"], by_place["finding"]]).astype(np.int64)
    area = np.concatenate([by_point["area_id"].cat.codes, at_place])
    by = np.repeat(np.array(["point", "place"], object), [len(by_point), len(by_place)])
    order = np.lexsort((area, finding))
    area_ids = pd.Categorical.from_codes(area[order], dtype=pd.CategoricalDtype(areas.index))
    ids = findings.index[finding[order]]
    return pd.DataFrame({"finding_id": ids, "area_id": area_ids, "by": by[order]})


def state(
    walk_pairs: pd.DataFrame,
    finding_pairs: pd.DataFrame,
    findings: gpd.GeoDataFrame,
    area_ids: Iterable[str],
) -> pd.Series:
    """Tell of each area whether anybody walked there, and whether anything was noted.

    "not_walked": no registered walk; a finding that names no walk makes none. "possibly_walked":
    only walks that may have been elsewhere (walked.POSSIBLE). "walked_findings_unknown": only walks
    whose findings nobody has handed down (findings_known false). "walked_nothing_noted": a walk, no
    finding. "walked_noted": a walk, and a finding of whatever kind; also where a walk that concerns
    the area noted something whose place is unknown, and where a finding that names a walk lies.
    walk_pairs, finding_pairs: of walked.pairs and pairs; findings: only these are counted (index
    finding_id; walk_id, base_area_id). Returns a Series of text, index area_id.

    >>> walks = pd.DataFrame({"walk_id": ["w1", "w2"], "area_id": ["a", "b"], "how": "route",
    ...     "findings_known": True})
    >>> found = pd.DataFrame({"finding_id": ["f1"], "area_id": ["b"]})
    >>> findings = gpd.GeoDataFrame({"walk_id": [""], "base_area_id": "B"}, ["f1"], geometry=[None])
    >>> state(walks, found, findings, ["a", "b", "c"]).tolist()
    ['walked_nothing_noted', 'walked_noted', 'not_walked']
    >>> state(walks[:1], found, findings, ["b"]).tolist()  # noted, but on no walk
    ['not_walked']
    """
    _require(findings, ("walk_id", "base_area_id"))
    is_placeless = ~walked.has_point(findings) & (findings["base_area_id"] == "")
    found = finding_pairs[finding_pairs["finding_id"].isin(findings.index)]
    on_walk = found["finding_id"].isin(findings.index[findings["walk_id"] != ""])
    sure = walk_pairs[walk_pairs["how"] != walked.POSSIBLE]
    somewhere = sure.loc[sure["walk_id"].isin(findings["walk_id"][is_placeless]), "area_id"]
    ids = pd.Index(list(area_ids), dtype=object, name="area_id")
    is_walked = ids.isin(sure["area_id"])
    is_noted = ids.isin(found.loc[on_walk, "area_id"]) | ids.isin(somewhere)
    is_noted |= is_walked & ids.isin(found["area_id"])
    is_told = ids.isin(sure.loc[sure["findings_known"], "area_id"])
    is_maybe = ids.isin(walk_pairs["area_id"])
    states = np.select([is_noted, is_told, is_walked, is_maybe], STATES[:0:-1], NOT_WALKED)
    return pd.Series(states, ids, name="state")


def summary(
    findings: gpd.GeoDataFrame,
    finding_pairs: pd.DataFrame,
    walks: gpd.GeoDataFrame,
    walk_pairs: pd.DataFrame,
    areas: gpd.GeoDataFrame,
    as_of: pd.Timestamp,
) -> pd.DataFrame:
    """Sum up the walks and findings of each area: what was noted, what is open, how fast it goes.

    findings: index finding_id, columns of kinds.FINDINGS. walks: index walk_id. finding_pairs,
    walk_pairs: of pairs and walked.pairs with the same areas. as_of: the day of the statuses.
    Returns, with the index of areas: state, n_walks, km_walked and area_walked_share (as
    walked.lengths), the columns of total(), and
    - findings_per_walk: n_findings / n_walks_told (whose findings are known); NaN without any.
    - findings_per_km: n_on_routes / km_walked, n_on_routes being the findings noted on those of
      the area's walks whose route is known (the kilometres are theirs alone). NaN under half a
      kilometre, and when none is noted on a route but some name no walk: they may have been.
    A finding in two areas counts in both: the areas must not be added. Missing rule: figures of
    findings are NaN where nobody has looked (not_walked) and nothing is noted, and where of all
    that was noted nothing is known to lie in the area. Raises GeoError as total does.

    >>> import shapely
    >>> areas = gpd.GeoDataFrame({"base_areas": [("A",), ("B",)]}, index=["x", "y"],
    ...     geometry=shapely.box([0, 9], 0, [9, 18], 9), crs="EPSG:3006")
    >>> walks = gpd.GeoDataFrame({"network_id": ["x"], "same_as": "", "base_area_ids": [()]},
    ...     geometry=[None], index=["w1"], crs="EPSG:3006")
    >>> day, later = pd.Timestamp("2026-03-01"), pd.Timestamp("2026-03-10")
    >>> row = dict.fromkeys(_DATES, pd.NaT) | {"observed_date": day, "kind": "brist",
    ...     "status": "noted", "walk_id": "w1", "base_area_id": "A"}
    >>> found = gpd.GeoDataFrame([row], index=["f1"], geometry=[None], crs="EPSG:3006")
    >>> on = walked.pairs(walks, areas, areas.set_axis(["A", "B"]))
    >>> table = summary(found, pairs(found, areas), walks, on, areas, later)
    >>> table[["state", "n_walks", "n_findings", "oldest_open_days"]].values.tolist()
    [['walked_noted', 1, 1.0, 9.0], ['not_walked', 0, nan, nan]]
    """
    _require(findings, (*_NEEDED, "walk_id"))
    effort = walked.lengths(walks, areas)[["n_walks", "km_walked", "area_walked_share"]]
    finding = findings.index.get_indexer(finding_pairs["finding_id"])
    area = areas.index.get_indexer(finding_pairs["area_id"])
    is_given = (finding >= 0) & (area >= 0)
    finding, area = finding[is_given], area[is_given]
    table = _figures(findings, finding, area, len(areas), as_of).set_axis(areas.index)
    walk_ids = walked.walk_of(findings, walks)
    walk = walks.index.get_indexer(pd.Index(walk_ids))[finding]
    is_on_route = walked.is_routed(walks, walk_pairs, areas)[walk, area]
    table["n_on_routes"] = np.bincount(area[is_on_route], minlength=len(areas))
    km = effort["km_walked"].where(effort["km_walked"] >= LEAST_KM)
    is_told = (walk_pairs["how"] != walked.POSSIBLE) & walk_pairs["findings_known"]
    n_told = walk_pairs.loc[is_told, "area_id"].value_counts().reindex(areas.index)
    is_sure = (table["n_on_routes"] > 0) | (np.bincount(area[walk < 0], minlength=len(areas)) == 0)
    table["n_walks_told"] = n_told.fillna(0)
    table["findings_per_walk"] = table["n_findings"] / n_told.where(n_told > 0)
    table["findings_per_km"] = (table["n_on_routes"] / km).where(is_sure)
    states = state(walk_pairs, finding_pairs, findings.assign(walk_id=walk_ids), areas.index)
    is_known = (table["n_findings"] > 0) | (states.to_numpy() == NOTHING_NOTED)
    return pd.concat([states.set_axis(areas.index), effort, table.where(is_known)], axis=1)


def total(findings: pd.DataFrame, as_of: pd.Timestamp) -> pd.Series:
    """Sum up findings, each once: those of the whole city, also the unassigned.

    findings: index finding_id, columns of kinds.FINDINGS. Returns a Series: n_findings, n_brist,
    n_bra; of the brist n_open, n_closed (done, verified, declined), n_verified, n_declined,
    n_overdue (open, and due before as_of), share_closed (0–1, NaN when there is no brist),
    days_to_answer and days_to_done (the median of answered_date, done_date − observed_date over
    the n_answered, n_done that have one; NaN when none has), oldest_open_days (NaN = none is open).
    Raises GeoError for missing columns, ids that come twice, unknown kinds and statuses.

    >>> day, later = pd.Timestamp("2026-03-01"), pd.Timestamp("2026-03-10")
    >>> row = dict.fromkeys(_DATES, pd.NaT) | {"observed_date": day, "kind": "brist"}
    >>> rows = pd.DataFrame([row | {"status": "noted"}, row | {"status": "done", "done_date": day}])
    >>> total(rows, later)[["n_open", "share_closed", "oldest_open_days"]].tolist()
    [1.0, 0.5, 9.0]
    """
    _require(findings, _NEEDED)
    every = np.arange(len(findings))
    return _figures(findings, every, np.zeros_like(every), 1, as_of).iloc[0]


def _figures(
    findings: pd.DataFrame, finding: Array, group: Array, n_groups: int, as_of: pd.Timestamp
) -> pd.DataFrame:
    """Sum up by group, 0 … n_groups − 1; finding and group: positions, a pair per row to count."""
    is_brist, days = findings["kind"] == chain.BRIST, _days(findings, as_of)
    flags = {
        "n_findings": is_brist.notna(),
        "n_brist": is_brist,
        "n_bra": ~is_brist,
        "n_open": chain.is_open(findings),
        "n_closed": chain.is_closed(findings),
        "n_verified": is_brist & (findings["status"] == chain.VERIFIED),
        "n_declined": is_brist & (findings["status"] == chain.DECLINED),
        "n_overdue": days["overdue_days"].notna(),
        "n_answered": days["days_to_answer"].notna(),
        "n_done": days["days_to_done"].notna(),
    }
    flagged = pd.DataFrame(flags).to_numpy()[finding].T
    table = pd.DataFrame([np.bincount(group, flag, n_groups) for flag in flagged], [*flags]).T
    table["share_closed"] = table["n_closed"] / table["n_brist"].where(table["n_brist"] > 0)
    by_group = days.iloc[finding].groupby(group)
    table = table.join(by_group[["days_to_answer", "days_to_done"]].median())
    return table.join(by_group["age_days"].max().rename("oldest_open_days"))


def _days(findings: pd.DataFrame, as_of: pd.Timestamp) -> pd.DataFrame:
    """Return how many days each brist took, or has waited; NaN where not known or not so."""
    is_brist, is_open = findings["kind"] == chain.BRIST, chain.is_open(findings)
    dates = {name: pd.to_datetime(findings[name]) for name in _DATES}  # a column may be all NaT
    noted, due, day = dates["observed_date"], dates["due_date"], as_of.normalize()
    spans = {
        "days_to_answer": (dates["answered_date"] - noted).where(is_brist),
        "days_to_done": (dates["done_date"] - noted).where(is_brist),
        "age_days": (day - noted).where(is_open),
        "overdue_days": (day - due).where(is_open & (due < day)),
    }
    return pd.DataFrame({name: span.dt.total_seconds() / 86_400 for name, span in spans.items()})


def breakdown(findings: pd.DataFrame, finding_pairs: pd.DataFrame, by: str) -> pd.DataFrame:
    """Count the findings of each area by what they are about: category, light, owner, kind, status.

    findings: index finding_id and the column `by`, one of GROUPINGS; those alone are counted.
    finding_pairs: of pairs. Returns area_id × value, counts: the areas that have a finding, the
    values in the order of the chain or sorted. Raises GeoError for another `by`.

    >>> findings = pd.DataFrame({"category": ["belysning", "trafik"]}, index=["f1", "f2"])
    >>> found = pd.DataFrame({"finding_id": ["f1", "f2", "f2"], "area_id": ["a", "a", "b"]})
    >>> breakdown(findings, found, "category").to_dict("index")
    {'a': {'belysning': 1, 'trafik': 1}, 'b': {'belysning': 0, 'trafik': 1}}
    """
    if by not in GROUPINGS:
        raise GeoError(f"by: {', '.join(GROUPINGS)} väntades, fick {by!r}.")
    _require(findings, (by,))
    kept = finding_pairs[finding_pairs["finding_id"].isin(findings.index)]
    values = findings[by].loc[kept["finding_id"]].to_numpy()
    order = chain.STATUSES if by == "status" else sorted(findings[by].unique())
    table = pd.crosstab(kept["area_id"], pd.Series(values, kept.index, name=by))
    return table[[value for value in order if value in table]]


def board(findings: pd.DataFrame, as_of: pd.Timestamp) -> pd.DataFrame:
    """List what is open by who must act: what nobody owns, then owner by owner, oldest first.

    findings: as in total, with owner. Returns the open rows with age_days, overdue_days (NaN when
    due_date is not past, or not set) and next_statuses (tuple: the steps that it waits for).

    >>> day, later = pd.Timestamp("2026-03-01"), pd.Timestamp("2026-03-10")
    >>> row = dict.fromkeys(_DATES, pd.NaT) | {"observed_date": day, "kind": "brist", "owner": ""}
    >>> open_ = pd.DataFrame([row | {"status": "noted"}], index=["f1"])
    >>> board(open_, later)[["age_days", "next_statuses"]].values.tolist()
    [[9.0, ('owned',)]]
    """
    _require(findings, (*_NEEDED, "owner"))
    waiting = findings[chain.is_open(findings)].sort_index()
    days = _days(waiting, as_of)[["age_days", "overdue_days"]]
    table = waiting.join(days).assign(next_statuses=waiting["status"].map(chain.NEXT))
    return table.sort_values(["owner", "observed_date"], kind="stable")


def owners(findings: pd.DataFrame, as_of: pd.Timestamp) -> pd.DataFrame:
    """Sum up what each owner has: what is open and how old, what is closed and how fast it went.

    findings: as in total, with owner; only brist count. Returns, by owner ("" = nobody yet,
    first): n_open, n_overdue, oldest_days (NaN when none is open), n_closed, days_to_answer,
    days_to_done, n_answered and n_done, as total defines them.

    >>> day, later = pd.Timestamp("2026-03-01"), pd.Timestamp("2026-03-10")
    >>> row = dict.fromkeys(_DATES, pd.NaT) | {"observed_date": day, "kind": "brist", "owner": ""}
    >>> owners(pd.DataFrame([row | {"status": "noted"}]), later)["oldest_days"].to_dict()
    {'': 9.0}
    """
    _require(findings, (*_NEEDED, "owner"))
    brist = findings[findings["kind"] == chain.BRIST]
    at, names = pd.factorize(brist["owner"].astype(object), sort=True)
    table = _figures(brist, np.arange(len(brist)), at, len(names), as_of)
    table = table.set_axis(pd.Index(names, dtype=object, name="owner"))
    table["oldest_days"] = table["oldest_open_days"]
    numbers = ["n_open", "n_overdue", "oldest_days", "n_closed", "n_answered", "n_done"]
    return table[[*numbers, "days_to_answer", "days_to_done"]]


def _require(findings: pd.DataFrame, columns: tuple[str, ...]) -> None:
    require_columns(findings, columns, "findings")
    faults = []
    if again := sorted(set(findings.index[findings.index.duplicated()])):
        faults.append(f"findings: id:n är inte unika: {again!r}. Behåll en rad per id.")
    for name, allowed in {"kind": (chain.BRIST, chain.BRA), "status": chain.STATUSES}.items():
        unknown = set(findings[name].unique()) - set(allowed) if name in columns else set()
        if unknown:
            faults.append(f"{name}: {', '.join(allowed)} väntades, fick {sorted(unknown)!r}.")
    if faults:
        raise GeoError(" ".join(faults))
