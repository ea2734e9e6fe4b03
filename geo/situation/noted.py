"""What walks saw in a place: figures, the findings themselves, what waits, the walks."""

from __future__ import annotations

from dataclasses import dataclass, replace

import geopandas as gpd
import pandas as pd

from geo import findings as analysis
from geo import walked
from geo.facts import Facts, Field
from geo.situation.who import BASE_AREA, CITY, NETWORK, Who


@dataclass(frozen=True)
class Noted:
    """Walks and findings of a place. figures: as a row of geo.findings.summary.

    findings: those in the place, each once; waiting: the open ones, by owner, oldest first
    (geo.findings.board); walks: those that count and concern the place, newest first. categories:
    the names of the codes. n_unassigned: findings of the city that lie in no network.
    """

    figures: pd.Series
    findings: gpd.GeoDataFrame
    waiting: pd.DataFrame
    walks: gpd.GeoDataFrame
    categories: dict[str, str]
    n_unassigned: int


def noted(place: Who, facts: Facts, as_of: pd.Timestamp) -> Noted:
    """Return what walks saw in a place until a day. A finding in two networks counts once.

    >>> noted.__annotations__["place"]
    'Who'
    """
    field = facts.field
    seen = field.findings[field.findings["observed_date"] <= as_of]
    been = field.walks[(field.walks["date"] <= as_of) & walked.counted(field.walks)]
    in_findings, in_walks = _pairs(place, facts)
    own = seen if place.kind == CITY else seen[seen.index.isin(in_findings)]
    walks = been if place.kind == CITY else been[been.index.isin(in_walks)]
    return Noted(
        figures=_figures(place, facts, own, walks, as_of),
        findings=own,
        waiting=analysis.board(own[own["kind"] == "brist"], as_of),
        walks=walks.sort_values("date", ascending=False, kind="stable"),
        categories=field.categories,
        n_unassigned=int((~seen.index.isin(field.in_networks["finding_id"])).sum()),
    )


def _pairs(place: Who, facts: Facts) -> tuple[set[str], set[str]]:
    """Return the ids of the findings and of the walks that lie in a place."""
    field = facts.field
    if place.kind == BASE_AREA:
        found, walks, ids = field.in_base_areas, field.walks_in_base_areas, [place.area_id]
    else:
        found, walks, ids = field.in_networks, field.walks_in_networks, list(place.network_ids)
    own = found.loc[found["area_id"].isin(ids), "finding_id"]
    return set(own), set(walks.loc[walks["area_id"].isin(ids), "walk_id"])


def _figures(
    place: Who,
    facts: Facts,
    own: gpd.GeoDataFrame,
    walks: gpd.GeoDataFrame,
    as_of: pd.Timestamp,
) -> pd.Series:
    table = _summary(facts, as_of)
    if place.kind in (NETWORK, BASE_AREA):
        return table.loc[[place.area_id]].iloc[0]
    total = analysis.total(own, as_of)
    states = table["state"].reindex(place.base_areas.index)
    order = list(analysis.STATES)
    most = order[max(order.index(str(state)) for state in states)]
    about: pd.Series = pd.concat([pd.Series({"state": most, "n_walks": len(walks)}), total])
    return about


def _summary(facts: Facts, as_of: pd.Timestamp) -> pd.DataFrame:
    """Return geo.findings.summary of all that is dated until a day."""
    field = facts.field
    is_later = (field.findings["observed_date"] > as_of).any() or (
        field.walks["date"] > as_of
    ).any()
    return _until(field, as_of).summary(as_of) if is_later else facts.noted(as_of)


def _until(field: Field, as_of: pd.Timestamp) -> Field:
    walks = field.walks[field.walks["date"] <= as_of]
    networks, base_areas = field.walks_in_networks, field.walks_in_base_areas
    return replace(
        field,
        findings=field.findings[field.findings["observed_date"] <= as_of],
        walks=walks,
        walks_in_networks=networks[networks["walk_id"].isin(walks.index)],
        walks_in_base_areas=base_areas[base_areas["walk_id"].isin(walks.index)],
    )
