"""The networks' own work for the pages: its version, meetings of a year, names in lists."""

from __future__ import annotations

import pandas as pd

from geo import collaboration, ical, kinds, meetings, store
from geo.errors import GeoError
from geo.facts import Work as Work
from pages.parts import field

JOINT = ical.JOINT_NAMES


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
    """Return the cadence of the meetings that have been, as geo.facts has it."""
    return known.held(year, today(), instead)


def done(known: Work, noted: field.Field, year: int) -> collaboration.Work:
    """Return what the networks did, as geo.facts has it. noted: the real findings alone."""
    return known.done(noted, year, today())


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
