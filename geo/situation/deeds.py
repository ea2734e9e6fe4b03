"""What is done in a place: meetings, efforts, plans, decisions; and its place in the ranking."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from geo import collaboration, decisions, efforts, meetings, priority
from geo.facts import Facts
from geo.priority.ranking import NO_VERDICT
from geo.situation.who import BASE_AREA, NETWORK, Who

MOST_DRIVERS = 3
AHEAD = pd.DateOffset(months=12)  # a meeting later than that is not the next one


@dataclass(frozen=True)
class Deeds:
    """What is done. All frames are those of the register or the store, of the place alone.

    year: of cadence and meetings. meetings: of the year, by date (has_been tells those that have
    been); held: all that have been; cadence: index network_id, term (geo.meetings.cadence).
    next_meeting: the first that is put in for the twelve months after the day, NaT without.
    efforts, meeting_places (with is_unsure), activity_days until the day; plans: state and focus
    areas by network. decisions: all that are not dropped; priorities: index priority_id; name,
    n_open, n_done, n_late: those without any of the two have no action. known: which of meetings,
    present, plan there is something of.
    """

    year: int
    meetings: pd.DataFrame
    held: pd.DataFrame
    cadence: pd.DataFrame
    terms: dict[str, str]
    next_meeting: pd.Timestamp
    efforts: pd.DataFrame
    meeting_places: pd.DataFrame
    activity_days: pd.DataFrame
    plans: pd.DataFrame
    decisions: pd.DataFrame
    priorities: pd.DataFrame
    known: frozenset[str]


@dataclass(frozen=True)
class Place:
    """Where a place stands in the ranking of its kind, with equal weights.

    among: the layer, or base_areas. row: of geo.priority.rank (verdict, p_top, rank_low, …).
    drivers: the indicators that add most to its need, largest first. n_areas: how many are ranked.
    """

    among: str
    top: int
    n_areas: int
    verdict: str
    row: pd.Series
    drivers: tuple[str, ...]
    n_indicators: int
    is_demo: bool


def deeds(place: Who, facts: Facts, as_of: pd.Timestamp) -> Deeds:
    """Return what is done in a place until a day. For a base area: by the networks that cover it.

    >>> deeds.__annotations__["place"]
    'Who'
    """
    work, ids = facts.work, list(place.network_ids)
    held = meetings.happened(work.meetings)
    own = held[held["network_id"].isin(ids)]
    year = _year(own, as_of)
    later = own.loc[(own["date"] > as_of) & (own["date"] <= as_of + AHEAD), "date"]
    of_year = own[own["date"].dt.year == year]
    cadence = work.held(year, as_of)
    table = cadence[cadence.index.get_level_values("network_id").isin(ids)]
    made = work.decisions[work.decisions["network_id"].isin(ids)]
    made = made[made["decided_date"] <= as_of]
    states = collaboration.plan_states(work.plans, work.networks, as_of)
    counted = decisions.by_priority(made, list(work.priorities), as_of)
    plans = states.loc[[i for i in ids if i in states.index]]
    known = {"meetings": len(own), "present": (of_year["present"].map(len) > 0).any()}
    known |= {"plan": (plans["state"] != collaboration.NO_PLAN).any()}
    return Deeds(
        year=year,
        meetings=of_year.assign(has_been=of_year["date"] <= as_of),
        held=own[own["date"] <= as_of],
        cadence=table,
        terms=meetings.term_states(cadence, year, as_of),
        next_meeting=pd.Timestamp(later.min() if len(later) else "NaT"),
        efforts=_efforts(place, facts),
        meeting_places=_meeting_places(place, facts),
        activity_days=_activity_days(ids, facts, as_of),
        plans=plans,
        decisions=made[made["status"] != decisions.DROPPED],
        priorities=counted.assign(name=pd.Series(work.priorities)),
        known=frozenset(name for name, there in known.items() if there),
    )


def _year(own: pd.DataFrame, as_of: pd.Timestamp) -> int:
    """Return this year, or the last year in which the place has meetings, when there are none."""
    years = own["date"].dt.year
    years = years[years <= as_of.year]
    return as_of.year if years.empty else int(years.max())


def _efforts(place: Who, facts: Facts) -> pd.DataFrame:
    every = facts.shipped["efforts"].set_index("effort_id")
    if place.kind == BASE_AREA:
        places = facts.shipped["places"].set_index("place")
        found = efforts.by_base_area(every.reset_index(), places, facts.register.base_areas)
        ids = set(found["effort_ids"][place.area_id])
    else:
        found = efforts.by_network(every.reset_index(), facts.register.networks)
        ids = {i for own in found.loc[list(place.network_ids), "effort_ids"] for i in own}
    return every[every.index.isin(ids)]


def _meeting_places(place: Who, facts: Facts) -> pd.DataFrame:
    every = facts.shipped["meeting_places"].set_index("meeting_place_id")
    if place.kind == BASE_AREA:
        own = every[["base_area_ids"]].map(efforts.split)["base_area_ids"]
        is_here = own.map(lambda ids: place.area_id in ids)
        return every[is_here].assign(is_unsure=own[is_here].map(len) > 1)
    found = facts.meeting_places[facts.meeting_places["network_id"].isin(place.network_ids)]
    is_unsure = found.groupby("meeting_place_id")["is_unsure"].all()
    return every.join(is_unsure, how="inner")


def _activity_days(ids: list[str], facts: Facts, as_of: pd.Timestamp) -> pd.DataFrame:
    days = facts.shipped["activity_days"]
    return days[days["network_id"].isin(ids) & (pd.to_datetime(days["date"]) <= as_of)]


def place_of(place: Who, facts: Facts) -> Place | None:
    """Return where a network or a base area stands in the ranking; None for what is not ranked.

    >>> place_of.__annotations__["place"]
    'Who'
    """
    among = facts.among(place.area_id) if place.kind in (NETWORK, BASE_AREA) else ""
    ranked = facts.ranked.get(among)
    if ranked is None or place.area_id not in ranked.table.index:
        return None
    row = ranked.table.loc[[place.area_id]].iloc[0]
    needs = ranked.needs
    names = [str(name) for name in needs.values.columns]
    equal = dict.fromkeys(names, 1 / len(names))
    drivers: tuple[str, ...] = ()
    if row["verdict"] != NO_VERDICT:
        parts = priority.contributions(needs.values, needs.direction, equal)
        own = parts.loc[[place.area_id]].iloc[0].sort_values(ascending=False)
        drivers = tuple(str(name) for name in own.head(MOST_DRIVERS).index)
    return Place(
        among,
        ranked.top,
        int(ranked.table["rank"].notna().sum()),
        str(row["verdict"]),
        row,
        drivers,
        len(equal),
        bool(needs.demo),
    )
