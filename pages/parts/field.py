"""Walks and findings put together for the pages, with what they lie in. Read and reckoned once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import geopandas as gpd
import pandas as pd

from geo import fieldwork, findings, read, store, walked
from geo.errors import GeoError


@dataclass(frozen=True)
class Field:
    """Walks, findings, and the pairs of each with the 20 networks and the 47 base areas.

    key: tells one state of them from another, for what is reckoned once. states: of each base
    area, whether anybody walked there.
    """

    key: str
    walks: gpd.GeoDataFrame
    findings: gpd.GeoDataFrame
    is_demo: bool
    fault: str
    areas: gpd.GeoDataFrame
    base_areas: gpd.GeoDataFrame
    walks_in_networks: pd.DataFrame
    walks_in_base_areas: pd.DataFrame
    in_networks: pd.DataFrame
    in_base_areas: pd.DataFrame
    states: pd.Series
    flags: pd.DataFrame
    categories: dict[str, str]
    owners: tuple[str, ...]

    @property
    def category_codes(self) -> dict[str, str]:
        """The codes of the categories by name, as a file of findings is read with."""
        return {name: code for code, name in self.categories.items()}


def today() -> pd.Timestamp:
    """Return the day that ages and delays are counted to."""
    return pd.Timestamp(date.today())


def version() -> str:
    """Tell which version of walks and findings is kept, or why that cannot be said."""
    try:
        with store.open() as opened:
            return opened.version(store.FIELD)
    except GeoError as fault:
        return str(fault)


def build(
    areas: gpd.GeoDataFrame, base_areas: gpd.GeoDataFrame, with_demo: bool, key: str = ""
) -> Field:
    """Read what is kept, what ships and what is made up, and find where each lies."""
    kept, fault = _kept()
    made_up = (read.demo_walks()[0], read.demo_findings()[0])
    now = fieldwork.current(kept, read.walks()[0], made_up, with_demo=with_demo)
    walks = fieldwork.located(now.walks, read.register("places", "place"), base_areas)
    named = read.register("finding_categories", "category")["name"]
    walks_in_base_areas = walked.pairs(walks, base_areas, base_areas)
    in_base_areas = findings.pairs(now.findings, base_areas)
    ids = base_areas.index
    return Field(
        key=key,
        walks=walks,
        findings=now.findings,
        is_demo=now.is_demo,
        fault=fault,
        areas=areas,
        base_areas=base_areas,
        walks_in_networks=walked.pairs(walks, areas, base_areas),
        walks_in_base_areas=walks_in_base_areas,
        in_networks=findings.pairs(now.findings, areas),
        in_base_areas=in_base_areas,
        states=findings.state(walks_in_base_areas, in_base_areas, now.findings, ids),
        flags=fieldwork.flags(now.findings, base_areas, walks, read.water()),
        categories={str(key): str(name) for key, name in named.items()},
        owners=tuple(read.register("finding_owners")["owner"]),
    )


def _kept() -> tuple[tuple[gpd.GeoDataFrame, gpd.GeoDataFrame], str]:
    try:
        with store.open() as opened:
            return (opened.walks(), opened.findings()), ""
    except GeoError as fault:
        nothing = read.walks()[0].iloc[:0], read.demo_findings()[0].iloc[:0]
        return nothing, str(fault)
