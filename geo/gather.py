"""Reads what ships and what is kept, and puts it together: geo.facts, for pages and commands."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import geopandas as gpd
import pandas as pd
from tqdm import tqdm

from geo import (
    allocate,
    collaboration,
    fieldwork,
    findings,
    ical,
    kinds,
    places,
    read,
    store,
    walked,
    welfare,
)
from geo.errors import GeoError
from geo.facts import Facts, Field, Register, Work
from geo.sources import full_name
from geo.store.meetings import as_frame

SHIPPED = (
    *("efforts", "meeting_places", "activity_days", "places", "sources", "events", "organisation"),
    *("budget_2017", "budget_other", "network_goals", "network_rules", "development_areas"),
    "collaboration_goals",
)


def register() -> Register:
    """Read the registers, the statistics in the store, and the made-up ones for the rest.

    A store that cannot be read is told in store_fault; what ships is then there alone.

    >>> len(register().networks)
    20
    """
    networks, one = read.networks()
    base_areas, two = read.base_areas()
    memberships, three = read.memberships(networks=networks, base_areas=base_areas)
    areas, four = read.areas()
    rest = [read.meetings(), read.guidelines(), read.walks()]
    choices = places.choices(
        read.register("places", "place"),
        read.register("aliases"),
        networks,
        memberships,
        base_areas,
    )
    indicators, five = read.indicators()
    statistics, fault, six = _statistics()
    issues = [one, two, three, four, *(found[1] for found in rest), five, six]
    read_in = [networks, base_areas, memberships, areas, *(found[0] for found in rest)]
    return Register(
        networks,
        base_areas,
        memberships,
        areas,
        tuple(choices),
        read.register("population_kommundel"),
        allocate.weights(memberships),
        indicators,
        statistics,
        fault,
        pd.concat(issues, ignore_index=True),
        sum(map(len, read_in)),
    )


def _statistics() -> tuple[pd.DataFrame, str, pd.DataFrame]:
    """Return what is imported, the demonstration set for the rest, and what went wrong."""
    made_up, issues = read.demo_statistics()
    try:
        with store.open() as opened:
            return welfare.current(opened.statistics(), made_up), "", issues
    except GeoError as fault:
        return made_up, str(fault), issues


def field(known: Register, with_demo: bool, key: str = "") -> Field:
    """Read walks and findings: kept, shipped and, with_demo, made up; find where each lies.

    >>> field(register(), True).findings.index.name
    'finding_id'
    """
    kept, fault = _kept_field()
    base_areas, areas = known.base_areas, known.areas
    made_up = (read.demo_walks()[0], read.demo_findings()[0])
    now = fieldwork.current(kept, read.walks()[0], made_up, with_demo=with_demo)
    walks = fieldwork.located(now.walks, read.register("places", "place"), base_areas)
    named = read.register("finding_categories", "category")["name"]
    in_base_areas = findings.pairs(now.findings, base_areas)
    walks = fieldwork.noted_in(walks, now.findings, in_base_areas)
    walks_in_base_areas = walked.pairs(walks, base_areas, base_areas)
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


def _kept_field() -> tuple[tuple[gpd.GeoDataFrame, gpd.GeoDataFrame], str]:
    try:
        with store.open() as opened:
            return (opened.walks(), opened.findings()), ""
    except GeoError as fault:
        nothing = read.walks()[0].iloc[:0], read.demo_findings()[0].iloc[:0]
        return nothing, str(fault)


def work(known: Register, key: str = "") -> Work:
    """Read meetings, decisions, plans and the meetings' parts of lägesbilder, kept and shipped.

    >>> work(register()).names["on-norrby"]
    'Områdesnätverk Norrby'
    """
    shipped = read.meetings()[0]
    kept, fault = _kept_work()
    priorities = read.register("bra_priorities", "priority_id")["priority"]
    rows = known.networks[["layer", "name"]].itertuples()
    return Work(
        key=key,
        meetings=collaboration.current(kept["meetings"], kept["removed"], shipped),
        removed=kept["removed"],
        shipped=shipped,
        decisions=kept["decisions"],
        plans=kept["plans"],
        pictures=kept["pictures"],
        signed=kept["signed"],
        networks=known.networks,
        guidelines=read.guidelines()[0],
        functions=read.register("functions"),
        priorities={
            str(i): str(text)[:1].upper() + str(text)[1:] for i, text in priorities.items()
        },
        names={str(i): full_name(layer, name) for i, layer, name in rows} | ical.JOINT_NAMES,
        fault=fault,
    )


def _kept_work() -> tuple[dict[str, pd.DataFrame], str]:
    try:
        with store.open() as opened:
            return {
                "meetings": opened.meetings(),
                "removed": opened.meetings(removed=True),
                "decisions": opened.decisions(),
                "plans": opened.plans(),
                "pictures": opened.pictures(),
                "signed": opened.signed_pictures(),
            }, ""
    except GeoError as fault:
        return _nothing(), str(fault)


def _nothing() -> dict[str, pd.DataFrame]:
    """Return empty tables, for when the store cannot be read: the registers are shown alone."""
    about = {"meetings": kinds.MEETINGS, "removed": kinds.MEETINGS, "decisions": kinds.DECISIONS}
    about |= {"plans": kinds.PLANS, "pictures": kinds.PICTURES}
    found = {
        name: as_frame(pd.DataFrame({c.name: [] for c in kind.columns} | {"version": []}), kind)
        for name, kind in about.items()
    }
    return found | {"signed": found["pictures"].reset_index().assign(snapshot="")}


def views(known: Register, indicator_id: str) -> list[welfare.View]:
    """Return every period of an indicator as it may be shown, newest first.

    >>> views(register(), "finns_inte")
    []
    """
    rows = known.rows_of(indicator_id)
    if rows.empty:
        return []
    return welfare.views(known.indicators.loc[[indicator_id]].iloc[0], rows, known.weights)


def facts(quiet: bool = True, each: Callable[..., Iterable[Any]] = map) -> Facts:
    """Read and reckon everything, which takes some seconds; quiet: without a progress bar.

    each: does a work on each of many things, in order, as map does.

    >>> facts.__annotations__["quiet"]
    'bool'
    """
    known = register()
    names = [str(name) for name in known.indicators.index]
    found = each(lambda name: views(known, name), names)
    bar = tqdm(found, desc="Räknar indikatorer", total=len(names), disable=True if quiet else None)
    return Facts(
        register=known,
        field=field(known, True),
        real_field=field(known, False),
        work=work(known),
        views=dict(zip(names, bar, strict=True)),
        breaks={name: welfare.breaks(known.rows_of(name), known.weights) for name in names},
        shipped={name: read.register(name) for name in SHIPPED},
    )
