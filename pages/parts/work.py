"""The networks' own work put together for the pages: meetings, decisions, plans. Read once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from geo import attendance, collaboration, ical, kinds, meetings, read, store
from geo.errors import GeoError
from geo.store.meetings import as_frame
from pages.parts import field, words

JOINT = ical.JOINT_NAMES


@dataclass(frozen=True)
class Work:
    """What the networks do: meetings (kept before shipped), decisions with their way, plans.

    key: tells one state from another, for what is reckoned once. removed: meetings that are marked
    as removed. names: of the networks and of the joint rows, in the order of the calendar.
    """

    key: str
    meetings: pd.DataFrame
    removed: pd.DataFrame
    shipped: pd.DataFrame
    decisions: pd.DataFrame
    plans: pd.DataFrame
    networks: pd.DataFrame
    guidelines: pd.DataFrame
    functions: pd.DataFrame
    priorities: dict[str, str]
    names: dict[str, str]
    fault: str

    def expected(self, network_id: str) -> tuple[str, ...]:
        """Return the functions that take part in a network."""
        layer = self.networks["layer"].get(network_id, "")
        return attendance.expected(self.functions, str(layer))


def today() -> pd.Timestamp:
    """Return the day that is today, as the pages count with it."""
    return field.today()


def version() -> str:
    """Tell which version of meetings, decisions and plans is kept, or why that cannot be said."""
    try:
        with store.open() as opened:
            return opened.version(store.NETWORKS)
    except GeoError as fault:
        return str(fault)


def build(known: Any, key: str) -> Work:
    """Read what is kept and what ships. known: the registers (data.Register)."""
    shipped = read.meetings()[0]
    kept, fault = _kept()
    priorities = read.register("bra_priorities", "priority_id")["priority"]
    names = {
        str(i): words.network(layer, name)
        for i, layer, name in known.networks[["layer", "name"]].itertuples()
    }
    return Work(
        key=key,
        meetings=collaboration.current(kept["meetings"], kept["removed"], shipped),
        removed=kept["removed"],
        shipped=shipped,
        decisions=kept["decisions"],
        plans=kept["plans"],
        networks=known.networks,
        guidelines=read.guidelines()[0],
        functions=read.register("functions"),
        priorities={str(i): words.first_upper(str(text)) for i, text in priorities.items()},
        names=names | JOINT,
        fault=fault,
    )


def _kept() -> tuple[dict[str, pd.DataFrame], str]:
    try:
        with store.open() as opened:
            return {
                "meetings": opened.meetings(),
                "removed": opened.meetings(removed=True),
                "decisions": opened.decisions(),
                "plans": opened.plans(),
            }, ""
    except GeoError as fault:
        return _nothing(), str(fault)


def _nothing() -> dict[str, pd.DataFrame]:
    """Return empty tables, for when the store cannot be read: the registers are shown alone."""
    about = {"meetings": kinds.MEETINGS, "removed": kinds.MEETINGS}
    about |= {"decisions": kinds.DECISIONS, "plans": kinds.PLANS}
    return {
        name: as_frame(pd.DataFrame({c.name: [] for c in kind.columns} | {"version": []}), kind)
        for name, kind in about.items()
    }


def of_year(known: Work, year: int) -> pd.DataFrame:
    """Return the meetings of a year."""
    return known.meetings[known.meetings["date"].dt.year == year]


def years(known: Work) -> list[int]:
    """Return the years to choose from: with meetings, this and the next, newest first."""
    held = set(known.meetings["date"].dt.year.unique()) | {today().year, today().year + 1}
    return sorted((int(year) for year in held), reverse=True)


def cadence(known: Work, year: int, instead: str) -> pd.DataFrame:
    """Return the cadence of every network in a year, as geo.meetings reckons it."""
    return meetings.cadence(known.meetings, known.guidelines, known.networks, year, instead=instead)


def held(known: Work, year: int, instead: str) -> pd.DataFrame:
    """Return the cadence of the meetings that have been: what is planned is not reached yet."""
    been = known.meetings[known.meetings["date"] <= today()]
    return meetings.cadence(been, known.guidelines, known.networks, year, instead=instead)


def done(known: Work, noted: field.Field, year: int) -> collaboration.Work:
    """Return what the networks did, as the goals and the counts of geo take it.

    noted: the real findings alone; the cadence is of meetings that have been.
    """
    return collaboration.Work(
        networks=known.networks,
        meetings=known.meetings,
        cadence=held(known, year, ""),
        plans=known.plans,
        decisions=known.decisions,
        findings=noted.findings,
        pairs=noted.in_networks,
        functions=known.functions,
    )


def free_id(known: Work, day: pd.Timestamp, network_id: str, also: set[str] | None = None) -> str:
    """Return an id for a new meeting: its day and network, with a number when that is taken."""
    first = f"{day:%Y-%m-%d}-{network_id}"
    taken = {*known.meetings.index, *known.removed.index, *(also or set())}
    return next(i for i in (first, *(f"{first}-{n}" for n in range(2, 999))) if i not in taken)


def row_of(known: Work, meeting_id: str) -> pd.Series:
    """Return a meeting, also one that is marked as removed."""
    is_gone = meeting_id in known.removed.index
    return (known.removed if is_gone else known.meetings).loc[meeting_id]


def title(known: Work, meeting_id: str) -> str:
    """Return how a meeting stands in a list: 2017-05-18 Nätverk barn och unga Boda, tema."""
    row = row_of(known, meeting_id)
    kind = "" if row["kind"] == "ordinarie" else f", {row['kind']}"
    gone = " (inställt)" if row["status"] == kinds.CANCELLED else ""
    gone = " (borttaget)" if meeting_id in known.removed.index else gone
    return f"{row['date']:%Y-%m-%d} {known.names[row['network_id']]}{kind}{gone}"
